"""MovieLens: a person's ratings as CSV. The research data sets of the same site are no one's export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.forms import Form
from adapters.reading.plain import Plain, Typed
from adapters.reading.scale import Scale
from adapters.reading.table_adapter import TableAdapter
from adapters.reading.titles import titled
from importer.model import Kind

if TYPE_CHECKING:
    from adapters.reading.lines import Line
    from importer.model import Row

_IMDB_DIGITS: Final = 7


def _row(line: Line) -> Row:
    title, year = titled(line["title"])
    # IMDb's numbers stand there without "tt", and spreadsheets take their zeros.
    imdb = line["imdb_id"].removesuffix(".0")
    imdb = f"tt{imdb.zfill(_IMDB_DIGITS)}" if imdb.isdecimal() else imdb
    ids = line.maker.ids.read_all((("imdb", imdb), ("tmdb", line["tmdb_id"])), Kind.MOVIE)
    number = line["movie_id"].removesuffix(".0")
    return line.row(key=f"movielens:{number}" if number else "", sort=Kind.MOVIE, title=title, year=year, ids=ids)


_FILMS: Final = Plain(words=(), typed=lambda: Typed(Kind.MOVIE, "movielens:"), year="", titled=titled, own="movie_id")
_RATINGS: Final = Form(
    why="the columns of MovieLens' ratings",
    needs=("movie_id", "rating", "average_rating", "title"),
    row=_row,
    plain=_FILMS,
    scale=Scale.FIVE,
    ids={"imdb": "imdb_id", "tmdb": "tmdb_id"},
)
_WISHES: Final = Form(
    why="the columns of MovieLens' wish list",
    needs=("movie_id", "average_rating", "title"),
    never=frozenset({"rating"}),
    refusal="is a MovieLens wish list without ratings (average_rating is everybody's): export your ratings instead",
)
_RESEARCH: Final = Form(
    why="the columns of MovieLens' research data",
    needs=("userid|user_id", "movieid|movie_id", "rating"),
    never=frozenset({"average_rating"}),
    refusal="is a research data set (userId, movieId, rating): the ratings of many people, and no one's export; "
    "export your own from MovieLens",
)

MOVIELENS: Final = TableAdapter(
    name="movielens",
    about=About(
        site="MovieLens",
        where="https://movielens.org/profile/settings/import-export, export ratings",
        forms="movielens-ratings.csv",
        scale="0.5 to 5 stars in half steps, doubled",
        dates="none",
    ),
    forms=(_RATINGS, _WISHES, _RESEARCH),
)
