"""Times spelt as nearly all are: read the short way, one by one or a column at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import repeat
from operator import add, itemgetter, sub
from typing import Final

from adapters.reading.dates import EPOCH, Moment, meaning
from adapters.reading.memo import Memo
from importer.model import DAY, NOON, Date, Origin, Precision


def exact_time(text: str, origin: Origin) -> Date | None:
    """Read the commonest spellings of a time the short way; None for others.

    They are 2026-06-30T19:55:52Z, …52.000Z, and 2026-06-30 19:55:52+00:00.
    """
    if len(text) < _SHORTEST_TIME:
        return None
    try:
        at = _DAYS[text[:10]] + _MINUTES[text[10:16]] + _SECONDS[text[16:]]
    except ValueError:
        return None
    return Date(at, _SECOND, origin) if at >= DAY else None


def exact_times(texts: Sequence[str], origin: Origin) -> list[Date] | None:
    """Read a column of such times, or of times such as Jan 16 2013, 21:54; None where any of its texts is another."""
    try:
        if _are_usual(texts):
            moments = map(datetime.fromisoformat, texts)
            values = [since.days * DAY + since.seconds for since in map(sub, moments, repeat(_START))]
        elif texts[0][:1].isalpha():
            days = map(_NAMED_DAYS.__getitem__, map(_NAMED_DAY_OF, texts))
            values = list(map(add, days, map(_CLOCKS.__getitem__, map(_CLOCK_OF, texts))))
        else:
            days = map(_DAYS.__getitem__, map(_DAY_OF, texts))
            minutes = map(_MINUTES.__getitem__, map(_MINUTE_OF, texts))
            values = list(map(add, map(add, days, minutes), map(_SECONDS.__getitem__, map(_SECOND_OF, texts))))
    except ValueError:
        return None
    return list(map(Date, values, repeat(_SECOND), repeat(origin))) if min(values) >= DAY else None


def _are_usual(texts: Sequence[str]) -> bool:
    """Tell at one look whether all times have the shape of the first, and that is one of the commonest.

    Whether there is such a day or hour is for the reading of each to find out.
    """
    joined = "\n".join((*texts, "")).encode("ascii", "replace")
    shape = texts[0].encode("ascii", "replace").translate(_ZEROS) + b"\n"
    if shape not in _SHAPES or joined.translate(_ZEROS) != shape * len(texts):
        return False
    return not shape.endswith(_UTC) or joined.count(_UTC) == len(texts)


def _iso_day(text: str) -> int:
    """Return seconds from the epoch to a day such as 2026-06-30. Raises ValueError for anything else."""
    year, month, day = _whole(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    return (date(year, month, day).toordinal() - EPOCH) * DAY


def _minute(text: str) -> int:
    """Return the seconds of a day up to a minute such as T19:55. Raises ValueError for anything else."""
    hour, minute = _whole(r"[T ]([01][0-9]|2[0-3]):([0-5][0-9])", text)
    return hour * 3600 + minute * 60


def _second(text: str) -> int:
    """Return the seconds of :52Z, :52.000Z or :52+00:00. Raises ValueError for anything else."""
    [second] = _whole(r":([0-5][0-9])(?:Z|\.[0-9]{3}Z|\+00:00)", text)
    return second


def _named_day(text: str) -> int:
    """Return seconds from the epoch to a day such as Jan 16 2013. Raises ValueError for anything else."""
    found = meaning(text, None)
    if not isinstance(found, Moment) or found.precision is not Precision.DAY or found.midnight or text != text.strip():
        raise ValueError(text)
    return found.value - NOON


def _clock_of(text: str) -> int:
    """Return the seconds of a day up to a minute such as ", 19:55". Raises ValueError for anything else."""
    hour, minute = _whole(r", ([01][0-9]|2[0-3]):([0-5][0-9])", text)
    return hour * 3600 + minute * 60


def _whole(pattern: str, text: str) -> tuple[int, ...]:
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(text)
    return tuple(map(int, found.groups()))


# The parts of a time: an export has few of each, while nearly all of its times differ.
_SHORTEST_TIME: Final = 20
_ZEROS: Final = bytes.maketrans(b"0123456789", b"0" * 10)
_UTC: Final = b"+00:00\n"
_ENDS: Final = (b"Z\n", b".000Z\n", _UTC)
_SHAPES: Final = frozenset(b"0000-00-00" + mark + b"00:00:00" + end for mark in (b"T", b" ") for end in _ENDS)
"""The commonest spellings of a time, with a zero for each digit."""

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = Precision.SECOND
_DAY_OF: Final = itemgetter(slice(10))
_MINUTE_OF: Final = itemgetter(slice(10, 16))
_SECOND_OF: Final = itemgetter(slice(16, None))
_NAMED_DAY_OF: Final = itemgetter(slice(-7))
_CLOCK_OF: Final = itemgetter(slice(-7, None))
_DAYS: Final = Memo(_iso_day)
_MINUTES: Final = Memo(_minute)
_SECONDS: Final = Memo(_second)
_NAMED_DAYS: Final = Memo(_named_day)
_CLOCKS: Final = Memo(_clock_of)
