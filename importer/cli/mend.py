"""Say which titles are meant by the rows that Simkl could not place."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli import consent
from importer.cli.options import Effective, options_of
from importer.errors import ExitStatus

if TYPE_CHECKING:
    from importer.cli.output import Output
    from importer.machine.clock import Clock
    from importer.machine.files import Sink
    from importer.model import Kind, Row
    from importer.run.job import Options
    from importer.run.mend import Answer, Question, Suggestion, Wish
    from importer.run.session import Done, Session

SEARCHES = 20
"""Rows that are searched for in one call, unless the person says otherwise: each is a request of the day."""

_SITES = ("simkl", "imdb", "tmdb", "tvdb", "mal", "anilist", "kitsu", "anidb")
_FEWEST_DIGITS = 3
"""Digits from which on a bare number that is no candidate's is taken for Simkl's own."""
_KINDS = {"movie": "film", "show": "series", "anime": "anime"}


@click.command(epilog="Example:  simkl-import mend --suggest suggestions.csv")
@click.argument("rejects", required=False, metavar="[REJECTS]", type=click.Path(path_type=Path))
@click.option(
    "--limit", "searches", type=click.IntRange(1), default=SEARCHES, show_default=True, metavar="N",
    help="Search for at most N rows: each is a request of the day.",
)  # fmt: skip
@click.option(
    "--suggest", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Ask nobody: write a rejects file with a suggestion beside each row.",
)  # fmt: skip
@click.option("--forget", "keys", multiple=True, metavar="KEY", help="Take back what you chose for a row; repeatable.")
@options_of("mend")
def mend(rejects: Path | None, searches: int, suggest: Path | None, keys: tuple[str, ...], **given: Any) -> int:
    """Find titles for the rows that need a person, by Simkl's own search; what you choose is sent and remembered.

    For each row: a number takes that title, an id or an address names another one, s skips, n says that Simkl does not
    have it, q stops. A rejects file narrows this to its rows.
    """
    from importer.cli.output import Output, outputs_of

    values = Effective(given)
    if keys and (rejects is not None or suggest is not None):
        raise click.UsageError("--forget goes alone")
    if not keys and suggest is None and not consent.at_terminal():
        raise click.UsageError("without a terminal, where nobody can choose, mend needs --suggest FILE")
    exports = [] if rejects is None else [rejects]
    output = Output.of(values, "mend", exports)
    outputs = outputs_of(values, exports, [] if suggest is None else [suggest])
    outputs.refuse([] if suggest is None else [suggest])
    with ExitStack() as stack:
        stack.enter_context(output.listening())
        session, scale = _session(values, output, stack)
        if keys:
            return _forget(session, keys, output, scale)
        wish = _wish(searches, rejects)
        stack.enter_context(session)
        if suggest is None:
            return _mend(values, session, wish, output, scale)
        from importer.cli.reports import left_alone
        from importer.cli.session import execute
        from importer.events import Told

        async def work(clock: Clock) -> list[Suggestion]:
            return await session.suggestions(wish, clock, output.listen)

        found = execute(work, scale, output.listen)

        def write(stream: Sink) -> None:
            from importer.report.rejects import write_suggestions

            write_suggestions(((one.record, _cells(one)) for one in found), stream)

        target = outputs.write(suggest, write, None)
        if target != suggest:
            output.listen(Told(left_alone(suggest, target)))
        return _suggested(found, target, output, session)


def _session(values: Effective, output: Output, stack: ExitStack) -> tuple[Session, float]:
    from importer.cli.api_access import api_access
    from importer.run.session import Session

    access, scale = api_access(values, (), stack, output)
    session = Session(
        access, resume_file=values["resume-file"], dry_run=values["dry-run"], patience=values["timeout"],
        must_exist=True,
    )  # fmt: skip
    return session, scale


def _wish(searches: int, rejects: Path | None) -> Wish:
    from importer.errors import ExportError
    from importer.exports import all_adapters, open_exports
    from importer.run.mend import Wish
    from importer.run.mending import FORMAT
    from importer.run.reading import read_exports

    rows: list[Row] | None = None
    if rejects is not None:
        opened = [export for export, _ in open_exports([rejects], all_adapters())]
        if any(export.format != FORMAT for export in opened):
            raise ExportError(f"{rejects} is no rejects file", "simkl-import report --format rejects writes one")
        rows = read_exports(opened).rows
    return Wish(searches, rows)


def _mend(values: Effective, session: Session, wish: Wish, output: Output, scale: float) -> int:
    from importer.cli.session import execute

    async def work(clock: Clock) -> Done:
        return await session.mend(wish, _options(values), clock, output.listen, ask)

    done = execute(work, scale, output.listen)
    return output.end(done.summary, session.journal)


def _options(values: Effective) -> Options:
    from importer.plan.decide import OnConflict
    from importer.run.job import Options
    from importer.run.mending import MEND

    return Options(on_conflict=OnConflict(values["on-conflict"]), dry_run=values["dry-run"], command=MEND)


def _forget(session: Session, keys: Sequence[str], output: Output, scale: float) -> int:
    from importer.cli.session import execute

    async def work(clock: Clock) -> list[str]:
        return await session.forget(keys, clock, output.listen)

    with session:
        _tell(execute(work, scale, output.listen), output, session)
    return ExitStatus.DONE


def _cells(one: Suggestion) -> tuple[str | int | None, ...]:
    found = one.candidate
    return () if found is None else (found.simkl, found.title, found.year, found.address)


def _suggested(found: Sequence[Suggestion], target: Path, output: Output, session: Session) -> int:
    good = sum(one.candidate is not None for one in found)
    rows = "1 row" if len(found) == 1 else f"{len(found):,} rows"
    _tell([f"{rows}, {good:,} with a suggestion: {target}"], output, session)
    return ExitStatus.DONE


def _tell(lines: Sequence[str], output: Output, session: Session) -> None:
    from importer.cli.output import print_json
    from importer.journal.changes import count_open
    from importer.journal.owed import count_debts
    from importer.record import Summary
    from importer.report.safe import for_terminal

    if output.json:
        owed, stuck = count_debts(session.journal)
        told = Summary(
            "mend",
            ExitStatus.DONE,
            message="; ".join(lines),
            open=count_open(session.journal),
            owed=owed,
            stuck=stuck,
        )
        print_json(session.signed(told))
    elif not output.quiet:
        for line in lines:
            click.echo(for_terminal(line))


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
        titled(f"{question.number} of {question.total}  ", record.title, record.year, record.kind,
               f", your rating {record.rating}"),
        crop(f"  {title_for_terminal(f'{record.file}:{record.line}')}: {why}", columns),
    ]  # fmt: skip
    for number, one in enumerate(question.candidates, 1):
        lines += [titled(f"  {number}  ", one.title, one.year, one.kind), f"     {title_for_terminal(one.address)}"]
    if not question.candidates:
        lines.append("  Simkl's search finds nothing like it.")
    if question.trouble:
        lines.append(f"  {title_for_terminal(question.trouble)}.")
    return lines


def answer_of(typed: str, question: Question) -> Answer | None:
    """Return what a line means as an answer, None if nothing. The end of input stops."""
    from importer.run.mend import Absent, Picked, Skip, Stop

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
    if word.isascii() and word.isdecimal():
        if 1 <= int(word) <= len(question.candidates):
            return Picked(question.candidates[int(word) - 1])
        return _typed("simkl", word) if len(word) >= _FEWEST_DIGITS else None
    site, colon, value = word.partition(":")
    if colon and site.casefold() in _SITES:
        return _typed(site.casefold(), value)
    for site in _SITES if "/" in word else ("imdb",):
        found = _typed(site, word)
        if found is not None:
            return found
    return None


def _typed(site: str, text: str) -> Answer | None:
    """Return the id of a site that a text holds, with the kinds that it can name."""
    from adapters.reading.ids import identifier
    from importer.model import Kind
    from importer.run.mend import Typed

    ids = {kind: value for kind in Kind if (value := identifier(site, text, kind))}
    return Typed(site, next(iter(ids.values())), tuple(ids)) if ids else None
