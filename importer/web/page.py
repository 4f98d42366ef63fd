"""The page's state, and everything that a person can do on it. One person, one account, one thing at a time.

It lives on the server's loop; what takes long is done in the engine's thread. Nothing of it is kept beyond the server's
life: what counts is in the resume file, which the commands read and write, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from importer.errors import CredentialsError, ImporterError, ResumeFileError, UsageError
from importer.model import Command
from importer.run.access import Owner
from importer.run.job import Options
from importer.run.mend.choices import Choice
from importer.web import work
from importer.web.engine import Engine
from importer.web.export_files import ExportFile, Question
from importer.web.files import Files
from importer.web.hub import Hub
from importer.web.mending import Mending
from importer.web.past import OnRecord
from importer.web.reports import Reports
from importer.web.settings import Settings
from importer.web.signing import Signing, Stage
from importer.web.steps import Doing, Step
from importer.web.under_way import UnderWay
from importer.web.uploads import Upload
from importer.web.way_back import Thought, WayBack
from importer.web.words import trouble_of


class Page:
    """See above. Every change of what is shown raises `version`, and every page that is connected hears of it."""

    def __init__(self, settings: Settings, folder: Path, hub: Hub) -> None:
        self.settings = settings
        self.hub = hub
        self.version = 0
        self.under_way = UnderWay(folder, self.changed, self._refused, self.look_at_record)
        self.engine = Engine(settings.scale, self.under_way.heard)
        self.signing = Signing(
            url=settings.url,
            scale=settings.scale,
            places=settings.places,
            environment=settings.environment,
            changed=self._signing_changed,
            fixed=settings.fixed,
        )
        self.files = Files(folder, self.engine)
        self.options = Options()
        self.reports = Reports()
        self.mending = Mending(self.engine, self._target)
        self.way_back = WayBack(self.engine, self._target)
        self.owner: Owner | None = None
        self.record = OnRecord()
        self.ended = asyncio.Event()
        self.turn = Step.FILES

    # Beginning and end

    async def open(self) -> None:
        """Find out who is signed in, and what is on record of them."""
        self.signing.look()
        self._know_owner()
        await self.look_at_record()
        self.under_way.beside(self._watch())

    async def close(self) -> None:
        """Stop what is under way, and wait until it has ended."""
        self.engine.stop()
        await self.under_way.end()
        await self.signing.close()
        await self.under_way.close()

    # Files, and what was read

    async def receive(self, path: str, group: str, pieces: AsyncIterator[bytes]) -> Upload:
        """Take a file in while it arrives. Raises ExportError for one that cannot be kept."""
        return await self.files.receive(path, group, pieces)

    def read(self) -> None:
        """Read all files anew."""
        self.under_way.begin(Doing.READING, self._read(self.files.to_read()))

    def take_away(self, number: int) -> None:
        """Let a file go, and read the others anew."""
        self.under_way.refuse_while_busy()
        self.files.uploads.remove(number)
        self.read()

    def answer(self, number: int, question: Question, value: str) -> None:
        """Take in what a person says of a file that leaves something open. Raises UsageError for no answer."""
        self.under_way.refuse_while_busy()
        self.files.answer(number, question, value)
        self.read()

    async def _read(self, exports: list[ExportFile]) -> None:
        self.reports.forget_forecast()
        self.under_way.troubles.pop(Step.FILES, None)
        await self.files.read(exports)
        if exports:
            self.turn = Step.FILES if self.files.judged is None else Step.READ

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
        self.under_way.begin(Doing.ASKING, self._sign_out())

    async def _sign_out(self) -> None:
        self.reports.forget()
        self.owner = None
        self.record.forget()
        self.mending.forget()
        self.way_back.thought = self.way_back.done = None
        await self.signing.sign_out()

    def _signing_changed(self) -> None:
        if self.signing.stage is Stage.IN and self.owner is None and self.under_way.doing is None:
            self.under_way.begin(Doing.ASKING, self._ask_who())
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
            self.turn = Step.FORECAST if self.files.judged is not None else Step.FILES

    # What would happen, and the import

    def look_ahead(self, options: Options) -> None:
        """Find out what an import by these options would do."""
        self.under_way.refuse_while_busy()
        self.options = replace(options, dry_run=False)
        self.under_way.begin(Doing.FORECASTING, self._look_ahead())

    async def _look_ahead(self) -> None:
        self.reports.forget_forecast()
        found = await self.engine.run(
            work.importing(self._target(), self.files.exports, replace(self.options, dry_run=True))
        )
        self.owner = found.owner or self.owner
        await self.reports.foresee(found)
        self.turn = Step.FORECAST

    def go(self) -> None:
        """Import."""
        if not self.may_go:
            raise UsageError("nobody has looked at what would happen", "look at it first")
        self.under_way.begin(Doing.IMPORTING, self._go())

    @property
    def may_go(self) -> bool:
        """Tell whether an import may begin, or go on: somebody has seen what it would do."""
        return self.reports.forecast is not None or (self.files.judged is not None and self.reports.to_come > 0)

    async def _go(self) -> None:
        self.turn = Step.GO
        self.changed()
        self.mending.forget()
        self.way_back.done = None
        self.under_way.troubles.pop(Step.RESULT, None)
        found = await self.engine.run(work.importing(self._target(), self.files.exports, self.options))
        await self._show(found)

    def stop(self) -> None:
        """Stop what is under way: what is in flight is finished, and nothing is lost."""
        self.engine.stop()

    async def _show(self, found: work.Report) -> None:
        self.owner = found.owner or self.owner
        await self.reports.show(found)
        self.turn = Step.RESULT

    # Mending

    def list_cases(self) -> None:
        """List the rows that need a title."""
        self.under_way.begin(Doing.LISTING, self.mending.show())

    def search(self, key: str, words: str) -> None:
        """Search for the title of a row, by the words given or else by its own."""
        self.under_way.begin(Doing.SEARCHING, self.mending.search(self.mending.case(key), words.strip()))

    def choose(self, key: str, choice: Choice) -> None:
        """Put on record what a person chose for a row."""
        self.under_way.begin(Doing.CHOOSING, self.mending.choose(self.mending.case(key), choice))

    def send_chosen(self) -> None:
        """Send all titles that were chosen."""
        self.under_way.begin(Doing.SENDING, self._send_chosen())

    async def _send_chosen(self) -> None:
        options = Options(on_conflict=self.options.on_conflict, command=Command.MEND)
        await self._show(await self.mending.send(options))

    # The way back

    def look_back(self, run: int, *, force: bool, unlist: bool) -> None:
        """Find out what taking a run back would do."""
        self.under_way.begin(Doing.LOOKING_BACK, self._look_back(run, force=force, unlist=unlist))

    async def _look_back(self, run: int, *, force: bool, unlist: bool) -> None:
        await self.way_back.look(run, force=force, unlist=unlist)
        self.turn = Step.EARLIER

    def forget_back(self) -> None:
        """Take nothing back after all."""
        self.under_way.refuse_while_busy()
        self.way_back.thought = None
        self.changed()

    def take_back(self) -> None:
        """Take back the run that was looked at."""
        self.under_way.begin(Doing.UNDOING, self._take_back(self.way_back.chosen()))

    async def _take_back(self, chosen: Thought) -> None:
        await self.way_back.take(chosen)
        self.reports.forget_forecast()
        self.mending.forget()
        if self.reports.result is not None and self.reports.result.summary.run == chosen.run:
            self.reports.result = None  # what it tells is no longer so
        self.turn = Step.EARLIER

    # What is on record

    async def look_at_record(self) -> None:
        """Read the resume file, if it has changed since."""
        try:
            changed = await self.record.look(self.settings.resume_file_of(self.owner))
        except ResumeFileError as error:
            changed = True
            self.under_way.troubles[Step.EARLIER] = trouble_of(error)
        if changed:
            self.changed()

    async def _watch(self) -> None:
        """See what other commands do for this account meanwhile, and tell how far what is under way is."""
        looks = 0
        while True:
            await asyncio.sleep(_TICK)
            looks += 1
            # Also where nothing has moved: times go on, and a page that was drawn anew meanwhile shows what was before.
            if self.under_way.has_moved() or (looks % _TELLS == 0 and self.under_way.doing is not None):
                self.hub.tell("progress", self.under_way.live())
            if looks % _LOOKS == 0 and self.under_way.doing is None:
                with suppress(ImporterError):  # it is told where somebody asks for something
                    await self._look_elsewhere()

    async def _look_elsewhere(self) -> None:
        await self.look_at_record()
        if self.owner is not None and await self.record.look_elsewhere(self._target().access, self.owner):
            self.changed()

    # Within

    def changed(self) -> None:
        """What is shown has changed: tell every page."""
        self.version += 1
        self.hub.tell("changed", {"version": self.version})

    def _refused(self) -> None:
        self.signing.look()

    def _target(self) -> work.Target:
        return self.settings.target(self.signing.credentials())

    def _know_owner(self) -> None:
        if self.signing.stage is Stage.IN:
            self.owner = self._target().access.known_owner()


_TICK = 0.25
"""Seconds between two tellings of how far something is."""

_TELLS = 4
"""Ticks until how far something is is told again although it has not moved."""

_LOOKS = 8
"""Ticks between two looks at the resume file."""
