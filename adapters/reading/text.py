"""Bytes to text: which encoding a file is in, and a word where that was a guess."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Final

from importer.errors import ExportError
from importer.model import value

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SPACE: Final = " \t\r\n"
"""What is stripped off cells. A no-break space may belong to a title."""

SAMPLE = 4_096
"""Bytes looked at to tell UTF-16 without a mark: in Western text every second one is NUL."""


@value
class Decoded:
    """A file's text without its byte order mark, and the Python name of its encoding.

    `remark` is one sentence where the encoding is a guess or bytes had to be replaced, else "".
    """

    text: str
    encoding: str
    remark: str


def decode(data: bytes, encoding: str | None, file: str) -> Decoded:
    """Turn a whole file into text: the encoding asked for, else mark, UTF-8, UTF-16, Windows-1252, in this order.

    Raises ExportError where `encoding` is unknown or does not fit; without one every file has a text.
    """
    if encoding is not None:
        return _as_told(data, encoding, file)
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _known(memoryview(data)[len(mark) :], name)
    # Before UTF-8, for which NUL is a character like any other.
    wide = _wide(data)
    if wide is not None:
        return _known(memoryview(data), wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", "")
    except UnicodeDecodeError:
        return _guessed(data)


def peek(head: bytes, encoding: str | None) -> str:
    """Turn a file's first bytes into text for a look at its header; bytes that do not fit are left out."""
    name = encoding or next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), None)
    try:
        text = head.decode(name or _wide(head) or "utf-8", "ignore")
    except (LookupError, ValueError):
        text = head.decode("utf-8", "ignore")
    return text.removeprefix("\ufeff")


def shown(name: str) -> str:
    """Make a file's name fit for one line of output: what cannot be printed is written as an escape."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def all_shown(names: Sequence[str]) -> list[str]:
    """Make names fit for a line of output each, and keep them apart: one may hold what another's escape looks like."""
    told = list(map(shown, names))
    return told if len({*told}) == len(names) else [shown(name.replace("\\", "\\\\")) for name in names]


def _as_told(data: bytes, encoding: str, file: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        raise ExportError(
            f"{shown(file)}: is not in the encoding {shown(encoding)}", "leave --encoding out to have it found out"
        ) from None
    except (LookupError, ValueError):
        raise ExportError(
            f"{shown(file)}: {shown(encoding)!r} is no text encoding", "for example utf-8, cp1252 or utf-16"
        ) from None
    return Decoded(text.removeprefix("\ufeff"), encoding, "")


def _known(data: memoryview, name: str) -> Decoded:
    try:
        return Decoded(str(data, name), name, "")
    except UnicodeDecodeError:
        return Decoded(str(data, name, "replace"), name, f"bytes that are not {name} were replaced")


def _wide(data: bytes) -> str | None:
    sample = data[:SAMPLE]
    if b"\0" not in sample:
        return None
    pairs = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > pairs // 3 and even < pairs // 20 + 1:
        return "utf-16-le"
    if even > pairs // 3 and odd < pairs // 20 + 1:
        return "utf-16-be"
    return None


def _guessed(data: bytes) -> Decoded:
    # One bad byte must not turn a file full of good UTF-8 into mojibake: Windows-1252 text hardly ever forms
    # valid UTF-8 sequences, so where those are in the majority the file is UTF-8 with damage.
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if good > bad:
        return Decoded(text, "utf-8", f"bytes that are not UTF-8 were replaced, in {bad} places")
    return Decoded(data.decode("cp1252", "replace"), "cp1252", "is not UTF-8 and was read as Windows-1252")
