"""What `check` shows: what was recognised and why, what each row would come to, and the first rows of each problem."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TextIO

from importer.model import Outcome, value
from importer.report.console import dates, outcomes
from importer.report.fates import View, day
from importer.report.listing import Look, command, gathered, listed
from importer.report.safe import count, many
from importer.report.screen import Line, room, show, wrapped
from importer.report.steps import row_found
from importer.report.words import REASONS, STEPS, lead, problem, problem_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from importer.model import Reason, Remark
    from importer.record import Record, Summary

EACH = 3
"""Rows shown of each kind of problem."""
REMARKS = 5
BAR = 40
"""Columns of the longest bar."""


@value
class CheckedSource:
    """One export as it was recognised; `why` is the claim's word for it."""

    path: str
    format: str
    rows: int
    why: str


@value
class CheckView:
    """What `check` found beside the summary.

    `counts` holds rows by outcome and reason; `histogram` sendable ratings by value 1-10; `first` and `last` the span
    of their rating dates in seconds since the epoch, stand-ins left out, None where there is none. `samples` are
    problem rows in file order.
    """

    sources: tuple[CheckedSource, ...]
    counts: Mapping[tuple[Outcome, Reason | None], int]
    histogram: Mapping[int, int]
    first: int | None
    last: int | None
    samples: tuple[Record, ...] = ()
    remarks: tuple[Remark, ...] = ()


def print_check(
    summary: Summary, view: CheckView, stream: TextIO, *, rows: Iterable[Record] = (), verbose: bool = False
) -> None:
    """Show the outcome of a check; `verbose` lists all `rows` first."""
    columns = room(stream)
    sections: list[list[Line]] = [
        listed(gathered(rows, Look(View.FORECAST, columns)), summary) if verbose else [],
        [((lead(summary), "bold"),)],
        [line for source in view.sources for line in _source(source)] + _remarks(view, columns),
        outcomes(summary) + _reasons(view),
        _histogram(view) + dates(summary, columns),
        [] if verbose else _problems(summary, view, columns),
        _next(summary, view),
    ]
    lines: list[Line] = []
    for section in sections:
        lines += [(), *section] if lines and section else section
    show(lines, stream)


def _source(source: CheckedSource) -> list[Line]:
    return [
        ((source.path, ""), (f"  {source.format}, {many(source.rows, 'row')}", "dim")),
        (("  content: ", "dim"), (source.why.removeprefix("has "), "dim")),
    ]


def _remarks(view: CheckView, columns: int | None) -> list[Line]:
    lines: list[Line] = []
    for remark in view.remarks[:REMARKS]:
        where = remark.file + (f":{remark.line}" if remark.line else "")
        first, *more = wrapped(f"{where}: {remark.text}", columns and columns - 4)
        lines.append(((f"  {first}", "yellow"),))
        lines += [((f"    {line}", "yellow"),) for line in more]
    if len(view.remarks) > REMARKS:
        lines.append(((f"  and {many(len(view.remarks) - REMARKS, 'more remark')}", "dim"),))
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
        lines.append(((f"Rated from {day(view.first)} to {day(view.last)}", ""),))
    for rating in sorted({*range(1, 11), *view.histogram}, reverse=True):
        rows = view.histogram.get(rating, 0)
        bar = "#" * max(1, round(BAR * rows / highest)) if rows else ""
        lines.append(((f"  {rating:>2} ", "bold"), (bar, "green"), (f"{' ' if bar else ''}{count(rows)}", "dim")))
    return lines


def _problems(summary: Summary, view: CheckView, columns: int | None) -> list[Line]:
    groups: dict[str, list[Record]] = {}
    for record in view.samples:
        name = problem(record)
        if name is not None:
            groups.setdefault(name, []).append(record)
    rejected = Counter({str(name): rows for name, rows in summary.reasons.get(Outcome.REJECTED, {}).items()})
    lines: list[Line] = []
    for name, records in groups.items():
        rows = max(rejected[name], len(records))
        lines.append(((f"{count(rows)} {name}", "bold red"), (f"  {problem_words(name)}", "")))
        lines.extend((("  ", ""), *row_found(record, columns and columns - 2)) for record in records[:EACH])
        if rows > EACH:
            lines.append(((f"  and {many(rows - EACH, 'more row')}", "dim"),))
        lines += [((f"  {line}", ""),) for line in wrapped(f"next: {STEPS[name]}", columns and columns - 2)]
    return lines


def _next(summary: Summary, view: CheckView) -> list[Line]:
    """Return the commands that come after a check."""
    lines: list[Line] = []
    if (summary.totals or {}).get(Outcome.PENDING):
        run = command(["run", *(source.path for source in view.sources)])
        lines.append((("To import     ", "dim"), run[1]))
    if summary.reasons.get(Outcome.REJECTED):
        mend = command(["report", "--format", "rejects", "--output", "rejects.csv"])
        lines.append((("Then to mend  ", "dim"), mend[1]))
    return lines
