"""AniList's documents as entries: the GDPR archive's lists, and dumps of the site's GraphQL answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from adapters.reading.values import object_of, objects_of, text_of, year_of
from importer.model import value

if TYPE_CHECKING:
    from adapters.reading.documents import Object

_MANGA: Final = 1
"""What `series_type` says of a manga in the GDPR archive; an anime is 0."""

_PRINTED: Final = ("MANGA", "NOVEL", "ONE_SHOT")
"""Formats that only a manga has, for dumps that do not ask for the type: its numbers name other titles among anime."""

_TITLES: Final = ("userPreferred", "romaji", "english", "native")
_DEPTH: Final = 6
"""Objects within each other down to a scoreFormat: document, data, MediaListCollection, user, mediaListOptions."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = 10**11


@value
class Entry:
    """One entry of a list, as texts: "" where something is missing. `edited` is 0 where the last edit is not known."""

    anilist: str
    mal: str
    title: str
    year: int | None
    manga: bool
    score: str
    finished: str
    edited: int


def is_archive(document: Object) -> bool:
    """Tell the GDPR archive by the first entry of its lists."""
    lists = document.get("lists")
    entry = next(iter(objects_of(lists)), None)
    return entry is not None and "series_id" in entry and "score" in entry and "series_type" in entry


def is_dump(document: Object) -> bool:
    """Tell a GraphQL dump by its collections of lists that have entries."""
    return any("entries" in found for _, lists in _collections(document) for found in lists)


def scale_of(document: Object) -> str:
    """Find the score format that a dump tells, outside its lists; "" where it tells none."""
    return _format(document, _DEPTH)


def archived(document: Object) -> Iterator[Entry | object]:
    """Yield the entries of the GDPR archive, and as it is what is none."""
    lists = document.get("lists")
    for row in lists if isinstance(lists, list) else []:
        if not isinstance(row, dict) or isinstance(row.get("score"), list | dict):
            yield row
            continue
        yield Entry(
            anilist=text_of(row.get("series_id")),
            mal="",
            title="",
            year=None,
            manga=text_of(row.get("series_type")) == str(_MANGA),
            score=text_of(row.get("score")),
            finished=_number(row.get("finished_on")),
            edited=_seconds(row.get("updated_at")),
        )


def dumped(document: Object) -> Iterator[Entry | object]:
    """Yield the entries of a GraphQL dump in their order, those of custom lists too, and as it is what is none."""
    for manga, lists in _collections(document):
        for found in lists:
            rows = found.get("entries")
            for row in rows if isinstance(rows, list) else []:
                if not isinstance(row, dict) or isinstance(row.get("score"), list | dict):
                    yield row
                    continue
                media = object_of(row.get("media"))
                edited = row.get("updatedAt")
                yield Entry(
                    anilist=text_of(row.get("mediaId")) or text_of(media.get("id")),
                    mal=text_of(media.get("idMal")),
                    title=_title(media.get("title")),
                    year=year_of(media.get("seasonYear")) or year_of(object_of(media.get("startDate")).get("year")),
                    manga=manga or media.get("type") == "MANGA" or media.get("format") in _PRINTED,
                    score=text_of(row.get("score")),
                    finished=_day(row.get("completedAt")),
                    edited=edited if type(edited) is int and 0 < edited < _LATEST else 0,
                )


def moment(seconds: int) -> str:
    """Write seconds since the epoch as a time; "" for 0, which is AniList's word for unknown."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat() if 0 < seconds < _LATEST else ""


def _seconds(told: object) -> int:
    """Read the archive's time of an edit, "2019-01-30 02:22:26"; 0 where there is none."""
    text = text_of(told)
    if not text[:4].isdigit():
        return 0
    try:
        when = datetime.fromisoformat(text)
        seconds = int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0
    return seconds if 0 < seconds < _LATEST else 0


def _collections(document: Object) -> Iterator[tuple[bool, list[Object]]]:
    """Find the collections of lists, and of each whether it holds manga."""
    data = object_of(document.get("data")) or document
    for name in ("MediaListCollection", "anime", "manga"):
        found = data.get(name)
        lists = found.get("lists") if isinstance(found, dict) else None
        if isinstance(lists, list):
            yield name == "manga", objects_of(lists)
    if "lists" in data:
        yield False, objects_of(data["lists"])


def _format(found: object, depth: int) -> str:
    if not isinstance(found, dict) or depth == 0:
        return ""
    if isinstance(told := found.get("scoreFormat"), str):
        return told
    return next((told for name, value in found.items() if name != "lists" and (told := _format(value, depth - 1))), "")


def _title(told: object) -> str:
    if isinstance(told, dict):
        return next((text for name in _TITLES if (text := text_of(told.get(name)).strip())), "")
    return text_of(told)


def _day(told: object) -> str:
    """Write {year, month, day} as a text; parts that are missing are zeros, as in a partial date."""
    parts = [told.get(name) or 0 for name in ("year", "month", "day")] if isinstance(told, dict) else [0, 0, 0]
    if not all(type(part) is int and 0 <= part < 10_000 for part in parts):
        return "?"
    year, month, day = parts
    return f"{year:04}-{month:02}-{day:02}" if year or month or day else ""


def _number(told: object) -> str:
    """Write the number YYYYMMDD as a text."""
    digits = text_of(told)
    if len(digits) == 8 and digits.isascii() and digits.isdigit():
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return "" if digits in {"", "0"} else digits
