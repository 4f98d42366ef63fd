"""How rows become bytes on a stream: UTF-8, one by one, as JSON values or CSV lines."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Protocol, TypeAlias

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from importer.model import Ids

Cell: TypeAlias = str | int | None


class Sink(Protocol):
    """Where the bytes go: a file opened for binary writing, or the buffer under stdout."""

    def write(self, data: bytes, /) -> object:
        """Take the bytes."""
        ...


class Table:
    """A CSV file on a binary stream. Lines end in CRLF: the csv module quotes a lone CR in a cell only then."""

    __slots__ = ("_rows",)

    def __init__(self, stream: Sink, columns: Sequence[str]) -> None:
        self._rows = csv.writer(_Encoder(stream), lineterminator="\r\n")
        self.write(columns)

    def write(self, cells: Sequence[Cell]) -> None:
        """Append one line; None is an empty cell."""
        self._rows.writerow(cells)


class _Encoder:
    """Takes the lines of the csv module to a binary stream."""

    __slots__ = ("_stream",)

    def __init__(self, stream: Sink) -> None:
        self._stream = stream

    def write(self, text: str, /) -> object:
        return self._stream.write(text.encode("utf-8", "replace"))


FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet would run."""


def harmless(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet runs: a text that it would gets an apostrophe in front."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def ids_by_key(ids: Ids) -> dict[str, str]:
    """Return the ids by key; the first of a key counts."""
    return dict(reversed(ids))


def write_list(encoded: Iterable[bytes], stream: Sink) -> None:
    """Write JSON values as the inside of a list, each on its own line."""
    first = True
    for one in encoded:
        stream.write((b"\n" if first else b",\n") + one)
        first = False


def encode(value: object) -> bytes:
    """Return a value as JSON."""
    try:
        return orjson.dumps(value)
    except TypeError:
        # A lone surrogate is no UTF-8; one such title must not cost the whole report.
        return orjson.dumps(_encodable(value))


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_encodable(name): _encodable(part) for name, part in value.items()}
    return [_encodable(part) for part in value] if isinstance(value, list) else value
