"""JSON exports: bytes to one document, within limits; and a look at the first object, to tell whose export it is."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, TypeAlias

from adapters.reading import text
from importer.arrays import array_parts
from importer.errors import ExportError
from importer.model import value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source

Object: TypeAlias = dict[str, object]

BUDGET = 200_000_000
"""Bytes that the values of one document may take in memory, as estimated below: some 130,000 Trakt ratings."""

PATIENCE = 16 << 20
"""Bytes up to which a document that orjson refuses is tried once more, with the slower parser of Python."""

_SPACE = " \t\r\n"
_SURROGATES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


_DEPTH = ("depth", "ecursion")
"""Words by which orjson, in its newer and older versions, says that values nest too deep."""


@value
class Document:
    """What a file holds, and one sentence where its encoding is a guess or bytes had to be replaced, else ""."""

    value: object
    remark: str


def load(data: bytes, file: str, encoding: str | None = None) -> Document:
    """Read one document, in UTF-8 or whatever encoding text.py finds; of a repeated key the last value counts.

    What orjson refuses and a person may well have in a file (a byte order mark, half a surrogate pair, NaN, bytes of
    another encoding) is read all the same: NaN and numbers beyond any float as their text. Raises ExportError, naming
    `file`, where it is no JSON, nested deeper than some 1,000 levels, or too large to hold.
    """
    import orjson

    if _weight(data) > BUDGET:
        raise ExportError(f"{text.shown(file)}: holds more values than can be read at once", "split it")
    try:
        if encoding is None:
            return Document(orjson.loads(data.removeprefix(codecs.BOM_UTF8)), "")
    except orjson.JSONDecodeError as error:
        if any(word in error.msg for word in _DEPTH):  # Python's own parser knows no bound from 3.14 on
            raise _too_deep(file) from None
        if len(data) > PATIENCE:
            raise _unreadable(file, error) from None
    decoded = text.decode(data, encoding, file)
    return Document(_patient(decoded.text, file), decoded.remark)


def parts(data: bytes, encoding: str | None = None) -> Iterator[tuple[list[object], bool]]:
    """Yield a large top-level array of objects part by part, each with whether more is to come.

    Ends without a last part, or yields none at all, where the rest is for `load` to read.
    """
    if encoding is None and data.lstrip()[:1] == b"[":
        yield from array_parts(data, data.index(b"[") + 1, len(data))


def first(source: Source, member: str) -> Object | None:
    """Return the first object within a member's top-level array, or the top-level object; None where there is neither.

    Of an array usually only the first 64 KiB are parsed. However many adapters ask, the member is looked at once.
    """
    return source.look(member, _first)


def whole(source: Source, member: str) -> Object | None:
    """Return a member's top-level object; None where it is an array, or no whole JSON."""
    if not is_json(source, member) or is_array(source, member):
        return None
    try:
        value = opened(source, member).value
    except ExportError:
        return None
    return value if isinstance(value, dict) else None


def promises(source: Source, member: str, *words: str) -> bool:
    """Tell whether a member is an object worth reading whole: of many members only if one of the keys comes early."""
    if not is_json(source, member) or is_array(source, member):
        return False
    return len(source.members) == 1 or any(
        f'"{word}"' in text.peek(source.head(member), source.encoding) for word in words
    )


def opened(source: Source, member: str) -> Document:
    """Read a member's document; a top-level object, which is parsed to be recognised, is not parsed again.

    Raises ExportError as `load` does.
    """
    return _load(source, member) if is_array(source, member) else source.look(member, _load)


def _load(source: Source, member: str) -> Document:
    return load(source.members[member](), member, source.encoding)


def is_json(source: Source, member: str) -> bool:
    """Tell by its first character whether a member is JSON."""
    return source.look(member, _begins)[:1] in {"[", "{"}


def is_array(source: Source, member: str) -> bool:
    """Tell by its first character whether a member is a JSON array."""
    return source.look(member, _begins)[:1] == "["


def _begins(source: Source, member: str) -> str:
    return text.peek(source.head(member)[:256], source.encoding).lstrip(_SPACE)[:1]


def _first(source: Source, member: str) -> Object | None:
    if not is_json(source, member):
        return None
    if not is_array(source, member):
        return whole(source, member)
    for element in _elements(text.peek(source.head(member), source.encoding).lstrip(_SPACE)):
        if isinstance(element, dict):
            return element
    try:
        value = _load(source, member).value
    except ExportError:
        return None
    return next((row for row in value if isinstance(row, dict)), None) if isinstance(value, list) else None


def _elements(head: str) -> Iterator[object]:
    """Parse the elements of an array one by one, as far as its beginning goes."""
    decoder = json.JSONDecoder()
    at = 1
    while True:
        while head[at : at + 1] in {",", *_SPACE}:
            at += 1
        try:
            element, at = decoder.raw_decode(head, at)
        except (ValueError, RecursionError):
            return
        yield element


def _weight(data: bytes) -> int:
    """Estimate the memory of the parsed values by the marks between them: no document of 64 MiB outgrows 400 MB."""
    return 50 * data.count(b",") + 45 * data.count(b":") + 60 * data.count(b"[") + 120 * data.count(b"{")


def _patient(document: str, file: str) -> object:
    """Parse with Python's own parser, after half surrogate pairs were replaced: no text may hold them."""
    document = _SURROGATES.sub(lambda match: "\\ufffd" if match["lone"] else match[0], document)
    try:
        value: object = json.loads(document, parse_int=_integer, parse_float=_real, parse_constant=str, strict=False)
    except RecursionError:
        raise _too_deep(file) from None
    except ValueError as error:
        raise _unreadable(file, error) from None
    return value


def _integer(digits: str) -> int | str:
    """Python refuses numbers of more than 4,300 digits: those stay text."""
    return int(digits) if len(digits) < 20 else digits


def _real(digits: str) -> float | str:
    value = float(digits)
    return digits if value in {float("inf"), float("-inf")} else value


def _too_deep(file: str) -> ExportError:
    return ExportError(f"{text.shown(file)}: nests its values too deep", "no site's export does that")


def _unreadable(file: str, error: ValueError) -> ExportError:
    return ExportError(f"{text.shown(file)}: is not whole, valid JSON: {error}", "download the export again")
