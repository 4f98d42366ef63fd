"""The dialogue of `mend` on a terminal: one row after the other, what it could mean, and a person's answer."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import click

from importer.errors import LockedError
from importer.events import Asking, Listen, Told
from importer.model import value
from importer.run.mend.choices import Absent, Choice, ChoiceState, Picked, Skip, Typed
from importer.run.mend.cost import DAY_NEARLY_USED, to_search
from importer.run.mend.desk import SHORT

if TYPE_CHECKING:
    from importer.journal.findings import OpenFinding
    from importer.model import Kind, Row
    from importer.plan.candidates import Candidate
    from importer.record import Record
    from importer.run.mend.desk import Desk

_KINDS = {"movie": "film", "show": "series", "anime": "anime"}


@value
class Question:
    """What a person is asked: which title a row means. `trouble` says what was wrong with the answer before."""

    number: int
    total: int
    record: Record
    candidates: tuple[Candidate, ...]
    trouble: str = ""


@value
class Stop:
    """No more questions. What was chosen so far is sent."""


Answer: TypeAlias = Choice | Stop
Ask: TypeAlias = Callable[[Question], Answer]


class Dialogue:
    """One dialogue at a desk. Each answer is on disk before the next question, unless a run holds the account."""

    def __init__(self, desk: Desk, listen: Listen, ask: Ask) -> None:
        self._desk = desk
        self._listen = listen
        self._ask = ask
        self._unwritten: list[tuple[OpenFinding, Picked | Absent | Skip]] = []
        self._waits = False

    async def hold(self, rows: Sequence[Row] | None, limit: int) -> None:
        """Ask about one row after the other, `limit` at most, until the person stops. Raises click.Abort where they
        interrupt a question.
        """
        try:
            await self._ask_all(rows, limit)
        except click.Abort:
            await self._write(0)
            if left := len(self._unwritten):
                count = "1 choice is" if left == 1 else f"{left:,} choices are"
                self._listen(Told(f"{count} not remembered: another run for this account is going on"))
            raise
        await self._write(None)

    async def _ask_all(self, rows: Sequence[Row] | None, limit: int) -> None:
        asked = await self._desk.findings(rows)
        unsent = len(self._desk.unsent(rows))
        if unsent:
            count = "1 row is" if unsent == 1 else f"{unsent:,} rows are"
            self._listen(Told(f"{count} chosen before and not sent yet: sent with what you choose"))
        asked = to_search(self._desk, asked, limit, self._listen)
        for number, finding in enumerate(asked, 1):
            if not self._desk.may_search():
                self._listen(DAY_NEARLY_USED)
                break
            found = await self._desk.search(finding)
            answer = await self._answer(Question(number, len(asked), finding.record, found.candidates))
            if answer is None:
                break
            self._unwritten.append((finding, answer))
            await self._write(0 if self._waits else SHORT)

    async def _answer(self, question: Question) -> Picked | Absent | Skip | None:
        """Ask until there is an answer; None: no more questions."""
        while True:
            self._listen(Asking())
            answer = self._ask(question)
            match answer:
                case Stop():
                    return None
                case Typed():
                    found = await self._desk.title_of(answer, question.record.kind or answer.kinds[0])
                    if found is not None:
                        return Picked(found)
                    question = Question(
                        number=question.number,
                        total=question.total,
                        record=question.record,
                        candidates=question.candidates,
                        trouble=f"Simkl knows no title by {answer.key} {answer.value}",
                    )
                case _:
                    return answer

    async def _write(self, seconds: float | None) -> None:
        """Put answers on disk, in their order. While a run holds the account they wait, and the person need not."""
        try:
            while self._unwritten:
                finding, answer = self._unwritten[0]
                became = await self._desk.remember(finding, answer, seconds)
                del self._unwritten[0]
                self._tell(finding, answer, became)
        except LockedError:
            if not self._waits:
                self._listen(Told("Another run for this account is going on: your choices wait until it has ended"))
            self._waits = True

    def _tell(self, finding: OpenFinding, answer: Picked | Absent | Skip, became: ChoiceState) -> None:
        if became is ChoiceState.SETTLED:
            self._listen(Told(f"{finding.record.title}: another command has settled this row meanwhile"))
        elif isinstance(answer, Picked):
            chosen = answer.candidate
            self._listen(Told(f"Chosen: {chosen.title}{f' ({chosen.year})' if chosen.year else ''}"))


def ask(question: Question) -> Answer:
    """Show a row and what it could mean, and take an answer. Raises click.Abort where the person interrupts."""
    for line in question_lines(question, _columns()):
        click.echo(line, err=True)
    # While we wait for an answer nothing is under way: Ctrl-C must end the question, which no event loop would.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        while True:
            click.echo(_prompt(len(question.candidates)), nl=False, err=True)
            typed = sys.stdin.readline()
            answer = answer_of(typed, question)
            if answer is not None:
                if not typed:
                    click.echo(err=True)  # the end of input leaves the cursor behind the prompt
                return answer
            click.echo("  That is none of these.", err=True)
    except KeyboardInterrupt:
        click.echo(err=True)
        raise click.Abort from None
    finally:
        signal.signal(signal.SIGINT, before)


def _columns() -> int:
    from importer.report.screen import room

    return room(sys.stderr) or 80


def _prompt(candidates: int) -> str:
    numbers = "" if not candidates else "1, " if candidates == 1 else f"1-{candidates}, "
    return f"{numbers}id or address, s skip, n not on Simkl, q stop: "


def question_lines(question: Question, columns: int) -> list[str]:
    """Return a row and its candidates as lines of so many columns; an address stands whole, to be opened."""
    from importer.report.safe import title_for_terminal
    from importer.report.screen import cells, crop
    from importer.report.words import problem, problem_words

    record = question.record

    def titled(start: str, title: str, year: int | None, kind: Kind | None, rest: str = "") -> str:
        tail = f"{f' ({year})' if year else ''}, {_KINDS[kind.value] if kind else 'unknown'}{rest}"
        room = max(10, columns - cells(start) - cells(tail))
        return start + crop(title_for_terminal(title) or "(no title)", room) + tail

    name = problem(record)
    why = problem_words(name) if name is not None else "needs a title"
    lines = [
        "",
        titled(
            f"{question.number} of {question.total}  ",
            record.title,
            record.year,
            record.kind,
            f", your rating {record.rating}",
        ),
        crop(f"  {title_for_terminal(f'{record.file}:{record.line}')}: {why}", columns),
    ]
    for number, one in enumerate(question.candidates, 1):
        lines += [titled(f"  {number}  ", one.title, one.year, one.kind), f"     {title_for_terminal(one.address)}"]
    if not question.candidates:
        lines.append("  Simkl's search finds nothing like it.")
    if question.trouble:
        lines.append(f"  {title_for_terminal(question.trouble)}.")
    return lines


def answer_of(typed: str, question: Question) -> Answer | None:
    """Return what a line means as an answer, None if nothing. The end of input stops."""
    from adapters.reading.typed import typed_id

    word = typed.strip()
    if not typed:
        return Stop()
    match word.casefold():
        case "s" | "skip":
            return Skip()
        case "n" | "not on simkl":
            return Absent()
        case "q" | "quit" | "stop":
            return Stop()
    if word.isascii() and word.isdecimal() and 1 <= int(word) <= len(question.candidates):
        return Picked(question.candidates[int(word) - 1])
    found = typed_id(word)
    return Typed(*found) if found is not None else None
