"""Simkl's backup as CSV, in both of its headers; converters of other trackers write it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading.dates import DateOrder
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.kinds import kind_of
from adapters.reading.memo import Memo
from adapters.reading.plain import Plain, Typed
from importer.model import Kind, Origin

if TYPE_CHECKING:
    from adapters.reading.lines import Line
    from importer.model import Row


def _row(line: Line) -> Row:
    word = line["type"]
    sort = kind_of(word)
    ids = line.ids(sort if isinstance(sort, Kind) else None)
    key = f"simkl:{sort}:{ids[0][1]}" if ids and ids[0][0] == "simkl" else ""
    return line.row(key=key, sort=sort, title=line["title"], year=line.year(), ids=ids, word=word)


def _typed(text: str) -> Typed | None:
    sort = kind_of(text)
    return Typed(sort, f"simkl:{sort}:") if isinstance(sort, Kind) else None


CSV: Final = Form(
    why="the columns of Simkl's CSV backup",
    needs=("simkl_id", "title", "type", "watchlist", "rating"),
    also=("year",),
    row=_row,
    plain=Plain(typed=Memo(_typed).__getitem__, own="simkl_id"),
    dates={"watcheddate": DateColumn(Origin.WATCHED)},
    ids={
        "simkl": "simkl_id",
        "imdb": "imdb|imdb_id",
        "tmdb": "tmdb|tmdb_id",
        "tvdb": "tvdb|tvdb_id",
        "mal": "mal_id|mal",
    },
    order=DateOrder.MDY,
    texts=frozenset({"memo"}),
)
