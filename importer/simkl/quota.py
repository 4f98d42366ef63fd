"""The day's requests: when Simkl's day ends, what it says is left of it, and how many may still go. Pure.

Page: /resources/rate-limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from importer.model import value

DAILY = {"free": 500, "pro": 1_000, "vip": 10_000}
"""Requests a day by plan: per user and over all their apps (V2)."""

KEPT = 3
"""Of the day's last requests so many are kept for what was sent: the activities, one read, one giving back."""

READING_BACK = 2
"""What reading back takes of them: the activities and one read."""

LIMIT = "x-ratelimit-limit"
LEFT = "x-ratelimit-remaining"
"""Headers of counted answers. A brand-new token's first answer and every V1 answer have none: unknown, never 0."""

LONGEST_DAY = 25 * 3_600
"""Seconds until the day is over at most: the day on which summer time ends has 25 hours."""


def quota_day(now: float) -> str:
    """Return the date by which Simkl counts requests at this moment."""
    return datetime.fromtimestamp(now, _new_york()).date().isoformat()


def quota_reset(now: float) -> float:
    """Return when the next such day begins, in seconds since the epoch."""
    zone = _new_york()
    today = datetime.fromtimestamp(now, zone)
    midnight = datetime(today.year, today.month, today.day, tzinfo=zone) + timedelta(days=1)
    return midnight.astimezone(UTC).timestamp()


@value
class Day:
    """What Simkl said last of the requests of one day. `limit` and `left` are None where it did not say."""

    date: str = ""
    limit: int | None = None
    left: int | None = None

    def at(self, now: float) -> Day:
        """Return the same at this moment: of a new day nothing is known yet."""
        today = quota_day(now)
        return self if self.date == today else Day(today, self.limit)

    def answered(self, status: int, headers: Mapping[str, str], now: float) -> Day:
        """Return what is known after an answer with these headers (lower-case names), or after none (status 0).

        One that does not say counts as one less, a refused one (429) as none. It is never taken for the day's last
        one: only Simkl itself says that nothing is left.
        """
        day = self.at(now)
        limit, left = told_number(headers, LIMIT), told_number(headers, LEFT)
        if left is not None:
            return Day(day.date, limit if limit is not None else day.limit, left)
        if day.left is None or day.left <= 1 or status == 429:
            return day
        return replace(day, left=day.left - 1)

    def may(self, kept: int) -> int | None:
        """Return how many requests may still go so that `kept` remain; None where nobody knows of a bound."""
        return None if self.left is None else max(0, self.left - kept)


def told_number(headers: Mapping[str, str], name: str) -> int | None:
    """Return the number in a header; None where there is none."""
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def has_zone_data() -> bool:
    """Tell whether this machine knows the zone by which the day is counted."""
    return isinstance(_new_york(), ZoneInfo)


def _new_york() -> tzinfo:
    try:
        return ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:  # a machine without time zone data: an hour late in summer at worst
        return timezone(timedelta(hours=-5))
