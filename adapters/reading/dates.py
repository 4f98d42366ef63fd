"""What the text of one date cell says: a moment, that there is none, or one of several days that fit it.

Pure: nothing here has a clock, nothing raises. Which of several days is meant is decided for a whole file, in
file_dates.py.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

from adapters.reading.memo import REMEMBERED
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
    """A date of three numbers whose order is open: the orders that it fits, and what it would be in each of them."""

    orders: tuple[DateOrder, ...]
    moments: tuple[Moment | NoDate, ...]

    def under(self, order: DateOrder) -> Moment | NoDate:
        """Read it in this order."""
        return self.moments[self.orders.index(order)] if order in self.orders else NoDate.UNREADABLE


@value
class Serial:
    """A whole number from 20000 to 60000: a spreadsheet's day, where its column holds nothing else."""

    number: int

    def moment(self) -> Moment:
        """Count from the last but one day of 1899, as all spreadsheets do."""
        return Moment((self.number - _SERIAL_EPOCH) * DAY + NOON, Precision.DAY)


Meaning: TypeAlias = Moment | Vote | Serial | NoDate

EPOCH: Final = date(1970, 1, 1).toordinal()
"""The number of the first day of 1970, as Python counts days."""

_SERIAL_EPOCH: Final = 25_569
_SERIALS: Final = range(20_000, 60_001)
_NONE: Final = frozenset({"0", "-", "n/a", "null", "none", "unknown"})
_MONTH_NAMES: Final = "january february march april may june july august september october november december"
_MONTHS: Final = {name: number for number, month in enumerate(_MONTH_NAMES.split(), 1) for name in (month, month[:3])}

_MONTH_OR_DAY_FIRST: Final = (DateOrder.MDY, DateOrder.DMY)

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
_SLASHED = re.compile(r"(0?[1-9]|[1-3][0-9])/(0?[1-9]|[1-3][0-9])/([0-9]{4})")
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
    if (plain := _plain_day(text)) is not None:
        return plain
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


def _plain_day(text: str) -> Meaning | None:
    """Read the commonest spellings of a day the short way; None for what has to be looked at closely."""
    if text[4:5] == text[7:8] == "-" and len(text) == _ISO_DAY:
        try:
            days = date.fromisoformat(text).toordinal() - EPOCH
        except ValueError:
            return None
        return Moment(days * DAY + NOON, Precision.DAY) if days > 0 else None
    if found := _SLASHED.fullmatch(text):
        a, b, c = map(int, found.groups())
        return _vote(_MONTH_OR_DAY_FIRST, _moment(c, a, b, None), _moment(c, b, a, None))
    return None


def _numbers(found: re.Match[str], this_year: int | None) -> Meaning:
    first, second, third, mark = found.group("a", "b", "c", "mark")
    a, b, c = int(first), int(second), int(third)
    if a == b == c == 0:
        return NoDate.NONE
    if len(third) == 4:
        if mark == ".":
            return _moment(c, b, a, found)
        orders: tuple[DateOrder, ...] = _MONTH_OR_DAY_FIRST
        dates = [(c, a, b), (c, b, a)]
    elif this_year is None:
        return NoDate.UNREADABLE
    else:
        orders = (DateOrder.YMD, *_MONTH_OR_DAY_FIRST)
        year = _century(c, this_year)
        dates = [(_century(a, this_year), b, c), (year, a, b), (year, b, a)]
    if a == 0 or b == 0:
        return NoDate.PARTIAL
    return _vote(orders, *(_moment(*numbers, found) for numbers in dates))


def _vote(orders: tuple[DateOrder, ...], *moments: Moment | NoDate) -> Meaning:
    """Leave out the orders that a date does not fit."""
    fitting = tuple([order for order, moment in zip(orders, moments, strict=True) if moment is not NoDate.UNREADABLE])
    if len(fitting) == len(orders):
        return Vote(orders, moments)
    known = tuple([moment for moment in moments if moment is not NoDate.UNREADABLE])
    return Vote(fitting, known) if fitting else NoDate.UNREADABLE


def _century(two: int, this_year: int) -> int:
    """The latest year with these last two digits that is not in the future."""
    return this_year - (this_year - two) % 100


def _moment(year: int, month: int, day: int, found: re.Match[str] | None) -> Moment | NoDate:
    if year == 0:
        return NoDate.NONE
    if month == 0 or day == 0:
        return NoDate.PARTIAL
    try:
        days = date(year, month, day).toordinal() - EPOCH
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
