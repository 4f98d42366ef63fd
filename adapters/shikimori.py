"""Shikimori: its list as JSON. Its XML has MyAnimeList's shape, and MyAnimeList's adapter reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_forms import JsonForm
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.values import text_of
from importer.model import Kind, Origin

if TYPE_CHECKING:
    from adapters.reading.documents import Object
    from adapters.reading.json_entries import JsonEntry
    from adapters.reading.kinds import Sort
    from importer.model import Row

_TYPES: Final[dict[str, Sort]] = {"anime": Kind.ANIME, "manga": UNSUPPORTED, "ranobe": UNSUPPORTED}


def _row(entry: JsonEntry) -> Row:
    word = entry["target_type"]
    sort = _TYPES.get(word.lower(), UNKNOWN)
    number = entry["target_id"]
    # Manga have numbers of their own: theirs must never be taken for an anime's.
    ids = entry.ids(Kind.ANIME) if sort is Kind.ANIME else ()
    what = "shikimori" if sort is Kind.ANIME else f"shikimori:{word.lower()}"
    return entry.row(
        key=f"{what}:{number}" if number not in ("", "0") else "",
        sort=sort,
        title=entry["target_title"],
        year=None,
        ids=ids,
        word=word,
    )


def _is_manga(entry: Object) -> bool:
    return _TYPES.get(text_of(entry.get("target_type")).lower()) is UNSUPPORTED


_LIST: Final = JsonForm(
    why="the entries of a Shikimori list",
    needs=("target_id", "target_type", "score"),
    row=_row,
    rating="score",
    unrated=(0,),
    dates={"updated_at": DateColumn(Origin.EDITED)},
    ids={"mal": "target_id"},
    other=_is_manga,
    others="is a manga list; Simkl has no manga: export the anime list instead",
)

SHIKIMORI: Final = JsonAdapter(
    name="shikimori",
    about=About(
        site="Shikimori",
        where="your profile, Settings, List, Export: the anime list",
        forms="the list as JSON, and the API's user_rates; the XML is read as MyAnimeList's (mal)",
        scale="1-10 as it is; 0 means unrated",
        dates="none; in the API's answers the last edit stands in",
    ),
    forms=(_LIST,),
)
