"""Trakt's ratings as CSV: the VIP export, the file that Trakt itself imports, and TraktRater's lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.reading import tables
from adapters.reading.dates import day, instant
from adapters.reading.scale import ten_points
from adapters.reading.text import decode, shown
from adapters.trakt import ids as trakt_ids
from importer.errors import ExportError
from importer.model import Item, Kind, Origin, Reason, Rejected, Remark, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.reading.tables import Header
    from importer.model import Date, Row

_VIP: Final = ("rated_at", "type", "title", "year", "trakt_rating", "trakt_id", "rating")
_RATER: Final = ("title", "year", "imdbid", "tmdbid", "traktid", "slug", "ratedat", "rating")
_IDS: Final = ("trakt_id", "imdb_id", "tmdb_id", "tvdb_id")
_TYPES: Final = {
    "movie": Kind.MOVIE,
    "movies": Kind.MOVIE,
    "show": Kind.SHOW,
    "shows": Kind.SHOW,
    "season": None,
    "seasons": None,
    "episode": None,
    "episodes": None,
}

_COLUMNS: Final = {
    "kind": ("type",),
    "title": ("title",),
    "year": ("year",),
    "trakt": ("trakt_id", "traktid"),
    "imdb": ("imdb_id", "imdbid"),
    "tmdb": ("tmdb_id", "tmdbid"),
    "tvdb": ("tvdb_id", "tvdbid"),
    "slug": ("slug",),
    "url": ("url",),
    "season": ("season_number", "season"),
    "episode": ("episode_number", "episode"),
    "part": ("episode_trakt_id",),
    "rating": ("rating",),
    "rated": ("rated_at", "ratedat"),
    "watched": ("watched_at",),
}
"""What a row tells, and the column names for it, in lower case. The community's `trakt_rating` is not among them."""


@dataclass(frozen=True, slots=True)
class Form:
    """A CSV form as found: its header, what it is called, and the type of all its rows, "" where each has its own."""

    header: Header
    why: str
    kind: str


def form(text: str, file: str) -> Form | None:
    """Tell by the header which of the three forms a text is; None where it is none of them.

    TraktRater's rows have no type: columns or a file name that speak of episodes or seasons make them such, a TvdbId
    column or a name that speaks of shows makes them shows, all the rest are movies.
    """
    if head := tables.header(text, _VIP):
        return Form(head, "Trakt's VIP export, CSV", "")
    if head := tables.header(text, _RATER):
        name = file.lower().rpartition("/")[2]
        for part in ("episode", "season"):
            if any(part in column for column in head.names) or part in name:
                return Form(head, f"TraktRater's list of {part}s", part)
        show = "tvdbid" in head.names or "show" in name
        return Form(
            head, "TraktRater's list of shows" if show else "TraktRater's list of movies", "show" if show else "movie"
        )
    head = tables.header(text, ("type", "rating"))
    if head is None or not any(name in head.names for name in _IDS):
        return None
    if "watchlisted_at" in head.names or ("rated_at" in head.names and "title" not in head.names):
        return Form(head, "the CSV that Trakt itself imports", "")
    return None


def read(data: bytes, file: str, encoding: str | None) -> Iterator[Row | Remark]:
    """Yield every row of a CSV file of one of these forms. Raises ExportError where it is none, or cannot be read."""
    decoded = decode(data, encoding, file)
    found = form(decoded.text, file)
    if found is None:
        raise ExportError(f"{shown(file)}: is none of Trakt's CSV forms")
    if decoded.remark:
        yield Remark(file, 0, decoded.remark)
    places = _places(found.header, file)
    single = [place for place in places.values() if place is not None]
    for line, fields, mark in tables.rows(decoded.text, found.header, single, file):
        yield _row(
            {what: "" if at is None else fields[at] for what, at in places.items()}, found.kind, mark, file, line
        )


def _places(head: Header, file: str) -> dict[str, int | None]:
    """Resolve each of the columns once, by the first of its names that is there."""
    return {
        what: next((at for name in names if (at := head.optional(name, file)) is not None), None)
        for what, names in _COLUMNS.items()
    }


def _row(cells: dict[str, str], kind: str, mark: str, file: str, line: int) -> Row:
    cells = {what: cell.strip() for what, cell in cells.items()}
    word = (kind or cells["kind"]).lower()
    title, year = cells["title"], trakt_ids.number(cells["year"].removesuffix(".0"))
    ids: dict[str, object] = {
        "trakt": cells["trakt"].removesuffix(".0"),
        "slug": cells["slug"] or _slug(cells["url"]),
        "imdb": cells["imdb"].lower(),
        "tmdb": cells["tmdb"].removesuffix(".0"),
        "tvdb": cells["tvdb"].removesuffix(".0"),
    }
    named = _TYPES.get(word)
    own = trakt_ids.taken(ids)
    taken = own if named else ()
    when = int(year) if len(year) == 4 else None
    key = trakt_ids.key(named.value if named else word.removesuffix("s") or "row", ids, own, title, when)
    if named is None:
        part = trakt_ids.number(cells["part"])
        key = f"trakt:episode:{part}" if part else ":".join(filter(None, (key, cells["season"], cells["episode"])))
    rating, date = ten_points(cells["rating"]), _date(cells["rated"], cells["watched"])
    item = Item(
        key if not mark else f"trakt:row:{mark}", named, title, when, taken, cells["rating"], rating, date, file, line
    )
    if mark or not word:
        return Rejected(item, Reason.MALFORMED_ROW)
    if not cells["rating"]:
        return Skipped(item, Reason.UNRATED)
    return item if named else Skipped(item, Reason.UNSUPPORTED_KIND)


def _date(rated: str, watched: str) -> Date | None:
    """Take the rating date, else a complete watch date; "unknown" is none."""
    for text, origin in ((rated, Origin.RATING), (watched, Origin.WATCHED)):
        if text and (date := instant(text, origin) or day(text, origin)):
            return date
    return None


def _slug(url: str) -> str:
    """Take the slug out of https://trakt.tv/movies/SLUG or …/shows/SLUG/seasons/1."""
    for folder in ("/movies/", "/shows/"):
        if folder in url:
            return url.partition(folder)[2].partition("/")[0].partition("?")[0]
    return ""
