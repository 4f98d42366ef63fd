"""What a table of Letterboxd's is, told by its header and never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.letterboxd.rows import imported, rated
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.scale import Scale
from adapters.reading.text import peek
from importer.model import Origin

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.header import Header

_FILM = ("date", "name", "year", "letterboxd uri")
_LIST_PREAMBLE = "letterboxd list export"
# Column names that only Letterboxd's import format has, and those of other sites' files that otherwise look like it.
_IDENTITY = frozenset({"title", "letterboxduri", "url", "tmdbid", "imdbid"})
_MARKS = frozenset({"letterboxduri", "tmdbid", "imdbid", "rating10", "watcheddate"})
_RATINGS = frozenset({"rating", "rating10"})
_FOREIGN = frozenset(
    (
        *("type", "traktid", "trakt_id", "slug", "ratedat", "rated_at", "tvdbid", "tvdb_id"),
        *("const", "your rating", "date rated"),
        *("simkl_id", "userrating", "feature", "provider"),
        *("movieid", "movie_id", "userid", "user_id", "timestamp", "average_rating", "media_id", "media_type"),
    )
)
_CROSSWATCH = frozenset({"imdbid", "tmdbid", "title", "year", "rating"})
"""CrossWatch writes exactly these columns, and points of 10 in the last one: its adapter finds out which they are."""

_UNRATED = "holds Letterboxd films without ratings; expected ratings.csv: give the whole export as it came"


def _is_import(head: Header, source: Source, member: str) -> bool:
    names = {*filter(None, head.names)}
    if not names & _IDENTITY or not names & _RATINGS or names == _CROSSWATCH:
        return False
    # "url" says nothing by itself: the address has to be one of Letterboxd's.
    return bool(names & _MARKS) or (
        "url" in names and "letterboxd.com/" in peek(source.head(member), source.encoding)[:4_096]
    )


def _is_list(head: Header, _source: Source, _member: str) -> bool:
    return bool(head.names) and head.names[0].startswith(_LIST_PREAMBLE)


RATINGS: Final = Form(
    why="Letterboxd's ratings.csv, told by its columns",
    needs=(*_FILM, "rating"),
    never=frozenset({"watched date"}),
    row=rated,
    scale=Scale.FIVE,
    dates={"date": DateColumn(Origin.RATING)},
)
LOG: Final = Form(
    why="Letterboxd's diary or reviews, told by their columns",
    needs=(*_FILM, "rating", "watched date"),
    also=("review",),
    texts=frozenset({"review"}),
    scale=Scale.FIVE,
    dates={"date": DateColumn(Origin.ENTRY), "watched date": DateColumn(Origin.WATCHED)},
)
IMPORT: Final = Form(
    why="the columns of Letterboxd's import format",
    needs=(),
    also=("rating", "rating10", "letterboxduri", "url", "title", "year", "watcheddate"),
    never=_FOREIGN,
    when=_is_import,
    row=imported,
    scale=Scale.FIVE,
    dates={"watcheddate": DateColumn(Origin.WATCHED)},
    ids={"imdb": "imdbid", "tmdb": "tmdbid"},
)
UNRATED: Final = Form(why="films without ratings", needs=_FILM, never=frozenset({"rating"}), refusal=_UNRATED)
LIST: Final = Form(why="a list", needs=(), when=_is_list, refusal=_UNRATED)

FORMS: Final = (RATINGS, LOG, UNRATED, IMPORT, LIST)
