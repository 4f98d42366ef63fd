"""The lines of Letterboxd's tables as rows: what names a film, and where its rating stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from adapters.reading.scale import Scale
from importer.model import Ids, Kind

if TYPE_CHECKING:
    from adapters.reading.lines import Line
    from importer.model import Row

_SHORT: Final = "https://boxd.it/"
_FILM_URI = re.compile(r"(?i:(?:https?://)?(?:www\.)?letterboxd\.com)/(?:[^/\s]+/)?film/([^/?#\s]+)(?:[/?#].*)?")
_SHORT_URI = re.compile(r"(?i:(?:https?://)?(?:www\.)?boxd\.it)/([^/?#\s]+)/?")


def rated(line: Line) -> Row:
    """Read a line of ratings.csv: a film, named by its URI."""
    uri = line["letterboxd uri"]
    title, year = line["name"], line.year()
    ids: Ids = ()
    if uri.startswith(_SHORT) and uri[-1].isalnum():
        key = "letterboxd:" + uri
    else:
        key, ids = film(uri, title, year)
    return line.row(key=key, sort=Kind.MOVIE, title=title, year=year, ids=ids)


def logged(line: Line) -> Row:
    """Read a line of diary.csv or reviews.csv: an entry. A short URI names the entry, never the film."""
    title, year = line["name"], line.year()
    slug = _FILM_URI.fullmatch(line["letterboxd uri"])
    key, ids = film(slug[0] if slug else "", title, year)
    return line.row(key=key, sort=Kind.MOVIE, title=title, year=year, ids=ids)


def imported(line: Line) -> Row:
    """Read a line of the site's import format: stars or points, and ids that the person or another program knows."""
    title, year, stars = line["title"], line.year(), line["rating"]
    ids = line.ids(Kind.MOVIE)
    key, slug = film(line["letterboxduri"] or line["url"], title, year)
    if not slug and ids and ":title:" in key:
        key = f"letterboxd:{ids[0][0]}={ids[0][1]}"
    return line.row(
        key=key,
        sort=Kind.MOVIE,
        title=title,
        year=year,
        ids=ids + slug,
        rating=stars or line["rating10"],
        scale=None if stars else Scale.TEN,
    )


def film(uri: str, title: str, year: int | None) -> tuple[str, Ids]:
    """Name a film, the same over exports, whatever the scheme and the last slash: by its URI, else by its title."""
    found = _FILM_URI.fullmatch(uri)
    if found is not None:
        slug = found[1].lower()
        return f"letterboxd:https://letterboxd.com/film/{slug}/", (("letterboxd", slug),)
    short = _SHORT_URI.fullmatch(uri)
    if short is not None:
        return f"letterboxd:{_SHORT}{short[1]}", ()
    return f"letterboxd:title:{title.casefold()}:{'' if year is None else year}", ()
