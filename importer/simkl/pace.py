"""One POST in flight, the next no sooner than the pace allows, over all processes of an account on this machine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import anyio

from importer.machine.clock import Clock

POST_GAP = 1.1
"""Seconds from the end of one POST to the start of the next: the limit is one a second (/resources/rate-limits)."""

GET_GAP = 0.2
"""Seconds between reads: five a second, half of what is allowed (/resources/rate-limits)."""

DAILY = {"free": 500, "pro": 1_000, "vip": 10_000}
"""Requests a day, per user and over all their apps; the day begins at midnight in New York."""


def _new_york() -> tzinfo:
    try:
        return ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:  # a machine without time zone data: an hour late in summer at worst
        return timezone(timedelta(hours=-5))


def quota_day(now: float) -> str:
    """The date by which Simkl counts requests at this moment."""
    return datetime.fromtimestamp(now, _new_york()).date().isoformat()


def quota_reset(now: float) -> float:
    """When the next such day begins, seconds since the epoch."""
    zone = _new_york()
    today = datetime.fromtimestamp(now, zone)
    midnight = datetime(today.year, today.month, today.day, tzinfo=zone) + timedelta(days=1)
    return midnight.astimezone(UTC).timestamp()


class Pace:
    """The pace of one account. `path` is where its last POST and today's requests are kept; None: this process only."""

    def __init__(self, clock: Clock, path: Path | None = None) -> None:
        self._clock = clock
        self._path = path
        self._lock = anyio.Lock()
        self._day = quota_day(clock.now())
        self._free_at = clock.monotonic()
        self._read_at = clock.monotonic()
        self.used = 0
        if path is not None:
            self._load(path)

    def move_to(self, path: Path) -> None:
        """Go on as the pace of an account that has become known: the later of both last POSTs counts."""
        spent = self.used
        self._path = path
        self._load(path)
        self.used += spent
        self._save(in_flight=False)  # or the next process would not know of the POST that told whose account it is

    @asynccontextmanager
    async def post(self) -> AsyncIterator[None]:
        """Hold the one place for a POST, as soon as the last one ended POST_GAP seconds ago."""
        async with self._lock:
            await self._wait_until(self._free_at)
            self._count()
            self._save(in_flight=True)
            try:
                yield
            finally:
                self._free_at = self._clock.monotonic() + POST_GAP * self._clock.scale
                self._save(in_flight=False)

    @asynccontextmanager
    async def get(self) -> AsyncIterator[None]:
        """Hold the place for a read: never beside another request, and GET_GAP seconds after the last read began."""
        async with self._lock:
            await self._wait_until(self._read_at)
            self._read_at = self._clock.monotonic() + GET_GAP * self._clock.scale
            self._count()
            yield

    async def _wait_until(self, moment: float) -> None:
        while (left := moment - self._clock.monotonic()) > 0:
            await self._clock.sleep(left / self._clock.scale if self._clock.scale else left)

    def _count(self) -> None:
        today = quota_day(self._clock.now())
        if today != self._day:
            self._day, self.used = today, 0
        self.used += 1

    def _load(self, path: Path) -> None:
        """Take up what another process left; whatever cannot be read counts as a POST that has just ended."""
        try:
            kept = json.loads(path.read_bytes())
            ended, day, used = float(kept["ended"]), str(kept["day"]), int(kept["used"])
            in_flight = bool(kept["in_flight"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            ended, day, used, in_flight = self._clock.now(), "", 0, True
        gap = POST_GAP * self._clock.scale
        # A killed process never told when its POST ended, and a clock set back makes the end lie ahead.
        left = gap if in_flight else min(gap, max(0.0, ended + gap - self._clock.now()))
        self._free_at = max(self._free_at, self._clock.monotonic() + left)
        if day == self._day:
            self.used += used

    def _save(self, *, in_flight: bool) -> None:
        if self._path is None:
            return
        kept = {"ended": self._clock.now(), "day": self._day, "used": self.used, "in_flight": in_flight}
        try:
            self._path.write_text(json.dumps(kept))
        except OSError:
            self._path = None  # the pace still holds within this process; the journal reports a folder that is full
