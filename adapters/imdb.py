"""IMDb's ratings as CSV: every generation, lists, and files that were saved once more."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED, plain
from adapters.reading.memo import REMEMBERED
from adapters.reading.plain import Plain, Typed
from adapters.reading.table_adapter import TableAdapter
from importer.model import Kind, Origin

if TYPE_CHECKING:
    from adapters.reading.kinds import Sort
    from adapters.reading.lines import Line
    from importer.model import Row

_FILMS: Final = (
    *("movie", "tvmovie", "short", "tvshort", "video", "tvspecial"),
    *("featurefilm", "shortfilm", "documentary"),  # to 2017
    *("film", "corto", "specialetv"),  # Italian, and the first of them German too
)
_SHOWS: Final = ("tvseries", "tvminiseries", "miniseries", "serietv", "miniserietv")
_OTHERS: Final = ("tvepisode", "videogame", "musicvideo", "podcastseries", "podcastepisode", "episodiotv")
TYPES: Final[dict[str, Sort]] = (
    dict.fromkeys(_FILMS, Kind.MOVIE) | dict.fromkeys(_SHOWS, Kind.SHOW) | dict.fromkeys(_OTHERS, UNSUPPORTED)
)
"""Title types without blanks, in lower case. They are in the language of the person's IMDb: any other word may mean
anything, and is never taken for a film."""


def _row(line: Line) -> Row:
    word = line["title type"]
    sort = UNSUPPORTED if line["const"].startswith("nm") else TYPES.get(plain(word), UNKNOWN)
    ids = line.ids(sort if isinstance(sort, Kind) else None)
    key = f"imdb:{ids[0][1]}" if ids else ""
    return line.row(key=key, sort=sort, title=line["title"], year=line.year(), ids=ids, word=word)


@lru_cache(REMEMBERED)
def _typed(text: str) -> Typed | None:
    sort = TYPES.get(plain(text), UNKNOWN)
    return None if sort is UNKNOWN else Typed(sort if isinstance(sort, Kind) else None, "imdb:")


_RATINGS: Final = Form(
    why="the columns of IMDb's ratings",
    needs=("const", "title type", "your rating|you rated"),
    also=("title", "year"),
    row=_row,
    plain=Plain(words=("title type",), typed=_typed, own="const"),
    rating="your rating|you rated",
    dates={"date rated|created|date added": DateColumn(Origin.RATING)},
    ids={"imdb": "const"},
    texts=frozenset({"description"}),
    advice="switch IMDb to English and export again",
)
_LIST: Final = Form(
    why="the columns of an IMDb list",
    needs=("const", "title type"),
    never=frozenset({"your rating", "you rated"}),
    refusal="is an IMDb list or watchlist without ratings (no column Your Rating): export Your Ratings instead",
)
_PEOPLE: Final = Form(
    why="the columns of an IMDb list of people",
    needs=("const", "known for"),
    refusal="is an IMDb list of people, which have no ratings: export Your Ratings instead",
)

IMDB: Final = TableAdapter(
    name="imdb",
    about=About(
        site="IMDb",
        where="https://www.imdb.com/exports/, Your Ratings",
        forms="ratings.csv of every generation; lists that have a column Your Rating",
        scale="1 to 10 as it is",
        dates="Date Rated, to the day",
    ),
    forms=(_RATINGS, _LIST, _PEOPLE),
)
