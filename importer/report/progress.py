"""How far a command is: what was heard last of it, and the rate, the time left and the cost that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
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
    Told,
    Warned,
)
from importer.report.safe import count, for_terminal, seconds_in_words

PHASES = {
    Phase.ASKING: "asking Simkl who is signed in",
    Phase.READING: "reading the exports",
    Phase.ACCOUNT: "reading your ratings on Simkl",
    Phase.SENDING: "sending",
    Phase.CHECKING: "reading back",
}


@dataclass(slots=True)
class Progress:
    """What was heard last; times in seconds of the listener's clock."""

    phase: str = ""
    began: float = 0.0
    first: int | None = None
    done: int = 0
    total: int = 0
    posts: int | None = None
    ends: float = 0.0
    used: int = 0
    quota: int | None = None
    left_today: int | None = None
    reason: str = ""
    again: float = 0.0

    def take(self, event: Event, now: float) -> None:
        """Keep what an event says of how far the command is. Rate and time left start anew with each phase."""
        match event:
            case PhaseBegan(phase):
                self.phase, self.began, self.first, self.posts, self.reason = PHASES[phase], now, None, None, ""
            case RowsDecided(done, total):
                # Rows that were decided before the phase began do not count for its rate.
                self.first = min(done, self.done) if self.first is None else self.first
                self.done, self.total = done, total
            case PostsToCome(left, seconds_each):
                self.posts, self.ends = left, now + left * seconds_each
            case RequestsUsed(used, quota, left_today):
                self.used, self.quota, self.left_today = used, quota, left_today
            case Retrying(reason, seconds):
                self.reason, self.again = for_terminal(reason), now + seconds
            case Answered() | Warned() | Told() | Detailed() | Asking() | Stopped() | Finished() | Closed():
                pass
            case _:
                assert_never(event)

    def rate(self, now: float) -> float | None:
        """Rows decided a second in this phase, or None where it is too early to tell."""
        passed = now - self.began
        return (
            None if passed < 1 or self.first is None or self.done <= self.first else (self.done - self.first) / passed
        )

    def left(self, now: float) -> str:
        """The time to come, from the pace: "about 12 s left", or ""."""
        if self.posts is None:
            return ""
        soon = not self.posts or self.ends - now < 0.5
        return "almost done" if soon else f"about {seconds_in_words(self.ends - now)} left"

    def cost(self) -> str:
        """The requests: "14 of 500 requests today", or "" before the first."""
        if not self.used:
            return ""
        left = f", {count(self.left_today)} left" if self.left_today is not None else ""
        if self.quota is None:
            return f"{count(self.used)} request{'' if self.used == 1 else 's'}{left}"
        return f"{count(self.used)} of {count(self.quota)} requests today{left}"
