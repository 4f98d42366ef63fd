"""A gate before every answer of a sandbox, so that a test looks at what is under way for as long as it wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Gate:
    """Open at first. Give `wait` to a sandbox as its `sleep`, with some latency, so that every answer passes here."""

    def __init__(self) -> None:
        self._closed: Callable[[], bool] = lambda: False

    async def wait(self, _seconds: float) -> None:
        """Wait as long as the gate is closed."""
        while self._closed():  # noqa: ASYNC110 (another thread opens it)
            await asyncio.sleep(0.01)

    def close(self, when: Callable[[], bool] = lambda: True) -> None:
        """Hold every answer back from now on, or from when something is so."""
        self._closed = when

    def open(self) -> None:
        """Hold nothing back."""
        self._closed = lambda: False
