"""Time as a run knows it: the hour, the waits, and the signal that ends them. It is handed in everywhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import anyio

from importer.errors import InterruptedRunError

LAST_FLIGHT = 10.0
"""Seconds that a request in flight may still take after a first SIGINT or SIGTERM."""


class Clock:
    """The real clock. `scale` multiplies every wait alike (0 for tests); patience for a request is not scaled."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._signal: int | None = None
        self._stopped = anyio.Event()
        self._flights: set[anyio.CancelScope] = set()

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some moment, never set back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`, scaled. Raises InterruptedRunError as soon as the run is told to stop."""
        with anyio.move_on_after(max(0.0, seconds * self.scale)):
            await self._stopped.wait()
        self.check()

    def stop(self, signal_number: int) -> None:
        """Tell the run to stop: every wait ends at once, requests in flight get LAST_FLIGHT seconds more."""
        self._signal = signal_number
        self._stopped.set()
        for flight in self._flights:
            flight.deadline = min(flight.deadline, anyio.current_time() + LAST_FLIGHT)

    @property
    def in_flight(self) -> bool:
        """Tell whether the answer to a request is waited for."""
        return bool(self._flights)

    def check(self) -> None:
        """Raise InterruptedRunError once the run is told to stop."""
        if self._signal is not None:
            raise InterruptedRunError(self._signal)

    @contextmanager
    def flight(self, patience: float) -> Iterator[None]:
        """Bound one request by `patience` seconds, less when told to stop. Raises TimeoutError at its end."""
        self.check()
        with anyio.fail_after(patience) as scope:
            self._flights.add(scope)
            try:
                yield
            finally:
                self._flights.discard(scope)
