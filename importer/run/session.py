"""A session: one account held for one command, with its lock, its resume file and its client, put together once.

The commands, the library and the tests all come this way, so that the order of refusals, locking and asking whose
token it is, and the question whether there is anything new, are decided in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from importer.errors import CredentialsError, ExitStatus, ResumeFileError, most_telling
from importer.events import Asking, Listen, Phase, PhaseBegan
from importer.journal.file import check_journal
from importer.journal.rows import count_new
from importer.machine.places import account_name
from importer.machine.version import program_version
from importer.model import Command, Outcome, value
from importer.run.recorded import nothing_new

if TYPE_CHECKING:
    from importer.journal.findings import OpenFinding
    from importer.journal.store import Journal
    from importer.machine.clock import Clock
    from importer.model import Date
    from importer.record import Summary
    from importer.run.access import Access, Owner
    from importer.run.checkup.live import Agree
    from importer.run.checkup.outcome import Ended
    from importer.run.job import Options
    from importer.run.reading import Export
    from importer.run.scope import Scope
    from importer.simkl.client import Client

PATIENCE = 60.0
"""Seconds for one request: Simkl may hold a write for 20 (/resources/rate-limits)."""


@value
class Done:
    """What a command came to. `nothing_new`: the exports are as they were, and nothing was asked or recorded."""

    summary: Summary
    nothing_new: bool = False


def agreed(_runs: Sequence[int], _titles: int) -> bool:
    """Ask nobody, and go on."""
    return True


class Session:
    """One account, held as long as the `with` block lasts.

    `resume_file` None is the account's own one in the state folder. In a dry run the resume file is a copy in memory.
    `must_exist`: the command speaks of what is on record, and a file that is not there is an error. `holding` False is
    for a dry run that lets other commands work meanwhile, and tells of the account as it was when it looked.
    Entering raises ResumeFileError for a file that cannot be used, and LockedError while another command holds the
    account. Whose token it is may be unknown until a client asks: then both happen there.
    """

    def __init__(
        self,
        access: Access,
        *,
        resume_file: Path | None = None,
        dry_run: bool = False,
        patience: float = PATIENCE,
        version: str = "",
        must_exist: bool = False,
        holding: bool = True,
    ) -> None:
        self._access = access
        self._path = resume_file
        self._dry_run = dry_run
        self._patience = patience
        self._version = version or program_version()
        self._must_exist = must_exist
        self._holding = holding
        self._stack = ExitStack()
        self._journal: Journal | None = None
        self.owner = access.known_owner()

    def __enter__(self) -> Session:
        refuse_unusable(self._access, self.owner, self._path)
        self._refuse_elsewhere()
        try:
            self._hold(self.owner)
            if self.owner is not None:
                self._open(self.owner, checked=True)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def journal(self) -> Journal:
        """Return the account's resume file. Raises ResumeFileError if nobody knows yet whose account it is."""
        if self._journal is None:
            raise ResumeFileError("the account is not known yet, and so neither is its resume file")
        return self._journal

    def date_on_record(self, key: str) -> Date | None:
        """Return the date on record of a key: what a mended row, which cannot say how exactly, is read by."""
        from importer.journal.corrections import mended_of

        known = mended_of(self._journal, key) if self._journal is not None else None
        return None if known is None else known.date

    def nothing_new(self, exports: Sequence[Export], options: Options, now: float) -> Done | None:
        """Return what is told of exports that hold nothing new, or None if they may: this asks nobody."""
        if self._journal is None or options.dry_run:
            return None
        job = options.job(exports, self._version)
        summary = nothing_new(self._journal, job, now, retry_not_found=options.retry_not_found)
        return None if summary is None else Done(self.signed(summary), nothing_new=True)

    async def import_exports(self, exports: Sequence[Export], options: Options, clock: Clock, listen: Listen) -> Done:
        """Import what is new in the exports. Raises ImporterError if nothing could be decided."""
        from importer.run.importing import Import
        from importer.run.reading import read_exports
        from importer.simkl.quota import DAILY

        done = self.nothing_new(exports, options, clock.now())
        if done is not None:
            return done
        try:
            async with self._client(clock, listen) as client:
                try:
                    owner = await self.known(client, listen)
                except CredentialsError:
                    read_exports(exports)  # an export that cannot be read is told before a token that is refused
                    raise
                quota = DAILY.get(owner.plan)
                work = Import(
                    exports=exports,
                    options=options,
                    client=client,
                    journal=self.journal,
                    clock=clock,
                    listen=listen,
                    version=self._version,
                    quota=quota,
                )
                summary = await work.run()
                whole = options.limit is None and not options.dry_run
                if whole and self.first_lists() and self._new_titles(summary, Outcome.APPLIED):
                    self._access.remember_lists(owner)
                return Done(self.signed(summary))
        except BaseExceptionGroup as group:
            raise most_telling(group) from None

    async def undo(
        self, scope: Scope, clock: Clock, listen: Listen, agree: Callable[[Sequence[int], int], bool] = agreed
    ) -> Done:
        """Take changes back, if `agree` says so of their runs and the number of their titles."""
        from importer.record import Summary
        from importer.run.scope import choose
        from importer.run.undoing import Undo

        try:
            async with self._client(clock, listen) as client:
                await self.known(client, listen)
                if agree is not agreed:
                    chosen = choose(self.journal, scope)
                    titles = len({change.key for change in (*chosen.changes, *chosen.taken)})
                    if titles:
                        listen(Asking())
                        if not agree(chosen.runs, titles):
                            return Done(self.signed(Summary(Command.UNDO, ExitStatus.DONE)))
                work = Undo(
                    scope=scope, client=client, journal=self.journal, clock=clock, listen=listen, dry_run=self._dry_run
                )
                return Done(self.signed(await work.run()))
        except BaseExceptionGroup as group:
            raise most_telling(group) from None

    async def send_chosen(
        self, chosen: Sequence[OpenFinding], options: Options, client: Client, clock: Clock, listen: Listen
    ) -> Done:
        """Send what a person chose for these rows, by the client that searched for them."""
        from importer.run.mend.sending import send
        from importer.simkl.quota import DAILY

        quota = DAILY.get((await self.known(client, listen)).plan)
        summary = await send(chosen, options, client, self.journal, clock, listen, self._version, quota)
        return Done(self.signed(summary))

    async def live_test(self, clock: Clock, listen: Listen, agree: Agree) -> Ended:
        """Try the service's open questions on three titles, if `agree` says so, and put everything back."""
        from importer.events import Answered, Event
        from importer.run.checkup.live import LiveTest

        heard: list[Answered] = []

        def hear(event: Event) -> None:
            if isinstance(event, Answered):
                heard.append(event)
            listen(event)

        try:
            async with self._client(clock, hear) as client:
                await self.known(client, listen)
                return await LiveTest(client=client, journal=self.journal, clock=clock, listen=listen, heard=heard).run(
                    agree
                )
        except BaseExceptionGroup as group:
            raise most_telling(group) from None

    def first_lists(self) -> bool:
        """Tell whether no whole run of this account has put titles onto lists yet, as far as is known."""
        return self.owner is None or not self._access.has_put_onto_lists(self.owner)

    def onto_lists(self, done: Done) -> int:
        """Return how many titles, at most, what a dry run would send puts onto lists that they are not on."""
        return self._new_titles(done.summary, Outcome.PENDING)

    def _new_titles(self, summary: Summary, outcome: Outcome) -> int:
        """Return how many rows of a run with this outcome are of titles that had no rating before."""
        if summary.run is None:
            return 0
        return count_new(self.journal, summary.run, outcome)

    def _client(self, clock: Clock, listen: Listen) -> AbstractAsyncContextManager[Client]:
        return self._access.client(self.owner, clock, self._patience, listen)

    async def known(self, client: Client, listen: Listen) -> Owner:
        """Return whose account it is; if nobody knows yet, ask, and hold that account too."""
        if self.owner is None:
            listen(PhaseBegan(Phase.ASKING))
            self.owner = await self._access.owner(client)
            self._refuse_elsewhere()
            self._hold(self.owner)
            self._open(self.owner, checked=False)
        return self.owner

    def _hold(self, owner: Owner | None) -> None:
        if self._holding:
            self._stack.enter_context(self._access.lock(owner))

    def _open(self, owner: Owner, *, checked: bool) -> None:
        path = self._path or self._access.places.resume_file(account_name(self._access.host, owner.id))
        if self._must_exist and is_new(path):
            raise ResumeFileError(f"nothing is on record of this account: there is no {path}", "run an import first")
        self._journal = self._stack.enter_context(
            self._access.journal(owner, self._path, dry_run=self._dry_run, checked=checked)
        )

    def _refuse_elsewhere(self) -> None:
        """Raise ResumeFileError if another profile keeps the account: two files would not know of each other."""
        if self.owner is None or self._path is not None:
            return
        found = self._access.places.resume_file_elsewhere(account_name(self._access.host, self.owner.id))
        if found is not None:
            other, path = found
            again = f"add --profile {other.profile}" if other.profile else "leave the profile out"
            raise ResumeFileError(
                f"this account is kept under {other.label}: {path}", f"{again}, or name that file: --resume-file"
            )

    def signed(self, summary: Summary) -> Summary:
        """Say whose account it was, and which file knows of it."""
        return signed(summary, self.owner, self.journal.path)


def signed(summary: Summary, owner: Owner | None, path: Path) -> Summary:
    """Return a summary that says whose account it is of, and which file knows of it."""
    if owner is not None:
        summary = replace(summary, account_id=owner.id, account_name=owner.name)
    return replace(summary, resume_file=str(path))


def refuse_unusable(access: Access | None, owner: Owner | None, path: Path | None) -> None:
    """Raise ResumeFileError for a resume file that a run could not use, before anything else is looked at.

    `access` and `owner` None: nobody is signed in, or nobody knows who. `path` None is the account's own file.
    """
    account = account_name(access.host, owner.id) if access is not None and owner is not None else None
    if path is None and access is not None and account is not None:
        path = access.places.resume_file(account)
    if path is not None and not is_new(path):
        check_journal(path, account)


def is_new(path: Path) -> bool:
    """Tell whether nothing is there yet, as far as one can see."""
    try:
        return not path.exists()
    except OSError:
        return True
