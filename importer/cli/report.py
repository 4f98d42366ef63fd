"""What happened, row by row."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Choice, Effective, options_of
from importer.cli.streams import binary_stdout, print_document
from importer.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from importer.journal.runs import Run
    from importer.journal.store import Journal
    from importer.machine.files import Sink

KINDS = ("html", "csv", "json", "jsonl", "rejects", "snapshot")


@click.command(epilog="Example:  simkl-import report --format html --output report.html")
@click.option("--format", "kind", type=Choice(KINDS), default=None, help="[default: csv, or by --output's suffix]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="[default: stdout]")
@click.option("--run", "number", type=click.IntRange(1), metavar="N", help="That run.  [default: the last that tried]")
@options_of("report")
def report(kind: str | None, output: Path | None, number: int | None, **given: Any) -> int:
    """Write what happened, row by row; `snapshot`: the account's ratings as they were before the first write."""
    from importer.cli.reports import left_alone
    from importer.cli.resume_file import resume_file

    values = Effective(given)
    if given["json"] and output is None and kind not in (None, "json"):
        raise click.UsageError(f"--json and --format {kind} exclude each other on stdout: add --output FILE")
    if kind is None:
        suffix = output.suffix.casefold().removeprefix(".") if output is not None else ""
        kind = suffix if suffix in KINDS else "json" if values["json"] else "csv"
    if kind == "html" and output is None and sys.stdout.isatty():
        raise click.UsageError("html does not go onto a terminal: name a file with --output")
    with resume_file(values) as journal:
        if output is None:
            # Caught while the journal is open: a generator that is half read must not outlive it.
            with suppress(BrokenPipeError):
                _write(journal, kind, number, binary_stdout())
            return ExitStatus.DONE
        target = _write_file(values, journal, kind, number, output)
        if values["json"]:
            document = {"schema": 1, "command": "report", "run": number, "exit": ExitStatus.DONE}
            document |= {"resume_file": str(journal.path), "format": kind, "output": str(target), "message": None}
            print_document(document)
    click.echo(f"written: {target}" if target == output else left_alone(output, target), err=True)
    return ExitStatus.DONE


def _write_file(values: Effective, journal: Journal, kind: str, number: int | None, output: Path) -> Path:
    """Write the file, and return where it went."""
    from importer.cli.outlet import outputs_of

    outputs = outputs_of(values, (), [output], resume_file=journal.path)
    outputs.refuse([output])
    try:
        return outputs.write(output, lambda stream: _write(journal, kind, number, stream))
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}", "name another file: --output FILE") from None


def _write(journal: Journal, kind: str, number: int | None, stream: Sink) -> None:
    from importer.cli.reports import write_run

    if kind == "snapshot":
        _write_snapshot(journal, number, stream)
        return
    run = _run(journal, number)
    write_run(stream, kind, journal, run)


def _write_snapshot(journal: Journal, number: int | None, stream: Sink) -> None:
    from importer.journal.account import first_opening, opening
    from importer.report.rows import write_snapshot

    first = number if number is not None else first_opening(journal)
    if first is None:
        raise UsageError("nothing was ever sent from this resume file, so there is no snapshot before it")
    write_snapshot(opening(journal, first), stream)


def _run(journal: Journal, number: int | None) -> Run:
    from importer.journal.runs import find_run, last_import

    run = last_import(journal) if number is None else find_run(journal, number)
    if run is None:
        raise UsageError("there is no run on record" if number is None else f"there is no run {number} on record")
    return run
