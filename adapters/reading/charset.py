"""The bytes of an XML document as clean UTF-8: whatever encoding it declares, and mended where they are no XML."""

from __future__ import annotations

import codecs
import re
from functools import cache

from importer.errors import ExportError

MENDABLE = 32 << 20
"""Bytes of a document that is worth a repair; bad ones may grow to three each."""

STRAYS = 500_000
"""References and stray marks in a document that is being repaired."""

_CHARSETS = re.compile(
    r"utf-?(8(-sig)?|16|32)(-[lb]e)?|(us-)?ascii|latin-?1|iso-?8859-?\d+|(cp|windows-?)125\d"
    r"|koi8-[ru]|shift-?jis|cp932|euc-?(jp|kr)|big5(-?hkscs)?|gbk|gb2312|gb18030"
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ILLEGAL = bytes(set(range(0x20)) - set(b"\t\n\r"))
_STRAY = re.compile(
    rb"&(?:#(?P<decimal>[0-9]{1,7});|#[xX](?P<hex>[0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
    rb"|<(?![A-Za-z_:/!?\x80-\xff])|\]\]>"
)


def utf8(data: bytes, encoding: str | None) -> bytes:
    """Bring a document to UTF-8, without its byte order mark. Bad bytes stay only where it is UTF-8 already."""
    declared = _DECLARED.match(data[:400])
    name = encoding or (declared[1].decode("ascii") if declared else "utf-8")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    elif data.startswith(codecs.BOM_UTF8):
        name, data = "utf-8", data[3:]
    elif not declared and data[:4] == b"<\0?\0":
        name = "utf-16-le"
    elif not declared and data[:4] == b"\0<\0?":
        name = "utf-16-be"
    elif declared and not encoding and name.lower().startswith(("utf-16", "utf-32", "ucs")):
        name = "utf-8"  # the declaration could be read byte by byte: re-saved by a program that left it as it was
    name = name.lower().replace("_", "-")
    if name in {"utf-8", "utf8", "ascii", "us-ascii"}:
        return data
    if not _CHARSETS.fullmatch(name):
        raise ExportError(f"is in an encoding that is not read: {name}", "save it as UTF-8")
    return _recoded(data, name)


def _recoded(data: bytes, charset: str) -> bytes:
    """Decode and encode in pieces, so that a large file is never held as text: bad bytes become U+FFFD."""
    try:
        decoder = codecs.getincrementaldecoder(charset)("replace")
    except LookupError:
        raise ExportError(f"is in an encoding that is not known: {charset}", "save it as UTF-8") from None
    size = 1 << 20
    whole = bytearray()
    for at in range(0, len(data), size):
        whole += decoder.decode(data[at : at + size], at + size >= len(data)).encode("utf-8", "replace")
    return bytes(whole)


def scrubbed(data: bytes) -> bytes:
    """Mend what sites get wrong in comments: bad bytes, illegal characters, stray `&`, `<` and `]]>` outside CDATA.

    Raises ExportError for a document of more than MENDABLE bytes, or with more than STRAYS places to look at.
    """
    if len(data) > MENDABLE:
        raise ExportError("is not well-formed XML, and too large to be repaired", "export the list again")
    data = _recoded(data, "utf-8").translate(None, _ILLEGAL)
    data = data.replace(b"\xef\xbf\xbe", b"\xef\xbf\xbd").replace(b"\xef\xbf\xbf", b"\xef\xbf\xbd")
    whole = bytearray()
    at = seen = 0
    while at < len(data):
        opening = data.find(b"<![CDATA[", at)
        opening = len(data) if opening < 0 else opening
        mended, count = _STRAY.subn(_reference, data[at:opening], STRAYS)
        seen += count
        if seen >= STRAYS:
            raise ExportError(f"is not well-formed XML in more than {STRAYS:,} places", "export the list again")
        closing = data.find(b"]]>", opening)
        at = len(data) if closing < 0 else closing + 3
        whole += mended
        whole += data[opening:at]
    return bytes(whole)


def _reference(match: re.Match[bytes]) -> bytes:
    """Keep a reference that XML knows, spell HTML's as a number, escape anything else."""
    if match["decimal"] or match["hex"]:
        number = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
        allowed = number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
        return b"&#%d;" % (number if allowed or 0x10000 <= number < 0x110000 else 0xFFFD)
    if match["name"]:
        if match["name"] in {b"amp", b"lt", b"gt", b"quot", b"apos"}:
            return match[0]
        if named := _html().get(match["name"].decode("ascii") + ";"):
            return "".join(f"&#{ord(letter)};" for letter in named).encode("ascii")
    if match[0].startswith(b"&"):
        return b"&amp;" + match[0][1:]
    return b"&lt;" if match[0] == b"<" else b"]]&gt;"


@cache
def _html() -> dict[str, str]:
    from html.entities import html5  # here, for only a broken file needs these 2,200 names

    return html5
