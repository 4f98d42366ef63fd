"""Rows for a person, one a line, gathered by what happens to them: what needs somebody first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importer.model import Note, Outcome, value
from importer.record import TakenBack
from importer.report.fates import REPLACED, View, fate, in_year, named, section, section_words, values
from importer.report.safe import count, many, quoted
from importer.report.screen import Line, cells, crop
from importer.report.words import STEPS, WINS, problem, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from importer.record import Record, Summary

ORDER = (
    REPLACED,
    Outcome.KEPT,
    TakenBack.LEFT,
    TakenBack.RESTORED,
    TakenBack.REMOVED,
    TakenBack.UNLISTED,
    Outcome.PENDING,
    Outcome.APPLIED,
    Outcome.UNCHANGED,
    Outcome.DUPLICATE,
    Outcome.SKIPPED,
)
"""The sections of a listing after its problems, of which the most frequent comes first."""
NARROW_TITLE = 12
"""Columns that a title keeps on any terminal; what happens to it then goes on in the next line."""


@dataclass(slots=True)
class Group:
    """The rows of one section: how many there are and why, and the lines of the first `shown` of them."""

    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    shown: int = 0
    lines: list[Line] = field(default_factory=list)


@value
class Look:
    """How rows are shown: of what they tell, in how many columns (None: any), `most` of each section (None: all), and
    the options that go onto every command.
    """

    view: View
    columns: int | None
    most: int | None = None
    options: Sequence[str] = ()


def gathered(records: Iterable[Record], look: Look) -> dict[str, Group]:
    """Return the rows by section in the order of a listing. Lines are kept, not records: they are a tenth as large."""
    found: dict[str, Group] = {}
    for record in records:
        group = found.setdefault(section(record, look.view), Group())
        group.rows += 1
        if record.reason is not None:
            group.reasons[record.reason] += 1
        if look.most is None or group.shown < look.most:
            group.shown += 1
            group.lines.append(row_line(record, look.view, look.columns))
            group.lines += taking_back(record, look.options)
    order = {str(name): rank for rank, name in enumerate(ORDER)}
    return dict(sorted(found.items(), key=lambda pair: (order.get(pair[0], -1), -pair[1].rows)))


def listed(groups: Mapping[str, Group], summary: Summary) -> list[Line]:
    """Return every group with its heading, its rows, and what to do about it."""
    lines: list[Line] = []
    for name, group in groups.items():
        lines += [()] if lines else []
        heading = f"{section_words(name, summary)} ({count(group.rows)})"
        lines.append(((heading, "bold red" if name in STEPS else "bold"),))
        lines += group.lines
        more = group.rows - group.shown
        if more:
            lines.append(((f"  and {many(more, 'more row')}", "dim"),))
        if name in STEPS:
            lines.append((("  next: ", "dim"), (step(name, summary), "")))
        if name == Outcome.KEPT:
            lines += [((f"  {WINS[reason]}", "dim"),) for reason in group.reasons if reason in WINS]
    return lines


def row_line(record: Record, view: View, columns: int | None) -> Line:
    """Return a row on one line: `Heat (1995)  7 → 9  replaces your 7 of 2021-03-02; rated 2024-05-01`.

    Its title alone is shortened where the terminal is narrow.
    """
    # What is wrong with a rejected row stands in the heading above it.
    said = [values(record, view)] if record.outcome is Outcome.REJECTED else [values(record, view), fate(record, view)]
    if problem(record) is not None and record.file:
        said.append(f"{record.file}:{record.line}")
    tail = "  ".join([in_year(record.year), *said])
    room = None if columns is None else max(NARROW_TITLE, columns - 2 - cells(tail))
    return ("  ", ""), (crop(named(record), room), "bold"), (tail, "")


def taking_back(record: Record, options: Sequence[str]) -> list[Line]:
    """Return the command that takes a rating back that is on another title."""
    if record.note is not Note.OTHER_TITLE or record.batch is None:
        return []
    return [command(["undo", "--key", record.key], options)]


def command(words: Iterable[str], options: Sequence[str] = ()) -> Line:
    """Return a command of this program, to be copied."""
    return ("    ", ""), (" ".join(["simkl-import", *map(quoted, words), *map(quoted, options)]), "cyan")
