"""TMDB's ratings as CSV. An episode's row says "tv" and has the episode's own ids: only the number columns tell it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.memo import REMEMBERED
from adapters.reading.plain import Plain, Typed
from adapters.reading.table_adapter import TableAdapter
from importer.model import Kind, Origin, Precision

if TYPE_CHECKING:
    from adapters.reading.kinds import Sort
    from adapters.reading.lines import Line
    from importer.model import Row

_TYPES: Final[dict[str, Sort]] = {"movie": Kind.MOVIE, "tv": Kind.SHOW}


def _row(line: Line) -> Row:
    word = line["type"].lower()
    part = "episode" if line["episode number"] else "season" if line["season number"] else ""
    sort = UNSUPPORTED if part else _TYPES.get(word, UNKNOWN)
    ids = line.ids(sort if isinstance(sort, Kind) else None)
    number = next((value for site, value in ids if site == "tmdb"), "")
    key = f"tmdb:{part or word}:{number}" if number else ""
    return line.row(key=key, sort=sort, title=line["name"], year=line.year("release date"), ids=ids, word=word)


@lru_cache(REMEMBERED)
def _typed(text: str) -> Typed | None:
    word = text.lower()
    sort = _TYPES.get(word)
    return Typed(sort, f"tmdb:{word}:") if isinstance(sort, Kind) else None


TMDB: Final = TableAdapter(
    name="tmdb",
    about=About(
        site="TMDB",
        where="https://www.themoviedb.org, your profile, Ratings, Export",
        forms="the ratings as CSV",
        scale="1 to 10; half points, which occur, as --round says",
        dates="Date Rated, to the second",
    ),
    forms=(
        Form(
            why="the columns of TMDB's ratings",
            needs=("tmdb id", "type", "name", "your rating"),
            also=("season number", "episode number", "release date"),
            row=_row,
            plain=Plain(
                typed=_typed,
                title="name",
                year="release date",
                own="tmdb id",
                parts={"season number": "tmdb:season:", "episode number": "tmdb:episode:"},
            ),
            rating="your rating",
            dates={"date rated": DateColumn(Origin.RATING, Precision.SECOND)},
            ids={"imdb": "imdb id", "tmdb": "tmdb id"},
            hollow="holds no ratings: it is a watchlist; export your ratings from TMDB instead",
        ),
    ),
)
