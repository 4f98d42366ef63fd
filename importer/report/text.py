"""A run as text: its numbers, its rows with what happened to each, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.report.console import dates, message, outcomes
from importer.report.fates import view_of
from importer.report.listing import Look, gathered, listed
from importer.report.screen import Line
from importer.report.steps import Commands, what_now
from importer.report.words import lead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importer.record import Record, Summary

SHOWN = 20
"""Rows of one section that a terminal shows unless a person asks for them by outcome."""


def text_lines(
    summary: Summary,
    records: Iterable[Record],
    columns: int | None = None,
    most: int | None = None,
    commands: Commands | None = None,
) -> list[Line]:
    """Return the report in so many columns (None: whole lines), with `most` rows of each section (None: all)."""
    commands = commands or Commands()
    groups = gathered(records, Look(view_of(summary), columns, most, commands.options))
    rows = listed(groups, summary)
    if any(group.rows > group.shown for group in groups.values()):
        rows += [(), (("All rows of an outcome: simkl-import report --outcome NAME", "dim"),)]
    parts = [
        [((lead(summary), "bold"),), *message(summary, columns, commands)],
        [*outcomes(summary), *dates(summary, columns)],
        rows,
        what_now(summary, columns, commands),
    ]
    lines: list[Line] = []
    for part in filter(None, parts):
        lines += [(), *part] if lines else part
    return lines


def narrowed_lines(summary: Summary, records: Iterable[Record], columns: int | None, commands: Commands) -> list[Line]:
    """Return all rows of the outcomes that a person asked for, and nothing else."""
    look = Look(view_of(summary), columns, None, commands.options)
    return listed(gathered(records, look), summary) or [(("No row has that outcome.", ""),)]
