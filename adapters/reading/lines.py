"""One line of a table of a known form: what its cells say, by the names of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adapters.reading.forms import first_name
from adapters.reading.ids import DIGITS, IMDB_LENGTHS, NO_IMDB, NUMERIC, own_id
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.memo import Memo
from adapters.reading.plain_times import exact_time
from adapters.reading.text import SPACE
from adapters.reading.titles import default_key, titled, titled_key, year_of
from importer.model import Date, Ids, Kind, Precision, Reason, Row, Skipped, make_item

if TYPE_CHECKING:
    from adapters.reading.forms import Fit
    from adapters.reading.kinds import Sort
    from adapters.reading.rows import RowMaker
    from adapters.reading.scale import Scale

__all__ = ["Line", "default_key", "titled", "titled_key", "year_of"]
"""With the names of titles.py, which adapters of other people take from here."""


class Line:
    """One line of a table. `line["your rating"]` is a cell by its column's first name, "" where the column is missing.

    `number` is the physical line, from 1; `file` the member's path; `columns` are all names of the header.
    """

    __slots__ = (
        "_date",
        "_dated",
        "_dates",
        "_exact",
        "_ids",
        "_name",
        "_places",
        "_prefixes",
        "_rating",
        "_value",
        "cells",
        "columns",
        "file",
        "maker",
        "number",
        "years",
    )

    def __init__(self, maker: RowMaker, name: str, places: dict[str, int | None], fit: Fit) -> None:
        form = fit.form
        self.maker = maker
        self.file = maker.file
        self.columns = fit.header.names
        self.number = 0
        self.cells: Sequence[str] = ()
        self._name = name
        self._prefixes = {kind: f"{name}:{kind}:" for kind in Kind}
        self._places = places
        self.years = Memo(year_of)
        self._rating = places[first_name(form.rating)]
        self._dates = tuple(places[first_name(column)] for column in form.dates)
        self._value = maker.plain.get
        dated = self._dates[0] if self._dates else None
        first = next(iter(form.dates.values())) if dated is not None else None
        self._date = dated or 0
        self._dated = _undated if first is None else maker.dates.known(0)
        self._exact = first.origin if first is not None and first.finest is Precision.SECOND else None
        self._ids = tuple(
            (site, place, site in NUMERIC, site == "imdb")
            for site, column in form.ids.items()
            if (place := places[first_name(column)]) is not None
        )

    def __getitem__(self, column: str) -> str:
        try:
            place = self._places[column]
        except KeyError:
            raise _undeclared(column) from None
        return "" if place is None else self.cells[place].strip(SPACE)

    def year(self, column: str = "year") -> int | None:
        """Read a column of years; None where there is none."""
        try:
            place = self._places[column]
        except KeyError:
            raise _undeclared(column) from None
        return None if place is None else self.years[self.cells[place]]

    def ids(self, kind: Kind | None) -> Ids:
        """Read all ids that the form declares, for a title of this kind."""
        cells = self.cells
        found: list[tuple[str, str]] = []
        for site, place, numeric, imdb in self._ids:
            text = cells[place]
            if not text:
                continue
            # Nearly all ids are plain: a call for each would cost more than all the rest of a row.
            if numeric:
                plain = text.isdigit() and text[0] != "0" and len(text) <= DIGITS and text.isascii()
            else:
                plain = imdb and len(text) in IMDB_LENGTHS and text[:2] == "tt" and text[2:].isdigit()
                plain = plain and text.isascii() and text not in NO_IMDB
            if plain:
                found.append((site, text))
            elif value := self.maker.ids.read(site, text, kind):
                found.append((site, value))
        return tuple(found)

    def row(
        self,
        *,
        sort: Sort,
        title: str,
        year: int | None,
        ids: Ids,
        key: str = "",
        word: str = "",
        rating: str | None = None,
        scale: Scale | None = None,
        dates: Sequence[str] | None = None,
    ) -> Row:
        """Make the row of this line: its rating and its dates stand where the form says, unless told.

        Without a key of the site's own the title is known by an id of its own, else by title and year.
        """
        cells = self.cells
        if rating is None:
            rating = "" if self._rating is None else cells[self._rating]
            # Most rows are plain: a whole rating or none, and a date in the first date column, if there is any such.
            value = self._value(rating)
            if dates is None and sort is not UNKNOWN and (value is not None or not rating):
                text = cells[self._date]
                date = (self._exact and exact_time(text, self._exact)) or self._dated(text)
                if type(date) is Date or not self._dates:
                    when = date if type(date) is Date else None
                    kind = sort if type(sort) is Kind else None
                    if not key and kind is None:
                        key = default_key(self._name, sort, title, year, ids, word)
                    elif not key and kind is not None:
                        begin, known = self._prefixes[kind], own_id(kind, ids) if ids else None
                        key = f"{begin}{known[0]}={known[1]}" if known else begin + titled_key(title, year)
                    item = make_item(
                        key=key,
                        kind=kind,
                        title=title,
                        year=year,
                        ids=ids if kind else (),
                        source_rating=rating,
                        rating=self.maker.ratings[rating] if value is None else value,
                        date=when,
                        file=self.file,
                        line=self.number,
                    )
                    if kind is not None and value is not None:
                        return item
                    return Skipped(item, UNSUPPORTED if rating else Reason.UNRATED)
        if dates is None:
            dates = ["" if place is None else cells[place] for place in self._dates]
        return self.maker.make(
            key=key or default_key(self._name, sort, title, year, ids, word),
            sort=sort,
            title=title,
            year=year,
            ids=ids,
            rating=rating,
            dates=dates,
            line=self.number,
            word=word,
            scale=scale,
        )


def _undated(_text: str) -> None:
    """Read the date of a table that has no such column."""


def _undeclared(column: str) -> LookupError:
    """Tell the author of an adapter what is missing: a column that a form does not name is not looked for."""
    return LookupError(f"the form names no column {column!r}: put it into needs, or into also where it may be missing")
