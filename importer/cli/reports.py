"""The report files of a run: which were asked for, written at its end, each where it replaces nobody's work."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import ExitStatus, UsageError
from importer.events import Listen, Told, Warned
from importer.model import Command, value

if TYPE_CHECKING:
    from importer.journal.runs import Run
    from importer.journal.store import Journal
    from importer.machine.files import Sink
    from importer.machine.outputs import Outputs
    from importer.record import Summary


LOOKED_AT = 20
"""Runs among which the import before is looked for: undos may lie between."""


@value
class Wanted:
    """A report that was asked for: where, and in which of the formats of `report`."""

    path: Path
    kind: str

    @classmethod
    def by_suffix(cls, path: Path) -> Wanted:
        """Return the report that a path asks for by its suffix."""
        return cls(path, path.suffix.casefold().removeprefix("."))


@value
class Reports:
    """The reports of one call, and the rules by which they are written."""

    wanted: Sequence[Wanted]
    outputs: Outputs

    def write(
        self, journal: Journal, summary: Summary, listen: Listen, *, nothing_new: bool
    ) -> tuple[Summary, dict[Wanted, Path]]:
        """Write them, and tell where each went; a report that cannot be written costs the status, not the result.

        If nothing is new, only what is not there yet is written, as the run on record has it.
        """
        from importer.journal.runs import find_run
        from importer.run.recorded import recorded_summary

        told = summary
        if nothing_new and summary.run is not None:
            run = find_run(journal, summary.run)
            told = recorded_summary(journal, run) if run is not None else summary
        done: dict[Wanted, Path] = {}
        for one in self.wanted:
            if nothing_new and one.path.exists():
                continue
            try:
                done[one] = self._write(one, journal, told, listen)
            except UsageError as error:
                # The run is done and on record: its numbers are still told.
                listen(Warned(f"{error.message}; {error.hint}"))
                status = summary.exit if summary.exit == ExitStatus.DEFECT else error.exit_code
                summary = replace(summary, exit=status, message=error.message)
        return summary, done

    def _write(self, one: Wanted, journal: Journal, told: Summary, listen: Listen) -> Path:
        from importer.journal.rows import read_rows
        from importer.report.formats import write_kind

        before = _run_before(journal, told.run)

        def write(stream: Sink) -> None:
            write_kind(stream, one.kind, told, read_rows(journal, told.run) if told.run is not None else ())

        def write_before(stream: Sink) -> None:
            if before is not None:
                write_run(stream, one.kind, journal, before)

        try:
            target = self.outputs.write(one.path, write, write_before if before is not None else None)
        except OSError as error:
            again = f"simkl-import report --format {one.kind} --output {shlex.quote(str(one.path))}"
            raise UsageError(
                f"cannot write {one.path}: {error.strerror}", f"the run itself is on record: {again}"
            ) from None
        if target != one.path:
            listen(Told(left_alone(one.path, target)))
        return target


def left_alone(path: Path, target: Path) -> str:
    """Say that a file was left, and where the new one is."""
    return f"Left as it is, since somebody changed it or made it: {path}\nWritten instead: {target}"


def write_run(stream: Sink, kind: str, journal: Journal, run: Run) -> None:
    """Write a run on record in one of the formats of `report`."""
    from importer.journal.rows import read_rows
    from importer.report.formats import write_kind
    from importer.run.recorded import recorded_summary

    write_kind(stream, kind, recorded_summary(journal, run), read_rows(journal, run.number))


def _run_before(journal: Journal, number: int | None) -> Run | None:
    """Return the import before a run, of those whose rows are all on record."""
    from importer.journal.runs import all_runs

    runs = all_runs(journal, LOOKED_AT)
    return next((run for run in runs if run.command == Command.RUN and (number is None or run.number < number)), None)
