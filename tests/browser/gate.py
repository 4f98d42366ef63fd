"""A gate before every answer of a sandbox, so that a test looks at what is under way for as long as it wants."""

from __future__ import annotations

import asyncio
import threading


class Gate:
    """Open at first. Give `wait` to a sandbox as its `sleep`, with some latency, so that every answer passes here."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self._passes = threading.Semaphore(0)

    async def wait(self, _seconds: float) -> None:
        """Wait until the gate is open, or one answer is let pass."""
        while not self._open.is_set() and not self._passes.acquire(blocking=False):  # noqa: ASYNC110 (of another thread)
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """Hold every answer back from now on."""
        self._open.clear()

    def let_pass(self, answers: int) -> None:
        """Let so many answers pass."""
        self._passes.release(answers)

    def open(self) -> None:
        """Hold nothing back."""
        self._open.set()
