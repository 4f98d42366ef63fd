"""CrossWatch's captures: what stood on another site, as one JSON object with a key for each title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading.file_dates import DateColumn
from adapters.reading.json_forms import JsonForm
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED, kind_of
from adapters.reading.values import text_of
from importer.model import Kind, Origin, Precision

if TYPE_CHECKING:
    from adapters.reading.documents import Object
    from adapters.reading.json_entries import JsonEntry
    from adapters.reading.kinds import Sort
    from importer.model import Row

_TYPES: Final = ("type", "media_type", "entity")
_SITES: Final = ("imdb", "tmdb", "tvdb", "mal", "anilist", "kitsu", "anidb", "simkl")


def _row(entry: JsonEntry) -> Row:
    sort, word = _sort(entry)
    title = entry["title"]
    if isinstance(sort, Kind):
        return entry.row(sort=sort, title=title, year=entry.year(), ids=entry.ids(sort))
    # A season and an episode have ids of their own, those of the show stand beside them: neither is the title's.
    shows = (f"{site}={text}" for site in _SITES if (text := entry[f"show_ids.{site}|ids.{site}"]) not in ("", "0"))
    parts = (next(shows, title.casefold()), entry["season"], entry["episode"])
    key = ":".join(("crosswatch", word.lower(), *filter(None, parts)))
    return entry.row(key=key, sort=sort, title=title, year=entry.year(), ids=(), word=word)


def _sort(entry: JsonEntry) -> tuple[Sort, str]:
    """Tell the kind of an item by its type; one without is at least no film where it has a season or an episode."""
    word = next((text for name in _TYPES if (text := entry[name])), "")
    if word:
        return kind_of(word), word
    part = next((name for name in ("episode", "season") if entry[name]), "")
    return (UNSUPPORTED, part) if part else (UNKNOWN, "")


def _holds_ratings(_item: Object, capture: Object) -> bool:
    return _is_capture(_item, capture) and text_of(capture.get("feature")).strip().lower() == "ratings"


def _is_capture(_item: Object, capture: Object) -> bool:
    return capture.get("kind") == "snapshot" and "feature" in capture


def _is_bundle(_child: Object, capture: Object) -> bool:
    return capture.get("kind") == "snapshot_bundle"


FORMS: Final = (
    JsonForm(
        why="a capture of ratings by CrossWatch",
        needs=("ids|title",),
        inside="items",
        keyed=True,
        when=_holds_ratings,
        row=_row,
        rating="rating|user_rating",
        dates={"rated_at|user_rated_at": DateColumn(Origin.RATING, Precision.SECOND)},
        ids={site: f"ids.{site}" for site in _SITES},
    ),
    JsonForm(
        why="a capture by CrossWatch",
        needs=("ids|title",),
        inside="items",
        keyed=True,
        when=_is_capture,
        refusal="is a capture without ratings by CrossWatch, of a watchlist or a history: give the one of the ratings",
    ),
    JsonForm(
        why="a bundle of captures by CrossWatch",
        needs=("feature|path",),
        inside="children",
        when=_is_bundle,
        refusal="is a bundle of captures by CrossWatch, which only names their files: give the one of the ratings",
    ),
)
