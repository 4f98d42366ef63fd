"""MyAnimeList entries in JSON: pages of the API, malexport's list, and the load.json of the list page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.mal import row as mal_row
from adapters.reading import documents
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Remark, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from adapters.reading.documents import Object
    from adapters.reading.rows import RowMaker
    from importer.model import Row

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


def read(source: Source, file: str) -> Iterator[Row | Remark]:
    """Yield every entry of all pages as a row. Raises ExportError where all of them are manga."""
    document = documents.opened(source, file)
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
    maker = mal_row.maker(source, file, lambda: map(_dates, entries))
    rows = [_row(maker, entry, line) for line, entry in enumerate(entries, 1)]
    if rows and all(isinstance(row, Skipped) and row.item.kind is None for row in rows):
        raise ExportError(f"{shown(file)}: is a manga list; Simkl has no manga", "export the anime list instead")
    if more:
        yield Remark(file, 0, "is not the last page of the list: the entries of the next ones are not in this file")
    yield from rows
    yield from maker.remarks()


def _is_entry(entry: Object) -> bool:
    node = entry.get("node")
    return (
        ("node" in entry and "list_status" in entry)
        or "my_list_status" in entry
        or (isinstance(node, dict) and "my_list_status" in node)
        or ("score" in entry and ("anime_id" in entry or "manga_id" in entry))
    )


def _row(maker: RowMaker, entry: object, line: int) -> Row:
    if not isinstance(entry, dict):
        return maker.broken(entry, line)
    node: object
    if "anime_id" in entry or "manga_id" in entry:
        node = {"id": entry.get("anime_id"), "title": entry.get("anime_title")}
    else:
        node = entry.get("node", entry)
    status = _status(entry)
    if not isinstance(node, dict) or not isinstance(status, dict) or isinstance(status.get("score"), list | dict):
        return maker.broken(entry, line)
    identifier, title, score = _text(node.get("id")), _text(node.get("title")), _text(status.get("score"))
    if any(mark in status for mark in _MANGA_MARKS):
        identifier = _text(status.get("manga_id")) or identifier
        return mal_row.manga(maker, identifier, _text(status.get("manga_title")) or title, score, line)
    return mal_row.anime(maker, identifier, title, _year(node), score, _dates(entry), line, whole=True)


def _status(entry: Object) -> object:
    if "anime_id" in entry or "manga_id" in entry:
        return entry
    if "my_list_status" in entry:
        return entry["my_list_status"]
    if "list_status" in entry:
        return entry["list_status"]
    node = entry.get("node")
    return node.get("my_list_status", {}) if isinstance(node, dict) else {}


def _dates(entry: object) -> tuple[str, str]:
    """The finish date and the last edit of an entry, as texts.

    load.json has neither: its dates follow the person's settings, so that 01-02-19 may be in January or in February.
    """
    status = _status(entry) if isinstance(entry, dict) else None
    if not isinstance(status, dict) or status is entry:
        return "", ""
    finished, edited = status.get("finish_date"), status.get("updated_at")
    return finished if isinstance(finished, str) else "", edited if isinstance(edited, str) else ""


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
