"""Yamtrack: its CSV of everything a person tracks, films and series among books and games."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Form
from adapters.reading.ids import NUMERIC
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.memo import REMEMBERED
from adapters.reading.plain import Plain, Typed
from adapters.reading.table_adapter import TableAdapter
from importer.model import Ids, Kind, Origin, Precision

if TYPE_CHECKING:
    from adapters.reading.kinds import Sort
    from adapters.reading.lines import Line
    from importer.model import Row

_OTHERS: Final = (
    *("season", "episode", "manga", "game", "book", "comic", "boardgame", "podcast"),
    *("music", "music_artist", "music_album"),
)
_TYPES: Final[dict[str, Sort]] = {
    "movie": Kind.MOVIE,
    "tv": Kind.SHOW,
    "anime": Kind.ANIME,
    **dict.fromkeys(_OTHERS, UNSUPPORTED),
}
_MAL: Final = ("anime", "manga")
_SITES: Final = frozenset({"tmdb", "tvdb", "imdb", "mal", "anilist", "kitsu", "anidb", "simkl"})
"""Sources whose numbers are ids. Those of `manual` count the person's own entries."""


def _row(line: Line) -> Row:
    word = line["media_type"].lower()
    sort = _TYPES.get(word, UNKNOWN)
    source, number = _source(line, word), line["media_id"]
    ids: Ids = ()
    part = ""
    if not isinstance(sort, Kind):
        # The rows of seasons and episodes repeat the number of their show.
        part = "".join(f":{text}" for text in (line["season_number"], line["episode_number"]) if text)
    elif source in _SITES and (value := line.maker.ids.read(source, number, sort)):
        ids = ((source, value),)
        number = value
    key = f"yamtrack:{word}:{source}={number}{part}" if number else ""
    return line.row(key=key, sort=sort, title=line["title"], year=None, ids=ids, word=word)


def _source(line: Line, word: str) -> str:
    """Tell whose number a row has. The first versions did not say: MAL's for anime and manga, TMDB's for the rest."""
    told = line["source"]
    if told or "source" in line.columns:
        return told.lower()
    return "mal" if word in _MAL else "tmdb"


@lru_cache(REMEMBERED)
def _typed(text: str, source: str) -> Typed | None:
    word, source = text.lower(), source.lower()
    sort = _TYPES.get(word, UNKNOWN)
    if sort is UNKNOWN or source not in _SITES & NUMERIC:
        return None
    return Typed(sort if isinstance(sort, Kind) else None, f"yamtrack:{word}:{source}=", source)


_MEDIA: Final = Form(
    why="the columns of Yamtrack's CSV",
    needs=("media_id", "media_type", "title", "score"),
    also=("source", "season_number", "episode_number"),
    row=_row,
    plain=Plain(
        words=("media_type", "source"), typed=_typed, year="", own="media_id", tail=("season_number", "episode_number")
    ),
    rating="score",
    dates={
        "end_date": DateColumn(Origin.WATCHED),
        "progressed_at|progress_changed": DateColumn(Origin.EDITED, Precision.SECOND),
    },
)
_LISTS: Final = Form(
    why="the columns of a Yamtrack list",
    needs=("media_id", "media_type", "list_name"),
    never=frozenset({"score"}),
    refusal="holds Yamtrack lists without ratings: export your media, not a list",
)

YAMTRACK: Final = TableAdapter(
    name="yamtrack",
    about=About(
        site="Yamtrack",
        where="Settings, Export Data",
        forms="the CSV; its films, series and anime, not their seasons and episodes",
        scale="0 to 10 with one decimal; points between two whole ones as --round says",
        dates="none: end_date stands in, else the last edit of the progress",
    ),
    forms=(_MEDIA, _LISTS),
)
