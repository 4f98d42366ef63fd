"""Where a command's words go: the result to stdout, progress and warnings to stderr, reports and the log to files."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.cli.last_calls import LastCalls
from importer.cli.options import Effective
from importer.cli.reports import Reports, Wanted
from importer.cli.streams import print_document
from importer.errors import ExitStatus, ImporterError, UsageError
from importer.events import Closed, Finished, Listen, Stopped, Warned
from importer.machine.files import identity_of
from importer.machine.outputs import Outputs, kept_files
from importer.machine.written import Written
from importer.model import Command, value

if TYPE_CHECKING:
    from importer.journal.store import Journal
    from importer.record import Record, Summary


@value
class Output:
    """The streams and files of one command."""

    command: str
    listen: Listen
    json: bool
    quiet: bool
    reports: Reports
    resume_file: Path | None = None
    sandbox: bool = False
    verbose: bool = False
    profile: str | None = None
    last_calls: LastCalls | None = None

    @classmethod
    def of(cls, values: Effective, command: str, exports: Sequence[Path] = ()) -> Output:
        """Return them as the options say, and open the log.

        Raises UsageError for a file that could not be written in the end, or that is a person's and not to be touched.
        """
        from importer.report.listening import listener_for
        from importer.report.logfile import logged

        wanted: list[Wanted] = []
        if command == Command.RUN:
            wanted += map(Wanted.by_suffix, values["report"])
            wanted += (Wanted(path, "rejects") for path in values["rejects"])
        log: Path | None = values["log-file"]
        outputs = outputs_of(values, exports, [one.path for one in wanted] + ([log] if log is not None else []))
        left_out: list[Path] = []

        def stays(setting: str, path: Path) -> bool:
            """Tell whether an output is written: the settings file cannot know what will be an export some day."""
            if values.is_from_file(setting) and outputs.is_export(path):
                left_out.append(path)
                return False
            return True

        wanted = [one for one in wanted if stays("rejects" if one.kind == "rejects" else "report", one.path)]
        log = log if log is not None and stays("log-file", log) else None
        outputs.refuse([one.path for one in wanted] + ([log] if log is not None else []))
        resume_file: Path | None = values["resume-file"]
        if resume_file is not None and outputs.is_export(resume_file):
            raise UsageError(f"{resume_file} cannot be the resume file: it is an export, or lies in one")
        # A check is over before a person could read how it goes.
        quiet = values["quiet"] or (command == Command.CHECK and not values["verbose"])
        listen = listener_for(sys.stderr, quiet=quiet, verbose=values["verbose"])
        if log is not None:
            listen = logged(listen, log, command)
        for path in left_out:
            listen(Warned(f"{path} is not written: the settings file names it, and it is an export of this command"))
        places = None if values["sandbox"] else values.known_places
        return cls(
            command=command,
            listen=listen,
            json=values["json"],
            quiet=values["quiet"],
            reports=Reports(wanted, outputs),
            resume_file=resume_file,
            sandbox=bool(values["sandbox"]),
            verbose=values["verbose"],
            profile=values["profile"],
            last_calls=LastCalls.at(places.state) if places is not None else None,
        )

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

    def end(self, summary: Summary, journal: Journal, *, nothing_new: bool = False) -> int:
        """Write the reports and show the end of the command. Return its exit status."""
        from importer.journal.owner import account_of
        from importer.journal.rows import problem_rows, read_rows

        summary, done = self.reports.write(journal, summary, self.listen, nothing_new=nothing_new)
        if self.last_calls is not None and self.command == Command.RUN and not summary.dry_run:
            self.last_calls.note(account_of(journal), summary, time.time(), nothing_new=nothing_new)
        self.listen(finished(summary))
        self.listen(Closed())
        problems = problem_rows(journal, summary.run) if summary.run is not None and not self.json else iter(())
        # Where nothing is new, the rows on record tell of the run before.
        listed = (self.verbose or summary.dry_run) and not nothing_new and summary.run is not None
        rows = read_rows(journal, summary.run) if listed and summary.run is not None else iter(())
        self.show(summary, samples(problems), done, rows)
        return summary.exit

    def show(
        self, summary: Summary, examples: Sequence[Record], done: Mapping[Wanted, Path], rows: Iterator[Record]
    ) -> None:
        """Show the result on stdout, or nothing if quiet was asked for and all is well."""
        from importer.report.console import print_end
        from importer.report.steps import Commands

        if self.json:
            print_json(summary)
            return
        if self.quiet and summary.exit == ExitStatus.DONE:
            return
        rejects = next((str(done.get(one, one.path)) for one in self.reports.wanted if one.kind == "rejects"), None)
        files = [str(path) for path in done.values()]
        # A rehearsal's resume file is not the one that `report` would open by itself.
        rehearsed = summary.resume_file if self.sandbox and self.resume_file is None else None
        options = self._same_place()
        reading = tuple(option for option in options if option != "--sandbox")
        print_end(
            summary,
            examples,
            files,
            sys.stderr if self.quiet else sys.stdout,
            rows=rows,
            verbose=self.verbose,
            commands=Commands(rejects, options, ("--resume-file", rehearsed) if rehearsed else reading),
        )

    def _same_place(self) -> tuple[str, ...]:
        """Return what another command needs to work on the same account and resume file."""
        options = ["--sandbox"] if self.sandbox else []
        options += ["--profile", self.profile] if self.profile else []
        options += ["--resume-file", str(self.resume_file)] if self.resume_file is not None else []
        return tuple(options)


def finished(summary: Summary) -> Finished:
    """Return what is told of the end of a command."""
    return Finished(
        exit=summary.exit,
        totals=summary.totals or {},
        message=summary.message,
        run=summary.run,
        account=summary.account_id,
        exports=[one.path for one in summary.sources],
    )


def samples(records: Iterator[Record]) -> list[Record]:
    """Return the first rows of each kind of problem."""
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


def outputs_of(
    values: Effective, exports: Sequence[Path], paths: Sequence[Path], resume_file: Path | None = None
) -> Outputs:
    """Return the rules by which a command with these exports and this resume file may write to these paths."""
    resume_file = resume_file if resume_file is not None else values["resume-file"]
    if not paths and resume_file is None:
        return Outputs(())
    places = values.known_places
    kept = kept_files(
        exports,
        places,
        resume_file=resume_file,
        settings_file=values.settings_file,
        look_inside=any(identity_of(path) is not None for path in paths),
    )
    written = Written.at(places.state) if places is not None else None
    return Outputs(tuple(kept), written, replace=values["replace-files"])
