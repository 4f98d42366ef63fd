"""A command's work under way: the signals that end it, and of several errors the one that counts."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import anyio

from importer.errors import most_telling
from importer.events import Closed, Listen, Stopping, Told
from importer.machine.clock import LAST_FLIGHT, Clock

T = TypeVar("T")


def execute(work: Callable[[Clock], Awaitable[T]], scale: float, listen: Listen) -> T:
    """Run `work` with a clock that SIGINT and SIGTERM stop: the first lets the batch in flight end, a second does not.

    `listen` hears at once that a signal came. A terminal that goes away does no harm: the work goes on. Of several
    errors at once the most telling is raised.
    """

    async def supervised() -> T:
        clock = Clock(scale)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_answer_signals, clock, listen)
            result = await work(clock)
            tasks.cancel_scope.cancel()
        return result

    before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        return anyio.run(supervised)
    except BaseExceptionGroup as group:
        raise most_telling(group) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        # Not as it was before: a shell starts jobs deaf to Ctrl-C, and a question may come next.
        signal.signal(signal.SIGINT, signal.default_int_handler)


async def _answer_signals(clock: Clock, listen: Listen) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for number in signals:
            listen(Stopping(LAST_FLIGHT if clock.in_flight else None))
            clock.stop(number)
            break

    def end_now(number: int, _frame: object) -> None:
        # Whatever happens: a person who asks twice is not to wait.
        with suppress(Exception):
            listen(Told("Stopped now: the same command finds out what arrived"))
            listen(Closed())
        os._exit(128 + number)

    # From now on a signal is answered wherever this process is, also where the event loop has no say.
    signal.signal(signal.SIGINT, end_now)
    signal.signal(signal.SIGTERM, end_now)
