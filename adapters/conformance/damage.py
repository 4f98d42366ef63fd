"""Damaged copies of a sample's bytes, the same every time: cut, flipped, re-saved, with other values in its places.

No person has such a file, until a download breaks off, a spreadsheet re-saves it, or a site changes a column.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from typing import Final, TypeAlias

from adapters.reading.header import headers

VALUES: Final = 120
COLUMNS: Final = 25
BYTES: Final = 32
"""At most so many places of a sample are damaged in each of these ways."""

_OTHERS: Final[tuple[object, ...]] = (
    None,
    True,
    -1,
    0,
    7.25,
    10**25,
    "",
    "x",
    "0",
    "tt0",
    "�",
    [],
    {},
    [None],
    {"id": []},
)
_CELLS: Final = ("", "x", "0", "99", "31/12/99", "2020-13-45")
_JUNK: Final = (b'"', b"\0", b"\xff\xfe", b"<", b"{", b"]", b"\n", b"&nbsp;", b"\xed\xa0\x80")

Steps: TypeAlias = tuple[str | int, ...]


def damaged(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield damaged copies of a member's bytes, each with a word for what was done."""
    dice = random.Random(len(data))  # noqa: S311 (the same damage every time is what is wanted)
    yield "emptied", b""
    for share in (0.1, 0.5, 0.9):
        yield f"cut at {share:.0%}", data[: int(len(data) * share)]
    yield "cut by a byte", data[:-1]
    yield "doubled", data + data
    for _ in range(BYTES):
        at, junk = dice.randrange(len(data) + 1), dice.choice(_JUNK)
        yield f"holding {junk!r} at byte {at}", data[:at] + junk + data[at:]
        yield f"lacking 7 bytes from {at}", data[:at] + data[at + 7 :]
    text = data.decode("utf-8", "replace")
    yield "in UTF-16", text.encode("utf-16")
    yield "in Windows-1252", text.encode("cp1252", "replace")
    yield "behind a byte order mark", b"\xef\xbb\xbf" + data
    yield from _other_values(text, dice)
    yield from _other_cells(text)


def _other_values(text: str, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Put values of other types in the places of a JSON document."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    places = list(_places(document, ()))
    for steps in dice.sample(places, min(VALUES, len(places))):
        other = dice.choice(_OTHERS)
        changed = json.loads(text)
        if steps:
            within = changed
            for step in steps[:-1]:
                within = within[step]
            within[steps[-1]] = other
        else:
            changed = other
        path = ".".join(map(str, steps))
        yield f"holding {other!r} at {path or 'its root'}", json.dumps(changed).encode()


def _places(value: object, steps: Steps) -> Iterator[Steps]:
    yield steps
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value[:20]):
            yield from _places(inner, (*steps, index))


def _other_cells(text: str) -> Iterator[tuple[str, bytes]]:
    """Put other cells in the columns of a table, and take columns out of it."""
    head = next((head for head in headers(text[:4_096]) if len(head.names) > 1), None)
    if head is None:
        return
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=head.delimiter))
    except csv.Error:
        return
    for column, name in enumerate(head.names[:COLUMNS]):
        for cell in (*_CELLS, None):
            changed = [
                row if number == 0 and cell is not None else _changed(row, column, cell)
                for number, row in enumerate(rows)
            ]
            out = io.StringIO()
            csv.writer(out, delimiter=head.delimiter).writerows(changed)
            what = f"lacking the column {name}" if cell is None else f"holding {cell!r} in the column {name}"
            yield what, out.getvalue().encode()


def _changed(row: list[str], column: int, cell: str | None) -> list[str]:
    if column >= len(row):
        return row
    return [*row[:column], *([] if cell is None else [cell]), *row[column + 1 :]]
