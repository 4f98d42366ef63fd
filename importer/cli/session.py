"""A command's work under way: the signals that end it, and of several errors the one that counts."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from importer.errors import most_telling
from importer.machine.clock import Clock

T = TypeVar("T")


def execute(work: Callable[[Clock], Awaitable[T]], scale: float) -> T:
    """Run `work` with a clock that SIGINT and SIGTERM stop: the first lets the batch in flight end, a second does not.

    A terminal that goes away does no harm: the work goes on. Of several errors at once the most telling is raised.
    """

    async def supervised() -> T:
        clock = Clock(scale)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_listen, clock)
            result = await work(clock)
            tasks.cancel_scope.cancel()
        return result

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        return anyio.run(supervised)
    except BaseExceptionGroup as group:
        raise most_telling(group) from None
    finally:
        signal.signal(signal.SIGHUP, before)


async def _listen(clock: Clock) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        first = True
        async for number in signals:
            if not first:
                os._exit(128 + number)
            first = False
            clock.stop(number)
