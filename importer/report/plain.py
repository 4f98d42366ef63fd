"""How a command goes, as plain lines: for logs, pipes and terminals that cannot redraw."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TextIO

from importer.events import Answered, Detailed, Event, PhaseBegan, PostsToCome, Retrying, RowsDecided
from importer.report.progress import Progress
from importer.report.safe import count, for_terminal, many, seconds_in_words
from importer.report.screen import Guarded
from importer.report.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL = 5.0
"""Seconds between two plain lines that tell the same thing."""


class PlainLines:
    """A line at each phase, and then one every `interval` seconds at most. `verbose`: every request is a line too."""

    def __init__(
        self,
        stream: TextIO,
        clock: Callable[[], float] = time.monotonic,
        interval: float = INTERVAL,
        *,
        verbose: bool = False,
    ) -> None:
        self._stream = Guarded(stream)
        self._clock = clock
        self._interval = interval
        self._progress = Progress()
        self._said = clock()
        self._retried: float | None = None
        self._unsaid = 0
        self._verbose = verbose

    def __call__(self, event: Event) -> None:
        """Say it at once, keep it for the next line, or leave it out."""
        self._progress.take(event, self._clock())
        for line, _ in spoken(event):
            self._say(line)
        if isinstance(event, PhaseBegan):
            self._say(self._progress.phase)
        elif isinstance(event, RowsDecided | PostsToCome):
            self._tell()
        elif isinstance(event, Retrying):
            self._retry(event.reason, event.seconds)
        elif self._verbose and isinstance(event, Answered):
            self._say(f"{event.method} {event.path}: {event.status or 'no answer'} after {event.seconds:.2f} s")
        elif self._verbose and isinstance(event, Detailed):
            self._say(event.text)

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
        self._stream.write(for_terminal(text) + "\n")
