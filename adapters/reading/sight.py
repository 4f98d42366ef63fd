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
    if root := markup.root(head):
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
        return f"its columns are {_listed(heads[0].names)}"
    return ""


def _packed(head: bytes) -> str:
    """Name what is still packed after one archive within another has been opened."""
    if head.startswith(ZIP_MAGIC):
        return "it is a zip within another: unpack it and give what it holds"
    return "it is gzip within another: unpack it and give what it holds" if head.startswith(GZIP_MAGIC) else ""


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return shown(", ".join(name or '""' for name in names)[:_LONGEST])
