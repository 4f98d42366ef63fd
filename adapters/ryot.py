"""Ryot: the JSON export of everything a person tracks. Ratings lie in reviews, of which a title may have several."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_forms import Join, JsonForm
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED, plain
from adapters.reading.parts import rated_parts
from adapters.reading.scale import Scale
from adapters.reading.values import objects_of, text_of
from importer.model import Ids, Kind, Origin, Precision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.reading.documents import Object
    from adapters.reading.json_entries import JsonEntry
    from adapters.reading.kinds import Sort
    from importer.model import Row

_LOTS: Final[dict[str, Sort]] = {
    "movie": Kind.MOVIE,
    "show": Kind.SHOW,
    "anime": Kind.ANIME,
    **dict.fromkeys(
        ("audiobook", "book", "comicbook", "manga", "music", "podcast", "videogame", "visualnovel"), UNSUPPORTED
    ),
}
_SITES: Final = {site: site for site in ("tmdb", "tvdb", "imdb", "mal", "anilist", "anidb", "kitsu")} | {
    "myanimelist": "mal"
}
"""Sources whose identifiers are ids, as older and newer servers name them; those of `custom` are the server's own."""

_OWN_ID = re.compile(r"met_[A-Za-z0-9_-]{4,}|[0-9]+")
"""What older servers write in place of a title: their own id."""

_PART = re.compile(r"(?:show|anime|manga|podcast)(?:season|episode|chapter|volume)number|\w*extrainformation")


def _row(entry: JsonEntry) -> Row:
    lot, source, identifier = entry["lot"], plain(entry["source"]), entry["identifier"]
    site = _SITES.get(source, "")
    sort = _LOTS.get(plain(lot), UNKNOWN)
    part = _part(entry)
    ids: Ids = ()
    if isinstance(sort, Kind) and not part and site and (value := entry.maker.ids.read(site, identifier, sort)):
        ids = ((site, value),)
    key = ":".join(filter(None, ("ryot", plain(lot), site or source, ids[0][1] if ids else identifier, part)))
    return entry.row(
        key=key if identifier else "",
        sort=UNSUPPORTED if part and sort is not UNKNOWN else sort,
        title=_title(entry),
        year=None,
        ids=ids,
        word=lot,
    )


def _title(entry: JsonEntry) -> str:
    told = entry["source_id|sourceId"]
    older = "sourceId" in entry.value
    return "" if (told.startswith("met_") or older) and _OWN_ID.fullmatch(told) else told


def _part(entry: JsonEntry) -> str:
    """Name the season or episode that a review is of, "" for the title's own. Season 0 is one, too."""
    review = entry.value["review"]
    told = review.items() if isinstance(review, dict) else ()
    return ":".join(text_of(value) or "?" for name, value in told if value is not None and _PART.fullmatch(plain(name)))


def _reviews(item: Object) -> Iterator[object]:
    """Yield a title once for each of its reviews, and once where it has none."""
    reviews = item.get("reviews")
    found = reviews if isinstance(reviews, list) and reviews else [{}]
    for review in found:
        yield {**item, "review": review} if isinstance(review, dict) else review


def _join(_pages: list[Object]) -> Join:
    return _reviews


def _notes(pages: list[Object]) -> Iterator[str]:
    for one, more, section in (
        ("person", "people", "people"),
        ("group of titles", "groups of titles", "metadata_groups"),
        ("exercise", "exercises", "exercises"),
    ):
        things = [thing for page in pages for thing in objects_of(page.get(section))]
        reviews = [review for thing in things for review in objects_of(thing.get("reviews"))]
        yield from rated_parts(one, more, [review.get("rating") for review in reviews])


_MEDIA: Final = JsonForm(
    why="the media of a Ryot export",
    inside="media|metadata",
    needs=("lot", "source", "identifier", "reviews"),
    join=_join,
    row=_row,
    rating="review.rating",
    scale=Scale.HUNDRED,
    notes=_notes,
    dates={"review.review.date": DateColumn(Origin.RATING, Precision.SECOND)},
)

RYOT: Final = JsonAdapter(
    name="ryot",
    about=About(
        site="Ryot",
        where="Settings, Imports and Exports, Export",
        forms="the JSON of everything, or of the media alone, new and old; not its seasons and episodes",
        scale="0 to 100, divided by ten; points between two whole ones as --round says",
        dates="the time of the review",
    ),
    forms=(_MEDIA, replace(_MEDIA, inside="")),
)
