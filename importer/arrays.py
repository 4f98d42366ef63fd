"""Large JSON arrays of objects, parsed a part at a time: as a whole their values take ten times the bytes.

A leaf like model.py, for export files and for the account's ratings alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PART = 1 << 19
"""Bytes of an array that are parsed at once."""

LONGEST_PART = 8 * PART
SEAMS = 20
"""Places at which a part is tried to end, before it is left to somebody who parses the whole."""

_SEAM = re.compile(rb"\}\s{0,64},\s{0,64}\{")


def array_parts(data: bytes, start: int, end: int) -> Iterator[tuple[list[object], bool]]:
    """Yield the elements of an array part by part, each with whether more is to come.

    `start` is where the first element begins, `end` where the array's closing bracket, or white space after it, ends.
    Yields nothing for a small array, and ends without a last part where a part cannot be parsed.
    """
    if end - start < 2 * PART:
        return
    while start < end:
        found = _part(data, start, end)
        if found is None:
            return
        part, start = found
        yield part, start < end


def _part(data: bytes, start: int, end: int) -> tuple[list[object], int] | None:
    """Parse the objects from `start` on, PART bytes of them or somewhat more, and tell where the next one begins.

    Between two objects there is a seam, but not every seam is between two: it may lie within an object, or in a text.
    What comes before a wrong one is no JSON, since it began at an object and closes fewer brackets than it opens.
    """
    import orjson

    reach = start + PART
    for _ in range(SEAMS):
        seam = _SEAM.search(data, reach, end)
        piece = data[start : seam.start() + 1] + b"]" if seam is not None else data[start:end]
        if len(piece) > LONGEST_PART:
            return None
        try:
            part = orjson.loads(b"[" + piece)
        except orjson.JSONDecodeError:
            if seam is None:
                return None
            reach = seam.start() + 1
        else:
            return (part, seam.end() - 1 if seam is not None else end) if isinstance(part, list) else None
    return None
