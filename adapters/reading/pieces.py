"""Some lines of a table, each of them one sound row: as rows, or cut into columns, which is what most of it is read by.

Nothing here decides what a row is: a text that could be read in any other way than csv reads it is not cut.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Final, Protocol

from adapters.reading.header import Header
from importer.model import value

_FIRST: Final = itemgetter(0)
_LAST: Final = itemgetter(-1)
_MASK: Final = "\0"
"""What stands for a delimiter in quotes while a text is cut: no text that is cut has any."""


class Piece(Protocol):
    """Some rows of a table."""

    def rows(self) -> Sequence[list[str]]:
        """Give the cells of each row."""
        ...

    def row(self, index: int) -> list[str]:
        """Give the cells of one row."""
        ...

    def column(self, place: int) -> Sequence[str]:
        """Give what stands in a column, row by row."""
        ...

    def shapes(self, place: int) -> Sequence[str]:
        """Give the same for a quick look: a text that had to be quoted may come out as another of no known meaning."""
        ...

    def __len__(self) -> int:
        """How many rows there are."""
        ...


@value
class Rows:
    """Rows as csv reads them."""

    found: list[list[str]]

    def rows(self) -> list[list[str]]:
        """Give the cells of each row."""
        return self.found

    def row(self, index: int) -> list[str]:
        """Give the cells of one row."""
        return self.found[index]

    def column(self, place: int) -> list[str]:
        """Give what stands in a column."""
        return list(map(itemgetter(place), self.found))

    shapes = column

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.found)


@value
class Cells:
    """All cells of some lines, one after the other, with a line break after those of each line but the last."""

    cells: list[str]
    width: int
    delimiter: str
    masked: bool

    def rows(self) -> list[list[str]]:
        """Give the cells of each row."""
        return list(map(self.row, range(len(self))))

    def row(self, index: int) -> list[str]:
        """Give the cells of one row."""
        begin = index * (self.width + 1)
        cells = self.cells[begin : begin + self.width]
        cells[-1] = cells[-1].removesuffix("\r")
        return [cell.replace(_MASK, self.delimiter) for cell in cells] if self.masked else cells

    def column(self, place: int) -> list[str]:
        """Give what stands in a column."""
        column = self.shapes(place)
        if self.masked and _MASK in (joined := "\n".join(column)):
            return joined.replace(_MASK, self.delimiter).split("\n")
        return column

    def shapes(self, place: int) -> list[str]:
        """Give the same with masks in it."""
        column = self.cells[place :: self.width + 1]
        return list(map(str.removesuffix, column, repeat("\r"))) if place == self.width - 1 else column

    def __len__(self) -> int:
        """How many rows there are."""
        return (len(self.cells) + 1) // (self.width + 1)


def rows_of(text: str, head: Header) -> Rows | None:
    """Read some lines at once, each of them one sound row; None where they are not, for whatever reason."""
    lines = text.removesuffix("\n").split("\n")
    try:
        found = list(head.reader(lines))
    except csv.Error:
        return None
    if len(found) != len(lines) or set(map(len, found)) != {len(head.names)}:
        return None
    return Rows(found) if _filled(map(_FIRST, found)) or all(map(_filled_any, found)) else None


def cells_of(text: str, head: Header) -> Cells | Rows | None:
    """Read the same, cut into its cells where csv would find just these: it takes half the time."""
    delimiter, width = head.delimiter, len(head.names)
    bare = _unquoted(text.removesuffix("\n"), delimiter) if len(text) <= csv.field_size_limit() else None
    if bare is None:
        return rows_of(text, head)
    marked = bare.replace("\n", f"{delimiter}\n{delimiter}")
    lines = (len(marked) - len(bare)) // 2 + 1
    cells = marked.split(delimiter)
    if len(cells) != (width + 1) * lines - 1 or cells[width :: width + 1] != ["\n"] * (lines - 1):
        return None
    found = Cells(cells, width, delimiter, _MASK in bare)
    return found if _filled(cells[:: width + 1]) or all(map(_filled_any, found.rows())) else None


def _unquoted(text: str, delimiter: str) -> str | None:
    """Take the quotes off a text, with masks for the delimiters within; None where they do not enclose whole cells."""
    if '"' not in text:
        return text
    if text[0] == '"':
        return None  # nearly always of a table that has quotes everywhere: csv is faster there
    parts = text.split('"')
    inner, between = '"'.join(parts[1::2]), parts[2:-1:2]
    whole = (
        len(parts) % 2
        and "\n" not in inner
        and all(between)
        and (parts[-1][:1] or "\n") in (delimiter, "\n", "\r")
        and parts[0][-1] in (delimiter, "\n")
        and {delimiter, "\n", "\r"}.issuperset(map(_FIRST, between))
        and {delimiter, "\n"}.issuperset(map(_LAST, between))
    )
    if not whole:
        return None
    if delimiter in inner:
        parts[1::2] = inner.replace(delimiter, _MASK).split('"')
    return "".join(parts)


def _filled(cells: Iterable[str]) -> bool:
    """Tell whether something stands in each of some cells."""
    return all(map(str.strip, cells))


def _filled_any(cells: Iterable[str]) -> bool:
    """Tell whether something stands in any of them."""
    return any(map(str.strip, cells))
