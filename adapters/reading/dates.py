"""What the text of one date cell says: a moment, that there is none, or one of several days that fit it.

Pure: nothing here has a clock, nothing raises. Which of several days is meant is decided for a whole file, in
file_dates.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import repeat
from operator import add, itemgetter
from typing import Final, TypeAlias

from adapters.reading.memo import REMEMBERED, Memo
from importer.model import DAY, NOON, Date, Origin, Precision, value

FIRST_YEAR = 1900
"""Earlier dates are placeholders: no site is that old."""

MAX_LENGTH = 48
"""Characters of a date text; a longer one is no date."""


class DateOrder(StrEnum):
    """In which order day, month and year stand."""

    YMD = "ymd"
    MDY = "mdy"
    DMY = "dmy"

    @property
    def words(self) -> str:
        """The order as a person would write it."""
        return "/".join({"y": "year", "m": "month", "d": "day"}[letter] for letter in self)


class NoDate(StrEnum):
    """Why a cell gives no date."""

    EMPTY = "empty"
    NONE = "says that there is none"
    PARTIAL = "has no month or no day"
    UNREADABLE = "cannot be read"
    DOUBTFUL = "fits more than one order of day, month and year"


@value
class Moment:
    """When: seconds since the epoch, UTC; a day alone stands at its noon.

    `midnight` marks a bare 00:00 without a zone, which is how spreadsheets and pandas save a day once more.
    """

    value: int
    precision: Precision
    midnight: bool = False

    def dated(self, origin: Origin, finest: Precision = Precision.DAY) -> Date:
        """Make the date of a column; where times are exact (`finest` is seconds) midnight is a time like any other."""
        if self.midnight and finest is Precision.SECOND:
            return Date(self.value - NOON, Precision.SECOND, origin)
        return Date(self.value, self.precision, origin)


@value
class Vote:
    """A date of three numbers whose order is open, and what it would be in each order that it fits."""

    readings: tuple[tuple[DateOrder, Moment | NoDate], ...]

    def under(self, order: DateOrder) -> Moment | NoDate:
        """Read it in this order."""
        return next((moment for fitting, moment in self.readings if fitting is order), NoDate.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Serial:
    """A whole number from 20000 to 60000: a spreadsheet's day, where its column holds nothing else."""

    number: int

    def moment(self) -> Moment:
        """Count from the last but one day of 1899, as all spreadsheets do."""
        return Moment((self.number - _SERIAL_EPOCH) * DAY + NOON, Precision.DAY)


Meaning: TypeAlias = Moment | Vote | Serial | NoDate

_EPOCH: Final = date(1970, 1, 1).toordinal()
_SERIAL_EPOCH: Final = 25_569
_SERIALS: Final = range(20_000, 60_001)
_NONE: Final = frozenset({"0", "-", "n/a", "null", "none", "unknown"})
_MONTH_NAMES: Final = "january february march april may june july august september october november december"
_MONTHS: Final = {name: number for number, month in enumerate(_MONTH_NAMES.split(), 1) for name in (month, month[:3])}

_ISO_DAY: Final = 10
"""Characters of a day such as 2026-06-30."""

_NO_MONTH: Final = 13
"""What no date fits."""

_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<zone>[Zz]|UTC|utc|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)
_TIME = rf"(?:(?:[Tt]|,? +){_CLOCK})?"
_WEEKDAY = r"(?:[A-Za-z]{3,9},? +)?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}}){_TIME}"
)
_NUMBERS = re.compile(
    rf"(?P<a>[0-9]{{1,2}})(?P<mark>[-/.]) ?(?P<b>[0-9]{{1,2}})(?P=mark) ?(?P<c>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<name>[A-Za-z]{{3,9}})\.? +(?P<day>[0-9]{{1,2}}),? +(?P<year>[0-9]{{4}}){_TIME}"
)
_ASCTIME = re.compile(rf"{_WEEKDAY}(?P<name>[A-Za-z]{{3,9}}) +(?P<day>[0-9]{{1,2}}) +{_CLOCK} +(?P<year>[0-9]{{4}})")
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?P<mark>[- ])(?P<name>[A-Za-z]{{3,9}})\.?(?P=mark)(?P<year>[0-9]{{4}}){_TIME}"
)
_PARTIAL = re.compile(r"(?:19|20)[0-9]{2}(?:[-/.][0-9]{1,2})?")
_SERIAL = re.compile(r"([0-9]{5})(?:\.0+)?")


@lru_cache(REMEMBERED)
def meaning(text: str, this_year: int | None) -> Meaning:
    """Tell what a cell says.

    `this_year` is the latest that a two-digit year may mean; without it such years are unreadable.
    """
    text = text.strip()
    if not text:
        return NoDate.EMPTY
    if len(text) > MAX_LENGTH:
        return NoDate.UNREADABLE
    if text[4:5] == text[7:8] == "-" and len(text) == _ISO_DAY and (found_day := _iso_moment(text)) is not None:
        return found_day
    if text.lower() in _NONE:
        return NoDate.NONE
    if not text[0].isalpha():
        if found := _YEAR_FIRST.fullmatch(text):
            return _moment(int(found["year"]), int(found["month"]), int(found["day"]), found)
        if found := _NUMBERS.fullmatch(text):
            return _numbers(found, this_year)
        if _PARTIAL.fullmatch(text):
            return NoDate.PARTIAL
        if found := _SERIAL.fullmatch(text):
            return Serial(int(found[1])) if int(found[1]) in _SERIALS else NoDate.UNREADABLE
    for pattern in (_MONTH_FIRST, _DAY_FIRST, _ASCTIME):
        if found := pattern.fullmatch(text):
            return _moment(int(found["year"]), _MONTHS.get(found["name"].lower(), _NO_MONTH), int(found["day"]), found)
    return NoDate.UNREADABLE


def day(text: str, origin: Origin) -> Date | None:
    """Read a day that no other text of its file has a say in; None where it is none, or a time."""
    found = meaning(text, None)
    return found.dated(origin) if isinstance(found, Moment) and found.precision is Precision.DAY else None


def instant(text: str, origin: Origin) -> Date | None:
    """Read a time that no other text of its file has a say in, without a zone as UTC; None for anything else."""
    found = meaning(text, None)
    if not isinstance(found, Moment) or (found.precision is Precision.DAY and not found.midnight):
        return None
    return found.dated(origin, Precision.SECOND)


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
        if texts[0][:1].isalpha():
            days = map(_NAMED_DAYS.__getitem__, map(_NAMED_DAY_OF, texts))
            values = list(map(add, days, map(_CLOCKS.__getitem__, map(_CLOCK_OF, texts))))
        else:
            days = map(_DAYS.__getitem__, map(_DAY_OF, texts))
            minutes = map(_MINUTES.__getitem__, map(_MINUTE_OF, texts))
            values = list(map(add, map(add, days, minutes), map(_SECONDS.__getitem__, map(_SECOND_OF, texts))))
    except ValueError:
        return None
    return list(map(Date, values, repeat(_SECOND), repeat(origin))) if min(values) >= DAY else None


def _iso_day(text: str) -> int:
    """Return seconds from the epoch to a day such as 2026-06-30. Raises ValueError for anything else."""
    year, month, day_ = _whole(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    return (date(year, month, day_).toordinal() - _EPOCH) * DAY


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


def whole_number(number: int, origin: Origin) -> Date | None:
    """Read a day written as the number YYYYMMDD, as AniList writes it; None where it is none or a partial one."""
    found = _moment(number // 10_000, number // 100 % 100, number % 100, None)
    return found.dated(origin) if isinstance(found, Moment) else None


def _iso_moment(text: str) -> Moment | None:
    """Read the commonest spelling of a day the short way; None for what has to be looked at closely."""
    try:
        days = date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError:
        return None
    return Moment(days * DAY + NOON, Precision.DAY) if days > 0 else None


def _numbers(found: re.Match[str], this_year: int | None) -> Meaning:
    first, second, third, mark = found.group("a", "b", "c", "mark")
    a, b, c = int(first), int(second), int(third)
    if a == b == c == 0:
        return NoDate.NONE
    if len(third) == 4:
        if mark == ".":
            return _moment(c, b, a, found)
        orders = [(DateOrder.MDY, (c, a, b)), (DateOrder.DMY, (c, b, a))]
    elif this_year is None:
        return NoDate.UNREADABLE
    else:
        orders = [
            (DateOrder.YMD, (_century(a, this_year), b, c)),
            (DateOrder.MDY, (_century(c, this_year), a, b)),
            (DateOrder.DMY, (_century(c, this_year), b, a)),
        ]
    if a == 0 or b == 0:
        return NoDate.PARTIAL
    readings = [(order, _moment(*numbers, found)) for order, numbers in orders]
    fitting = tuple((order, moment) for order, moment in readings if moment is not NoDate.UNREADABLE)
    return Vote(fitting) if fitting else NoDate.UNREADABLE


def _century(two: int, this_year: int) -> int:
    """The latest year with these last two digits that is not in the future."""
    return this_year - (this_year - two) % 100


def _moment(year: int, month: int, day_: int, found: re.Match[str] | None) -> Moment | NoDate:
    if year == 0:
        return NoDate.NONE
    if month == 0 or day_ == 0:
        return NoDate.PARTIAL
    try:
        days = date(year, month, day_).toordinal() - _EPOCH
    except ValueError:
        return NoDate.UNREADABLE
    clock = _clock(found) if found is not None and found["hour"] else None
    if found is not None and found["hour"] and clock is None:
        return NoDate.UNREADABLE
    at = days * DAY + (NOON if clock is None else clock[0] - clock[1])
    # A placeholder may have been shifted by an offset: neither what it says nor what it is may be 1970-01-01.
    if year < FIRST_YEAR or days == 0 or 0 <= at < DAY:
        return NoDate.NONE
    if clock is None:
        return Moment(at, Precision.DAY)
    if clock[0] == 0 and found is not None and not found["zone"]:
        return Moment(at + NOON, Precision.DAY, midnight=True)
    return Moment(at, Precision.SECOND)


def _clock(found: re.Match[str]) -> tuple[int, int] | None:
    """Seconds of the day, and seconds to take off for the zone; None where there is no such time."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    offset = 0
    zone = found["zone"] or ""
    if zone[:1] in ("+", "-"):
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        if hours > 23 or minutes > 59:
            return None
        offset = (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second, offset
