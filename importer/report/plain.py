"""How a command goes, as plain lines: for logs, pipes and terminals that cannot redraw."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TextIO, assert_never

from importer.events import (
    Answered,
    Asking,
    Closed,
    Detailed,
    Event,
    Finished,
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
from importer.report.progress import Progress
from importer.report.safe import count, for_terminal, many, seconds_in_words
from importer.report.screen import write

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL = 5.0
"""Seconds between two plain lines that tell the same thing."""


class PlainLines:
    """A line at each phase, and then one every `interval` seconds at most. `verbose`: every request is a line too."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float] = time.monotonic, interval: float = INTERVAL,
        *, verbose: bool = False,
    ) -> None:  # fmt: skip
        self._stream = stream
        self._clock = clock
        self._interval = interval
        self._progress = Progress()
        self._said = clock()
        self._retried: float | None = None
        self._unsaid = 0
        self._gone = False
        self._verbose = verbose

    def __call__(self, event: Event) -> None:  # noqa: C901 (a branch for each kind of event)
        """Say it at once, keep it for the next line, or leave it out."""
        self._progress.take(event, self._clock())
        match event:
            case PhaseBegan():
                self._say(self._progress.phase)
            case RowsDecided() | PostsToCome():
                self._tell()
            case Retrying(reason, seconds):
                self._retry(reason, seconds)
            case Warned(text):
                self._say(f"warning: {text}")
            case Told(text):
                for line in text.split("\n"):
                    self._say(line)
            case Stopping():
                self._say(self._progress.stopping)
            case Answered(method, path, status, seconds):
                if self._verbose:
                    self._say(f"{method} {path}: {status or 'no answer'} after {seconds:.2f} s")
            case Detailed(text):
                if self._verbose:
                    self._say(text)
            case RequestsUsed() | Asking() | Stopped() | Finished() | Closed():
                pass
            case _:
                assert_never(event)

    def _retry(self, reason: str, seconds: float) -> None:
        """Say why and when it is tried again; of a storm of retries only one an interval, and how many there were."""
        now = self._clock()
        if self._retried is not None and now - self._retried < self._interval:
            self._unsaid += 1
            return
        more = f" ({count(self._unsaid)} more before)" if self._unsaid else ""
        self._retried, self._unsaid = now, 0
        self._say(f"trying again in {seconds_in_words(seconds)}: {reason}{more}")

    def _tell(self) -> None:
        now = self._clock()
        if now - self._said < self._interval:
            return
        progress = self._progress
        parts = [f"{progress.phase}: {count(progress.done)} of {count(progress.total)} rows decided"]
        rate = progress.rate(now)
        if rate is not None:
            parts.append(f"{rate:,.0f} rows/s")
        if progress.posts:
            parts.append(f"{many(progress.posts, 'POST')} to come")
        self._say(", ".join([*parts, *filter(None, (progress.left(now), progress.cost()))]))

    def _say(self, text: str) -> None:
        self._said = self._clock()
        if not self._gone:
            self._gone = not write(self._stream, for_terminal(text) + "\n")
