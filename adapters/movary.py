"""Movary: its ratings as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.forms import Form
from adapters.reading.plain import Plain, Typed
from adapters.reading.table_adapter import TableAdapter
from importer.model import Kind

if TYPE_CHECKING:
    from adapters.reading.lines import Line
    from importer.model import Row

_FILM: Final = ("title", "year", "tmdbid", "imdbid")


def _row(line: Line) -> Row:
    return line.row(sort=Kind.MOVIE, title=line["title"], year=line.year(), ids=line.ids(Kind.MOVIE))


_FILMS: Final = Plain(words=(), typed=lambda: Typed(Kind.MOVIE, "movary:movie:"))
_RATINGS: Final = Form(
    why="the columns of Movary's ratings",
    needs=(*_FILM, "userrating"),
    row=_row,
    plain=_FILMS,
    rating="userrating",
    ids={"imdb": "imdbid", "tmdb": "tmdbid"},
)
_UNRATED: Final = Form(
    why="the columns of Movary's history or watchlist",
    needs=(*_FILM, "watchedat|addedat"),
    refusal="is Movary's history or watchlist, which has no ratings: export the ratings instead",
)

MOVARY: Final = TableAdapter(
    name="movary",
    about=About(
        site="Movary",
        where="Settings, Account, Data, Export ratings",
        forms="the ratings as CSV",
        scale="1 to 10 as it is",
        dates="none",
    ),
    forms=(_RATINGS, _UNRATED),
)
