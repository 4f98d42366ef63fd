"""MyAnimeList entries in JSON: pages of the API, malexport's list, and the load.json of the list page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from adapters.mal import row as mal_row
from adapters.reading.dates import day, instant
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Item, Origin, Reason, Rejected, Remark, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.reading.documents import Document, Object
    from importer.model import Date, Row

_MANGA_MARKS = ("num_chapters_read", "num_volumes_read", "is_rereading", "manga_id", "manga_title")


def is_list(first: Object | None) -> bool:
    """Tell by a document's first object whether it is a list of MyAnimeList entries, be they anime or manga."""
    if first is None:
        return False
    page = first.get("data")
    if isinstance(page, list):
        entry = next((row for row in page if isinstance(row, dict)), None)
        return _is_entry(entry) if entry is not None else "paging" in first
    return _is_entry(first)


def read(document: Document, file: str) -> Iterator[Row | Remark]:
    """Yield every entry of all pages as a row. Raises ExportError where all of them are manga."""
    if document.remark:
        yield Remark(file, 0, document.remark)
    pages = document.value if isinstance(document.value, list) else [document.value]
    entries: list[object] = []
    more: object = None
    for page in pages:
        if isinstance(page, dict) and isinstance(page.get("data"), list):
            entries.extend(page["data"])
            paging = page.get("paging")
            more = paging.get("next") if isinstance(paging, dict) else None
        else:
            entries.append(page)
    rows = [_row(entry, file, line) for line, entry in enumerate(entries, 1)]
    if rows and all(isinstance(row, Skipped) and row.item.kind is None for row in rows):
        raise ExportError(f"{shown(file)}: is a manga list; Simkl has no manga", "export the anime list instead")
    if more:
        yield Remark(file, 0, "is not the last page of the list: the entries of the next ones are not in this file")
    yield from rows


def _is_entry(entry: Object) -> bool:
    return (
        ("node" in entry and "list_status" in entry)
        or "my_list_status" in entry
        or ("score" in entry and ("anime_id" in entry or "manga_id" in entry))
    )


def _row(entry: object, file: str, line: int) -> Row:
    if not isinstance(entry, dict):
        return _broken(entry, file, line)
    node: object
    status: object
    if "anime_id" in entry or "manga_id" in entry:
        # load.json: its dates follow the person's settings, so that 01-02-19 may be in January or in February.
        node = {"id": entry.get("anime_id"), "title": entry.get("anime_title")}
        status = entry
    else:
        node = entry.get("node", entry)
        status = entry.get("my_list_status") if "my_list_status" in entry else entry.get("list_status", {})
    if not isinstance(node, dict) or not isinstance(status, dict) or isinstance(status.get("score"), list | dict):
        return _broken(entry, file, line)
    identifier, title, score = _text(node.get("id")), _text(node.get("title")), _text(status.get("score"))
    if any(mark in status for mark in _MANGA_MARKS):
        identifier = _text(status.get("manga_id")) or identifier
        return mal_row.manga(identifier, _text(status.get("manga_title")) or title, score, file, line)
    date = None if status is entry else _date(status)
    return mal_row.anime(identifier, title, _year(node), score, date, file, line, whole=True)


def _broken(entry: object, file: str, line: int) -> Rejected:
    told = repr(entry)[: mal_row.LONGEST] if not isinstance(entry, list | dict) else f"{type(entry).__name__} {line}"
    key = f"mal:row:{crc32(told.encode('utf-8', 'replace')):08x}"
    return Rejected(Item(key, None, "", None, (), "", None, None, file, line), Reason.MALFORMED_ROW)


def _date(status: Object) -> Date | None:
    """Take the finish date if it is complete, else the last edit of the entry."""
    finished, edited = status.get("finish_date"), status.get("updated_at")
    date = day(finished, Origin.WATCHED) if isinstance(finished, str) else None
    return date or (instant(edited, Origin.EDITED) if isinstance(edited, str) else None)


def _year(node: Object) -> int | None:
    season, begun = node.get("start_season"), node.get("start_date")
    year = season.get("year") if isinstance(season, dict) else None
    if type(year) is int and 1900 <= year < 10_000:
        return year
    if isinstance(begun, str) and begun[:4].isascii() and begun[:4].isdigit() and begun[:2] in {"19", "20"}:
        return int(begun[:4])
    return None


def _text(value: object) -> str:
    """A value as text: a title may be a JSON number, a score a float; null and what is no scalar are ""."""
    if type(value) is float and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else ""
