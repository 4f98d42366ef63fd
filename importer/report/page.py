"""The rows of the page: which sections it has, in which order, and what stands in each cell."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.model import Note, Outcome, value
from importer.record import TakenBack
from importer.report.fates import NONE, REPLACED, View, in_year, named, section_words, values
from importer.report.links import matched_page, searches, simkl_page, source_page
from importer.report.listing import ORDER
from importer.report.safe import clean, quoted
from importer.report.times import prior_rated_at, rated_at
from importer.report.words import ORIGINS, REASONS, STEPS, WINS, step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importer.record import Record, Summary
    from importer.report.digest import Shelf

ROWS = 20_000
"""Rows that the page holds at most; more are in the CSV beside it."""
WEIGHT = 3_900_000
"""Bytes of rows that the page holds at most: it is to stay below 4 MB, whatever the titles."""
PREVIEW = 25
"""Rows of a section that matters which are seen before it is unfolded."""

_CHANGES = (REPLACED, Outcome.KEPT, TakenBack.RESTORED, TakenBack.REMOVED, TakenBack.UNLISTED, TakenBack.LEFT)


@value
class Cell:
    """One cell: its text with the page that it leads to, what is said beside it, the time in UTC for its tooltip, and a
    command to copy.
    """

    text: str
    beside: str = ""
    utc: str = ""
    command: str = ""
    page: str | None = None

    @property
    def weight(self) -> int:
        """Return the bytes that the cell takes."""
        return (
            _bytes("<td></td>", self.text)
            + (_bytes(' title=""', self.utc) if self.utc else 0)
            + (_bytes(" <i></i>", self.beside) if self.beside else 0)
            + (_bytes("<code></code>", self.command) if self.command else 0)
            + (_bytes('<a href=""></a>', self.page) if self.page else 0)
        )


@value
class Row:
    """One row: its title with its year and page, where it can be looked up, what is said below it, its other cells.

    `source` and `searches` are names of sites with addresses there.
    """

    title: str
    year: int | None
    page: str | None
    cells: tuple[Cell, ...]
    source: tuple[str, str] | None = None
    searches: tuple[tuple[str, str], ...] = ()
    below: str = ""

    @property
    def weight(self) -> int:
        """Return the bytes that the row takes on the page."""
        size = _bytes("<tr><td></td></tr>\n", self.title) + (12 if self.year is not None else 0)
        size += 7 if self.page is None else _bytes('<a href=""></a>', self.page)
        links = (*((self.source,) if self.source is not None else ()), *self.searches)
        size += sum(_bytes('<a href=""></a> ', *link) for link in links)
        size += len("<p>; search </p>") if links else 0
        size += _bytes("<p></p>", self.below) + 5 * self.below.count("/") if self.below else 0
        return size + sum(cell.weight for cell in self.cells)


def _bytes(*texts: str) -> int:
    """Return the bytes of marks and texts, the first being marks."""
    marks, *others = texts
    return len(marks) + sum(len(html.escape(text).encode("utf-8", "replace")) for text in others)


@value
class Section:
    """The rows of one kind. `first` are seen at once, `rest` when unfolded, `more` are not on the page.

    `name` is a problem, `replaced` or an outcome; `heads` are the columns after the title's.
    """

    name: str
    heading: str
    rows: int
    heads: tuple[str, ...]
    advice: tuple[str, ...]
    first: tuple[Row, ...]
    rest: tuple[Row, ...]
    more: int


def page_sections(shelves: Mapping[str, Shelf], summary: Summary, view: View) -> list[Section]:
    """Return the sections that have rows: problems first, then what changes a rating, then the rest."""
    order = {str(name): place for place, name in enumerate(ORDER)}
    names = sorted(shelves, key=lambda name: (order.get(name, -1), name == Note.OTHER_TITLE, -shelves[name].rows))
    room = _Room(ROWS, WEIGHT)
    return [_section(name, shelves[name], summary, view, room) for name in names]


@dataclass(slots=True)
class _Room:
    """What is left of the page."""

    rows: int
    weight: int

    def take(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            weight = row.weight
            if self.rows < 1 or self.weight < weight:
                return
            self.rows -= 1
            self.weight -= weight
            yield row


def _section(name: str, shelf: Shelf, summary: Summary, view: View, room: _Room) -> Section:
    make, heads = _kind(name)
    rows = tuple(room.take(make(record, view) for record in shelf.first))
    seen = PREVIEW if name in STEPS or name in _CHANGES else 0
    return Section(
        name=name,
        heading=section_words(name, summary),
        rows=shelf.rows,
        heads=heads,
        advice=_advice(name, shelf, summary),
        first=rows[:seen],
        rest=rows[seen:],
        more=shelf.rows - len(rows),
    )


def _kind(name: str) -> tuple[_Maker, tuple[str, ...]]:
    if name == Note.OTHER_TITLE:
        return _elsewhere, ("On Simkl",)
    if name in STEPS:
        return _trouble, ("Rating",)
    if name == TakenBack.LEFT:
        return _changed, ("On Simkl", "Before the run")
    if name in _CHANGES:
        return _changed, ("On Simkl", "In the export") if name == Outcome.KEPT else ("Before", "After")
    if name in (Outcome.SKIPPED, Outcome.DUPLICATE):
        return _passed_over, ("Rating",)
    return _plain, ("Rating", "Given")


def _advice(name: str, shelf: Shelf, summary: Summary) -> tuple[str, ...]:
    if name in STEPS:
        return (step(name, summary),)
    if name == Outcome.KEPT:
        return tuple(WINS[reason] for reason in shelf.reasons if reason in WINS)
    return ()


def _title(record: Record) -> str:
    return named(record) or "no title"


def _trouble(record: Record, view: View) -> Row:
    rating = values(record, view) if view is View.UNDO else rating_words(record)
    return Row(
        title=_title(record),
        year=record.year,
        page=matched_page(record),
        cells=(Cell(rating),),
        source=source_page(record),
        searches=tuple(searches(record)),
        below=_place(record),
    )


def _elsewhere(record: Record, _view: View) -> Row:
    found = record.matched
    name = "not known" if found is None else f"{clean(found.title) or f'Simkl {found.simkl}'}{in_year(found.year)}"
    undo = f"simkl-import undo --key {quoted(record.key)}" if record.batch is not None else ""
    page = None if found is None else simkl_page(record.kind, found.simkl)
    return Row(
        title=_title(record),
        year=record.year,
        page=None,
        cells=(Cell(name, command=undo, page=page),),
        source=source_page(record),
        searches=tuple(searches(record)),
        below=_place(record),
    )


def _changed(record: Record, view: View) -> Row:
    before, after = prior_rated_at(record), rated_at(record)
    prior = Cell(NONE if record.prior_rating is None else str(record.prior_rating))
    if before is not None:
        prior = Cell(prior.text, before.shown, before.utc)
    now = Cell(NONE if record.rating is None else str(record.rating))
    if after is not None:
        now = Cell(now.text, after.shown if view is View.UNDO else _dated(record, after.shown), after.utc)
    why = REASONS[record.reason] if record.reason is not None else ""
    return Row(_title(record), record.year, matched_page(record), (prior, now), below=why)


def _plain(record: Record, view: View) -> Row:
    given = rated_at(record)
    when = Cell("") if given is None else Cell(_dated(record, given.shown), utc=given.utc)
    rating = values(record, view) if view is View.UNDO else rating_words(record)
    return Row(_title(record), record.year, matched_page(record), (Cell(rating), when))


def _passed_over(record: Record, _view: View) -> Row:
    why = REASONS[record.reason] if record.reason is not None else ""
    return Row(_title(record), record.year, None, (Cell(clean(record.source_rating) or NONE),), below=why)


def rating_words(record: Record) -> str:
    """Return the rating as exported, and what it is on Simkl's scale where that reads otherwise."""
    text = clean(record.source_rating) or NONE
    on_scale = record.rating is not None and 1 <= record.rating <= 10
    return f"{text} → {record.rating}" if on_scale and text != str(record.rating) else text


def _dated(record: Record, day: str) -> str:
    """Return a day; one that stands in for a rating date says so."""
    return day if record.dated or record.date_from is None else f"{ORIGINS[record.date_from]} {day}"


def _place(record: Record) -> str:
    return f"{clean(record.file)}:{record.line}" if record.file else ""


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    _Maker: TypeAlias = Callable[[Record, View], Row]
