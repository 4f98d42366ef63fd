"""What a person does next. It belongs to its cause, and it is the last that is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from importer.model import Command, Note, Outcome, Reason, value
from importer.report.fates import in_year, named
from importer.report.listing import NARROW_TITLE, command, taking_back
from importer.report.safe import clean, count, many, quoted
from importer.report.screen import Line, cells, crop, wrapped
from importer.report.words import TITLE_MISSING, problem, problems, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from importer.record import Record, Summary

_AGAIN = ("run the same command", "run the same command again")
"""Hints that say no more than what is said of everything that is pending."""
PROBLEMS = 3
"""Kinds of problems that the end of a run shows; the report has them all."""


@value
class Commands:
    """What the commands shown need: the rejects file that is written already, the options that go onto every one, and
    those that go onto `report` instead.
    """

    rejects: str | None = None
    options: Sequence[str] = ()
    report_options: Sequence[str] = ()

    def completed(self, text: str) -> str:
        """Return a text whose commands carry these options, too: without them they would look somewhere else."""

        def carried(named: re.Match[str]) -> str:
            options = self.report_options if named[1] in ("report", "status") else self.options
            return " ".join([named[0], *map(quoted, options)])

        return re.sub(r"\bsimkl-import (undo|mend|report|status)\b", carried, text)


def trouble(
    summary: Summary, samples: Iterable[Record], columns: int | None, options: Sequence[str] = ()
) -> list[Line]:
    """Return the most frequent problems, each with an example and its step."""
    examples: dict[str, list[Record]] = {}
    for record in samples:
        examples.setdefault(problem(record) or "", []).append(record)
    lines: list[Line] = []
    found = problems(summary)
    for name, rows in found[:PROBLEMS]:
        start = f"{count(rows)} {name}"
        first = examples.get(name, [])
        lines += _headed(start, first[0], columns) if first else [((start, "bold red"),)]
        lines += [(("    ", ""), (line, "")) for line in wrapped(step(name, summary), columns and columns - 4)]
        for record in first if name == Note.OTHER_TITLE else ():
            lines += taking_back(record, options)
    rest = sum(rows for _, rows in found[PROBLEMS:])
    if rest:
        lines.append(((f"and {many(rest, 'more row')} of other kinds", "dim"),))
    return lines


def what_now(summary: Summary, columns: int | None, commands: Commands) -> list[Line]:
    """Return what a person does now: the very last that is said."""
    hint = "" if summary.hint in _AGAIN else summary.hint
    lines: list[Line] = [((line, "yellow"),) for line in wrapped(_sentence(commands.completed(hint)), columns)]
    if problems(summary) and summary.command == Command.RUN and not summary.dry_run:
        if any(name in TITLE_MISSING for name, _ in problems(summary)):
            lines.append(command(["mend"], commands.options))
        rejects = commands.rejects or "rejects.csv"
        if commands.rejects is None:
            lines.append(command(["report", "--format", "rejects", "--output", rejects], commands.report_options))
        lines.append(command(["run", rejects], commands.options))
    if (summary.totals or {}).get(Outcome.PENDING) and "same command" not in hint:
        aim = "To go on" if not summary.dry_run else "To do this" if summary.command == Command.UNDO else "To send this"
        again = "without --dry-run" if summary.dry_run else "again"
        again = f"{aim}, give the same {summary.command} command {again}."
        lines.append(((again, "yellow"),))
    return lines


def row_found(record: Record, columns: int | None) -> Line:
    """Return a row as one finds it again: `ratings.csv:12  “Heat” (1995), rating 5.5`. The title alone is shortened."""
    where = f"{record.file}:{record.line}  “"
    if record.note is Note.OTHER_TITLE and record.matched is not None:
        tail = f"”{in_year(record.year)} is on “{clean(record.matched.title)}”{in_year(record.matched.year)}"
    elif record.reason is Reason.MALFORMED_ROW:
        tail = "”"
    else:
        tail = f"”{in_year(record.year)}, rating {clean(record.source_rating) or 'none'}"
    room = None if columns is None else max(1, columns - cells(where) - cells(tail))
    return ((where + crop(named(record), room) + tail, "dim"),)


def _headed(start: str, example: Record, columns: int | None) -> list[Line]:
    """Return a problem with an example beside it, or below it where that would leave no room for the title."""
    whole = cells(start) + 2 + sum(cells(words) for words, _ in row_found(example, 1)) + NARROW_TITLE
    if columns is None or whole <= columns:
        room = None if columns is None else columns - cells(start) - 2
        return [((start, "bold red"), ("  ", ""), *row_found(example, room))]
    return [((start, "bold red"),), (("    ", ""), *row_found(example, columns - 4))]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
