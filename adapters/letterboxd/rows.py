"""The rows of Letterboxd's tables as items: what names a film, and which entry of a log counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import TypeAlias

from adapters.letterboxd.forms import LOG, RATINGS
from adapters.reading.dates import day
from adapters.reading.scale import half_stars, ten_points
from adapters.reading.tables import Header, Memo, rows
from importer.model import Date, Ids, Item, Kind, Origin, Reason, Rejected, Row, Skipped, Superseded

MOVIE = Kind.MOVIE

_SHORT = "https://boxd.it/"
_FILM_URI = re.compile(r"(?i:(?:https?://)?(?:www\.)?letterboxd\.com)/(?:[^/\s]+/)?film/([^/?#\s]+)(?:[/?#].*)?")
_SHORT_URI = re.compile(r"(?i:(?:https?://)?(?:www\.)?boxd\.it)/([^/?#\s]+)/?")
_YEAR = re.compile(r"\s*([0-9]{4})(?:\.0+)?\s*")
_TMDB = re.compile(r"0*([1-9][0-9]{0,17})(?:\.0+)?")
_IMDB = re.compile(r"tt[0-9]{1,17}")
_SPACE = " \t\r\n"
_LONG_AGO = -(10**12)

Entry: TypeAlias = tuple[Row, tuple[int, int] | None]
"""A log's row, and (watched, logged) in seconds since the epoch where it takes part in "the last entry of a film"."""


def ratings(text: str, head: Header, file: str) -> Iterator[Row]:
    """Read ratings.csv: one row a film, its URI names the film, its date is the day of the rating."""
    places = [head.column(name, file) for name in RATINGS]
    pick = itemgetter(*places)
    year_of, rating_of, date_of = Memo(_year), Memo(half_stars), Memo(partial(day, origin=Origin.RATING))
    for line, fields, mark in rows(text, head, places, file):
        when, title, years, uri, source_rating = pick(fields)
        title = title.strip(_SPACE)
        year = year_of[years]
        ids: Ids = ()
        if mark:
            key = f"letterboxd:row:{mark}"
        elif uri.startswith(_SHORT) and uri[-1].isalnum():
            key = "letterboxd:" + uri
        else:
            key, ids = _film(uri.strip(_SPACE), title, year)
        rating = rating_of[source_rating]
        item = Item(key, MOVIE, title, year, ids, source_rating, rating, date_of[when], file, line)
        yield item if rating is not None and not mark else _judged(item, mark)


def log(text: str, head: Header, file: str) -> Iterator[Entry]:
    """Read diary.csv or reviews.csv: a row an entry; a short URI names the entry, never the film."""
    dates, names, years, uris, stars, watched = places = [head.column(name, file) for name in LOG]
    for line, fields, mark in rows(text, head, places, file):
        title = fields[names].strip(_SPACE)
        year = _year(fields[years])
        slug = _FILM_URI.fullmatch(fields[uris].strip(_SPACE))
        key, ids = _film(slug[0] if slug else "", title, year)
        rating = half_stars(fields[stars])
        date = day(fields[dates], Origin.ENTRY)
        item = Item(
            f"letterboxd:row:{mark}" if mark else key, MOVIE, title, year, ids, fields[stars], rating, date, file, line
        )
        row = _judged(item, mark)
        # What cannot be sent anyway must not take the place of a good entry.
        counts = isinstance(row, Item) and rating in range(1, 11) and bool(title or ids)
        yield row, _when(day(fields[watched], Origin.WATCHED), date) if counts else None


def last_of_each_film(entries: Iterable[Entry]) -> Iterator[Row]:
    """Yield all rows in their order: of each film's entries the last by (watched, logged) as it is, others superseded.

    Of entries that are equal in this the later row wins; but an entry of the first table is not replaced by its like in
    the next one, since a review is the diary's entry once more.
    """
    kept = list(entries)
    files: dict[str, int] = {}
    last: dict[str, tuple[int, int, int, int]] = {}
    for index, (row, when) in enumerate(kept):
        if isinstance(row, Item) and when is not None:
            rank = (*when, -files.setdefault(row.file, len(files)), index)
            last[row.key] = max(last.get(row.key, rank), rank)
    for index, (row, when) in enumerate(kept):
        if isinstance(row, Item) and when is not None and last[row.key][-1] != index:
            yield Superseded(row)
        else:
            yield row


def imports(text: str, head: Header, file: str) -> Iterator[Row]:
    """Read the site's import format: columns in any order, stars or points, and only the watch date for a date."""
    places = {name: head.optional(name, file) for name in _IMPORT_COLUMNS}
    single = [place for place in places.values() if place is not None]
    for line, fields, mark in rows(text, head, single, file):
        uri, link, tmdb, imdb, title, years, stars, points, watched = (
            "" if place is None else fields[place].strip(_SPACE) for place in places.values()
        )
        year = _year(years)
        rating = half_stars(stars) if stars else ten_points(points)
        date = day(watched, Origin.WATCHED)
        numbers = _import_ids(tmdb, imdb)
        key, slug = _film(uri or link, title, year)
        if ":title:" in key and numbers:
            key = f"letterboxd:{numbers[0][0]}={numbers[0][1]}"
        if mark:
            key = f"letterboxd:row:{mark}"
        yield _judged(Item(key, MOVIE, title, year, numbers + slug, stars or points, rating, date, file, line), mark)


_IMPORT_COLUMNS = (
    "letterboxduri", "url", "tmdbid", "imdbid", "title", "year", "rating", "rating10", "watcheddate",
)  # fmt: skip


def _import_ids(tmdb: str, imdb: str) -> Ids:
    ids: list[tuple[str, str]] = []
    if _IMDB.fullmatch(imdb.lower()):
        ids.append(("imdb", imdb.lower()))
    number = _TMDB.fullmatch(tmdb)
    if number is not None:
        ids.append(("tmdb", number[1]))
    return tuple(ids)


def _judged(item: Item, mark: str) -> Row:
    if mark:
        return Rejected(item, Reason.MALFORMED_ROW)
    if not item.source_rating.strip():
        return Skipped(item, Reason.UNRATED)
    return item


def _film(uri: str, title: str, year: int | None) -> tuple[str, Ids]:
    """Name a film, the same over exports, whatever the scheme and the last slash: by its URI, else by its title."""
    film = _FILM_URI.fullmatch(uri)
    if film is not None:
        slug = film[1].lower()
        return f"letterboxd:https://letterboxd.com/film/{slug}/", (("letterboxd", slug),)
    short = _SHORT_URI.fullmatch(uri)
    if short is not None:
        return f"letterboxd:{_SHORT}{short[1]}", ()
    return f"letterboxd:title:{title.casefold()}:{'' if year is None else year}", ()


def _year(text: str) -> int | None:
    match = _YEAR.fullmatch(text)
    return int(match[1]) or None if match is not None else None


def _when(watched: Date | None, logged: Date | None) -> tuple[int, int]:
    late = _LONG_AGO if logged is None else logged.value
    return (late if watched is None else watched.value), late
