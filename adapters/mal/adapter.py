"""MyAnimeList: the XML export and lists in its shape (Kitsu, Shikimori), and the JSON of its API and of other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.mal import json_forms as mal_json
from adapters.mal import row as mal_row
from adapters.protocol import About, Claim
from adapters.reading import documents, markup
from adapters.reading.ids import identifier
from adapters.reading.members import looked_at
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Row

_ROOT = "myanimelist"
_ELEMENTS: Final = ("anime", "manga", "myinfo")
_FIELDS: Final = (
    "series_animedb_id",
    "series_title",
    "my_score",
    "my_finish_date",
    "manga_mangadb_id",
    "manga_title",
    "user_total_anime",
    "user_export_type",
)
_FINISHED: Final = _FIELDS.index("my_finish_date")
_XML: Final = "xml"
_JSON: Final = "json"
_MANGA_LIST = "2"
"""What `user_export_type` says in a manga list; the entries count more."""


class MyAnimeList:
    """Anime lists with scores from 0 to 10, 0 being none. No form of them has a rating date."""

    name: str = "mal"
    about: About = About(
        site="MyAnimeList",
        where="https://myanimelist.net/panel.php?go=export, Anime List (Kitsu: Settings, Exports)",
        forms="animelist_….xml and .xml.gz, and lists in that shape from elsewhere (Kitsu, Shikimori, malscraper); "
        "JSON of the API (pages or bare list), of malexport, and load.json",
        scale="1-10 as it is; 0 means unrated",
        dates="none: a complete finish date stands in, in API lists else the last edit",
    )

    def claim(self, source: Source) -> Claim | None:
        """Claim a `<myanimelist>` document or a JSON list of anime entries; of many members, those that are such XML.

        Raises ExportError where there are manga lists only.
        """
        lists: list[str] = []
        manga: list[str] = []
        for path in looked_at(source, (".xml", ".xml.gz")):
            if source.look(path, _root) == _ROOT:
                (manga if _only_manga(source, path) else lists).append(path)
            elif len(source.members) == 1 and mal_json.is_list(documents.first(source, path)):
                return Claim((path,), "a JSON list of MyAnimeList entries", {path: _JSON})
        if lists:
            left_out = f"; left out: {', '.join(map(shown, manga))}, a manga list" if manga else ""
            return Claim(
                tuple(lists), f"XML with the root <{_ROOT}>{left_out}", dict.fromkeys(lists, _XML), tuple(manga)
            )
        if manga:
            raise _manga_list(manga[0])
        return None

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every entry as a row; first what had to be repaired. Raises ExportError for a list of manga alone."""
        for path in claim.members:
            read = _xml if claim.found[path] == _XML else mal_json.read
            yield from read(source, path)


def _root(source: Source, path: str) -> str:
    return markup.root(source.head(path))


def _xml(source: Source, file: str) -> Iterator[Row | Remark]:
    reading = markup.entries(source.members[file](), _ELEMENTS, _FIELDS, file, source.encoding)
    found = [entry for entry in reading.entries if entry.element != "myinfo" or not entry.whole]
    infos = [entry for entry in reading.entries if entry.element == "myinfo"]
    anime = sum(entry.element == "anime" for entry in found)
    told, kind = infos[0].values[6:8] if infos else ("", "")
    if anime == 0 and (any(entry.element == "manga" for entry in found) or kind.strip() == _MANGA_LIST):
        raise _manga_list(file)
    yield from reading.remarks(file)
    total = identifier("mal", told, None)
    if total and anime > int(total):
        yield Remark(file, 0, f"has {anime:,} entries, though it says that it has {int(total):,}")
    maker = mal_row.maker(source, file, lambda: ((entry.values[_FINISHED], "") for entry in found))
    for line, entry in enumerate(found, 1):
        number, title, score, finished, manga_id, manga_title, _, _ = entry.values
        if entry.element == "manga" and entry.whole:
            yield mal_row.manga(maker, manga_id or number, manga_title or title, score, line)
        else:
            yield mal_row.anime(maker, number, title, None, score, (finished,), line, whole=entry.whole)
    yield from maker.remarks()


def _only_manga(source: Source, path: str) -> bool:
    """Tell a list of manga by its entries, cheaply: reading it looks again, and closer."""
    if b"<anime>" in source.head(path):
        return False
    data = source.members[path]()
    return b"<anime>" not in data and b"<manga>" in data


def _manga_list(file: str) -> ExportError:
    return ExportError(
        f"{shown(file)}: is a manga list; Simkl has no manga", "export the anime list (animelist_….xml.gz) instead"
    )
