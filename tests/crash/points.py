"""Where a process dies by its own hand, and the broken protocols that the trials must notice.

A crash point is a name and a count: SIGKILL at its Nth visit. Nothing of this is known to the program itself.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

IN_FLIGHT = 0.05
"""Seconds a POST is under way before its process dies; the sandbox holds the answer back for longer."""

POINTS = (
    "before-intent",
    "after-intent",
    "in-post",
    "after-post",
    "in-outcome",
    "in-transaction",
    "in-read",
    "after-read",
)

_visits: Counter[str] = Counter()


def arm(kill: tuple[str, int] | None, broken: str | None) -> None:
    """Wrap the program's own functions in this process."""
    if broken is not None:
        _break(broken)
    if kill is None:
        return
    name, count = kill
    if name not in POINTS:
        raise ValueError(name)

    def visit(place: str) -> None:
        _visits[place] += 1
        if place == name and _visits[place] == count:
            die()

    _arm_intents(visit)
    _arm_exchange(visit, name, count)
    _arm_transactions(visit)


def die() -> None:
    """End as the kernel's memory killer would: at once, nothing flushed, nothing closed."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def _arm_intents(visit: Callable[[str], None]) -> None:
    from importer.run.checkup import exchange
    from importer.send.journal_record import JournalRecord

    JournalRecord.intend = _around(JournalRecord.intend, visit)  # type: ignore[method-assign]
    exchange.Pen._intend = _around(exchange.Pen._intend, visit)  # type: ignore[method-assign]


def _around(intend: Callable[..., int], visit: Callable[[str], None]) -> Callable[..., int]:
    def around(*args: Any) -> int:
        visit("before-intent")
        number = intend(*args)
        visit("after-intent")
        return number

    return around


def _arm_exchange(visit: Callable[[str], None], name: str, count: int) -> None:
    from importer.simkl import client

    exchange = client.exchange

    async def around(*args: Any, **options: Any) -> Any:
        method, url = args[3], args[4]
        write = method == "POST" and "/sync/" in url
        if write and name == "in-post":
            _visits["in-post"] += 1
            if _visits["in-post"] == count:
                asyncio.get_running_loop().call_later(IN_FLIGHT, die)
        if not write:
            visit("in-read")
        answer = await exchange(*args, **options)
        visit("after-post" if write else "after-read")
        return answer

    client.exchange = around


def _arm_transactions(visit: Callable[[str], None]) -> None:
    from importer.journal import life
    from importer.journal.store import Journal

    transaction, answer = Journal.transaction, life.answer

    @contextmanager
    def around(self: Journal) -> Iterator[None]:
        # Almost no cache: pages go to the file before the commit, as they do in a large transaction.
        self._connection.execute("PRAGMA cache_size = 1")
        with transaction(self):
            yield
            visit("in-transaction")

    def between(*args: Any) -> None:
        answer(*args)
        visit("in-outcome")

    Journal.transaction = around  # type: ignore[method-assign]
    life.answer = between


def _break(name: str) -> None:
    from importer.journal import life
    from importer.journal.store import Journal
    from importer.model import Outcome
    from importer.send.journal_record import JournalRecord
    from importer.simkl import pace
    from importer.simkl.wire import Echo

    intend, settle = JournalRecord.intend, JournalRecord.settle

    def outcome_first(self: JournalRecord, batch: Any, body: bytes) -> int:
        number = intend(self, batch, body)
        settle(self, number, 201, batch, [Echo(outcome=Outcome.APPLIED)] * len(batch))
        return number

    @contextmanager
    def no_transaction(_self: Journal) -> Iterator[None]:
        yield

    match name:
        case "no-intent":
            life.intend = lambda *_: None
        case "outcome-first":
            JournalRecord.intend = outcome_first  # type: ignore[method-assign]
        case "no-outcome":
            life._batch_done = lambda *_: None
        case "no-transaction":
            Journal.transaction = no_transaction  # type: ignore[method-assign]
        case "no-pace":
            pace.POST_GAP = pace.GET_GAP = 0.0
        case _:
            raise ValueError(name)
