"""Simkl's backup in JSON: the rows of its library, under movies, shows and anime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading import documents
from adapters.reading.file_dates import DateColumn
from adapters.reading.rows import LONGEST, RowMaker
from adapters.reading.text import shown
from adapters.reading.values import object_of, objects_of, text_of, year_of
from importer.errors import ExportError
from importer.model import Item, Kind, Origin, Precision, Remark, Superseded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from adapters.reading.documents import Object
    from importer.model import Ids, Row

SECTIONS: Final = {"movies": Kind.MOVIE, "shows": Kind.SHOW, "anime": Kind.ANIME}
_TITLES: Final = ("movie", "show", "anime")
_MARKS: Final = ("user_rating", "status", "last_watched_at", "added_to_watchlist_at", "user_rated_at")
_SITES: Final = (
    *("simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "livechart", "anisearch", "animeplanet"),
    "letterboxd",
)
_NONE: Final = (None, 0, "", "0")


def is_backup(document: Object) -> bool:
    """Tell a backup by its sections and by what the first of its rows has."""
    sections = [section for name in SECTIONS if isinstance(section := document.get(name), list)]
    rows = [row for section in sections for row in objects_of(section[:1])]
    if not rows:
        return len(sections) > 1 and set(document) <= set(SECTIONS)
    return all(any(name in row for name in _TITLES) and any(mark in row for mark in _MARKS) for row in rows)


def read(source: Source, file: str, name: str) -> Iterator[Row | Remark]:
    """Yield every row of the three sections. A title that was watched again stands there again: it counts once.

    Raises ExportError for a file that is no whole JSON.
    """
    document = documents.opened(source, file)
    if document.remark:
        yield Remark(file, 0, document.remark)
    if not isinstance(document.value, dict):
        raise ExportError(f"{shown(file)}: is no Simkl backup; expected movies, shows and anime")
    found: list[tuple[Kind, object]] = []
    for section, kind in SECTIONS.items():
        rows = document.value.get(section)
        found += [(kind, row) for row in rows] if isinstance(rows, list) else []
    column = DateColumn(Origin.RATING, Precision.SECOND)
    maker = RowMaker(source, file, name, dates=(column,), survey=lambda: ((_rated_at(row),) for _, row in found))
    made = [(_row(maker, kind, row, line, name), _again(row)) for line, (kind, row) in enumerate(found, 1)]
    once = {row.key for row, again in made if isinstance(row, Item) and not again}
    for row, again in made:
        if again and isinstance(row, Item):
            yield Superseded(row) if row.key in once else row
            once.add(row.key)
        else:
            yield row
    yield from maker.remarks()


def _row(maker: RowMaker, kind: Kind, row: object, line: int, name: str) -> Row:
    about = next((row[title] for title in _TITLES if title in row), None) if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(about, dict) or isinstance(row.get("user_rating"), list | dict):
        return maker.broken(row, line)
    title, year = text_of(about.get("title"))[:LONGEST].strip(), year_of(about.get("year"))
    ids = _ids(maker, object_of(about.get("ids")), kind)
    return maker.make(
        key=_named(name, kind, title, year, ids),
        sort=kind,
        title=title,
        year=year,
        ids=ids,
        rating=text_of(row.get("user_rating"))[:LONGEST],
        dates=(_rated_at(row),),
        line=line,
    )


def _ids(maker: RowMaker, ids: Object, kind: Kind) -> Ids:
    told = ids if "simkl" in ids else {**ids, "simkl": ids.get("simkl_id")}
    return maker.ids.read_all(
        tuple((site, text_of(told.get(site))) for site in _SITES if told.get(site) not in _NONE), kind
    )


def _named(name: str, kind: Kind, title: str, year: int | None, ids: Ids) -> str:
    if ids:
        site, value = ids[0]
        return f"{name}:{kind}:{value}" if site == "simkl" else f"{name}:{kind}:{site}={value}"
    return f"{name}:{kind}:{title.casefold()}:{year or ''}"


def _again(row: object) -> bool:
    return isinstance(row, dict) and row.get("is_rewatch") is True


def _rated_at(row: object) -> str:
    value = row.get("user_rated_at") if isinstance(row, dict) else None
    return value if isinstance(value, str) else ""
