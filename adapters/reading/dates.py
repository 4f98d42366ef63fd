"""Text to Date: strict patterns, UTC, None for what means "unknown". Nothing here has a clock, nothing raises."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from importer.model import DAY, NOON, Date, Origin, Precision

FIRST_YEAR = 1900
"""Earlier dates are placeholders: no site is that old."""

CACHED = 8_192
"""Days remembered: rows of one export share them."""

MAX_LENGTH = 48
"""Characters of a date text; a longer one is no date."""

# `fromisoformat` alone also takes 20210304 and week dates. A bare midnight is how spreadsheets re-save a day.
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00:00(?:\.0{1,6})?)?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1)
_SECOND = timedelta(seconds=1)


def day(text: str, origin: Origin) -> Date | None:
    """Read YYYY-MM-DD as noon UTC of that day; None where it is no day, before 1900, or 1970-01-01."""
    return _day(text, origin) if len(text) <= MAX_LENGTH else None


@lru_cache(CACHED)
def _day(text: str, origin: Origin) -> Date | None:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    try:
        value = date.fromisoformat(match[1])
    except ValueError:
        return None
    if value.year < FIRST_YEAR or value == _EPOCH_DAY:
        return None
    return Date((value - _EPOCH_DAY).days * DAY + NOON, Precision.DAY, origin)


def instant(text: str, origin: Origin) -> Date | None:
    """Read an ISO timestamp, without a zone as UTC; None where it is none, before 1900, or on 1970-01-01."""
    if len(text) > MAX_LENGTH or _INSTANT.fullmatch(text := text.strip()) is None:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = local if local.tzinfo is not None else local.replace(tzinfo=UTC)
    value = (moment - _EPOCH) // _SECOND
    # A placeholder may have been shifted by an offset: neither what it says nor what it is may be 1970-01-01.
    if local.year < FIRST_YEAR or local.date() == _EPOCH_DAY or 0 <= value < DAY:
        return None
    return Date(value, Precision.SECOND, origin)
