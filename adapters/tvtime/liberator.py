"""The movies.json of TV Time Liberator: a list of films by uuid, with their ids and ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading import documents
from adapters.reading.rows import LONGEST, RowMaker
from adapters.reading.text import shown
from adapters.reading.titles import default_key
from adapters.reading.values import object_of, text_of, year_of
from importer.errors import ExportError
from importer.model import Kind, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from adapters.reading.documents import Object
    from importer.model import Row


HOLLOW: Final = "TV Time's Export my data holds no ratings"
GIVE: Final = "give the archive with it, in one call or in one folder"

_NONE: Final = ("", "-1")
"""How a film without a rating is written."""


def is_film(first: Object) -> bool:
    """Tell such a list by its first film."""
    return "uuid" in first and "title" in first and "seasons" not in first and isinstance(first.get("id"), dict)


def is_series(first: Object) -> bool:
    """Tell a list of series by its first one: it says what was seen, and nothing of how it was liked."""
    return "uuid" in first and "title" in first and isinstance(first.get("seasons"), list) and "rating" not in first


def read(source: Source, file: str, name: str) -> Iterator[Row | Remark]:
    """Yield every film as a row; -1 and nothing mean that it has no rating. Raises ExportError for what is no list."""
    document = documents.opened(source, file)
    if document.remark:
        yield Remark(file, 0, document.remark)
    if not isinstance(document.value, list):
        raise ExportError(f"{shown(file)}: holds no list of films")
    rated = any(isinstance(film, dict) and text_of(film.get("rating")) not in _NONE for film in document.value)
    if document.value and not rated and not source.beside:
        raise ExportError(f"{shown(source.path)}: {HOLLOW}", GIVE)
    maker = RowMaker(source, file, name)
    for line, film in enumerate(document.value, 1):
        yield _row(maker, film, line, name) if isinstance(film, dict) else maker.broken(film, line)
    yield from maker.remarks()


def _row(maker: RowMaker, film: Object, line: int, name: str) -> Row:
    title, year = text_of(film.get("title"))[:LONGEST].strip(), year_of(film.get("year"))
    told = object_of(film.get("id"))
    pairs = tuple((site, text) for site in ("imdb", "tvdb") if (text := text_of(told.get(site))) not in ("", "0", "-1"))
    ids = maker.ids.read_all(pairs, Kind.MOVIE)
    uuid = text_of(film.get("uuid"))[:LONGEST].lower()
    rating = text_of(film.get("rating"))[:LONGEST]
    return maker.make(
        key=f"{name}:{uuid}" if uuid else default_key(name, Kind.MOVIE, title, year, ids),
        sort=Kind.MOVIE,
        title=title,
        year=year,
        ids=ids,
        rating="" if rating in _NONE else rating,
        line=line,
    )
