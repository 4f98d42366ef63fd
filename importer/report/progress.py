"""How far a command is: what was heard last of it, and the rate, the time left and the cost that follow from it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import assert_never

from importer.events import (
    Answered,
    Asking,
    Closed,
    Detailed,
    Event,
    Finished,
    Phase,
    PhaseBegan,
    PostsToCome,
    RequestsUsed,
    Retrying,
    RowsDecided,
    Stopped,
    Stopping,
    Told,
    Warned,
)
from importer.report.safe import count, for_terminal, many, seconds_in_words

PHASES = {
    Phase.ASKING: "asking Simkl who is signed in",
    Phase.READING: "reading the exports",
    Phase.ACCOUNT: "reading your ratings on Simkl",
    Phase.SENDING: "sending",
    Phase.CHECKING: "reading back",
}
REMEMBERED = 6
"""Batches whose answers tell how long the next ones take: the size of a batch, and the service's mood, change."""


@dataclass(slots=True)
class Progress:
    """What was heard last; times in seconds of the listener's clock.

    `began` and `first` are when the rows of this phase were first told, and how many were decided by then. `waited` is
    how long the POSTs since the last telling were under way; `batches` has that for the last ones, with the rows that
    they decided.
    """

    phase: str = ""
    began: float = 0.0
    first: int | None = None
    done: int = 0
    total: int = 0
    posts: int | None = None
    ends: float = 0.0
    waited: float | None = None
    batches: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    used: int = 0
    quota: int | None = None
    left_today: int | None = None
    reason: str = ""
    again: float = 0.0
    stopping: bool = False

    def take(self, event: Event, now: float) -> None:
        """Keep what an event says of how far the command is. Rate and time left start anew with each phase."""
        match event:
            case PhaseBegan(phase):
                self.phase, self.first, self.posts, self.reason, self.waited = PHASES[phase], None, None, "", None
                self.batches.clear()
            case RowsDecided(done, total):
                self._decide(done, total, now)
            case PostsToCome(left, seconds_each):
                self.posts = left
                self.ends = now + left * seconds_each + max(0, self.total - self.done) * self._seconds_a_row()
            case Answered("POST", _, _, seconds):
                self.waited = (self.waited or 0.0) + seconds
            case RequestsUsed(used, quota, left_today):
                self.used, self.quota, self.left_today = used, quota, left_today
            case Retrying(reason, seconds):
                self.reason, self.again = for_terminal(reason), now + seconds
                self.ends += seconds
            case Stopping():
                self.stopping = True
            case Answered() | Warned() | Told() | Detailed() | Asking() | Stopped() | Finished() | Closed():
                pass
            case _:
                assert_never(event)

    def rate(self, now: float) -> float | None:
        """Return the rows a second that this process has decided in this phase, or None if it is too early."""
        passed = now - self.began
        if self.first is None or passed < 1 or self.done <= self.first:
            return None
        return (self.done - self.first) / passed

    def left(self, now: float) -> str:
        """Return the time to come: "about 44 s left", "at least 13 s left" while no answer was seen, or ""."""
        if self.posts is None:
            return ""
        if not self.posts or self.ends - now < 0.5:
            return "almost done"
        known = any(decided for _, decided in self.batches)
        return f"{'about' if known else 'at least'} {seconds_in_words(self.ends - now)} left"

    def cost(self) -> str:
        """Return the requests: "14 of 500 requests today", or "" before the first."""
        if not self.used:
            return ""
        left = f", {count(self.left_today)} left" if self.left_today is not None else ""
        if self.quota is None:
            return f"{many(self.used, 'request')}{left}"
        return f"{count(self.used)} of {count(self.quota)} requests today{left}"

    def _decide(self, done: int, total: int, now: float) -> None:
        if self.first is None:
            # What was decided by then is an earlier process's work, or took no request.
            self.first, self.began = done, now
        elif self.waited is not None:
            self.batches.append((self.waited, done - self.done))
            self.waited = None
        self.done, self.total = done, total

    def _seconds_a_row(self) -> float:
        rows = sum(decided for _, decided in self.batches)
        return sum(seconds for seconds, _ in self.batches) / rows if rows > 0 else 0.0
