"""Strict CSV with declared columns: one broken row is told as such, and the rows after it are read all the same."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from io import IncrementalNewlineDecoder, StringIO
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias
from zlib import crc32

from adapters.reading.header import DELIMITERS, Header
from adapters.reading.pieces import Piece, Rows, cells_of, rows_of
from adapters.reading.text import shown
from importer.errors import ExportError

if TYPE_CHECKING:
    from _csv import Reader

MAX_FIELD = 131_072
"""Characters in a field. A longer one makes its row malformed."""

MAX_LINE = 4 * MAX_FIELD
"""Characters in a physical line. A longer one is a malformed row and is never copied."""

MAX_LINES = 300_000
"""Physical lines in a file, far more than any known export has. A longer file is refused before it is read."""

# Chunks begin small, so that starting again behind a broken row is cheap, and grow while all goes well.
_FIRST_CHUNK = 2_048
_LAST_CHUNK = 262_144
_PIECE = 32_768
_TOO_LONG = "x" * (MAX_FIELD + 1) + "\n"

TableRow: TypeAlias = tuple[int, list[str], str]
"""(line, fields, mark): the physical line on which the row starts, from 1; its fields; and "" for a sound row.

A malformed row has its text as its only field, and a mark made of it: the same in the next export, another one for
each such row of a file.
"""

Batch: TypeAlias = tuple[int, Piece, str]
"""(line, piece, mark): rows that take one physical line each, and the line of the first; or one row with its mark."""

_LOOSE: Final = {mark: re.compile(rf'(?: *"(.*?)" *|([^"{mark}]*))(?=[{mark}]|$)') for mark in DELIMITERS}
"""A cell up to the next delimiter, in quotes or without any."""

_PATIENCE: Final = 64
"""Pieces of text that are read row by row at most, before it is tried again to read one at once."""


def rows(text: str, head: Header, single: Sequence[int], file: str) -> Iterator[TableRow]:
    """Yield every row after the header, as `batches` reads them."""
    for line, piece, mark in batches(text, head, single, file):
        for number, fields in enumerate(piece.rows(), line):
            yield number, fields, mark


def batches(text: str, head: Header, single: Sequence[int], file: str, *, by_columns: bool = False) -> Iterator[Batch]:
    """Yield every row after the header; blank lines and lines of empty cells are none, nor is a surplus of empty cells
    at the end of a row a fault, nor a lack of cells behind the last column that is read: spreadsheets leave them out.

    `single` are the places of columns that never hold a line break: one there means that a quote was left open
    and has swallowed the rows after it, so reading starts again on the next line. What is read `by_columns` is cut so.
    Raises ExportError where the file has more than MAX_LINES lines.
    """
    if _has_lone_returns(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise ExportError(f"{shown(file)}: has more than {MAX_LINES:,} lines", "split it and give the parts")
    csv.field_size_limit(MAX_FIELD)
    clean = "\0" not in text
    cursor = _Cursor(text)
    marks: Counter[int] = Counter()
    line = head.line
    size, patience = _FIRST_CHUNK, 1
    take = cells_of if by_columns else rows_of
    while (offset := cursor.after(line)) < len(text):
        cut = text.find("\n", offset + size) + 1 or len(text)
        found = take(text[offset:cut], head) if clean and cut - offset <= size + MAX_LINE else None
        if found is not None:
            yield line + 1, found, ""
            line += len(found)
            cursor.line, cursor.offset, cursor.whole = line, cut, True
            patience = max(1, patience // 2)
        else:
            until = line + patience * (text.count("\n", offset, cut) + (text[cut - 1] != "\n"))
            line = yield from _row_by_row(cursor, head, single, marks, line, until, clean=clean)
            patience = min(2 * patience, _PATIENCE)
        size = min(2 * size, _PIECE)


def _has_lone_returns(text: str) -> bool:
    """Tell whether a carriage return ends a line by itself anywhere."""
    seen = IncrementalNewlineDecoder(None, translate=False)
    seen.decode(text, final=True)
    return "\r" in (seen.newlines if isinstance(seen.newlines, tuple) else (seen.newlines,))


def _row_by_row(
    cursor: _Cursor, head: Header, single: Sequence[int], marks: Counter[int], start: int, until: int, *, clean: bool
) -> Generator[Batch, None, int]:
    """Yield the rows that begin before the line `until`; return the lines read."""
    width = len(head.names)
    least = max(single, default=width - 1) + 1
    base = start
    reader = _reader(cursor.text, cursor.after(base), head)
    while start < until:
        try:
            for fields in reader:
                end = base + reader.line_num
                if len(fields) > width and not any(map(str.strip, fields[width:])):
                    del fields[width:]
                elif least <= len(fields) < width and cursor.whole:
                    fields += [""] * (width - len(fields))
                if len(fields) == width and ((clean and end == start + 1) or _sound(fields, single)):
                    cursor.whole = True
                    # A row of empty cells is what a spreadsheet makes of a blank line.
                    if fields[0].strip() or any(map(str.strip, fields)):
                        yield start + 1, Rows([fields]), ""
                elif end != start + 1 or any(map(str.strip, fields)):
                    break
                start = end
                if start >= until:
                    return start
            else:
                return start
        except csv.Error:
            end = base + reader.line_num
        raw = _physical(cursor, start)
        loose = _loose(raw, head) if '"' in raw else None
        cursor.whole = loose is not None
        yield _broken(raw, start, marks) if loose is None else (start + 1, Rows([loose]), "")
        start += 1
        if end > start:
            base = start
            reader = _reader(cursor.text, cursor.after(base), head)
    return start


@dataclass(slots=True)
class _Cursor:
    """Finds where a physical line ends. Asked in rising order only, so that the whole text is walked once."""

    text: str
    line: int = 0
    offset: int = 0
    whole: bool = True
    """Whether the last line was no broken one: what lacks cells behind such a one may be the rest of it."""

    def after(self, line: int) -> int:
        while self.line < line:
            self.offset = self.text.find("\n", self.offset) + 1 or len(self.text)
            self.line += 1
        return self.offset


def physical_lines(text: str, offset: int = 0) -> Iterator[str]:
    """Yield the lines of a text from an offset on, without a copy of the whole."""
    return chain.from_iterable(_chunks(text, offset))


def _reader(text: str, offset: int, head: Header) -> Reader:
    return head.reader(physical_lines(text, offset))


def _chunks(text: str, offset: int) -> Iterator[Iterator[str]]:
    # A StringIO needs four bytes a character: one over the whole text would cost more than all the rows.
    size = _FIRST_CHUNK
    while offset < len(text):
        cut = text.find("\n", offset + size) + 1 or len(text)
        if cut - offset > size + MAX_LINE:
            long = text.rfind("\n", offset, offset + size) + 1 or offset
            yield StringIO(text[offset:long], newline="\n")
            # Handed on as one field over the limit, which the reader refuses like any other.
            yield iter((_TOO_LONG,))
        else:
            yield StringIO(text[offset:cut], newline="\n")
        offset = cut
        size = min(2 * size, _LAST_CHUNK)


def _sound(fields: list[str], single: Sequence[int]) -> bool:
    return not any("\0" in field for field in fields) and not any("\n" in fields[place] for place in single)


def _physical(cursor: _Cursor, start: int) -> str:
    begin, end = cursor.after(start), cursor.after(start + 1)
    # A line made to fill the memory is not copied whole: its beginning names it well enough.
    return cursor.text[begin : min(end, begin + MAX_LINE)].rstrip("\r\n")


def _loose(line: str, head: Header) -> list[str] | None:
    """Read a line whose writer did not double the quotes within a cell (`"The "Great" Escape",1963`).

    A quote ends a cell only before a delimiter or the end of the line; None where that does not make all columns.
    """
    if len(line) > MAX_FIELD or "\0" in line:
        return None
    cells: list[str] = []
    width = len(head.names)
    place = 0
    while place <= len(line):
        found = _LOOSE[head.delimiter].match(line, place)
        if found is None or (len(cells) >= width and found[0].strip()):
            return None
        cells.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        place = found.end() + 1
    return cells[:width] if len(cells) >= width else None


def _broken(raw: str, start: int, marks: Counter[int]) -> Batch:
    crc = crc32(raw.encode("utf-8", "replace"))
    marks[crc] += 1
    mark = f"{crc:08x}" if marks[crc] == 1 else f"{crc:08x}-{marks[crc]}"
    return start + 1, Rows([[raw[:MAX_FIELD].replace("\0", "")]]), mark
