"""What a person sees while a run goes on. Everything is told through one protocol; nobody listening costs nothing."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TextIO

from importer.report.safe import count, for_terminal, seconds_in_words
from importer.report.screen import is_terminal, write

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL = 5.0
"""Seconds between two plain lines that tell the same thing."""

PHASES = {
    "asking": "asking Simkl who is signed in",
    "reading": "reading the exports",
    "account": "reading your ratings on Simkl",
    "sending": "sending",
    "checking": "reading back",
}


class Progress(Protocol):
    """Who listens to a run. Every call is cheap, never raises, and may be made as often as one likes."""

    def phase(self, name: str) -> None:
        """A phase begins: asking, reading, account, sending or checking."""
        ...

    def decided(self, done: int, total: int) -> None:
        """So many rows of so many have their outcome."""
        ...

    def posts(self, left: int, seconds_each: float) -> None:
        """So many POSTs are to come, each taking so many seconds with its pause."""
        ...

    def requests(self, used: int, quota: int | None) -> None:
        """Requests of this day, and how many the account has; None where nobody knows."""
        ...

    def retry(self, reason: str, seconds: float) -> None:
        """A request is made again after so many seconds."""
        ...

    def note(self, text: str) -> None:
        """A warning of one line, always shown."""
        ...

    def tell(self, text: str) -> None:
        """A line that a person should read, and that is no warning."""
        ...

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """A request was answered (status 0: it was not) after so many seconds."""
        ...

    def hold(self) -> None:
        """Leave the stream to a question until the next phase."""
        ...

    def close(self) -> None:
        """Nothing more comes; the stream is left clean."""
        ...


class SilentProgress:
    """For --quiet: hears everything and says nothing."""

    def phase(self, name: str) -> None:
        """Say nothing."""

    def decided(self, done: int, total: int) -> None:
        """Say nothing."""

    def posts(self, left: int, seconds_each: float) -> None:
        """Say nothing."""

    def requests(self, used: int, quota: int | None) -> None:
        """Say nothing."""

    def retry(self, reason: str, seconds: float) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""

    def tell(self, text: str) -> None:
        """Say nothing."""

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Say nothing."""

    def hold(self) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Say nothing."""


@dataclass(slots=True)
class State:
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
    reason: str = ""
    again: float = 0.0

    def enter(self, name: str, now: float) -> None:
        """Begin a phase: rate and time left start anew."""
        self.phase, self.began, self.first, self.posts, self.reason = name, now, None, None, ""

    def decide(self, done: int, total: int) -> None:
        """Take the rows; those decided before the phase began do not count for its rate."""
        self.first = min(done, self.done) if self.first is None else self.first
        self.done, self.total = done, total

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
        if self.quota is None:
            return f"{count(self.used)} request{'' if self.used == 1 else 's'}"
        return f"{count(self.used)} of {count(self.quota)} requests today"


class PlainProgress:
    """For logs and pipes: a line at each phase, and then one every `interval` seconds at most."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float] = time.monotonic, interval: float = INTERVAL,
        *, verbose: bool = False,
    ) -> None:  # fmt: skip
        self._stream = stream
        self._clock = clock
        self._interval = interval
        self._state = State()
        self._said = clock()
        self._retried: float | None = None
        self._unsaid = 0
        self._gone = False
        self._verbose = verbose

    def phase(self, name: str) -> None:
        """Say that the phase begins."""
        self._state.enter(name, self._clock())
        self._say(PHASES.get(name, name))

    def decided(self, done: int, total: int) -> None:
        """Say how far it is, if the last line is old enough."""
        self._state.decide(done, total)
        self._tell()

    def posts(self, left: int, seconds_each: float) -> None:
        """Say how long it takes, if the last line is old enough."""
        self._state.posts, self._state.ends = left, self._clock() + left * seconds_each
        self._tell()

    def requests(self, used: int, quota: int | None) -> None:
        """Keep the numbers for the next line."""
        self._state.used, self._state.quota = used, quota

    def retry(self, reason: str, seconds: float) -> None:
        """Say why and when it is tried again; of a storm of retries only one an interval, and how many there were."""
        now = self._clock()
        if self._retried is not None and now - self._retried < self._interval:
            self._unsaid += 1
            return
        more = f" ({count(self._unsaid)} more before)" if self._unsaid else ""
        self._retried, self._unsaid = now, 0
        self._say(f"trying again in {seconds_in_words(seconds)}: {reason}{more}")

    def note(self, text: str) -> None:
        """Say it now."""
        self._say(f"warning: {text}")

    def tell(self, text: str) -> None:
        """Say it now, line by line."""
        for line in text.split("\n"):
            self._say(line)

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Say it, if every request is to be told."""
        if self._verbose:
            self._say(f"{method} {path}: {status or 'no answer'} after {seconds:.2f} s")

    def hold(self) -> None:
        """Nothing is in the way."""

    def close(self) -> None:
        """Nothing to clean up."""

    def _tell(self) -> None:
        now = self._clock()
        if now - self._said < self._interval:
            return
        state = self._state
        parts = [f"{PHASES.get(state.phase, state.phase)}: {count(state.done)} of {count(state.total)} rows decided"]
        rate = state.rate(now)
        if rate is not None:
            parts.append(f"{rate:,.0f} rows/s")
        if state.posts:
            parts.append(f"{count(state.posts)} POST{'' if state.posts == 1 else 's'} to come")
        self._say(", ".join([*parts, *filter(None, (state.left(now), state.cost()))]))

    def _say(self, text: str) -> None:
        self._said = self._clock()
        if not self._gone:
            indent = text[: len(text) - len(text.lstrip(" "))]
            self._gone = not write(self._stream, indent + for_terminal(text) + "\n")


def progress_for(
    stream: TextIO, *, quiet: bool = False, verbose: bool = False, clock: Callable[[], float] = time.monotonic
) -> Progress:
    """Who should listen: nobody with --quiet, a live view on a terminal that can redraw, plain lines elsewhere.

    With --verbose every request is a plain line.
    """
    if quiet:
        return SilentProgress()
    if verbose:
        return PlainProgress(stream, clock, 0.0, verbose=True)
    if is_terminal(stream) and os.environ.get("TERM", "dumb") not in ("dumb", "unknown", ""):
        from importer.report.live import LiveProgress

        return LiveProgress(stream, clock)
    return PlainProgress(stream, clock)
