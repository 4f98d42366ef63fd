"""Trakt's ratings as its API and its JSON exports hold them: one object a rating, of four types."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zlib import crc32

from adapters.reading.dates import instant
from adapters.reading.scale import ten_points
from adapters.trakt import ids as trakt_ids
from importer.model import DAY, Date, Item, Kind, Origin, Precision, Reason, Rejected, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.reading.documents import Object
    from importer.model import Ids, Row

KINDS: Final = {"movie": Kind.MOVIE, "show": Kind.SHOW}
PARTS: Final = ("episode", "season")
"""Types that Simkl has no place for. An episode's row holds its show too, so these are looked for first."""

LONGEST = 4_096
"""Characters of a title or a rating; a longer one is a sign of a broken row."""

_RATING = Origin.RATING
_SECOND = Precision.SECOND
_NO_IDS: Final[Object] = {}


def is_rating(row: Object) -> bool:
    """Tell a rating from a watched, collected or listed title, which look the same but for the rating and its time.

    By its keys alone: a first row with a broken value must not make the whole file a stranger.
    """
    words = (*KINDS, *PARTS)
    return ("rating" in row or "rated_at" in row) and (row.get("type") in words or any(word in row for word in words))


def rows(found: list[object], file: str, before: int = 0) -> Iterator[Row]:
    """Yield each element of an array as a row; `line` is its index from 1, with `before` elements before these."""
    for line, row in enumerate(found, before + 1):
        if isinstance(row, dict):
            yield _row(row, file, line)
        else:
            yield _broken(repr(row) if isinstance(row, str | int | float | None) else str(line), file, line)


def _row(row: Object, file: str, line: int) -> Row:
    word = row.get("type")
    if type(word) is not str:
        word = next((name for name in (*PARTS, *KINDS) if name in row), "")
    about = row.get(word)
    kind = KINDS.get(word)
    if kind is None:
        return _part(row, word, about, file, line)
    if not isinstance(about, dict):
        return _broken(f"{word} {row.get('rated_at')} {row.get('rating')}"[:LONGEST], file, line)
    title, year, ids = about.get("title"), about.get("year"), about.get("ids")
    if type(title) is not str or len(title) > LONGEST:
        title = _text(title)[:LONGEST]
    if type(year) is not int or not 0 < year < 10_000:
        year = _year(year)
    if not isinstance(ids, dict):
        ids = _NO_IDS
    rating, when = row.get("rating"), row.get("rated_at")
    source_rating, value = _rating(rating)
    taken = trakt_ids.taken(ids)
    item = Item(
        trakt_ids.key(word, ids, taken, title, year),
        kind,
        title,
        year,
        taken,
        source_rating,
        value,
        _moment(when) if type(when) is str else None,
        file,
        line,
    )
    return item if value is not None else _valueless(item, rating)


def _part(row: Object, word: str, about: object, file: str, line: int) -> Row:
    """Make the row of a season, an episode or something else: with its show's title, and never with an id."""
    show = row.get("show")
    show = show if isinstance(show, dict) else _NO_IDS
    if not isinstance(about, dict):
        return _broken(f"{word[:LONGEST]} {row.get('rated_at')} {row.get('rating')}"[:LONGEST], file, line)
    title, year = _text(show.get("title"))[:LONGEST], _year(show.get("year"))
    ids, show_ids = about.get("ids"), show.get("ids")
    number = trakt_ids.number(ids.get("trakt")) if isinstance(ids, dict) else ""
    if not number:
        whole = trakt_ids.key("show", show_ids if isinstance(show_ids, dict) else _NO_IDS, (), title, year)
        number = f"{whole[6:]}:{_text(about.get('season'))}:{_text(about.get('number'))}"
    rating, when = row.get("rating"), row.get("rated_at")
    source_rating, value = _rating(rating)
    date = instant(when, _RATING) if isinstance(when, str) else None
    none: Ids = ()
    item = Item(f"trakt:{word}:{number}", None, title, year, none, source_rating, value, date, file, line)
    fault = _valueless(item, rating) if value is None else item
    return Skipped(item, Reason.UNSUPPORTED_KIND) if isinstance(fault, Item) else fault


def _valueless(item: Item, rating: object) -> Row:
    """Sort a row without a number: no rating at all, nothing that could be one, or something that is no number."""
    if rating is None or rating == "":
        return Skipped(item, Reason.UNRATED)
    if isinstance(rating, list | dict) or (isinstance(rating, str) and len(rating) > LONGEST):
        return Rejected(item, Reason.MALFORMED_ROW)
    return item


def _rating(value: object) -> tuple[str, int | Decimal | None]:
    """A rating as its text and its exact number: 8.0 is 8, 8.5 is Decimal("8.5"), true and "good" are no number."""
    if type(value) is int:
        return str(value), value
    if type(value) is float:
        return repr(value), int(value) if value.is_integer() else Decimal(repr(value))
    text = _text(value)[:LONGEST]
    return text, ten_points(text) if type(value) is str else None


def _moment(text: str) -> Date | None:
    """Read a rating's time; Trakt's own spelling, 2026-06-30T19:55:52.000Z, takes a shorter way: there are many."""
    if len(text) == 24 and text[4:20:3] == "--T::." and text[23] == "Z":
        try:
            value = int(datetime.fromisoformat(text).timestamp())
        except ValueError:
            return None
        if value >= DAY:
            return Date(value, _SECOND, _RATING)
    return instant(text, _RATING)


def _year(value: object) -> int | None:
    digits = trakt_ids.number(value)
    return int(digits) if digits and len(digits) == 4 else None


def _text(value: object) -> str:
    """A JSON scalar as text, "" for null and for what is no scalar."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""


def _broken(told: str, file: str, line: int) -> Rejected:
    """Make a row that is no rating; `told` is the part of it that names it in the next export, too."""
    key = f"trakt:row:{crc32(told[:LONGEST].encode('utf-8', 'replace')):08x}"
    return Rejected(Item(key, None, "", None, (), "", None, None, file, line), Reason.MALFORMED_ROW)
