"""A table of a known form, read line by line: what its cells say, by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from adapters.reading.dates import exact_time
from adapters.reading.ids import DIGITS, IMDB_LENGTHS, NO_IMDB, NUMERIC, own_id
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.memo import Memo
from adapters.reading.plain import PlainLines
from adapters.reading.rows import RowMaker
from adapters.reading.tables import Batch, batches
from adapters.reading.text import SPACE, decode
from importer.model import Date, Ids, Item, Kind, Precision, Reason, Rejected, Remark, Row, Skipped

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.forms import Fit, Form
    from adapters.reading.kinds import Sort
    from adapters.reading.pieces import Piece
    from adapters.reading.plain import Plain
    from adapters.reading.scale import Scale

_YEAR = re.compile(r"\s*([0-9]{4})(?:[.,]0+|-[0-9]{2}-[0-9]{2}(?:[T ].*)?)?\s*")
_TITLED = re.compile(r"(.*\S)\s*\(([0-9]{4})(?:[-–][0-9]{0,4})?\)\s*", re.DOTALL)


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
        self._rating = places[_first(form.rating)]
        self._dates = tuple(places[_first(column)] for column in form.dates)
        self._value = maker.plain.get
        dated = self._dates[0] if self._dates else None
        first = next(iter(form.dates.values())) if dated is not None else None
        self._date = dated or 0
        self._dated = _undated if first is None else maker.dates.known(0)
        self._exact = first.origin if first is not None and first.finest is Precision.SECOND else None
        self._ids = tuple(
            (site, place, site in NUMERIC, site == "imdb")
            for site, column in form.ids.items()
            if (place := places[_first(column)]) is not None
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
                    if kind is not None and value is not None:
                        return Item(key, kind, title, year, ids, rating, value, when, self.file, self.number)
                    ids, told = ids if kind else (), self.maker.ratings[rating] if value is None else value
                    item = Item(key, kind, title, year, ids, rating, told, when, self.file, self.number)
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


class Table:
    """A table of a known form, opened: its lines, and what is told of it. Raises ExportError if it cannot be read.

    `name` is the format's, which stands before the colon of each key.
    """

    __slots__ = ("_fixed", "_header", "_places", "_single", "_text", "line", "maker", "plain", "remark")

    def __init__(self, source: Source, file: str, fit: Fit, name: str) -> None:
        form = fit.form
        head = replace(fit.header, names=(*fit.header.names, *(column for column, _ in fit.fixed)))
        decoded = decode(source.members[file](), source.encoding, file)
        self.remark = Remark(file, 0, decoded.remark) if decoded.remark else None
        """What is told of the file's encoding, where that is a guess."""
        columns = dict.fromkeys((*form.needs, *form.also, form.rating, *form.dates, *form.ids.values()))
        places: dict[str, int | None] = {_first(column): form.place(column, head, file) for column in columns}
        self._text = decoded.text
        self._header = fit.header
        self._places = places
        self._fixed = [value for _, value in fit.fixed]
        width = len(fit.header.names)
        self._single = [
            place
            for column, place in places.items()
            if place is not None and place < width and column not in form.texts
        ]
        dated = [places[_first(column)] for column in form.dates]

        def survey() -> Iterator[Sequence[str]]:
            """Yield the texts of the date columns, each of them once: "" for those of a column that is missing."""
            there = [place for place in dated if place is not None]
            if not there:
                return
            for texts in self._seen(there):
                each = iter(texts)
                yield ["" if place is None else next(each) for place in dated]

        self.maker = RowMaker(
            source,
            file,
            name,
            scale=(source.choices.scale or form.scale) if form.asks_scale else form.scale,
            steps=form.steps,
            rounds=form.rounds,
            unrated=form.unrated,
            dates=tuple(form.dates.values()),
            survey=survey,
            usual=form.order,
            advice=form.advice,
        )
        self.line = Line(self.maker, name, places, fit)
        self.plain = None if form.plain is None or fit.fixed else self._plain(form, form.plain, places)

    def _plain(self, form: Form, plain: Plain, places: dict[str, int | None]) -> PlainLines | None:
        """Give what makes rows of the plain lines; None where a column is missing without which no line is plain."""
        dated = {column: place for column in form.dates if (place := places[_first(column)]) is not None}
        column, about = next(iter(form.dates.items()), ("", None))
        rating = places[_first(form.rating)]
        ids = tuple((site, at) for site, name in form.ids.items() if (at := places[_first(name)]) is not None)
        if rating is None or None in {places[name] for name in plain.columns()} or not (ids or plain.own):
            return None
        if dated and column not in dated:
            return None
        return PlainLines(
            plain,
            self.maker,
            places,
            rating=rating,
            ids=ids,
            date=None if about is None or not dated else (dated[column], about),
            alone=len(dated) < 2,
            years=self.line.years,
        )

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, many at once; what the person said of every row is no part of them."""
        return batches(self._text, self._header, self._single, self.maker.file, by_columns=self.plain is not None)

    def texts(self, column: str) -> set[str]:
        """Give what stands in a column of the form, each text once."""
        place = self._places[column]
        return set() if place is None else {text.strip(SPACE) for (text,) in self._seen([place])}

    def _seen(self, places: list[int]) -> dict[tuple[str, ...], None]:
        """Give what stands in some columns, each line of it once and in the order of the file."""
        seen: dict[tuple[str, ...], None] = {}
        width = len(self._header.names)
        for _, piece, mark in batches(self._text, self._header, self._single, self.maker.file, by_columns=True):
            if not mark:
                columns = (
                    piece.column(place) if place < width else [self._fixed[place - width]] * len(piece)
                    for place in places
                )
                seen.update(dict.fromkeys(zip(*columns, strict=True)))
        return seen

    def cells(self, piece: Piece) -> Sequence[list[str]]:
        """Give the cells of each row, with what the person said of all of them."""
        return [cells + self._fixed for cells in piece.rows()] if self._fixed else piece.rows()

    def lines(self) -> Iterator[Line | Rejected]:
        """Yield every line: always the same object, with other cells. A malformed line is a row already."""
        line = self.line
        for first, piece, mark in self.batches():
            if mark:
                yield self.maker.malformed(mark, piece.row(0)[0], first)
                continue
            for number, cells in enumerate(self.cells(piece), first):
                line.cells = cells
                line.number = number
                yield line


def read_table(source: Source, file: str, fit: Fit, name: str) -> Iterator[Row | Remark]:
    """Yield every row of a table that has been recognised, then what is told of it."""
    table = Table(source, file, fit, name)
    if table.remark is not None:
        yield table.remark
    row, line, plain, malformed = fit.form.row, table.line, table.plain, table.maker.malformed
    for first, piece, mark in table.batches():
        if mark:
            yield malformed(mark, piece.row(0)[0], first)
        elif plain is None or len(piece) == 1:
            for number, cells in enumerate(table.cells(piece), first):
                line.cells = cells
                line.number = number
                yield row(line)
        elif all(made := plain.rows(piece, first)):
            yield from cast("list[Row]", made)
        else:
            for index, item in enumerate(made):
                if item is not None:
                    yield item
                    continue
                line.cells = piece.row(index)
                line.number = first + index
                yield row(line)
    yield from table.maker.remarks()


def _undated(_text: str) -> None:
    """Read the date of a table that has no such column."""


def _undeclared(column: str) -> LookupError:
    """Tell the author of an adapter what is missing: a column that a form does not name is not looked for."""
    return LookupError(f"the form names no column {column!r}: put it into needs, or into also where it may be missing")


def default_key(name: str, sort: Sort, title: str, year: int | None, ids: Ids, word: str = "") -> str:
    """Name a title that has no key of its site's own: by its first id, else by its title and year."""
    kind = sort.value if isinstance(sort, Kind) else word.lower()
    if ids:
        site, number = own_id(sort, ids)
        return f"{name}:{kind}:{site}={number}"
    return f"{name}:{kind}:{titled_key(title, year)}"


def titled_key(title: str, year: int | None) -> str:
    """Name a title that has no id within its site and kind."""
    return f"{title.casefold()}:{'' if year is None else year}"


def year_of(text: str) -> int | None:
    """Read a year of four digits, also as a spreadsheet's "1995.0" or "1995,0", or out of a day; else None."""
    match = _YEAR.fullmatch(text)
    return int(match[1]) or None if match is not None else None


def titled(text: str) -> tuple[str, int | None]:
    """Part "Heat (1995)" into title and year."""
    if text[-1:] == ")" and text[-6:-5] == "(" and (digits := text[-5:-1]).isdecimal() and digits.isascii():
        title = text[:-6].rstrip()
        return (title, int(digits) or None) if title else (text, None)
    match = _TITLED.fullmatch(text)
    return (match[1], int(match[2]) or None) if match is not None else (text, None)


def _first(name: str) -> str:
    return name.partition("|")[0]
