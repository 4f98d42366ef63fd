"""Mending by choice: every open finding is held against what Simkl has, a person says which title is meant."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from importer.errors import UsageError
from importer.events import Asking, Listen, Told
from importer.identity import same_title
from importer.journal import life, runs
from importer.journal.asks import accept
from importer.journal.changes import undoable_changes
from importer.journal.corrections import keep_absent, note_skipped, skipped_keys, take_correction_back
from importer.journal.findings import OpenFinding, clear_note, join_row, keys_on_record, open_findings
from importer.journal.items import Known, remember
from importer.journal.owed import stuck_debts
from importer.journal.rows import close_rows, read_rows
from importer.journal.store import Journal
from importer.model import (
    DAY,
    NOON,
    AccountRating,
    Date,
    Item,
    Kind,
    Origin,
    Outcome,
    Precision,
    Reason,
    Row,
)
from importer.plan.candidates import Candidate, Ranking, Sought, rank, search_words
from importer.plan.judge import HIGHEST, LOWEST
from importer.plan.names import Names
from importer.plan.resolve import question_number
from importer.plan.sides import Given
from importer.record import Record
from importer.run.mending import FORMAT, remember_corrections
from importer.run.reading import Export
from importer.run.refusal import refused
from importer.send.pages import other_names
from importer.simkl.client import Client
from importer.simkl.lookup import Entry, look_up, search, where_leads
from importer.simkl.quota import KEPT

SENDING = 4
"""Requests that sending what was chosen needs: stamps and ratings before it, shows and films."""

NO_CANDIDATES = Ranking((), good=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which findings to mend: all, or those of a rejects file's `rows`. `searches` is how many may be asked for."""

    searches: int
    rows: Sequence[Row] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: which title a row means. `trouble` says what was wrong with the answer before."""

    number: int
    total: int
    record: Record
    candidates: tuple[Candidate, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """One of the candidates."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Typed:
    """An id of a site that a person typed, or the address of one; `kinds` are those that it can name."""

    key: str
    value: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """Not now: the row is asked about again, after the others."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Simkl does not have the title: the row is not asked about again until it changes."""


@dataclass(frozen=True, slots=True)
class Stop:
    """No more questions. What was chosen so far is sent."""


Answer: TypeAlias = Picked | Typed | Skip | Absent | Stop
Ask: TypeAlias = Callable[[Question], Answer]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row, and the title that is good enough to be suggested for it."""

    record: Record
    candidate: Candidate | None


@dataclass(slots=True)
class Choices:
    """What a person chose in this call and, unsent, before: by key, with the findings that it settles."""

    corrections: dict[str, Given] = field(default_factory=dict)
    findings: dict[str, OpenFinding] = field(default_factory=dict)

    def put(self, finding: OpenFinding, correction: Given) -> None:
        """Take a choice in."""
        self.corrections[finding.record.key] = correction
        self.findings[finding.record.key] = finding

    def export(self) -> Export:
        """Return the chosen rows as an export like a mended rejects file."""
        chosen = [self.findings[key].record for key, correction in self.corrections.items() if correction.ids]
        told = json.dumps([[key, *map(list, correction.ids)] for key, correction in sorted(self.corrections.items())])
        return Export("what was chosen", FORMAT, hashlib.sha256(told.encode()).hexdigest(), lambda: map(_item, chosen))


class Mend:
    """One mending over an open resume file; in a dry run that is a copy in memory."""

    def __init__(self, wish: Wish, client: Client, journal: Journal, listen: Listen, quota: int | None) -> None:
        self._wish = wish
        self._client = client
        self._journal = journal
        self._listen = listen
        self._quota = quota

    async def ask(self, ask: Ask) -> Choices:
        """Ask a person about one row after the other; each answer is on disk before the next question."""
        choices = Choices()
        asked: list[OpenFinding] = []
        for finding in await self._findings():
            if finding.chosen is not None:
                choices.put(finding, finding.chosen)
            else:
                asked.append(finding)
        if choices.corrections:
            self._listen(
                Told(f"{_rows(len(choices.corrections))} chosen before and not sent yet: sent with what you choose")
            )
        asked = self._within_limit(asked)
        for number, finding in enumerate(asked, 1):
            if not self._may_search():
                break
            question = Question(number, len(asked), finding.record, (await self._ranking(finding)).candidates)
            correction = await self._answer(finding, question, ask)
            if correction is None:
                break
            if correction.ids or (correction.absent and finding.wrong is not None):
                choices.put(finding, correction)
        return choices

    async def suggest(self) -> list[Suggestion]:
        """Return every row, each with the title that a search finds good enough; nothing is chosen by that."""
        found = await self._findings()
        looked_for = {one.record.key for one in self._within_limit(found)}
        suggestions: list[Suggestion] = []
        for one in found:
            if one.record.key in looked_for and not self._may_search():
                looked_for.clear()
            ranking = await self._ranking(one) if one.record.key in looked_for else NO_CANDIDATES
            suggestions.append(Suggestion(one.record, ranking.suggestion))
        return suggestions

    def join(self, mended: int, choices: Choices) -> None:
        """Tell in the report of the run that told a finding what became of it."""
        after = {record.key: record for record in read_rows(self._journal, mended)}
        moved: dict[int, list[tuple[Record, Record]]] = {}
        with self._journal.transaction():
            for key, finding in choices.findings.items():
                now = after.get(key)
                if finding.run is None or now is None or now.outcome is Outcome.PENDING:
                    continue
                join_row(self._journal, mended, finding.run, key)
                moved.setdefault(finding.run, []).append((finding.record, now))
            for number, pairs in moved.items():
                self._retell(number, pairs)

    def _retell(self, number: int, moved: Sequence[tuple[Record, Record]]) -> None:
        run = runs.find_run(self._journal, number)
        if run is None or run.ended is None or run.summary is None or run.summary.get("totals") is None:
            return
        totals: Counter[str] = Counter(run.summary["totals"])
        for before, now in moved:
            totals[before.outcome.value] -= 1
            totals[now.outcome.value] += 1
        summary = {**run.summary, "totals": dict(totals)}
        runs.end(self._journal, number, run.state, run.ended, summary)

    async def _findings(self) -> list[OpenFinding]:
        """Return what is open and not settled by a person, what was put off before last."""
        found = open_findings(self._journal)
        if self._wish.rows is not None:
            found = self._narrowed(found, self._wish.rows)
        found = await self._without_false_alarms(found)
        late = {key: place for place, key in enumerate(skipped_keys(self._journal), 1)}
        found = [one for one in found if not _is_closed(one)]
        return sorted(found, key=lambda one: late.get(one.record.key, 0))

    def _narrowed(self, found: Sequence[OpenFinding], rows: Sequence[Row]) -> list[OpenFinding]:
        """Keep the keys of a rejects file; its rows whose key is not on record are asked about as they stand."""
        items = {item.key: item for item in (row if isinstance(row, Item) else row.item for row in rows)}
        known = keys_on_record(self._journal, items)
        strange = [item for key, item in items.items() if key not in known and _is_sendable(item)]
        fault = (Outcome.REJECTED, Reason.NO_IDENTITY)
        return [one for one in found if one.record.key in items] + [
            OpenFinding(refused(FORMAT, item, fault, None), None, None, None) for item in strange
        ]

    async def _without_false_alarms(self, found: list[OpenFinding]) -> list[OpenFinding]:
        """Hold rows on another title against that title's other names; where one is the row's, it is no finding."""
        titles = {
            one.wrong: AccountRating(one.wrong, one.record.kind or Kind.MOVIE, "", None, (), 0, None)
            for one in found if one.wrong is not None
        }  # fmt: skip
        names = await other_names(self._client, list(titles.values()))
        right = [
            one
            for one in found
            if one.wrong is not None and one.wrong in names and _is_named(one.record, names[one.wrong])
        ]
        if right:
            with self._journal.transaction():
                accept(self._journal, [one.asked for one in right if one.asked is not None])
                for one in right:
                    clear_note(self._journal, one.record.key)
            self._listen(Told(f"{_rows(len(right))} on the right title after all, under another of its names"))
        gone = {one.record.key for one in right}
        return [one for one in found if one.record.key not in gone]

    def _may_search(self) -> bool:
        """Whether the day has a request for a search beside those that sending and reading back need."""
        left = self._client.may_send(KEPT + SENDING)
        if left is None or left > 0:
            return True
        self._listen(Told("Today's requests are nearly used: what is left of them sends what was chosen"))
        return False

    def _within_limit(self, found: Sequence[OpenFinding]) -> list[OpenFinding]:
        """Return the rows to look for now, and say what that costs."""
        asked = list(found[: self._wish.searches])
        searches = sum(bool(one.record.title.strip()) for one in asked)
        if searches:
            used = self._client.pace.used
            day = f" ({used:,} of today's {self._quota:,} are used)" if self._quota else ""
            self._listen(Told(f"To search: at most {searches:,} request{'' if searches == 1 else 's'}{day}"))
        left = len(found) - len(asked)
        if left:
            rows = "1 more row is" if left == 1 else f"{left:,} more rows are"
            self._listen(Told(f"{rows} left for another time: --limit N takes more"))
        return asked

    async def _ranking(self, finding: OpenFinding) -> Ranking:
        record = finding.record
        if not record.title.strip():
            return NO_CANDIDATES  # nothing to search for: a person may still know an id
        kind = record.kind or Kind.MOVIE
        entries = await search(self._client, kind, search_words(record.title), None)
        found = (_candidate(entry) for entry in entries if entry.simkl != finding.wrong)
        return rank(Sought(kind, record.title, record.year), found)

    async def _answer(self, finding: OpenFinding, question: Question, ask: Ask) -> Given | None:
        """Ask until there is an answer, and put it on disk. None: no more questions."""
        while True:
            self._listen(Asking())
            match ask(question):
                case Stop():
                    return None
                case Skip():
                    with self._journal.transaction():
                        note_skipped(self._journal, finding.record.key)
                    return Given((), None, None)
                case Absent():
                    return self._keep_absent(finding)
                case Picked(candidate):
                    return self._keep(finding, candidate)
                case Typed() as typed:
                    found = await self._typed(typed, finding.record.kind or Kind.MOVIE)
                    if found is not None:
                        return self._keep(finding, found)
                    question = Question(
                        question.number, question.total, question.record, question.candidates,
                        f"Simkl knows no title by {typed.key} {typed.value}",
                    )  # fmt: skip

    async def _typed(self, typed: Typed, kind: Kind) -> Candidate | None:
        """Return the title of an id that a person typed; where it can name several kinds, first one of the row's."""
        kinds = sorted(typed.kinds, key=lambda one: one is not kind)
        if typed.key != "simkl":
            place = None
            # Numbers of one site mean one thing among films and another among series; anime has none of its own there.
            for one in [one for one in kinds if one is not Kind.ANIME] or kinds:
                place = place or await where_leads(self._client, one, typed.key, typed.value)
            if place is None:
                return None
            entry = await look_up(self._client, place.kind, place.simkl)
            return _candidate(entry) if entry is not None else None
        for one in kinds:
            entry = await look_up(self._client, one, int(typed.value))
            if entry is not None:
                return _candidate(entry)
        return None

    def _keep(self, finding: OpenFinding, chosen: Candidate) -> Given:
        record = finding.record
        kind = chosen.kind if chosen.kind is not record.kind else None
        correction = Given((("simkl", str(chosen.simkl)),), kind, None, None, _closed_by(finding))
        with self._journal.transaction():
            self._put_on_record(finding)
            remember_corrections(self._journal, {record.key: correction}, 0)
        year = f" ({chosen.year})" if chosen.year else ""
        self._listen(Told(f"Chosen: {chosen.title}{year}"))
        return correction

    def _keep_absent(self, finding: OpenFinding) -> Given:
        record = finding.record
        correction = Given((), None, None, _identity(record), _closed_by(finding), absent=True)
        with self._journal.transaction():
            self._put_on_record(finding)
            keep_absent(self._journal, record.key, correction)
            close_rows(self._journal, [record.key], 0)
        return correction

    def _put_on_record(self, finding: OpenFinding) -> None:
        """A row that no run has told of is remembered from now on, so that its choice is."""
        record = finding.record
        if finding.run is None:
            known = Known(
                key=record.key, kind=record.kind, title=record.title, year=record.year, ids=record.ids, rating=None,
                date=None, simkl=None, base=None, outcome=Outcome.REJECTED, reason=None, asked=None,
            )  # fmt: skip
            remember(self._journal, [known])


def forget(journal: Journal, keys: Sequence[str]) -> Iterator[str]:
    """Take back what a person gave for keys, and let go what could not be given back for them; yield what that was.

    Raises UsageError for a key of which neither is on record.
    """
    with journal.transaction():
        for key in keys:
            on = {change.simkl for change in undoable_changes(journal) if change.key == key}
            stuck = [debt for debt in stuck_debts(journal) if debt.key == key or debt.simkl in on]
            taken = take_correction_back(journal, key)
            if not taken and not stuck:
                raise UsageError(f"nothing was chosen for {key}", "simkl-import status shows what was")
            life.close_debts(journal, [(debt, False) for debt in stuck])
            if taken:
                yield f"Forgotten what was chosen for {key}: the next import judges its row anew"
            for debt in stuck:
                yield f"Let go: {debt.title} does not get {debt.rating or 'its state without a rating'} back"


def _candidate(entry: Entry) -> Candidate:
    return Candidate(entry.simkl, entry.kind, entry.title, entry.year, entry.other_titles, entry.address)


def _identity(record: Record) -> int:
    """A number for what a row says of its title: a row that changes is asked about again."""
    return question_number(record.kind, record.title, record.year, record.ids)


def _closed_by(finding: OpenFinding) -> int | None:
    """The digest of the rejected row that a choice settles: just as it is, it is no new finding any more."""
    if finding.record.outcome is Outcome.REJECTED and finding.asked is not None:
        return finding.asked
    return finding.given.closed if finding.given is not None else None


def _is_closed(finding: OpenFinding) -> bool:
    correction = finding.given
    return correction is not None and correction.absent and correction.told == _identity(finding.record)


def _is_named(record: Record, names: Names) -> bool:
    return any(same_title(record.title, record.year, name, names.year) for name in names.titles)


def _is_sendable(item: Item) -> bool:
    return item.kind is not None and type(item.rating) is int and LOWEST <= item.rating <= HIGHEST


def _item(record: Record) -> Item:
    """The row of a finding as it was read, with its date as far as it is known."""
    return Item(
        key=record.key,
        kind=record.kind,
        title=record.title,
        year=record.year,
        ids=record.ids,
        source_rating=record.source_rating,
        rating=record.rating,
        date=_date(record),
        file=record.file,
        line=record.line,
    )


def _date(record: Record) -> Date | None:
    if record.rated_at is None or record.date_from in (None, Origin.RUN):
        return None
    precision = record.precision or Precision.SECOND
    value = record.rated_at if precision is Precision.SECOND else record.rated_at // DAY * DAY + NOON
    return Date(value, precision, record.date_from)


def _rows(number: int) -> str:
    return "1 row is" if number == 1 else f"{number:,} rows are"
