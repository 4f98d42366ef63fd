"""What `check` shows: what was recognised and why, what each row would come to, and the first rows of each problem."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from importer.model import Outcome, iso
from importer.report.console import outcomes, place
from importer.report.safe import count
from importer.report.screen import WIDEST, Line, cells, crop, fit, show
from importer.report.words import REASONS, STEPS, lead, problem, problem_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importer.model import Reason, Remark
    from importer.record import Record, Summary

EACH = 3
"""Rows shown of each kind of problem."""
REMARKS = 5
BAR = 40
"""Columns of the longest bar."""


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """One export as it was recognised; `why` is the claim's word for it."""

    path: str
    format: str
    rows: int
    why: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """What `check` found beside the summary.

    `counts` holds rows by outcome and reason; `histogram` sendable ratings by value 1-10; `first` and `last` the span
    of their dates in seconds since the epoch, None where there is none. `samples` are problem rows in file order.
    """

    sources: tuple[CheckedSource, ...]
    counts: Mapping[tuple[Outcome, Reason | None], int]
    histogram: Mapping[int, int]
    first: int | None
    last: int | None
    samples: tuple[Record, ...] = ()
    remarks: tuple[Remark, ...] = ()


def print_check(summary: Summary, view: CheckView, stream: TextIO) -> None:
    """Show the outcome of a check."""
    sections: list[list[Line]] = [
        [((lead(summary), "bold"),)],
        [line for source in view.sources for line in _source(source)] + _remarks(view),
        outcomes(summary) + _reasons(view),
        _histogram(view),
        _problems(summary, view),
        _next(summary, view),
    ]
    lines: list[Line] = []
    for section in sections:
        lines += [(), *section] if lines and section else section
    show(lines, stream)


def _source(source: CheckedSource) -> list[Line]:
    tail = f"  {source.format}, {count(source.rows)} row{'' if source.rows == 1 else 's'}"
    return [
        ((fit(source.path, WIDEST - len(tail)), ""), (tail, "dim")),
        (("  content: ", "dim"), (crop(source.why.removeprefix("has "), WIDEST - 11), "dim")),
    ]


def _remarks(view: CheckView) -> list[Line]:
    lines: list[Line] = []
    for remark in view.remarks[:REMARKS]:
        where = fit(remark.file, 30) + (f":{remark.line}" if remark.line else "")
        lines.append(((f"  {where}: ", "yellow"), (crop(remark.text, WIDEST - 4 - cells(where)), "")))
    if len(view.remarks) > REMARKS:
        lines.append(((f"  and {count(len(view.remarks) - REMARKS)} more remarks", "dim"),))
    return lines


def _reasons(view: CheckView) -> list[Line]:
    shown = [(outcome, reason, rows) for (outcome, reason), rows in view.counts.items() if reason is not None and rows]
    # An outcome of one reason alone is told by that reason's words already.
    several = Counter(outcome for outcome, _, _ in shown)
    shown = [entry for entry in shown if several[entry[0]] > 1]
    shown.sort(key=lambda entry: -entry[2])
    figures = max((len(count(rows)) for _, _, rows in shown), default=0)
    return [
        (
            (f"    {count(rows).rjust(figures)}  ", ""),
            (f"{outcome} {reason}".ljust(26) + " ", "dim"),
            (REASONS[reason], "dim"),
        )
        for outcome, reason, rows in shown
    ]


def _histogram(view: CheckView) -> list[Line]:
    highest = max(view.histogram.values(), default=0)
    if not highest:
        return []
    lines: list[Line] = []
    if view.first is not None and view.last is not None:
        lines.append(((f"Rated from {iso(view.first)[:10]} to {iso(view.last)[:10]}", ""),))
    for rating in sorted({*range(1, 11), *view.histogram}, reverse=True):
        rows = view.histogram.get(rating, 0)
        bar = "#" * max(1, round(BAR * rows / highest)) if rows else ""
        lines.append(((f"  {rating:>2} ", "bold"), (bar, "green"), (f"{' ' if bar else ''}{count(rows)}", "dim")))
    return lines


def _problems(summary: Summary, view: CheckView) -> list[Line]:
    groups: dict[str, list[Record]] = {}
    for record in view.samples:
        name = problem(record)
        if name is not None:
            groups.setdefault(name, []).append(record)
    rejected = Counter({str(name): rows for name, rows in summary.reasons.get("rejected", {}).items()})
    lines: list[Line] = []
    for name, records in groups.items():
        rows = max(rejected[name], len(records))
        lines.append(((f"{count(rows)} {name}", "bold red"), (f"  {problem_words(name)}", "")))
        lines.extend((("  ", ""), (crop(place(record), WIDEST - 2), "dim")) for record in records[:EACH])
        if rows > EACH:
            lines.append(((f"  and {count(rows - EACH)} more", "dim"),))
        lines.append((("  next: ", "dim"), (crop(STEPS[name], WIDEST - 8), "")))
    return lines


def _next(summary: Summary, view: CheckView) -> list[Line]:
    """The commands that come after a check."""
    exports = " ".join(shlex.quote(source.path) for source in view.sources)
    lines: list[Line] = []
    if (summary.totals or {}).get(Outcome.PENDING):
        lines.append((("To import     ", "dim"), (f"simkl-import run {exports}", "cyan")))
    if summary.reasons.get(Outcome.REJECTED):
        command = "simkl-import report --format rejects --output rejects.csv"
        lines.append((("Then to mend  ", "dim"), (command, "cyan")))
    return lines
