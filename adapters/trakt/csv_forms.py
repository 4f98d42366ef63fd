"""Trakt's ratings as CSV: the VIP export, the file that Trakt itself imports, and TraktRater's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.members import base
from adapters.reading.memo import Memo
from adapters.reading.plain import Plain, Typed
from adapters.trakt import ids as trakt_ids
from importer.model import Item, Kind, Origin, Precision, Reason, Rejected

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.header import Header
    from adapters.reading.kinds import Sort
    from adapters.reading.lines import Line
    from importer.model import Ids, Row

_TYPES: Final[dict[str, Sort]] = {
    "movie": Kind.MOVIE,
    "show": Kind.SHOW,
    "season": UNSUPPORTED,
    "episode": UNSUPPORTED,
}


def _told(text: str) -> tuple[str, Sort]:
    """Reduce a type to one word, and tell what it means."""
    word = text.lower()
    return word, _TYPES.get(word.removesuffix("s"), UNKNOWN)


_TOLD: Final = Memo(_told)
_IDS: Final = ("trakt_id", "imdb_id", "tmdb_id", "tvdb_id")
_RATED: Final = DateColumn(Origin.RATING, Precision.SECOND)


def _row(line: Line, told: str = "") -> Row:
    """Read a line of any of the forms; `told` is the type of all its rows, "" where each has its own."""
    word, sort = _TOLD[told or line["type"]]
    kind = sort if type(sort) is Kind else None
    title, year = line["title"], line.year()
    own = line.ids(kind)
    if kind is None and (part := trakt_ids.number(line["episode_trakt_id"])):
        key = f"trakt:episode:{part}"
    elif kind and own and (number := trakt_ids.number(line["trakt_id"].removesuffix(".0"))):
        key = f"trakt:{kind}:{number}"
    else:
        key, own = _named(line, kind, word, own)
    row = line.row(key=key, sort=sort, title=title, year=year, ids=own, word=word)
    return row if word else Rejected(row if isinstance(row, Item) else row.item, Reason.MALFORMED_ROW)


def _named(line: Line, kind: Kind | None, word: str, own: Ids) -> tuple[str, Ids]:
    """Name a row that lacks an id, and tell its ids: its slug is one of them only where there is no other."""
    ids = {"trakt": trakt_ids.number(line["trakt_id"].removesuffix(".0")), "slug": line["slug"] or _slug(line["url"])}
    if not own and trakt_ids.slug(ids):
        own = (("traktslug", ids["slug"]),)
    key = trakt_ids.key(word.removesuffix("s") or "row", ids, own, line["title"], line.year())
    if kind is None:
        key = ":".join(filter(None, (key, line["season_number"], line["episode_number"])))
    return key, own


def _rated(line: Line) -> Row:
    """Read a line of TraktRater's, which has no type: columns or the file's name tell it."""
    return _row(line, rater_kind(line.columns, line.file))


def rater_kind(names: tuple[str, ...], file: str) -> str:
    """Tell the type of all rows of a TraktRater list.

    Columns or a file name that speak of episodes or seasons make them such, a TvdbId column or a name that speaks of
    shows makes them shows, all the rest are movies.
    """
    for part in ("episode", "season"):
        if any(part in column for column in names) or part in base(file):
            return part
    return "show" if "tvdbid" in names or "show" in base(file) else "movie"


def _is_import(head: Header, _source: Source, _member: str) -> bool:
    names = head.names
    return any(name in names for name in _IDS) and (
        "watchlisted_at" in names or ("rated_at" in names and "title" not in names)
    )


_ALSO: Final = (
    *("title", "year", "trakt_id|traktid", "slug", "url", "episode_trakt_id", "type"),
    *("season_number|season", "episode_number|episode"),
)
"""What a row may tell beside the needed columns. The community's `trakt_rating` is not among them."""

_SITES: Final = {"imdb": "imdb_id|imdbid", "tmdb": "tmdb_id|tmdbid", "tvdb": "tvdb_id|tvdbid"}


def _typed(text: str) -> Typed | None:
    word, sort = _told(text)
    if isinstance(sort, Kind):
        return Typed(sort, f"trakt:{sort}:")
    return Typed(None, "trakt:episode:") if word == "episode" else None


VIP: Final = Form(
    why="Trakt's VIP export, CSV",
    needs=("rated_at", "type", "title", "year", "trakt_rating", "trakt_id|traktid", "rating"),
    also=_ALSO,
    row=_row,
    plain=Plain(typed=Memo(_typed).__getitem__, own="trakt_id", part="episode_trakt_id"),
    dates={"rated_at": _RATED},
    ids=_SITES,
)
RATER: Final = Form(
    why="TraktRater's list",
    needs=("title", "year", "imdbid", "tmdbid", "traktid", "slug", "ratedat", "rating"),
    also=_ALSO,
    row=_rated,
    dates={"ratedat": _RATED},
    ids=_SITES,
)
IMPORT: Final = Form(
    why="the CSV that Trakt itself imports",
    needs=("type", "rating"),
    also=_ALSO,
    when=_is_import,
    row=_row,
    dates={"rated_at": _RATED, "watched_at": DateColumn(Origin.WATCHED)},
    ids=_SITES,
)

FORMS: Final = (VIP, RATER, IMPORT)


def _slug(url: str) -> str:
    """Take the slug out of https://trakt.tv/movies/SLUG or …/shows/SLUG/seasons/1."""
    for folder in ("/movies/", "/shows/"):
        if folder in url:
            return url.partition(folder)[2].partition("/")[0].partition("?")[0]
    return ""
