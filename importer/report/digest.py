"""What the page shows of a run's rows, gathered in one pass: its size depends on the page, not on the rows."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from importer.model import Kind, Note, Outcome
from importer.report.words import problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importer.record import Record

SHOWN = 100
"""Rows of one group of problems that the page lists; the number above them is always the whole."""
NEWEST = 10
"""Rows of the list by which a person sees that titles, ratings and dates arrived."""
TEXTS = 500
"""Different rating texts of one source that are told apart; no real scale has more, a broken file may."""

PATHS = {Kind.MOVIE: "movies", Kind.SHOW: "tv", Kind.ANIME: "anime"}
"""Where simkl.com keeps the page of a title, by kind: https://simkl.com/tv/17465."""

_THERE = (Outcome.APPLIED, Outcome.UNCHANGED)
_LEFT_OUT = (Outcome.REJECTED, Outcome.SKIPPED, Outcome.DUPLICATE)
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
class Group:
    """The rows of one problem: how many, and the first SHOWN of them."""

    rows: int = 0
    first: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Digest:
    """Everything the page tells beside the summary. Sources are named by their format, as in the records."""

    rows: int = 0
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    years: Counter[int] = field(default_factory=Counter)
    groups: dict[str, Group] = field(default_factory=dict)
    newest: list[Record] = field(default_factory=list)


def digest(records: Iterable[Record], forecast: bool) -> Digest:
    """Read the records once. In a forecast (a dry run) pending rows count as if they were on Simkl."""
    found = Digest()
    newest: list[tuple[int, int, Record]] = []
    for record in records:
        found.rows += 1
        found.outcomes.setdefault(record.source, Counter())[record.outcome] += 1
        _rate(found.scales.setdefault(record.source, Scale()), record, forecast)
        if record.rated_at is not None and record.outcome not in _LEFT_OUT:
            found.years[(_EPOCH + timedelta(seconds=record.rated_at)).year] += 1
        name = problem(record)
        if name is not None:
            group = found.groups.setdefault(name, Group())
            group.rows += 1
            if len(group.first) < SHOWN:
                group.first.append(record)
        elif record.matched is not None and record.rated_at is not None and record.outcome in _THERE:
            # The running number keeps records themselves from being compared.
            heapq.heappush(newest, (record.rated_at, -found.rows, record))
            if len(newest) > NEWEST:
                heapq.heappop(newest)
    found.newest = [record for _, _, record in sorted(newest, reverse=True)]
    return found


def _rate(scale: Scale, record: Record, forecast: bool) -> None:
    text = (record.source_rating, record.rating)
    if text in scale.before or len(scale.before) < TEXTS:
        scale.before[text] += 1
    else:
        scale.others += 1
    there: int | None = None
    if record.outcome in _THERE or (forecast and record.outcome is Outcome.PENDING):
        there = record.rating
    elif record.outcome is Outcome.KEPT and record.note is not Note.OTHER_TITLE:
        there = record.prior_rating
    if there is not None:
        scale.after[there] += 1


def link(record: Record) -> str | None:
    """The address on simkl.com of the title that a row was found on, or None where its kind or id is not known."""
    if record.matched is None or record.kind is None:
        return None
    return f"https://simkl.com/{PATHS[record.kind]}/{int(record.matched.simkl)}"
