"""The rows that need a title: searched for one by one, chosen by a person, and sent when they say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from importer.errors import UsageError
from importer.journal.findings import OpenFinding
from importer.plan.candidates import Ranking
from importer.run.job import Options
from importer.run.mend.choices import Absent, Choice, ChoiceState, Skip
from importer.web import work
from importer.web.engine import Engine
from importer.web.work import Report, Target

_DAY_KEPT = "The rest of today's requests is kept for sending what you choose. Search again tomorrow."
_NOTHING = "Simkl's search finds nothing like it. Try other words, or give an id or an address."
_UNKNOWN = "Simkl knows no title by that id."


@dataclass(slots=True)
class Case:
    """A row that needs a title, with the words that were searched for, what was found, and what was said about it."""

    finding: OpenFinding
    words: str = ""
    ranking: Ranking | None = None
    trouble: str = ""


class Mending:
    """`cases` by the key of their row, None until somebody asks for them; `chosen` counts choices not sent yet."""

    def __init__(self, engine: Engine, target: Callable[[], Target]) -> None:
        self._engine = engine
        self._target = target
        self.cases: dict[str, Case] | None = None
        self.chosen = 0

    def forget(self) -> None:
        """Begin anew: what is on record has changed."""
        self.cases, self.chosen = None, 0

    def case(self, key: str) -> Case:
        """Return the case of a row. Raises UsageError for one that is settled."""
        found = (self.cases or {}).get(key)
        if found is None:
            raise UsageError("this row needs no title any more", "look at the list again")
        return found

    async def show(self) -> None:
        """List the rows that need a title."""
        found, self.chosen = await self._engine.run(work.finding_titles(self._target()))
        before = self.cases or {}
        self.cases = {}
        for one in found:
            case = before.get(one.record.key) or Case(one)
            case.finding = one
            self.cases[one.record.key] = case

    async def search(self, case: Case, words: str) -> None:
        """Search for the title of a row, by these words or else by its own."""
        case.words, case.trouble = words, ""
        finding = case.finding
        if words:
            finding = replace(finding, record=replace(finding.record, title=words, year=None))
        case.ranking = await self._engine.run(work.searching(self._target(), finding))
        if case.ranking is None:
            case.trouble = _DAY_KEPT
        elif not case.ranking.candidates:
            case.trouble = _NOTHING

    async def choose(self, case: Case, choice: Choice) -> None:
        """Put on record what a person chose for a row."""
        became = await self._engine.run(work.choosing(self._target(), case.finding, choice))
        if became is ChoiceState.UNKNOWN:
            case.trouble = _UNKNOWN
            return
        if self.cases is not None:
            self.cases.pop(case.finding.record.key, None)
        # What Simkl lacks is sent nowhere, unless its rating lies on another title, which gets back what it had.
        sends = not isinstance(choice, Skip | Absent) or (isinstance(choice, Absent) and case.finding.wrong is not None)
        if became is ChoiceState.KEPT and sends:
            self.chosen += 1

    async def send(self, options: Options) -> Report:
        """Send all titles that were chosen."""
        found = await self._engine.run(work.sending_chosen(self._target(), options))
        self.forget()
        return found
