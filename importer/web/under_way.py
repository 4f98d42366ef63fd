"""What is under way on the page: one thing at a time, how far it is, and what went wrong with the last of each kind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from importer.errors import CredentialsError, ImporterError
from importer.events import Event
from importer.report.progress import Progress
from importer.web.steps import STEP_OF, Doing, Step
from importer.web.words import Trouble, defect_of, trouble_of


class BusyError(Exception):
    """Something else is under way; it has to end, or be stopped, first."""


class UnderWay:
    """`doing` is what is under way, None if nothing is; `troubles` are what is to be told, by the part of the page.

    `changed` is called whenever what is shown changes, `refused` when the sign-in turns out to be no good, and
    `ended` is awaited before the next thing may begin. `folder` is where the uploaded files are, for no message.
    """

    def __init__(
        self,
        folder: Path,
        changed: Callable[[], None],
        refused: Callable[[], None],
        ended: Callable[[], Awaitable[None]],
    ) -> None:
        self._folder = folder
        self._changed = changed
        self._refused = refused
        self._ended = ended
        self.doing: Doing | None = None
        self.progress = Progress()
        self.troubles: dict[Step, Trouble] = {}
        self._moved = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._work: asyncio.Task[None] | None = None

    def begin(self, doing: Doing, job: Coroutine[Any, Any, None]) -> None:
        """Do something that takes a while. Raises BusyError while something else is under way."""
        if self.doing is not None:
            job.close()
            raise BusyError
        self.doing = doing
        self.progress = Progress()
        self.troubles.pop(STEP_OF[doing], None)
        self._changed()
        self._work = self.beside(self._do(doing, job))

    def refuse_while_busy(self) -> None:
        """Raise BusyError while something is under way."""
        if self.doing is not None:
            raise BusyError

    def beside(self, job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start what goes on beside everything else, until the page is closed."""
        task = asyncio.get_running_loop().create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def end(self) -> None:
        """Wait until what is under way has ended."""
        if self._work is not None:
            await asyncio.wait({self._work})

    async def close(self) -> None:
        """Let go of all that goes on beside."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def heard(self, event: Event) -> None:
        """Take in what the engine tells."""
        self.progress.take(event, time.monotonic())
        self._moved = True

    def has_moved(self) -> bool:
        """Tell whether the engine has told something since this was asked last."""
        moved, self._moved = self._moved, False
        return moved

    def live(self) -> dict[str, Any]:
        """Return how far it is, for who watches."""
        now = time.monotonic()
        seen = self.progress
        rate = seen.rate(now)
        return {
            "doing": self.doing,
            "phase": seen.phase,
            "done": seen.done,
            "total": seen.total,
            "rate": None if rate is None else round(rate, 1),
            "left": seen.left(now),
            "cost": seen.cost(),
            "waits": seen.reason if seen.again > now else "",
            "again": max(0, round(seen.again - now)),
            "stopping": bool(seen.stopping),
        }

    async def _do(self, doing: Doing, job: Coroutine[Any, Any, None]) -> None:
        try:
            await job
        except ImporterError as error:
            self.troubles[STEP_OF[doing]] = trouble_of(error, self._folder)
            if isinstance(error, CredentialsError):
                self._refused()
        except Exception as error:  # noqa: BLE001 (a mistake of ours must not leave the page waiting for ever)
            self.troubles[STEP_OF[doing]] = defect_of(error)
        finally:
            try:
                await self._ended()
            finally:
                self.doing = None
                self._changed()
