"""A table of a known form, opened: its lines in the order of the file, and the row of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

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
