"""Letterboxd's diary and reviews, where ratings.csv is absent: which entry of a film counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from adapters.letterboxd.rows import logged
from adapters.reading.dates import NoDate
from adapters.reading.lines import Line
from adapters.reading.table import Table
from importer.model import Date, Item, Reason, Rejected, Remark, Row, Superseded, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.protocol import Source
    from adapters.reading.forms import Fit

_LONG_AGO: Final = -(10**12)
_ENTRY, _WATCHED = 0, 1


@value
class Entry:
    """A row of a log, and how it stands to the others of its film.

    `counts` is False for what cannot be sent anyway: it must not take the place of a good entry. `when` is (watched,
    entered) in seconds since the epoch. `known` is False where one of the two cannot be read, and `refuse` refuses the
    file where the watch date can be read in two ways.
    """

    row: Row
    counts: bool = False
    when: tuple[int, int] = (_LONG_AGO, _LONG_AGO)
    known: bool = True
    refuse: Callable[[], None] | None = None


def entries(source: Source, file: str, fit: Fit, name: str) -> Iterator[Entry | Remark]:
    """Yield every entry of diary.csv or reviews.csv."""
    table = Table(source, file, fit, name)
    if table.remark is not None:
        yield table.remark
    for line in table.lines():
        yield _entry(line) if isinstance(line, Line) else Entry(line)
    yield from table.maker.remarks()


def _entry(line: Line) -> Entry:
    row = logged(line)
    unreadable = isinstance(row, Rejected) and row.reason is Reason.UNREADABLE_DATE
    item = row.item if isinstance(row, Rejected) else row
    if not isinstance(item, Item) or item.rating not in range(1, 11) or not (item.title or item.ids):
        return Entry(row)
    dates, cell, number = line.maker.dates, line["watched date"], line.number
    watched = dates.read(_WATCHED, cell)
    entered = dates.read(_ENTRY, line["date"])
    late = entered.value if isinstance(entered, Date) else _LONG_AGO
    return Entry(
        row,
        counts=True,
        when=(watched.value if isinstance(watched, Date) else late, late),
        known=not unreadable and watched is not NoDate.UNREADABLE,
        refuse=(lambda: line.maker.doubt(cell, number)) if watched is NoDate.DOUBTFUL else None,
    )


def last_of_each_film(found: Iterable[Entry]) -> Iterator[Row]:
    """Yield all rows in their order: of each film's entries the last by (watched, entered) as it is, others superseded.

    Of entries that are equal in this the later row wins; but an entry of the first table is not replaced by its like in
    the next one, since a review is the diary's entry once more. Where one of a film's dates cannot be read, nobody
    knows which entry is the last: unless all give one rating, none is taken.
    """
    kept = list(found)
    films: dict[str, list[int]] = {}
    files: dict[str, int] = {}
    for index, entry in enumerate(kept):
        if entry.counts:
            item = _item(entry.row)
            files.setdefault(item.file, len(files))
            films.setdefault(item.key, []).append(index)
    fates: dict[int, Row] = {}
    for indexes in films.values():
        if len(indexes) > 1:
            fates.update(_decided(kept, indexes, files))
    for index, entry in enumerate(kept):
        yield fates.get(index, entry.row)


def _decided(kept: list[Entry], indexes: list[int], files: dict[str, int]) -> Iterator[tuple[int, Row]]:
    """Decide between the entries of one film: yield those whose row becomes another."""
    several = len({_item(kept[index].row).rating for index in indexes}) > 1
    readable = [index for index in indexes if isinstance(kept[index].row, Item)]
    if several and not all(kept[index].known for index in indexes):
        yield from ((index, Rejected(_item(kept[index].row), Reason.AMBIGUOUS_TITLE)) for index in readable)
        return
    for index in indexes:
        if several and (refuse := kept[index].refuse) is not None:
            refuse()
    last = max(readable, key=lambda index: (*kept[index].when, -files[_item(kept[index].row).file], index), default=-1)
    for index in readable:
        if index != last:
            yield index, Superseded(_item(kept[index].row))


def _item(row: Row) -> Item:
    return row if isinstance(row, Item) else row.item
