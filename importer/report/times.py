"""Times as a person reads them: in the zone of this machine, with UTC beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.errors import local_time
from importer.model import DAY, NOON, Precision, iso, value

if TYPE_CHECKING:
    from importer.record import Record

HOUR = 3_600


@value
class Moment:
    """A day or a time in the reader's zone; `utc` is the same in UTC, "" for a day that is known no better."""

    shown: str
    utc: str = ""


def moment_of(seconds: int, precision: Precision | None) -> Moment:
    """Return the day of a date. One that is known to the day alone is that day in every zone.

    Days are sent at noon UTC and the seconds after it, so what stands there without a word on its precision is a day.
    """
    at_noon = NOON <= seconds % DAY < NOON + HOUR
    if precision is Precision.DAY or (precision is None and at_noon):
        return Moment(iso(seconds)[:10])
    return Moment(local(seconds)[:10], f"{iso(seconds)[:19].replace('T', ' ')} UTC")


def rated_at(record: Record) -> Moment | None:
    """Return when a row says its rating was given, or what stands in for that."""
    return None if record.rated_at is None else moment_of(record.rated_at, record.precision)


def prior_rated_at(record: Record) -> Moment | None:
    """Return when the rating was given that stood on Simkl before."""
    return None if record.prior_rated_at is None else moment_of(record.prior_rated_at, None)


def local(seconds: float) -> str:
    """Return a time in the zone of this machine: "2026-11-18 09:26 CET"."""
    try:
        return local_time(seconds).strftime("%Y-%m-%d %H:%M %Z")
    except (OverflowError, OSError, ValueError):
        return f"{iso(seconds)[:16].replace('T', ' ')} UTC"
