"""One rated title of Criticker's, whatever file it stands in: what names it, and what kind it is."""

from __future__ import annotations

from typing import Final

from adapters.reading.file_dates import DateColumn
from adapters.reading.kinds import Sort, kind_of
from importer.model import Ids, Kind, Origin, Precision

RATED: Final = DateColumn(Origin.RATING, Precision.SECOND)
"""The date of a rating, to the minute: 00:00 is a time like any other."""

_SITE: Final = "criticker.com/"
_FILM: Final = "criticker.com/film/"


def sort_of(address: str) -> tuple[Sort, str]:
    """Tell by its address on the site, …/film/… or …/tv/…, what a title is; and the word that says so."""
    if _FILM in address:
        return Kind.MOVIE, "film"
    path = address.lower().partition(_SITE)[2]
    word = path.partition("/")[0] or address
    return kind_of(word), word


def key_of(ids: Ids) -> str:
    """Name a title by its IMDb id, the same in CSV and XML; "" where it has none."""
    return f"criticker:{ids[0][1]}" if ids else ""


def plain_title(title: str) -> str:
    """Resolve the entities that the site leaves in titles: "Ocean&#039;s Eleven"."""
    if "&" not in title:
        return title
    from html import unescape  # here, for few titles need its 2,200 names

    return unescape(title)
