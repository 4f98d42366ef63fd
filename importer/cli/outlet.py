"""Where a command's words go: the result to stdout, progress and warnings to stderr, reports and the log to files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.cli.options import Effective
from importer.cli.streams import print_document
from importer.errors import ImporterError, UsageError
from importer.events import Closed, Finished, Listen, Stopped
from importer.machine.files import write_file

if TYPE_CHECKING:
    from importer.cli.access import Owner
    from importer.journal.store import Journal
    from importer.record import Record, Summary


@dataclass(frozen=True, slots=True)
class Outlet:
    """The streams of one command. `reports` and `rejects` are files to write at its end."""

    command: str
    listen: Listen
    json: bool
    quiet: bool
    reports: Sequence[Path] = ()
    rejects: Sequence[Path] = ()
    resume_file: Path | None = None
    sandbox: bool = False
    verbose: bool = False

    @classmethod
    def of(cls, values: Effective, command: str) -> Outlet:
        """As the options say. Raises UsageError for a file that could not be written in the end."""
        from importer.report.listening import listener_for
        from importer.report.logfile import logged

        several = command == "run"
        reports = values["report"] if several else ()
        rejects = values["rejects"] if several else ()
        for path in (*reports, *rejects, *filter(None, [values["log-file"]])):
            if not path.absolute().parent.is_dir():
                raise UsageError(f"cannot write {path}: there is no such folder", "make the folder, or name another")
            if path.is_dir():
                raise UsageError(f"cannot write {path}: it is a folder", "name a file in it")
        # A check is over before a person could read how it goes.
        quiet = values["quiet"] or (command == "check" and not values["verbose"])
        listen = listener_for(sys.stderr, quiet=quiet, verbose=values["verbose"])
        if values["log-file"] is not None:
            listen = logged(listen, values["log-file"], command)
        return cls(
            command, listen, values["json"], values["quiet"], reports, rejects, values["resume-file"],
            bool(values["sandbox"]), values["verbose"],
        )  # fmt: skip

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While the command works: what stops it is in the log too, and the stream is left clean."""
        try:
            yield
        except (ImporterError, click.ClickException) as error:
            self.listen(Stopped(error.message))
            raise
        finally:
            self.listen(Closed())

    def end(self, summary: Summary, owner: Owner | None, journal: Journal, *, anew: bool = True) -> int:
        """Write the reports and show the end of the command. Return its exit status.

        `anew`: the rows on record are this command's own. Where nothing was new, they tell of the run before.
        """
        from importer.journal.reporting import count_dates
        from importer.journal.rows import problem_rows, read_rows

        if owner is not None:
            summary = replace(summary, account_id=owner.id, account_name=owner.name)
        summary = replace(summary, resume_file=str(journal.path))
        if summary.run is not None and not summary.dates:
            summary = replace(summary, dates=count_dates(journal, summary.run))
        self.listen(Finished(summary.exit, summary.totals or {}, summary.message))
        self.listen(Closed())

        def rows() -> Iterator[Record]:
            return read_rows(journal, summary.run) if summary.run is not None else iter(())

        kinds = [(path, path.suffix.casefold().removeprefix(".")) for path in self.reports]
        for path, kind in [*kinds, *((path, "rejects") for path in self.rejects)]:
            try:
                write_report(path, kind, summary, rows())
            except UsageError as error:
                # The run is done and on record: its numbers are still told.
                click.echo(f"simkl-import: {error.message}\n  {error.hint}", err=True)
                status = summary.exit if summary.exit == 1 else error.exit_code
                summary = replace(summary, exit=status, message=error.message)
        problems = problem_rows(journal, summary.run) if summary.run is not None and not self.json else iter(())
        self.show(summary, samples(problems), rows if anew else lambda: iter(()))
        return summary.exit

    def show(self, summary: Summary, examples: Sequence[Record], rows: Callable[[], Iterator[Record]]) -> None:
        """The result on stdout, or nothing where quiet was asked for and all is well."""
        from importer.report.console import print_end
        from importer.report.steps import Commands

        if self.json:
            print_json(summary)
            return
        if self.quiet and summary.exit == 0:
            return
        rejects = str(self.rejects[0]) if self.rejects else None
        files = [str(path) for path in (*self.reports, *self.rejects)]
        # A rehearsal's resume file is not the one that `report` would open by itself.
        rehearsed = summary.resume_file if self.sandbox and self.resume_file is None else None
        found = str(self.resume_file) if self.resume_file is not None else rehearsed
        report_options = ("--resume-file", found) if found else ()
        listed = rows() if self.verbose or summary.dry_run else iter(())
        print_end(
            summary, examples, files, sys.stderr if self.quiet else sys.stdout, rows=listed, verbose=self.verbose,
            commands=Commands(rejects, self._same_place(), report_options),
        )  # fmt: skip

    def _same_place(self) -> tuple[str, ...]:
        """What another command needs to work on the same account and resume file."""
        options = ("--resume-file", str(self.resume_file)) if self.resume_file is not None else ()
        return ("--sandbox", *options) if self.sandbox else options


def samples(records: Iterator[Record]) -> list[Record]:
    """The first rows of each kind of problem."""
    from importer.report.check import EACH
    from importer.report.words import problem

    found: dict[str, list[Record]] = {}
    for record in records:
        name = problem(record)
        if name is not None and len(found.setdefault(name, [])) < EACH:
            found[name].append(record)
    return [record for first in found.values() for record in first]


def print_json(summary: Summary) -> None:
    """The `--json` document on stdout."""
    from importer.record import summary_document

    with suppress(BrokenPipeError):  # who closes the pipe has seen enough; the exit status stays
        print_document(summary_document(summary))


def write_report(path: Path, kind: str, summary: Summary, records: Iterator[Record]) -> None:
    """Write one report file, whole or not at all. Raises UsageError where the file cannot be written."""
    try:
        write_file(path, lambda stream: write_kind(stream, kind, summary, records))
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}",
            f"the run itself is on record: simkl-import report --output {path}",
        ) from None


def write_kind(stream: BinaryStream, kind: str, summary: Summary, records: Iterator[Record]) -> None:
    """Write rows in one of the formats for files."""
    from importer.report import rows
    from importer.report.html import write_html
    from importer.report.rejects import write_rejects

    match kind:
        case "html":
            write_html(summary, records, stream)
        case "json":
            rows.write_json(summary, records, stream)
        case "jsonl":
            rows.write_jsonl(records, stream)
        case "rejects":
            write_rejects(records, stream)
        case _:
            rows.write_csv(records, stream)


if TYPE_CHECKING:
    from importer.report.sink import Sink as BinaryStream
