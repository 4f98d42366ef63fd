"""SeriesGuide: the JSON backup of a person's shows. Its films have no ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_forms import Join, JsonForm
from adapters.reading.parts import rated_parts
from adapters.reading.values import objects_of
from importer.model import Kind, Origin, Precision, iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.reading.documents import Object
    from adapters.reading.json_entries import JsonEntry
    from importer.model import Row

_LATEST: Final = 10**13
"""Milliseconds: in the year 2286. Later times are none."""


def _row(entry: JsonEntry) -> Row:
    ids = entry.ids(Kind.SHOW)
    return entry.row(sort=Kind.SHOW, title=entry["title"], year=entry.year("first_aired"), ids=ids)


def _join(_pages: list[Object]) -> Join:
    """Write the time at which a show was last watched as a text, as dates are read."""

    def joined(show: Object) -> Iterator[Object]:
        told = show.get("last_watched_ms")
        yield {**show, "last_watched": iso(told // 1000) if type(told) is int and 0 < told < _LATEST else ""}

    return joined


def _notes(shows: list[Object]) -> Iterator[str]:
    seasons = [season for show in shows for season in objects_of(show.get("seasons"))]
    episodes = [episode for season in seasons for episode in objects_of(season.get("episodes"))]
    yield from rated_parts("season", "seasons", [season.get("rating_user") for season in seasons])
    yield from rated_parts("episode", "episodes", [episode.get("rating_user") for episode in episodes])


_SHOWS: Final = JsonForm(
    why="the shows of a SeriesGuide backup",
    needs=("seasons", "tmdb_id|tvdb_id|imdb_id"),
    when=lambda show, _document: isinstance(show.get("seasons"), list),
    join=_join,
    row=_row,
    rating="rating_user",
    unrated=(0,),
    dates={"last_watched": DateColumn(Origin.WATCHED, Precision.SECOND)},
    ids={"tmdb": "tmdb_id", "tvdb": "tvdb_id", "imdb": "imdb_id"},
    notes=_notes,
)
_MOVIES: Final = JsonForm(
    why="the films of a SeriesGuide backup",
    needs=("in_watchlist", "in_collection", "tmdb_id|imdb_id"),
    refusal="holds SeriesGuide's films, which have no ratings: give the backup of the shows",
)
_LISTS: Final = JsonForm(
    why="the lists of a SeriesGuide backup",
    needs=("list_id", "items"),
    refusal="holds SeriesGuide's lists, which have no ratings: give the backup of the shows",
)

SERIESGUIDE: Final = JsonAdapter(
    name="seriesguide",
    about=About(
        site="SeriesGuide",
        where="Settings, Backup, Export shows",
        forms="the JSON of the shows; not their episodes, and films have no ratings there",
        scale="1-10 as it is; 0 means unrated",
        dates="none: the day on which the show was last watched stands in",
    ),
    forms=(_SHOWS, _MOVIES, _LISTS),
)
