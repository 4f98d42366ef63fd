"""What happened, row by row."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Choice, Effective, options_of
from importer.cli.streams import binary_stdout, print_document
from importer.errors import ExitStatus, UsageError
from importer.model import value
from importer.record import TOTALS, UNDO_TOTALS

if TYPE_CHECKING:
    from importer.journal.runs import Run
    from importer.journal.store import Journal
    from importer.machine.files import Sink
    from importer.record import Record, Summary
    from importer.report.screen import Line

KINDS = ("text", "html", "csv", "json", "jsonl", "rejects", "snapshot")
SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
}
OUTCOMES = tuple(dict.fromkeys(name for name in (*TOTALS, *UNDO_TOTALS) if name != "read"))


@click.command(epilog="Example:  simkl-import report --open")
@click.option(
    "--format",
    "kind",
    type=Choice(KINDS),
    default=None,
    help="[default: by --output's suffix, else text on a terminal, else csv]",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="[default: stdout]")
@click.option("--open", "opened", is_flag=True, help="Show the HTML report in the browser.")
@click.option(
    "--outcome",
    "outcomes",
    multiple=True,
    type=Choice(OUTCOMES),
    metavar="NAME",
    help="Only rows with this outcome; repeatable.",
)
@click.option("--run", "number", type=click.IntRange(1), metavar="N", help="That run.  [default: the last that tried]")
@options_of("report")
def report(
    kind: str | None, output: Path | None, opened: bool, outcomes: tuple[str, ...], number: int | None, **given: Any
) -> int:
    """Write what happened, row by row; `snapshot`: the account's ratings as they were before the first write."""
    from importer.cli.resume_file import resume_file

    values = Effective(given)
    wish = Wish(_kind(kind, output, bool(values["json"]), opened=opened), number, frozenset(outcomes), values)
    if given["json"] and output is None and not opened and wish.kind != "json":
        raise click.UsageError(f"--json and --format {wish.kind} exclude each other on stdout: add --output FILE")
    if wish.kind == "html" and output is None and not opened and sys.stdout.isatty():
        raise click.UsageError("html does not go onto a terminal: add --open, or name a file with --output")
    if wish.kind == "snapshot" and outcomes:
        raise click.UsageError("--outcome narrows the rows of a run; a snapshot has none")
    with resume_file(values) as journal:
        if output is None and not opened:
            # Caught while the journal is open: a generator that is half read must not outlive it.
            with suppress(BrokenPipeError):
                _to_stdout(journal, wish)
            return ExitStatus.DONE
        target = _to_own_page(journal, wish) if output is None else _to_file(journal, wish, output)
        if values["json"]:
            document = {"schema": 1, "command": "report", "run": number, "exit": ExitStatus.DONE}
            document |= {"resume_file": str(journal.path), "format": wish.kind, "output": str(target), "message": None}
            print_document(document)
    _tell_where(target, output, opened=opened)
    return ExitStatus.DONE


@value
class Wish:
    """What a person asked for: a format, a run (None: the last that tried something), and outcomes (none: all)."""

    kind: str
    number: int | None
    outcomes: frozenset[str]
    values: Effective

    def rows(self, records: Iterator[Record]) -> Iterator[Record]:
        """The rows with one of the outcomes."""
        return (record for record in records if record.outcome in self.outcomes) if self.outcomes else records


def _kind(kind: str | None, output: Path | None, as_json: bool, *, opened: bool) -> str:
    """The format that is meant. Raises a usage error for one that no browser shows."""
    if opened:
        if kind not in (None, "html"):
            raise click.UsageError(f"--open shows html: leave out --format {kind}")
        return "html"
    if kind is not None:
        return kind
    found = SUFFIXES.get(output.suffix.casefold()) if output is not None else None
    if found is not None or as_json:
        return found or "json"
    return "text" if output is None and sys.stdout.isatty() else "csv"


def _to_stdout(journal: Journal, wish: Wish) -> None:
    if wish.kind != "text":
        _write(journal, wish, binary_stdout())
        return
    from importer.report.screen import room, show

    show(_lines(journal, wish, room(sys.stdout)), sys.stdout)


def _lines(journal: Journal, wish: Wish, columns: int | None) -> list[Line]:
    """The report as text: on a terminal (`columns`) the first rows of each section, or all of what was asked for."""
    from importer.report.steps import Commands
    from importer.report.text import SHOWN, narrowed_lines, text_lines

    summary, rows = _found(journal, wish)
    options = tuple(
        word
        for name in ("profile", "resume-file")
        if wish.values[name] is not None
        for word in (f"--{name}", str(wish.values[name]))
    )
    commands = Commands(None, options, options)
    if wish.outcomes:
        return narrowed_lines(summary, rows, columns, commands)
    return text_lines(summary, rows, columns, None if columns is None else SHOWN, commands)


def _to_file(journal: Journal, wish: Wish, output: Path) -> Path:
    """Write the file that a person named, and return where it went."""
    from importer.cli.output import outputs_of

    outputs = outputs_of(wish.values, (), [output], resume_file=journal.path)
    outputs.refuse([output])
    try:
        return outputs.write(output, lambda stream: _write(journal, wish, stream))
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}", "name another file: --output FILE") from None


def _to_own_page(journal: Journal, wish: Wish) -> Path:
    """Write the page that a person only wants to see, and return where it is."""
    from importer.machine.files import write_file

    page = wish.values.places.state / "report.html"
    try:
        page.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(page, lambda stream: _write(journal, wish, stream), private=True)
    except OSError as error:
        raise UsageError(f"cannot write {page}: {error.strerror}", "name a file: --output FILE") from None
    return page


def _tell_where(target: Path, output: Path | None, *, opened: bool) -> None:
    """Tell where the report is, and show it where that was asked for and a browser is at hand."""
    from importer.cli.reports import left_alone
    from importer.report.safe import for_terminal

    shown = False
    if opened:
        from importer.cli.consent import browser_here, handed_over

        shown = browser_here(os.environ, sys.platform) and handed_over(target.absolute().as_uri())
    said = [f"written: {target}"] if output in (None, target) else left_alone(output, target).split("\n")
    if opened and not shown:
        said.append("no browser was found here: open that file in one")
    for line in said:
        click.echo(for_terminal(line), err=True)


def _write(journal: Journal, wish: Wish, stream: Sink) -> None:
    from importer.report.formats import write_kind

    if wish.kind == "snapshot":
        _write_snapshot(journal, wish.number, stream)
        return
    if wish.kind == "text":
        from importer.report.screen import as_bytes

        stream.write(as_bytes(_lines(journal, wish, None)))
        return
    summary, rows = _found(journal, wish)
    write_kind(stream, wish.kind, summary, rows)


def _write_snapshot(journal: Journal, number: int | None, stream: Sink) -> None:
    from importer.journal.account import first_opening, opening
    from importer.report.rows import write_snapshot

    first = number if number is not None else first_opening(journal)
    if first is None:
        raise UsageError("nothing was ever sent from this resume file, so there is no snapshot before it")
    write_snapshot(opening(journal, first), stream)


def _found(journal: Journal, wish: Wish) -> tuple[Summary, Iterator[Record]]:
    from importer.journal.rows import read_rows
    from importer.run.recorded import summary_of

    run = _run(journal, wish.number)
    return summary_of(journal, run), wish.rows(read_rows(journal, run.number))


def _run(journal: Journal, number: int | None) -> Run:
    from importer.journal.runs import find_run, last_import

    run = last_import(journal) if number is None else find_run(journal, number)
    if run is None:
        raise UsageError("there is no run on record" if number is None else f"there is no run {number} on record")
    return run
