"""The page's state, and everything that a person can do on it. One person, one account, one thing at a time.

It lives on the server's loop; what takes long is done in the engine's thread. Nothing of it is kept beyond the server's
life: what counts is in the resume file, which the commands read and write, too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio.to_thread

from importer.errors import CredentialsError, ImporterError, ResumeFileError, UsageError
from importer.events import Event
from importer.model import Outcome
from importer.record import Record
from importer.report.fates import View
from importer.report.progress import Progress
from importer.run.access import Owner
from importer.run.job import Options
from importer.run.mend.choices import Choice
from importer.run.mending import MEND
from importer.web import work
from importer.web.engine import Engine
from importer.web.hub import Hub
from importer.web.mending import Mending
from importer.web.past import OnRecord
from importer.web.rows import Table
from importer.web.settings import Settings
from importer.web.shelf import Answers, Book, Judged, Question, look_at
from importer.web.signing import Signing, Stage
from importer.web.steps import STEP_OF, Doing, Step
from importer.web.uploads import Upload, Uploads
from importer.web.way_back import Thought, WayBack
from importer.web.words import Trouble, defect_of, trouble_of


class BusyError(Exception):
    """Something else is under way; it has to end, or be stopped, first."""


class Page:
    """See above. Every change of what is shown raises `version`, and every page that is connected hears of it."""

    def __init__(self, settings: Settings, folder: Path, hub: Hub) -> None:
        self.settings = settings
        self.hub = hub
        self.version = 0
        self.uploads = Uploads(folder)
        self.engine = Engine(settings.scale, self._heard)
        self.signing = Signing(
            settings.url, settings.scale, settings.places, settings.environment, self._signing_changed, settings.fixed
        )
        self.books: list[Book] = []
        self.judged: Judged | None = None
        self.read_table = Table((), View.FORECAST)
        self.options = Options()
        self.forecast: work.Report | None = None
        self.forecast_table = Table((), View.FORECAST)
        self.result: work.Report | None = None
        self.result_table = Table((), View.DONE)
        self.mending = Mending(self.engine, self._target)
        self.way_back = WayBack(self.engine, self._target)
        self.owner: Owner | None = None
        self.record = OnRecord()
        self.troubles: dict[Step, Trouble] = {}
        self.doing: Doing | None = None
        self.progress = Progress()
        self.ended = asyncio.Event()
        self.turn = Step.FILES
        self._moved = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._work: asyncio.Task[None] | None = None

    # Beginning and end

    async def open(self) -> None:
        """Find out who is signed in, and what is on record of them."""
        self.signing.look()
        self._know_owner()
        await self.look_at_record()
        self._task(self._watch())

    async def close(self) -> None:
        """Stop what is under way, and wait until it has ended."""
        self.engine.stop()
        if self._work is not None:
            await asyncio.wait({self._work})
        await self.signing.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Files, and what was read

    async def receive(self, path: str, group: str, pieces: AsyncIterator[bytes]) -> Upload:
        """Take a file in while it arrives. Raises ExportError for one that cannot be kept."""
        return await self.uploads.receive(path, group, pieces)

    def read(self) -> None:
        """Read all files anew."""
        kept = {book.upload.number: book.answers for book in self.books}
        books = [Book(upload, kept.get(upload.number, Answers())) for upload in self.uploads.kept]
        self._begin(Doing.READING, self._read(books))

    def take_away(self, number: int) -> None:
        """Let a file go, and read the others anew."""
        self._refuse_while_busy()
        self.uploads.remove(number)
        self.read()

    def answer(self, number: int, question: Question, value: str) -> None:
        """Take in what a person says of a file that leaves something open. Raises UsageError for no answer."""
        self._refuse_while_busy()
        self.books = [
            replace(book, answers=book.answers.put(question, value)) if book.upload.number == number else book
            for book in self.books
        ]
        self.read()

    async def _read(self, books: list[Book]) -> None:
        self._forget_forecast()
        self.books, self.judged = books, None
        self.read_table = Table((), View.FORECAST)
        self.troubles.pop(Step.FILES, None)
        if not books:
            return
        found, judged = await self.engine.run(lambda _: look_at(books))
        self.books, self.judged = found, judged
        if judged is not None:
            self.read_table = await _prepared(judged.rows, View.FORECAST)
        self.turn = Step.FILES if judged is None else Step.READ

    # Sign-in

    def sign_in(self, client_id: str) -> None:
        """Ask for a code."""
        self.signing.begin(client_id)

    def cancel_sign_in(self) -> None:
        """Wait no longer for a sign-in."""
        self.signing.cancel()
        self.changed()

    def sign_out(self) -> None:
        """Sign out."""
        self._begin(Doing.ASKING, self._sign_out())

    async def _sign_out(self) -> None:
        self._forget_forecast()
        self.owner = self.result = None
        self.result_table = Table((), View.DONE)
        self.record.forget()
        self.mending.forget()
        self.way_back.thought = self.way_back.done = None
        await self.signing.sign_out()

    def _signing_changed(self) -> None:
        if self.signing.stage is Stage.IN and self.owner is None and self.doing is None:
            self._begin(Doing.ASKING, self._ask_who())
        self.changed()

    async def _ask_who(self) -> None:
        self._know_owner()
        if self.owner is None:
            try:
                self.owner = await self.engine.run(work.asking_who(self._target()))
            except CredentialsError as error:
                self.signing.stage, self.signing.trouble = Stage.OUT, trouble_of(error)
                return
        if not self.signing.read_only:
            self.turn = Step.FORECAST if self.judged is not None else Step.FILES

    # What would happen, and the import

    def look_ahead(self, options: Options) -> None:
        """Find out what an import by these options would do."""
        self._refuse_while_busy()
        self.options = replace(options, dry_run=False)
        self._begin(Doing.FORECASTING, self._look_ahead())

    async def _look_ahead(self) -> None:
        self._forget_forecast()
        found = await self.engine.run(work.importing(self._target(), self.books, replace(self.options, dry_run=True)))
        self.owner = found.owner or self.owner
        self.forecast = found
        self.forecast_table = await _prepared(found.rows, View.FORECAST)
        self.turn = Step.FORECAST

    def go(self) -> None:
        """Import."""
        if not self.may_go:
            raise UsageError("nobody has looked at what would happen", "look at it first")
        self._begin(Doing.IMPORTING, self._go())

    @property
    def may_go(self) -> bool:
        """Whether an import may begin, or go on: somebody has seen what it would do."""
        return self.forecast is not None or (self.judged is not None and self.to_come > 0)

    @property
    def to_come(self) -> int:
        """Return how many ratings of the last import are still to be sent."""
        return (self.result.summary.totals or {}).get(Outcome.PENDING, 0) if self.result is not None else 0

    async def _go(self) -> None:
        self.turn = Step.GO
        self.changed()
        self.mending.forget()
        self.way_back.done = None
        self.troubles.pop(Step.RESULT, None)
        found = await self.engine.run(work.importing(self._target(), self.books, self.options))
        await self._show(found)

    def stop(self) -> None:
        """Stop what is under way: what is in flight is finished, and nothing is lost."""
        self.engine.stop()

    async def _show(self, found: work.Report) -> None:
        self.owner = found.owner or self.owner
        self.result = found
        self.result_table = await _prepared(found.rows, View.DONE)
        self._forget_forecast()
        self.turn = Step.RESULT

    # Mending

    def list_cases(self) -> None:
        """List the rows that need a title."""
        self._begin(Doing.LISTING, self.mending.show())

    def search(self, key: str, words: str) -> None:
        """Search for the title of a row, by the words given or else by its own."""
        self._begin(Doing.SEARCHING, self.mending.search(self.mending.case(key), words.strip()))

    def choose(self, key: str, choice: Choice) -> None:
        """Put on record what a person chose for a row."""
        self._begin(Doing.CHOOSING, self.mending.choose(self.mending.case(key), choice))

    def send_chosen(self) -> None:
        """Send all titles that were chosen."""
        self._begin(Doing.SENDING, self._send_chosen())

    async def _send_chosen(self) -> None:
        options = Options(on_conflict=self.options.on_conflict, command=MEND)
        await self._show(await self.mending.send(options))

    # The way back

    def look_back(self, run: int, *, force: bool, unlist: bool) -> None:
        """Find out what taking a run back would do."""
        self._begin(Doing.LOOKING_BACK, self._look_back(run, force=force, unlist=unlist))

    async def _look_back(self, run: int, *, force: bool, unlist: bool) -> None:
        await self.way_back.look(run, force=force, unlist=unlist)
        self.turn = Step.EARLIER

    def forget_back(self) -> None:
        """Take nothing back after all."""
        self._refuse_while_busy()
        self.way_back.thought = None
        self.changed()

    def take_back(self) -> None:
        """Take back the run that was looked at."""
        self._begin(Doing.UNDOING, self._take_back(self.way_back.chosen()))

    async def _take_back(self, chosen: Thought) -> None:
        await self.way_back.take(chosen)
        self._forget_forecast()
        self.mending.forget()
        if self.result is not None and self.result.summary.run == chosen.run:
            self.result = None  # what it tells is no longer so
        self.turn = Step.EARLIER

    # What is on record

    async def look_at_record(self) -> None:
        """Read the resume file, if it has changed since."""
        try:
            changed = await self.record.look(self.settings.resume_file_of(self.owner))
        except ResumeFileError as error:
            changed = True
            self.troubles[Step.EARLIER] = trouble_of(error)
        if changed:
            self.changed()

    async def _watch(self) -> None:
        """See what other commands do for this account meanwhile, and tell how far what is under way is."""
        looks = 0
        while True:
            await asyncio.sleep(_TICK)
            if self._moved:
                self._moved = False
                self.hub.tell("progress", self.live())
            looks += 1
            if looks % _LOOKS == 0 and self.doing is None:
                with suppress(ImporterError):  # it is told where somebody asks for something
                    await self._look_elsewhere()

    async def _look_elsewhere(self) -> None:
        await self.look_at_record()
        if self.owner is not None and await self.record.look_elsewhere(self._target().access, self.owner):
            self.changed()

    def live(self) -> dict[str, Any]:
        """Return how far what is under way is, for who watches."""
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

    # Within

    def changed(self) -> None:
        """What is shown has changed: tell every page."""
        self.version += 1
        self.hub.tell("changed", {"version": self.version})

    def _begin(self, doing: Doing, job: Coroutine[Any, Any, None]) -> None:
        if self.doing is not None:
            job.close()
            raise BusyError
        self.doing = doing
        self.progress = Progress()
        self.troubles.pop(STEP_OF[doing], None)
        self.changed()
        self._work = self._task(self._do(doing, job))

    async def _do(self, doing: Doing, job: Coroutine[Any, Any, None]) -> None:
        try:
            await job
        except ImporterError as error:
            self.troubles[STEP_OF[doing]] = trouble_of(error, self.uploads.folder)
            if isinstance(error, CredentialsError):
                self.signing.look()
        except Exception as error:  # noqa: BLE001 (a mistake of ours must not leave the page waiting for ever)
            self.troubles[STEP_OF[doing]] = defect_of(error)
        finally:
            try:
                await self.look_at_record()
            finally:
                self.doing = None
                self.changed()

    def _task(self, job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _refuse_while_busy(self) -> None:
        if self.doing is not None:
            raise BusyError

    def _heard(self, event: Event) -> None:
        self.progress.take(event, time.monotonic())
        self._moved = True

    def _forget_forecast(self) -> None:
        self.forecast = None
        self.forecast_table = Table((), View.FORECAST)

    def _target(self) -> work.Target:
        return self.settings.target(self.signing.credentials())

    def _know_owner(self) -> None:
        if self.signing.stage is Stage.IN:
            self.owner = self._target().access.known_owner()


_TICK = 0.25
"""Seconds between two tellings of how far something is."""

_LOOKS = 8
"""Ticks between two looks at the resume file."""


async def _prepared(rows: Sequence[Record], view: View) -> Table:
    """Return the table of rows, which takes a moment where they are many: the page answers meanwhile."""
    return await anyio.to_thread.run_sync(Table(rows, view).prepare)
