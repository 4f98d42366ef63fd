"""A table of a known form, opened: its lines in the order of the file, and the row of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, takewhile, zip_longest
from typing import TYPE_CHECKING, Final, cast

from adapters.reading.forms import first_name
from adapters.reading.lines import Line
from adapters.reading.plain import PlainLines
from adapters.reading.rows import RowMaker
from adapters.reading.tables import Batch, batches
from adapters.reading.text import SPACE, decode
from importer.model import Rejected, Remark, Row

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.forms import Fit, Form
    from adapters.reading.pieces import Piece
    from adapters.reading.plain import Plain

KEPT: Final = 2_000_000
"""Cells that are kept after a look at a whole column, so that they need not be cut twice: 120 MB beside their text."""


class Table:
    """A table of a known form, opened: its lines, and what is told of it. Raises ExportError if it cannot be read.

    `name` is the format's, which stands before the colon of each key.
    """

    __slots__ = (
        *("_fixed", "_header", "_places", "_single", "_text", "_walk"),
        *("line", "maker", "plain", "remark"),
    )

    def __init__(self, source: Source, file: str, fit: Fit, name: str) -> None:
        form = fit.form
        head = replace(fit.header, names=(*fit.header.names, *(column for column, _ in fit.fixed)))
        decoded = decode(source.members[file](), source.encoding, file)
        self.remark = Remark(file, 0, decoded.remark) if decoded.remark else None
        """What is told of the file's encoding, where that is a guess."""
        columns = dict.fromkeys((*form.needs, *form.also, form.rating, *form.dates, *form.ids.values()))
        places: dict[str, int | None] = {first_name(column): form.place(column, head, file) for column in columns}
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
        dated = [places[first_name(column)] for column in form.dates]

        def survey() -> Iterable[Sequence[str]]:
            """Yield what stands in the date columns, each text of a column once; "" where it has no more of them."""
            columns = (() if place is None else self._seen(place) for place in dated)
            return zip_longest(*columns, fillvalue="")

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
        self._walk: _Walk | None = None

    def _plain(self, form: Form, plain: Plain, places: dict[str, int | None]) -> PlainLines | None:
        """Give what makes rows of the plain lines; None where a column is missing without which no line is plain."""
        dated = {column: place for column in form.dates if (place := places[first_name(column)]) is not None}
        column, about = next(iter(form.dates.items()), ("", None))
        rating = places[first_name(form.rating)]
        ids = tuple((site, at) for site, name in form.ids.items() if (at := places[first_name(name)]) is not None)
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
        walk = self._walk = _Walk(self._cut())
        while (batch := walk.step()) is not None:
            yield batch

    def texts(self, column: str) -> set[str]:
        """Give what stands in a column of the form, each text once."""
        place = self._places[column]
        return set() if place is None else {text.strip(SPACE) for text in self._seen(place)}

    def _seen(self, place: int) -> dict[str, None]:
        """Give what stands in a column, each text once and in the order of the file."""
        if place >= len(self._header.names):
            return {self._fixed[place - len(self._header.names)]: None}
        columns = (piece.column(place) for _, piece, mark in self._all() if not mark)
        return dict.fromkeys(chain.from_iterable(columns))

    def _all(self) -> Iterator[Batch]:
        """Yield all rows, in the midst of a walk too: what lies ahead is kept for it, if that is not too much."""
        walk = self._walk
        if walk is None or len(self._header.names) * self._text.count("\n") > KEPT:
            yield from self._cut()
        else:
            yield from takewhile(lambda batch: batch[0] <= walk.line, self._cut())
            yield from walk.look_ahead()

    def _cut(self) -> Iterator[Batch]:
        return batches(self._text, self._header, self._single, self.maker.file, by_columns=self.plain is not None)

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


class _Walk:
    """A walk over the rows of a table, of which the rest can be looked at before it is reached.

    `line` is that of the last batch that has been reached.
    """

    __slots__ = ("_ahead", "_rest", "line")

    def __init__(self, rest: Iterator[Batch]) -> None:
        self._rest = rest
        self._ahead: deque[Batch] = deque()
        self.line = 0

    def step(self) -> Batch | None:
        """Give the next batch; None at the end."""
        batch = self._ahead.popleft() if self._ahead else next(self._rest, None)
        if batch is not None:
            self.line = batch[0]
        return batch

    def look_ahead(self) -> tuple[Batch, ...]:
        """Give all that has not been reached."""
        self._ahead.extend(self._rest)
        return tuple(self._ahead)


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
