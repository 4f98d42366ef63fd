"""XML exports of one shape, root / entry / text fields: read strictly, scrubbed once where they are not well-formed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from adapters.reading import charset
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Remark, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEPTH = 64
TAGS = 4_000_000
NAMES = 10_000
EQUALS = 500_000
ENTRIES = 300_000
"""Limits of one file: nesting; tags; different names; equals signs, which bound the attributes; entries. A list of
50,000 anime has two thirds of these tags. Within them no file of 64 MiB needs more than 400 MB or 5 s."""

_CUT = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
"""What expat says of a document that is well-formed up to where it ends."""

_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?([\w.-]{1,60})[\s/>]")
_BEFORE_ROOT = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">"))
"""What may stand before the root: how it begins and how it ends."""


@value
class Entry:
    """One element below the root: its name without a prefix, and the fields' texts in the order they were asked for.

    A field that is missing is "", like an empty one; of a repeated one the last counts. `whole` is False for the entry
    within which a file was cut short.
    """

    element: str
    values: tuple[str, ...]
    whole: bool = True


@value
class Reading:
    """The entries of a file in its order, and what was wrong with it.

    `repaired` is the line, from 1, at which the strict parse failed, `complaint` what it said. `cut` is the line at
    which the file ends too early; then the last entry is not whole and holds what was read of it, maybe nothing.
    0 where there was no such trouble.
    """

    entries: list[Entry]
    repaired: int
    complaint: str
    cut: int

    def remarks(self, file: str) -> Iterator[Remark]:
        """Tell what was wrong with the file, if anything was."""
        if self.repaired:
            yield Remark(file, self.repaired, f"not well-formed XML ({self.complaint}): read after a repair")
        if self.cut:
            yield Remark(file, self.cut, "the file ends too early: what came after this line is missing")


@value
class _Fault:
    """Where and why a parse ended early: expat's code and words, the line from 1."""

    code: int
    text: str
    line: int


def root(head: bytes) -> str:
    """Return the name of the root element that a file's first bytes open, without its prefix; "" where they open none.

    In any encoding that XML allows; what may stand before the root is passed over.
    """
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[:4].count(0) == 2:
        head = head.replace(b"\0", b"")
    at = len(head) - len(head.lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n"))
    while passed := next((ends for begins, ends in _BEFORE_ROOT if head.startswith(begins, at)), b""):
        end = head.find(passed, at)
        if end < 0:
            return ""
        at = end + len(passed)
        while head[at : at + 1].isspace():
            at += 1
    found = _ROOT.match(head, at)
    return found[1].decode("ascii", "replace") if found is not None else ""


def entries(
    data: bytes, elements: tuple[str, ...], fields: tuple[str, ...], file: str, encoding: str | None = None
) -> Reading:
    """Read the entries of these elements, with these fields, in one strict pass, or else in a second, scrubbed one.

    `encoding` overrules what the file declares. Raises ExportError for a document type or entity declaration, an
    encoding that is not known, anything beyond the limits above, and for what is not well-formed even when scrubbed.
    """
    try:
        return _entries(charset.utf8(data, encoding), elements, fields)
    except ExportError as error:
        raise ExportError(f"{shown(file)}: {error.message}", error.hint) from None


def _entries(utf8: bytes, elements: tuple[str, ...], fields: tuple[str, ...]) -> Reading:
    if utf8.count(b"<") > TAGS or utf8.count(b"=") > EQUALS:
        raise ExportError("has more elements or attributes than any list", "give the site's own export")
    found, fault = _parse(utf8, elements, fields)
    if fault is None or fault.code in _CUT:
        return Reading(found, 0, "", fault.line if fault else 0)
    del found
    repaired, still = _parse(charset.scrubbed(utf8), elements, fields)
    if still is not None and still.code not in _CUT:
        raise ExportError(
            f"is not well-formed at line {still.line}: {still.text}", "mend that line, or export the list again"
        )
    return Reading(repaired, fault.line, fault.text, still.line if still else 0)


def _parse(data: bytes, elements: tuple[str, ...], fields: tuple[str, ...]) -> tuple[list[Entry], _Fault | None]:
    """Run expat once over UTF-8 bytes; return what it read and why it stopped early, if it did."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    found: list[Entry] = []
    start, end, rest = _handlers(parser, found, elements, fields)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        if error.code in _CUT:
            found.append(rest())
        return found, _Fault(error.code, expat.ErrorString(error.code) or "unknown error", error.lineno)
    finally:
        parser.StartElementHandler = parser.EndElementHandler = None  # they hold the parser and all that was read
    return found, None


def _handlers(  # noqa: C901 - functions that share their state, and too hot for a class
    parser: expat.XMLParserType, found: list[Entry], elements: tuple[str, ...], fields: tuple[str, ...]
) -> tuple[Callable[[str, object], None], Callable[[str], None], Callable[[], Entry]]:
    """Make the start and end handlers, and a function that tells the entry a file ends within.

    Text is listened to only within a wanted field: all the other text of a list never reaches Python.
    """
    slots = {field: index for index, field in enumerate(fields)}
    blank = [""] * len(fields)
    depth = 0
    slot = -1
    element = ""
    values = blank
    text: list[str] = []
    collect = text.append

    def start(name: str, _attributes: object) -> None:
        nonlocal depth, slot, element, values
        depth += 1
        if depth == 3:
            try:
                slot = slots[name]
            except KeyError:
                slot = _learn(slots, name)
            if slot >= 0:
                parser.CharacterDataHandler = collect
        elif depth == 2:
            local = name.rpartition(":")[2]
            element = local if local in elements else ""
            values = blank.copy()
            if not element:
                _learn(slots, name)
        elif depth > 3:
            _learn(slots, name)
            if depth > DEPTH:
                raise ExportError(f"nests elements more than {DEPTH} levels deep", "no list does that")

    def end(_name: str) -> None:
        nonlocal depth, slot, element
        if depth == 3:
            if slot >= 0:
                parser.CharacterDataHandler = None
                values[slot] = "".join(text)
                text.clear()
        elif depth == 2 and element:
            if len(found) >= ENTRIES:
                raise ExportError(f"has more than {ENTRIES:,} entries", "split it")
            found.append(Entry(element, tuple(values)))
            element = ""
        depth -= 1

    return start, end, lambda: Entry(element, tuple(values if element else blank), whole=False)


def _learn(slots: dict[str, int], name: str) -> int:
    """Find the field that an element's name stands for, whatever its prefix, and keep it; -1 where it is none."""
    if len(slots) >= NAMES:
        raise ExportError(f"has more than {NAMES:,} different elements", "no list does that")
    slot = slots[name] = slots.get(name.rpartition(":")[2], -1)
    return slot


def _refuse(*_arguments: object) -> None:
    raise ExportError(
        "declares a document type or entities: refused as unsafe",
        "no site's export does that; take the <!DOCTYPE …> out if you trust the file",
    )
