"""The engine at work for the page: one piece of work at a time, in a thread with a loop and a clock of its own.

A resume file and its account are held within one thread, and the page answers meanwhile.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
import anyio.to_thread

from importer.events import Event, Listen, Stopping
from importer.machine.clock import LAST_FLIGHT, Clock

T = TypeVar("T")


class Hands:
    """What a piece of work is handed: what is told is heard on the page, and waits end when somebody stops it."""

    def __init__(self, scale: float, listen: Listen) -> None:
        self.listen = listen
        self._scale = scale
        self._guard = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, Clock] | None = None
        self._stopped = False

    def wait_for(self, work: Callable[[Clock], Awaitable[T]]) -> T:
        """Run a coroutine to its end in this thread. Raises InterruptedRunError if it is stopped."""

        async def timed() -> T:
            clock = Clock(self._scale)
            with self._guard:
                self._running = asyncio.get_running_loop(), clock
                if self._stopped:
                    clock.stop(signal.SIGINT)
            try:
                return await work(clock)
            finally:
                with self._guard:
                    self._running = None

        return anyio.run(timed)

    def stop(self) -> None:
        """End the work as soon as it may: the batch in flight is finished and recorded. From any thread."""
        with self._guard:
            if self._stopped:
                return
            self._stopped = True
            if self._running is not None:
                loop, clock = self._running
                loop.call_soon_threadsafe(self._stop, clock)

    def _stop(self, clock: Clock) -> None:
        self.listen(Stopping(LAST_FLIGHT if clock.in_flight else None))
        clock.stop(signal.SIGINT)


@dataclass(slots=True)
class Engine:
    """`scale` multiplies every wait; `heard` takes what is told, on the loop of the page."""

    scale: float
    heard: Callable[[Event], None]
    _hands: Hands | None = None

    @property
    def busy(self) -> bool:
        """Tell whether something is at work."""
        return self._hands is not None

    async def run(self, work: Callable[[Hands], T]) -> T:
        """Carry a piece of work out in a thread. Raises what it raises; who asks while it is busy made a mistake."""
        if self._hands is not None:
            raise RuntimeError("something is at work already")
        loop = asyncio.get_running_loop()

        def listen(event: Event) -> None:
            loop.call_soon_threadsafe(self.heard, event)

        self._hands = hands = Hands(self.scale, listen)
        try:
            return await anyio.to_thread.run_sync(work, hands)
        finally:
            self._hands = None

    def stop(self) -> None:
        """Tell what is at work to end."""
        if self._hands is not None:
            self._hands.stop()
