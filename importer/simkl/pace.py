"""One POST in flight, the next no sooner than the pace allows, over all processes of an account on this machine."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio

from importer.events import Detailed, Listen, nobody
from importer.machine.clock import Clock
from importer.machine.lock import Note, hold_note
from importer.model import value
from importer.simkl.quota import quota_day

POST_GAP = 1.1
"""Seconds from the end of one POST to the start of the next: the limit is one a second (/resources/rate-limits)."""

GET_GAP = 0.2
"""Seconds between reads: five a second, half of what is allowed (/resources/rate-limits)."""

LOOK_AGAIN = 0.05
"""Seconds between two looks at whether another process has finished its POST."""

LONGEST_HOLD = 120.0
"""Seconds that another process may keep us waiting: whatever holds the file for longer is no POST."""

_MOMENT = re.compile(rb"[0-9]{1,11}(?:\.[0-9]{1,6})?")


@value
class Kept:
    """What a process leaves for the next: when its last POST ended (None: it never told), and the requests of a day.

    `ended` is in seconds since the epoch.
    """

    ended: float | None
    day: str
    used: int

    @classmethod
    def parse(cls, content: bytes) -> Kept:
        """Read what `encoded` wrote. What cannot be read counts as a POST whose end nobody knows."""
        try:
            kept = json.loads(content)
            ended = None if kept["in_flight"] else float(kept["ended"])
            return cls(ended, str(kept["day"]), int(kept["used"]))
        except (ValueError, KeyError, TypeError, OverflowError):
            return cls(None, "", 0)

    def encoded(self, now: float) -> str:
        """Return it as a text; `now` stands in for an end that is not known yet."""
        ended = now if self.ended is None else self.ended
        return json.dumps({"ended": ended, "day": self.day, "used": self.used, "in_flight": self.ended is None})


def parse_moment(content: bytes) -> float | None:
    """Return the end of the last POST as another process left it; None where it never told, or somebody scribbled."""
    return float(content) if _MOMENT.fullmatch(content) else None


def rest(ended: float | None, now: float, gap: float) -> float:
    """Return the seconds to wait until the next POST, never more than a whole gap.

    A killed process never told when its POST ended, and a clock set back makes the end lie ahead.
    """
    return gap if ended is None else min(gap, max(0.0, ended + gap - now))


class Pace:
    """The pace of one account.

    `path` is where its last POST and today's requests are kept; None: this process only. `shared` is the file that
    every process of the account on this machine holds while it posts, whatever its home folder; where that cannot be
    done, `listen` hears why, and what `path` says counts.
    """

    def __init__(
        self,
        clock: Clock,
        path: Path | None = None,
        shared: Path | None = None,
        listen: Listen = nobody,
    ) -> None:
        self._clock = clock
        self._path = path
        self._shared = shared
        self._listen = listen
        self._lock = anyio.Lock()
        self._day = quota_day(clock.now())
        self._free_at = clock.monotonic()
        self._read_at = clock.monotonic()
        self._untold = 0
        self.used = self._load()

    def move_to(self, path: Path, shared: Path | None = None) -> None:
        """Go on as the pace of an account that has become known: the later of both last POSTs counts.

        The requests made so far move along, those of earlier processes that never learnt the account too.
        """
        before, self._path, self._shared = self._path, path, shared
        self._untold = self.used
        self.used += self._load()
        self._save(self._clock.now())  # or the next process would not know of the POSTs before
        if before is not None and before != path and self._path is not None:
            with suppress(OSError):
                before.unlink()

    @asynccontextmanager
    async def post(self) -> AsyncIterator[None]:
        """Hold the one place for a POST, as soon as the last one ended POST_GAP seconds ago."""
        async with self._lock:
            note = await self._turn()
            try:
                self._count()
                self._save(None)
                self._leave(note, None)
                yield
            finally:
                ended = self._clock.now()
                self._free_at = self._clock.monotonic() + POST_GAP * self._clock.scale
                self._save(ended)
                self._leave(note, ended)
                if note is not None:
                    note.close()

    @asynccontextmanager
    async def get(self, *, counted: bool = True) -> AsyncIterator[None]:
        """Hold the place for a read: never beside another request, and GET_GAP seconds after the last read began."""
        async with self._lock:
            await self._wait_until(self._read_at)
            self._read_at = self._clock.monotonic() + GET_GAP * self._clock.scale
            if counted:
                self._count()
                kept = self._kept()
                # Of the last POST it stays as another process may have left it meanwhile.
                self._save(0.0 if kept is None else kept.ended)
            yield

    async def _turn(self) -> Note | None:
        """Wait until no process posts and the last POST of any is over for long enough; return the file we hold."""
        gap = POST_GAP * self._clock.scale
        while True:
            await self._wait_until(self._free_at)
            note = await self._note()
            if note is None:
                return None
            now = self._clock.now()
            ended = parse_moment(note.read())
            left = 0.0 if note.fresh else rest(ended, now, gap)
            if left <= 0:
                return note
            if ended is None or ended > now:  # from here on it counts as ended now, for everybody
                self._leave(note, now)
            note.close()  # held while we wait, it would keep the others from their turn
            self._free_at = self._clock.monotonic() + left

    async def _note(self) -> Note | None:
        """Hold the shared file; None where there is none, or it cannot be had."""
        for _ in range(round(LONGEST_HOLD / LOOK_AGAIN)):
            if self._shared is None:
                return None
            try:
                note = hold_note(self._shared)
            except OSError as error:
                self._alone(error.strerror or "it cannot be opened")
                return None
            if note is not None:
                return note
            await anyio.sleep(LOOK_AGAIN)  # another process's POST: no wait of ours that a scale would shorten
            self._clock.check()
        self._alone("another process does not let go of it")
        return None

    def _leave(self, note: Note | None, ended: float | None) -> None:
        if note is None:
            return
        try:
            note.write(b"" if ended is None else b"%.6f" % ended)
        except OSError as error:
            self._alone(error.strerror or "it cannot be written")

    def _alone(self, why: str) -> None:
        if self._shared is not None:
            self._listen(Detailed(f"the pace is not shared with other home folders: {self._shared}: {why}"))
        self._shared = None

    async def _wait_until(self, moment: float) -> None:
        while (left := moment - self._clock.monotonic()) > 0:
            await self._clock.sleep(left / self._clock.scale if self._clock.scale else left)

    def _count(self) -> None:
        today = quota_day(self._clock.now())
        if today != self._day:
            self._day, self.used, self._untold = today, 0, 0
        self.used += 1
        self._untold += 1

    def _load(self) -> int:
        """Keep the gap to another process's last POST; return how many requests of today it counted."""
        kept = self._kept()
        if kept is None:
            return 0
        left = rest(kept.ended, self._clock.now(), POST_GAP * self._clock.scale)
        self._free_at = max(self._free_at, self._clock.monotonic() + left)
        return kept.used if kept.day == self._day else 0

    def _kept(self) -> Kept | None:
        """Return what stands in the file; None where there is none."""
        try:
            return Kept.parse(self._path.read_bytes()) if self._path is not None else None
        except FileNotFoundError:
            return None
        except OSError:
            return Kept.parse(b"")

    def _save(self, ended: float | None) -> None:
        """Leave for the next process when the last POST ended (None: it is in flight), and add the requests that were
        made since to those that other processes have counted meanwhile.
        """
        if self._path is None:
            return
        kept = self._kept()
        others = kept.used if kept is not None and kept.day == self._day else 0
        self.used = max(self.used, others + self._untold)
        try:
            self._path.write_text(Kept(ended, self._day, self.used).encoded(self._clock.now()))
            self._untold = 0
        except OSError:
            self._path = None  # the pace still holds within this process; the journal reports a folder that is full
