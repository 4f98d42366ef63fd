"""The rows of an import as a table that a person searches, sorts and scrolls: a window of it at a time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from importer.model import NEEDS_A_PERSON, Note, Outcome, value
from importer.report.fates import REPLACED, View, fate, given_words, named, section
from importer.report.links import matched_page, searches, source_page
from importer.report.page import rating_words
from importer.report.safe import clean
from importer.report.times import rated_at
from importer.web.words import KINDS, ORIGINS, OUTCOMES, REASONS

if TYPE_CHECKING:
    from importer.record import Record

MOST = 500
"""Rows of one window."""


class Order(StrEnum):
    """By what the rows are sorted."""

    FILE = "file"
    TITLE = "title"
    RATING = "rating"
    DATE = "date"


@value
class Wanted:
    """Which rows: those of a group ("" for all) whose title holds the words, in this order, from the `start`-th on."""

    group: str = ""
    words: str = ""
    order: Order = Order.FILE
    falling: bool = False
    start: int = 0
    count: int = 100


@value
class Line:
    """One row as it is shown. `stand_in` tells that the date is no rating date; `links` are names with addresses."""

    number: int
    title: str
    year: int | None
    kind: str
    page: str | None
    links: tuple[tuple[str, str], ...]
    rating: str
    date: str
    utc: str
    stand_in: str
    group: str
    words: str
    place: str


@value
class Window:
    """The lines asked for, and how many rows there are of that kind in all."""

    total: int
    start: int
    lines: tuple[Line, ...]


class Table:
    """All rows of one reading, forecast or run."""

    def __init__(self, records: Sequence[Record], view: View) -> None:
        self._records = records
        self._view = view
        self._last: tuple[Wanted, list[int]] | None = None

    def __len__(self) -> int:
        return len(self._records)

    def prepare(self) -> Table:
        """Work out beforehand what every look at it needs; return the table."""
        _ = self.groups, self._texts
        return self

    @cached_property
    def groups(self) -> list[tuple[str, str, int]]:
        """Return each group of rows with its words and its number: what needs a person first, then the largest."""
        found = Counter(self._groups)
        ranked = sorted(found.items(), key=lambda one: (_RANK.get(one[0], len(_RANK)), -one[1]))
        return [(name, _words(name, self._view), number) for name, number in ranked]

    def window(self, wanted: Wanted) -> Window:
        """Return the rows that are asked for."""
        places = self._places(replace(wanted, start=0, count=0))
        count = max(0, min(wanted.count, MOST))
        start = max(0, wanted.start)
        lines = tuple(self._line(place) for place in places[start : start + count])
        return Window(len(places), start, lines)

    @cached_property
    def _groups(self) -> list[str]:
        return [_group(record, self._view) for record in self._records]

    @cached_property
    def _texts(self) -> list[str]:
        return [f"{record.title} {record.year or ''} {record.key}".casefold() for record in self._records]

    def _places(self, wanted: Wanted) -> list[int]:
        """Return where the rows asked for stand; kept for the next window, which mostly is of the same ones."""
        last = self._last
        if last is not None and last[0] == wanted:
            return last[1]
        places = self._sought(wanted)
        self._last = wanted, places
        return places

    def _sought(self, wanted: Wanted) -> list[int]:
        places: list[int] = list(range(len(self._records)))
        if wanted.group:
            places = [place for place in places if self._groups[place] == wanted.group]
        for word in wanted.words.casefold().split():
            places = [place for place in places if word in self._texts[place]]
        if wanted.order is not Order.FILE:
            key = _KEYS[wanted.order]
            places.sort(key=lambda place: key(self._records[place]))
        if wanted.falling:
            places.reverse()
        return places

    def _line(self, place: int) -> Line:
        record = self._records[place]
        moment = rated_at(record)
        source = source_page(record)
        needs = record.outcome in NEEDS_A_PERSON
        links = (*([source] if source is not None else []), *(searches(record) if needs else []))
        words = _becomes(record, self._view)
        return Line(
            number=place + 1,
            title=named(record) or "no title",
            year=record.year,
            kind=KINDS.get(record.kind or "", ""),
            page=matched_page(record),
            links=tuple(links),
            rating=rating_words(record),
            date="" if moment is None else moment.shown,
            utc="" if moment is None else moment.utc,
            stand_in="" if record.dated or record.date_from is None else ORIGINS[record.date_from],
            group=self._groups[place],
            words=words[:1].upper() + words[1:],
            place=f"{clean(record.file)}:{record.line}" if record.file else "",
        )


_NEEDS = Note.OTHER_TITLE.value
_FIRST = (*NEEDS_A_PERSON, _NEEDS, REPLACED, Outcome.KEPT)
_RANK = {str(name): place for place, name in enumerate(_FIRST)}


def _group(record: Record, view: View) -> str:
    """Return the group of a row: its outcome, or `replaced` and `other_title` for those that a person looks for."""
    if record.note is Note.OTHER_TITLE:
        return _NEEDS
    found = section(record, view)
    return REPLACED if found == REPLACED else record.outcome.value


def _becomes(record: Record, view: View) -> str:
    """Return what becomes of a row; its date has a column of its own."""
    if record.reason is not None and record.outcome in (Outcome.REJECTED, Outcome.SKIPPED):
        return REASONS[record.reason]
    said = fate(record, view).removesuffix(given_words(record)).rstrip("; ,")
    return said or _words(record.outcome.value, view)


def _words(group: str, view: View) -> str:
    if group == _NEEDS:
        return "On another title: please check"
    if group == REPLACED:
        return "Would replace your rating" if view is View.FORECAST else "Replaced your rating"
    if group == Outcome.PENDING and view is View.FORECAST:
        return "Would be sent"
    return OUTCOMES[group]


def _by_title(record: Record) -> tuple[str, int]:
    return clean(record.title).casefold(), record.year or 0


def _by_rating(record: Record) -> tuple[bool, int]:
    return record.rating is None, record.rating or 0


def _by_date(record: Record) -> tuple[bool, int]:
    return record.rated_at is None, record.rated_at or 0


_KEYS: dict[Order, Callable[[Record], Any]] = {Order.TITLE: _by_title, Order.RATING: _by_rating, Order.DATE: _by_date}
