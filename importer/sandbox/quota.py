"""The requests of a day in New York: per person under V2, per client id under V1 (`/resources/rate-limits`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from importer.sandbox.answers import Answer, error

QUOTAS = {"free": 500, "pro": 1_000, "vip": 10_000}


@dataclass(slots=True)
class Day:
    """What was spent on one day, written as `2026-05-15`."""

    date: str = ""
    used: int = 0

    def spend(self, clock: float, quota: int | None, requests: int = 1) -> bool:
        """Spend some requests of the day at `clock` and return whether the quota (None: no end) was not spent before.

        A refused request spends nothing.
        """
        used = self.on(clock)
        if quota is not None and used >= quota:
            return False
        self.used = used + requests
        return True

    def left(self, clock: float, quota: int) -> int:
        """Return how many requests are left of a quota at `clock`."""
        return max(0, quota - self.on(clock))

    def leave(self, clock: float, quota: int, requests: int) -> None:
        """Let something else have spent the day down to so many requests."""
        self.used = max(self.on(clock), quota - requests)

    def on(self, clock: float) -> int:
        """Turn to the day of `clock` and return what is spent of it."""
        today = new_york(clock).date().isoformat()
        if self.date != today:
            self.date, self.used = today, 0
        return self.used


def spent_answer(name: str, clock: float) -> Answer:
    """Return the 429 of a spent day, with the seconds to the reset as Retry-After."""
    return error(429, name, "Daily limit exceeded", (("Retry-After", str(seconds_to_reset(clock))),))


def seconds_to_reset(clock: float) -> int:
    """Return the seconds from `clock` (since the epoch) to the next midnight in New York."""
    now = new_york(clock)
    midnight = datetime(now.year, now.month, now.day, tzinfo=now.tzinfo) + timedelta(days=1)
    return int((midnight - now).total_seconds()) + 1


def new_york(clock: float) -> datetime:
    """Return the wall time in New York. By rule, not from a zone file: small machines have none."""
    moment = datetime.fromtimestamp(clock, UTC)
    return moment - timedelta(hours=new_york_offset(moment))


def new_york_offset(moment: datetime) -> int:
    """Return how many hours New York is behind UTC at a moment given in UTC."""
    # Summer time: from 02:00 EST on the second Sunday of March to 02:00 EDT on the first Sunday of November.
    march, november = datetime(moment.year, 3, 8, 7, tzinfo=UTC), datetime(moment.year, 11, 1, 6, tzinfo=UTC)
    start = march + timedelta(days=6 - march.weekday())
    end = november + timedelta(days=6 - november.weekday())
    return 4 if start <= moment < end else 5
