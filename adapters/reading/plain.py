"""The plain lines of a table, which nearly all are: every cell in its commonest spelling, read without a call for each.

What is said here of a line is what the form's `row` says of it; all other lines are left to that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from adapters.reading.dates import exact_time
from adapters.reading.ids import DIGITS, IMDB_LENGTHS, NO_IMDB, NUMERIC, is_number
from adapters.reading.kinds import UNSUPPORTED
from adapters.reading.memo import Memo
from adapters.reading.text import SPACE
from importer.model import Date, Item, Kind, Precision, Skipped

if TYPE_CHECKING:
    from adapters.reading.file_dates import DateColumn
    from adapters.reading.rows import RowMaker

Typed: TypeAlias = tuple[Kind | None, str]
"""The kind of a title, None for one that has no place on Simkl; and how its key begins."""

ReadPlain: TypeAlias = Callable[[list[str], int], Item | Skipped | None]
"""Makes the row of a line's cells and number; None where the line is not plain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Where a plain line has what, by the names of columns as the form declares them.

    `typed` tells what a text in the column `word` means, None where that is not known. The key ends in the id in the
    column `own`, or `part` for what has no place on Simkl; without a column, in the first id there is. A line with
    anything in the columns `empty` is not plain, nor is one without an id.
    """

    typed: Callable[[str], Typed | None]
    word: str = "type"
    title: str = "title"
    year: str = "year"
    own: str = ""
    part: str = ""
    empty: tuple[str, ...] = ()


def reader(  # noqa: C901 - a call for each part of a line would cost more than the part
    plain: Plain,
    maker: RowMaker,
    places: Mapping[str, int | None],
    *,
    rating: int | None,
    ids: tuple[tuple[str, int], ...],
    date: tuple[int, DateColumn] | None,
    years: Memo[int | None],
) -> ReadPlain:
    """Give a function that reads the plain lines of one table.

    `rating`, `ids` and `date` are the columns of the person's rating, of each site's ids, and of the first dates.
    """
    word_at, title_at, year_at = (places[column] for column in (plain.word, plain.title, plain.year))
    if rating is None or word_at is None or title_at is None:
        return _none
    rating_at, date_at = rating, 0 if date is None else date[0]
    own_at, part_at = (places[column] if column else None for column in (plain.own, plain.part or plain.own))
    if plain.own and (own_at is None or part_at is None):
        return _none
    checked = {place for _, place in ids}
    empty = tuple(place for column in plain.empty if (place := places[column]) is not None)
    known = tuple((site, place, site in NUMERIC) for site, place in ids)
    typed, values, file = Memo(plain.typed), maker.plain, maker.file
    exact = date[1].origin if date is not None and date[1].finest is Precision.SECOND else None
    dated = maker.dates.known(0) if date is not None else None

    def item(cells: list[str], number: int) -> Item | Skipped | None:  # noqa: C901 - the same
        meant = typed[cells[word_at]]
        value = values.get(text := cells[rating_at])
        if meant is None or value is None:
            return None
        for place in empty:
            if cells[place]:
                return None
        found: list[tuple[str, str]] = []
        for site, place, numeric in known:
            told = cells[place]
            if not told:
                continue
            if numeric:
                if not told.isdigit() or told[0] == "0" or len(told) > DIGITS or not told.isascii():
                    return None
            elif (
                len(told) not in IMDB_LENGTHS
                or told[:2] != "tt"
                or not told[2:].isdigit()
                or not told.isascii()
                or told in NO_IMDB
            ):
                return None
            found.append((site, told))
        if not found:
            return None
        kind, key = meant
        at = own_at if kind is not None else part_at
        if at is None:
            key += f"{found[0][0]}={found[0][1]}"
        elif (own := cells[at]) and (at in checked or is_number(own)):
            key += own
        else:
            return None
        when = None
        if dated is not None:
            told = cells[date_at]
            read = (exact and exact_time(told, exact)) or dated(told)
            if type(read) is not Date:
                return None
            when = read
        year = None if year_at is None else years[cells[year_at]]
        title = cells[title_at].strip(SPACE)
        if kind is not None:
            return Item(key, kind, title, year, tuple(found), text, value, when, file, number)
        return Skipped(Item(key, None, title, year, (), text, value, when, file, number), UNSUPPORTED)

    return item


def _none(_cells: list[str], _number: int) -> None:
    """Find no line plain: a column is missing without which none is."""
