"""The page's state, and everything that a person can do on it. One person, one account, one thing at a time.

It lives on the server's loop; what takes long is done in the engine's thread. Nothing of it is kept beyond the server's
life: what counts is in the resume file, which the commands read and write, too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread

from adapters.reading.dates import DateOrder
from adapters.reading.scale import Rounding, Scale
from importer.errors import CredentialsError, ImporterError, ResumeFileError, UsageError
from importer.events import Event
from importer.exports import all_adapters
from importer.journal.findings import OpenFinding
from importer.machine.places import Places, account_name
from importer.model import Outcome
from importer.plan.candidates import Ranking
from importer.report.fates import View
from importer.report.progress import Progress
from importer.run.access import Access, Owner
from importer.run.job import Options
from importer.run.mend.choices import Absent, Choice, Remembered, Skip
from importer.run.mending import MEND
from importer.run.scope import Scope
from importer.run.session import PATIENCE
from importer.signin.credentials import Credentials
from importer.web import work
from importer.web.engine import Engine
from importer.web.hub import Hub
from importer.web.past import Earlier, Past, is_held, read_past
from importer.web.rows import Table
from importer.web.shelf import Answers, Book, Judged, Question, look_at
from importer.web.signing import Signing, Stage
from importer.web.uploads import Upload, Uploads
from importer.web.words import Trouble, defect_of, trouble_of

T = TypeVar("T")


class Step(StrEnum):
    """The parts of the page, in their order."""

    FILES = "files"
    READ = "read"
    SIGN_IN = "sign-in"
    FORECAST = "forecast"
    GO = "go"
    RESULT = "result"
    EARLIER = "earlier"


class Doing(StrEnum):
    """What is under way."""

    READING = "reading"
    ASKING = "asking"
    FORECASTING = "forecasting"
    IMPORTING = "importing"
    LOOKING_BACK = "looking back"
    UNDOING = "undoing"
    LISTING = "listing"
    SEARCHING = "searching"
    CHOOSING = "choosing"
    SENDING = "sending"


LONG = (Doing.FORECASTING, Doing.IMPORTING, Doing.UNDOING, Doing.LOOKING_BACK, Doing.SENDING)
"""What shows how far it is, and can be stopped."""


@dataclass(frozen=True, slots=True)
class Settings:
    """For whom the page is, and which API it speaks to. `fixed`: credentials that are not the page's to change."""

    places: Places
    url: str
    host: str
    scale: float
    environment: Mapping[str, str] = field(repr=False)
    resume_file: Path | None = None
    fixed: Credentials | None = None
    alone: bool = False
    patience: float = PATIENCE


@dataclass(slots=True)
class TakingBack:
    """A run that a person thinks of taking back, and what that would come to."""

    run: int
    force: bool
    unlist: bool
    look: work.Report


@dataclass(slots=True)
class Case:
    """A row that needs a title, with what was found for it and what was said about it."""

    finding: OpenFinding
    words: str = ""
    ranking: Ranking | None = None
    trouble: str = ""


class BusyError(Exception):
    """Something else is under way; it has to end, or be stopped, first."""


class Page:
    """See above. `tell_all` is the hub's; every change of what is shown raises `version`."""

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
        self.taking_back: TakingBack | None = None
        self.taken_back: work.Report | None = None
        self.cases: dict[str, Case] | None = None
        self.chosen = 0
        self.owner: Owner | None = None
        self.past: Past | None = None
        self.elsewhere: Earlier | None = None
        self.troubles: dict[Step, Trouble] = {}
        self.doing: Doing | None = None
        self.progress = Progress()
        self.ended = asyncio.Event()
        self.turn = Step.FILES
        self._moved = False
        self._stamp: tuple[int, int] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._work: asyncio.Task[None] | None = None

    # Beginning and end

    async def open(self) -> None:
        """Find out who is signed in, and what is on record of them."""
        self.signing.look()
        self._know_owner()
        await self.look_at_past()
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
            replace(book, answers=_answered(book.answers, question, value)) if book.upload.number == number else book
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
            self.read_table = Table(judged.rows, View.FORECAST)
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
        self.owner = self.past = self.cases = None
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
        self.turn = Step.FORECAST if self.judged is not None else Step.FILES

    # What would happen, and the import

    def look_ahead(self, options: Options) -> None:
        """Find out what an import by these options would do."""
        self.options = replace(options, dry_run=False)
        self._begin(Doing.FORECASTING, self._look_ahead())

    async def _look_ahead(self) -> None:
        self._forget_forecast()
        found = await self.engine.run(work.importing(self._target(), self.books, replace(self.options, dry_run=True)))
        self.owner = found.owner or self.owner
        self.forecast = found
        self.forecast_table = Table(found.rows, View.FORECAST)
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
        self.cases = self.taken_back = None
        self.troubles.pop(Step.RESULT, None)
        found = await self.engine.run(work.importing(self._target(), self.books, self.options))
        self._show(found)

    def stop(self) -> None:
        """Stop what is under way: what is in flight is finished, and nothing is lost."""
        self.engine.stop()

    def _show(self, found: work.Report) -> None:
        self.owner = found.owner or self.owner
        self.result = found
        self.result_table = Table(found.rows, View.DONE)
        self._forget_forecast()
        self.turn = Step.RESULT

    # Mending

    def list_cases(self) -> None:
        """List the rows that need a title."""
        self._begin(Doing.LISTING, self._list_cases())

    async def _list_cases(self) -> None:
        found, self.chosen = await self.engine.run(work.finding_titles(self._target()))
        before = self.cases or {}
        self.cases = {one.record.key: before.get(one.record.key) or Case(one) for one in found}
        for one in found:
            self.cases[one.record.key].finding = one

    def search(self, key: str, words: str) -> None:
        """Search for the title of a row, by the words given or else by its own."""
        case = self._case(key)
        case.words, case.trouble = words.strip(), ""
        self._begin(Doing.SEARCHING, self._search(case))

    async def _search(self, case: Case) -> None:
        finding = case.finding
        if case.words:
            finding = replace(finding, record=replace(finding.record, title=case.words, year=None))
        case.ranking = await self.engine.run(work.searching(self._target(), finding))
        if case.ranking is None:
            case.trouble = "The rest of today's requests is kept for sending what you choose. Search again tomorrow."
        elif not case.ranking.candidates:
            case.trouble = "Simkl's search finds nothing like it. Try other words, or give an id or an address."

    def choose(self, key: str, choice: Choice) -> None:
        """Put on record what a person chose for a row."""
        self._begin(Doing.CHOOSING, self._choose(self._case(key), choice))

    async def _choose(self, case: Case, choice: Choice) -> None:
        became = await self.engine.run(work.choosing(self._target(), case.finding, choice))
        if became is Remembered.UNKNOWN:
            case.trouble = "Simkl knows no title by that id."
            return
        if self.cases is not None:
            self.cases.pop(case.finding.record.key, None)
        # What Simkl lacks is sent nowhere, unless its rating lies on another title, which gets back what it had.
        sends = not isinstance(choice, Skip | Absent) or (isinstance(choice, Absent) and case.finding.wrong is not None)
        if became is Remembered.KEPT and sends:
            self.chosen += 1

    def send_chosen(self) -> None:
        """Send all titles that were chosen."""
        self._begin(Doing.SENDING, self._send_chosen())

    async def _send_chosen(self) -> None:
        options = Options(on_conflict=self.options.on_conflict, command=MEND)
        self._show(await self.engine.run(work.sending_chosen(self._target(), options)))
        self.cases, self.chosen = None, 0

    def _case(self, key: str) -> Case:
        found = (self.cases or {}).get(key)
        if found is None:
            raise UsageError("this row needs nobody any more", "look at the list again")
        return found

    # The way back

    def look_back(self, run: int, *, force: bool, unlist: bool) -> None:
        """Find out what taking a run back would do."""
        self._begin(Doing.LOOKING_BACK, self._look_back(Scope(run, force=force, unlist=unlist)))

    async def _look_back(self, scope: Scope) -> None:
        self.taking_back = self.taken_back = None
        look = await self.engine.run(work.undoing(self._target(), scope, dry_run=True))
        self.taking_back = TakingBack(scope.run or 0, scope.force, scope.unlist, look)
        self.turn = Step.EARLIER

    def forget_back(self) -> None:
        """Take nothing back after all."""
        self._refuse_while_busy()
        self.taking_back = None
        self.changed()

    def take_back(self) -> None:
        """Take back the run that was looked at."""
        chosen = self.taking_back
        if chosen is None:
            raise UsageError("nobody has looked at what would be taken back", "look at it first")
        self._begin(Doing.UNDOING, self._take_back(chosen))

    async def _take_back(self, chosen: TakingBack) -> None:
        scope = Scope(chosen.run, force=chosen.force, unlist=chosen.unlist)
        found = await self.engine.run(work.undoing(self._target(), scope, dry_run=False))
        self.taking_back, self.taken_back = None, found
        self._forget_forecast()
        if self.result is not None and self.result.summary.run == chosen.run:
            self.result, self.cases = None, None  # what it tells is no longer so
        self.turn = Step.EARLIER

    # What is on record

    async def look_at_past(self) -> None:
        """Read the resume file, if it has changed since."""
        path = self._resume_file()
        if path is None:
            self.past = self.elsewhere = None
            return
        stamp = await anyio.to_thread.run_sync(_stamp, path)
        if stamp is not None and stamp == self._stamp and self.past is not None:
            return
        try:
            self.past = await anyio.to_thread.run_sync(read_past, path)
            self._stamp = stamp
            self.troubles.pop(Step.EARLIER, None)
        except ResumeFileError as error:
            self.past = None
            self.troubles[Step.EARLIER] = trouble_of(error)
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
            if looks % _LOOKS == 0 and not self.engine.busy:
                await self._look_elsewhere()

    async def _look_elsewhere(self) -> None:
        await self.look_at_past()
        last = self.past.runs[0] if self.past is not None and self.past.runs else None
        before = self.elsewhere
        self.elsewhere = None
        if last is not None and last.running and self.owner is not None and not self.engine.busy:
            access, owner = self._target().access, self.owner
            if await anyio.to_thread.run_sync(is_held, access, owner):
                self.elsewhere = last
        if self.elsewhere != before:
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
        self.troubles.pop(_STEPS[doing], None)
        self.changed()
        self._work = self._task(self._do(doing, job))

    async def _do(self, doing: Doing, job: Coroutine[Any, Any, None]) -> None:
        try:
            await job
        except ImporterError as error:
            self.troubles[_STEPS[doing]] = trouble_of(error, self.uploads.folder)
            if isinstance(error, CredentialsError):
                self.signing.look()
        except Exception as error:  # noqa: BLE001 (a mistake of ours must not leave the page waiting for ever)
            self.troubles[_STEPS[doing]] = defect_of(error)
        finally:
            self.doing = None
            await self.look_at_past()
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
        settings = self.settings
        access = Access(
            settings.url, settings.host, self.signing.credentials(), settings.places, alone=settings.alone
        )  # fmt: skip
        return work.Target(access, settings.resume_file, settings.patience)

    def _know_owner(self) -> None:
        if self.signing.stage is Stage.IN:
            self.owner = self._target().access.known_owner()

    def _resume_file(self) -> Path | None:
        if self.settings.resume_file is not None:
            return self.settings.resume_file
        if self.owner is None:
            return None
        return self.settings.places.resume_file(account_name(self.settings.host, self.owner.id))


_TICK = 0.25
"""Seconds between two tellings of how far something is."""

_LOOKS = 8
"""Ticks between two looks at the resume file."""

_STEPS: dict[Doing, Step] = {
    Doing.READING: Step.FILES,
    Doing.ASKING: Step.SIGN_IN,
    Doing.FORECASTING: Step.FORECAST,
    Doing.IMPORTING: Step.GO,
    Doing.LOOKING_BACK: Step.EARLIER,
    Doing.UNDOING: Step.EARLIER,
    Doing.LISTING: Step.RESULT,
    Doing.SEARCHING: Step.RESULT,
    Doing.CHOOSING: Step.RESULT,
    Doing.SENDING: Step.RESULT,
}


def _answered(answers: Answers, question: Question, value: str) -> Answers:
    """Return the answers with one more; "" takes an answer back."""
    try:
        match question:
            case Question.FORMAT:
                if value and value not in {adapter.name for adapter in all_adapters()}:
                    raise ValueError(value)
                return replace(answers, format=value or None)
            case Question.DATE_ORDER:
                order = DateOrder(value) if value else None
                return replace(answers, choices=replace(answers.choices, date_order=order))
            case Question.SCALE:
                scale = Scale(value) if value else None
                return replace(answers, choices=replace(answers.choices, scale=scale))
            case Question.ROUND:
                rounding = Rounding(value) if value else None
                return replace(answers, choices=replace(answers.choices, round=rounding))
    except ValueError:
        raise UsageError(f"{value!r} is none of the answers", "choose one of those that are shown") from None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
