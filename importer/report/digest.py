"""What the page shows of a run's rows, gathered in one pass."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from importer.model import Note, Outcome
from importer.record import TakenBack
from importer.report.fates import View, section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importer.record import Record

KEPT = 20_000
"""Rows of one section that are kept for the page; the number above them is always the whole."""
NEWEST = 10
"""Rows of the list by which a person sees that titles, ratings and dates arrived."""
TEXTS = 500
"""Different rating texts of one source that are told apart; no real scale has more, a broken file may."""

_THERE = (Outcome.APPLIED, Outcome.UNCHANGED)
_LEFT_OUT = (Outcome.REJECTED, Outcome.SKIPPED, Outcome.DUPLICATE, *TakenBack)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Scale:
    """The ratings of one source. `before` counts rows by (text as exported, rating 1-10 or None).

    `after` counts by the rating on Simkl: what was sent or stood there, and what was kept there instead.
    `others` counts rows whose text came after TEXTS different ones.
    """

    before: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    after: Counter[int] = field(default_factory=Counter)
    others: int = 0


@dataclass(slots=True)
class Shelf:
    """The rows of one section: how many there are, why, and the first KEPT of them."""

    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Digest:
    """Everything the page tells beside the summary. Sources are named by their format, as in the records.

    `years` counts true rating dates by year, and `undated` the rows beside them that have none.
    """

    rows: int = 0
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    years: Counter[int] = field(default_factory=Counter)
    undated: int = 0
    shelves: dict[str, Shelf] = field(default_factory=dict)
    newest: list[Record] = field(default_factory=list)


def digest(records: Iterable[Record], view: View) -> Digest:
    """Read the records once. In a forecast pending rows count as if they were on Simkl."""
    found = Digest()
    newest: list[tuple[int, int, Record]] = []
    for record in records:
        found.rows += 1
        found.outcomes.setdefault(record.source, Counter())[record.outcome] += 1
        if view is not View.UNDO:
            _rate(found.scales.setdefault(record.source, Scale()), record, view)
        if record.outcome not in _LEFT_OUT:
            if record.dated and record.rated_at is not None:
                found.years[(_EPOCH + timedelta(seconds=record.rated_at)).year] += 1
            else:
                found.undated += 1
        shelf = found.shelves.setdefault(section(record, view), Shelf())
        shelf.rows += 1
        if record.reason is not None:
            shelf.reasons[record.reason] += 1
        if len(shelf.first) < KEPT:
            shelf.first.append(record)
        if _shows(record) and record.rated_at is not None:
            # The running number keeps records themselves from being compared.
            heapq.heappush(newest, (record.rated_at, -found.rows, record))
            if len(newest) > NEWEST:
                heapq.heappop(newest)
    found.newest = [record for _, _, record in sorted(newest, reverse=True)]
    return found


def _shows(record: Record) -> bool:
    """Tell whether a row can show that titles, ratings and dates arrived: a stand-in says nothing of the last."""
    return record.dated and record.matched is not None and record.outcome in _THERE and record.note is None


def _rate(scale: Scale, record: Record, view: View) -> None:
    text = (record.source_rating, record.rating)
    if text in scale.before or len(scale.before) < TEXTS:
        scale.before[text] += 1
    else:
        scale.others += 1
    there: int | None = None
    if record.outcome in _THERE or (view is View.FORECAST and record.outcome is Outcome.PENDING):
        there = record.rating
    elif record.outcome is Outcome.KEPT and record.note is not Note.OTHER_TITLE:
        there = record.prior_rating
    if there is not None:
        scale.after[there] += 1
