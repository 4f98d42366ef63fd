"""The write lock: one write of a person at a time, over all their apps (`/resources/rate-limits`)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from importer.sandbox.answers import Answer, bare_error, error
from importer.sandbox.dials import Dials
from importer.sandbox.schedule import Play

LOCKS = frozenset({"write-lock", "write-lock-upper", "write-lock-code"})
_LOOK = 0.01  # seconds between two looks whether the other write has ended
_TEXT = "another write of this user is going on"


@dataclass(slots=True)
class Held:
    """The lock of one account: until when another app holds it (monotonic seconds), how a refusal is spelled, and the
    numbers of our own writes that are going on.
    """

    until: float = 0.0
    spelling: str = "write-lock"
    inside: set[int] = field(default_factory=set)


class WriteLock:
    """Holds a write while another goes on, and refuses it where that takes too long.

    `scale` multiplies the waits of the dials, as the pace does; `sleep` waits, `now` tells monotonic seconds.
    """

    def __init__(
        self,
        scale: float,
        dials: Dials,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._scale = scale
        self._dials = dials
        self._sleep = sleep
        self._accounts: dict[int, Held] = {}

    def hold(self, account: int, seconds: float) -> None:
        """Let another app of this person write for so many seconds from now on; these are not scaled."""
        held = self._of(account)
        held.until = max(held.until, self._now() + seconds)

    async def refusal(self, account: int, n: int, play: Play) -> Answer | None:
        """Wait for the lock on behalf of request `n`; return the refusal where it did not come free in time."""
        held = self._of(account)
        patience = self._dials.hold * self._scale
        started = self._now()
        locks = sorted(LOCKS & play)
        if locks:
            held.spelling = locks[0]
            held.until = max(held.until, started + patience + self._dials.lock)
        elif "write-held" in play:
            held.until = max(held.until, started + self._dials.held * self._scale)
        wait = held.until - started
        if wait > 0:
            await self._sleep(min(wait, patience))
        if locks or wait > patience:
            return _refusal(held.spelling)
        if "overlap-lock" in play and not await self._others_end(held, started + patience):
            return _refusal("write-lock")
        held.inside.add(n)
        return None

    def leave(self, account: int | None, n: int) -> None:
        """Let the write of request `n` be over; a request that is no write changes nothing."""
        if account is not None:
            self._of(account).inside.discard(n)

    async def _others_end(self, held: Held, deadline: float) -> bool:
        while held.inside:
            left = deadline - self._now()
            if left <= 0:
                return False
            await asyncio.sleep(min(_LOOK, left))
        return True

    def _of(self, account: int) -> Held:
        return self._accounts.setdefault(account, Held())


def _refusal(spelling: str) -> Answer:
    if spelling == "write-lock-code":
        return error(400, "rate_limit", _TEXT)
    return bare_error(400, "RATE_LIMIT" if spelling == "write-lock-upper" else "rate_limit", _TEXT)
