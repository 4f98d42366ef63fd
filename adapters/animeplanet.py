"""Anime-Planet: the JSON export of an anime list. It has no ids and no years: each title needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_forms import JsonForm, at
from adapters.reading.scale import Scale
from importer.model import Kind, Origin, Precision

if TYPE_CHECKING:
    from adapters.reading.documents import Object
    from adapters.reading.json_entries import JsonEntry
    from importer.model import Row

_NEEDS: Final = ("name", "status", "rating")


def _row(entry: JsonEntry) -> Row:
    title = entry["name"]
    key = f"animeplanet:{title.casefold()}" if title else ""
    return entry.row(key=key, sort=Kind.ANIME, title=title, year=None, ids=())


def _is_anime(_entry: Object, document: Object) -> bool:
    return at(document, "export.type") == "anime"


def _is_manga(_entry: Object, document: Object) -> bool:
    return at(document, "export.type") == "manga"


_ANIME: Final = JsonForm(
    why="an export of an Anime-Planet anime list",
    inside="entries",
    needs=_NEEDS,
    when=_is_anime,
    row=_row,
    scale=Scale.FIVE,
    unrated=(0,),
    dates={"completed": DateColumn(Origin.WATCHED, Precision.SECOND)},
)
_MANGA: Final = JsonForm(
    why="an export of an Anime-Planet manga list",
    inside="entries",
    needs=_NEEDS,
    when=_is_manga,
    refusal="is a manga list; Simkl has no manga: export the anime list instead",
)

ANIMEPLANET: Final = JsonAdapter(
    name="animeplanet",
    about=About(
        site="Anime-Planet",
        where="https://www.anime-planet.com/users/export_list.php",
        forms="export-anime-….json; it names titles alone, so that each is to be found with `simkl-import mend`",
        scale="0.5 to 5 stars in half steps, doubled; 0 means unrated",
        dates="none: the day of completion stands in",
    ),
    forms=(_ANIME, _MANGA),
)
