"""What a file of no known format looks like, in words for the person who gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading import documents, markup
from adapters.reading.archives import GZIP_MAGIC, ZIP_MAGIC
from adapters.reading.forms import table_headers
from adapters.reading.members import private
from adapters.reading.text import peek, shown
from importer.errors import ExportError

if TYPE_CHECKING:
    from adapters.protocol import Source

COLUMNS: Final = "its columns are"
"""How what is seen of a table begins."""

_LONGEST: Final = 400
_SPREADSHEET: Final = "xl/workbook.xml"
_MEMBERS: Final = 8


def sight(source: Source) -> str:
    """Tell what was seen: the columns of a table, the keys of JSON, the root of XML, or the names of members."""
    names = list(source.members)
    if _SPREADSHEET in names:
        return "it is a spreadsheet: save its table as CSV"
    if len(names) > 1:
        more = f" and {len(names) - _MEMBERS:,} more" if len(names) > _MEMBERS else ""
        return f"it holds {_listed(names[:_MEMBERS])}{more}"
    if not names or private(names[0]):
        return ""
    [member] = names
    head = source.head(member)
    if (what := _packed(head)) or "\0" in peek(head, source.encoding):
        return what or "it is no text"
    if (root := markup.root(head)) == "html":
        return "it is a web page, which sites show in place of a file: sign in there, and save the export itself"
    if root:
        return f"it is XML with the root <{root}>"
    if documents.is_json(source, member):
        first = documents.first(source, member)
        if first is not None:
            return f"it is JSON with the keys {_listed(list(first))}"
        try:
            documents.opened(source, member)
        except ExportError as error:
            return error.message.removeprefix(f"{shown(source.path)}: ").removeprefix(f"{shown(member)}: ")
        return "it is JSON without objects"
    heads = table_headers(source, member)
    if heads and len(heads[0].names) > 1:
        return f"{COLUMNS} {_listed(heads[0].names)}"
    return "it is text without columns" if heads else ""


_ARCHIVES: Final = ((0, b"7z\xbc\xaf\x27\x1c", "7z"), (0, b"Rar!\x1a\x07", "RAR"), (257, b"ustar", "tar"))
"""Archives that are not opened here: the place of their mark, the mark, and their name."""


def _packed(head: bytes) -> str:
    """Name an archive that is not opened here, or is still packed after one within another has been opened."""
    for place, mark, name in _ARCHIVES:
        if head.startswith(mark, place):
            return f"it is a {name} archive: unpack it and give the folder"
    if head.startswith(ZIP_MAGIC):
        return "it is a zip within another: unpack it and give what it holds"
    return "it is gzip within another: unpack it and give what it holds" if head.startswith(GZIP_MAGIC) else ""


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return shown(", ".join(name or '""' for name in names)[:_LONGEST])
