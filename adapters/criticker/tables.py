"""Criticker's CSV. Its column names begin with blanks, which the reading room takes off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.criticker.rows import RATED, key_of, plain_title, sort_of
from adapters.reading.forms import Form
from adapters.reading.plain import Plain, Typed
from adapters.reading.scale import Scale
from adapters.reading.titles import titled
from importer.model import Kind

if TYPE_CHECKING:
    from adapters.reading.lines import Line
    from importer.model import Row


def _row(line: Line) -> Row:
    sort, word = sort_of(line["url"])
    title, year = plain_title(line["film name"]), line.year()
    if year is None:
        title, year = titled(title)
    ids = line.ids(sort if isinstance(sort, Kind) else None)
    return line.row(key=key_of(ids), sort=sort, title=title, year=year, ids=ids, word=word)


def _typed(address: str) -> Typed | None:
    sort, _ = sort_of(address)
    return Typed(sort, "criticker:") if isinstance(sort, Kind) else None


_RATINGS: Final = Form(
    why="the columns of Criticker's ratings",
    needs=("score", "film name", "url"),
    also=("year",),
    row=_row,
    plain=Plain(words=("url",), typed=_typed, title="film name", own="imdb id", spelt=plain_title, titled=titled),
    rating="score",
    scale=Scale.HUNDRED,
    dates={"date rated": RATED},
    ids={"imdb": "imdb id"},
)
_WATCHLIST: Final = Form(
    why="the columns of Criticker's watchlist",
    needs=("psi", "film name"),
    never=frozenset({"score"}),
    refusal="is a Criticker watchlist (PSI is a guess of the site's, no rating): export your ratings instead",
)

FORMS: Final = (_RATINGS, _WATCHLIST)
