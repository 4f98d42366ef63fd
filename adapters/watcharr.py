"""Watcharr: the JSON of everything a person watched, films and series among games."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_forms import JsonForm, at
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.parts import rated_parts
from adapters.reading.values import objects_of
from importer.model import Kind, Origin, Precision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.reading.documents import Object
    from adapters.reading.json_entries import JsonEntry
    from adapters.reading.kinds import Sort
    from importer.model import Row

_TYPES: Final[dict[str, Sort]] = {"movie": Kind.MOVIE, "tv": Kind.SHOW, "tv_episode": UNSUPPORTED}
_OTHERS: Final = {"game": "game.igdbId", "book": "book.olId|book.id"}
"""What else a person may track there, and its number."""


def _row(entry: JsonEntry) -> Row:
    other = next((name for name in _OTHERS if isinstance(entry.at(name), dict)), "")
    word = other or entry["content.type"]
    sort = UNSUPPORTED if other else _TYPES.get(word, UNKNOWN)
    number = entry[_OTHERS[other]] if other else entry["content.tmdbId"]
    return entry.row(
        key=f"watcharr:{word}:{number}" if number not in ("", "0") else "",
        sort=sort,
        title=entry["content.title|game.name|book.title"],
        year=entry.year("content.release_date"),
        ids=entry.ids(sort) if isinstance(sort, Kind) else (),
        word=word,
    )


def _is_entry(entry: Object, _document: Object) -> bool:
    return at(entry, "content.tmdbId") is not None or any(isinstance(entry.get(name), dict) for name in _OTHERS)


def _notes(entries: list[Object]) -> Iterator[str]:
    for name, one in (("watchedSeasons", "season"), ("watchedEpisodes", "episode")):
        parts = [part for entry in entries for part in objects_of(entry.get(name))]
        yield from rated_parts(one, f"{one}s", [part.get("rating") for part in parts])


_LIST: Final = JsonForm(
    why="the entries of a Watcharr list",
    needs=("status", "rating", "content|game|book"),
    when=_is_entry,
    row=_row,
    unrated=(0,),
    dates={"updatedAt": DateColumn(Origin.EDITED, Precision.SECOND)},
    ids={"imdb": "content.imdb_id", "tmdb": "content.tmdbId"},
    notes=_notes,
)

WATCHARR: Final = JsonAdapter(
    name="watcharr",
    about=About(
        site="Watcharr",
        where="your profile, Export",
        forms="the list as JSON; films and series, not their seasons and episodes",
        scale="0-10 as it is, 0 means unrated; points between two whole ones as --round says",
        dates="none: the last edit stands in",
    ),
    forms=(_LIST,),
)
