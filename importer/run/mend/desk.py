"""A desk to mend at: the open findings of one account, for as long as a person thinks about them.

The terminal's dialogue and the page work here. The account is held only while something is written or sent, so that a
run that comes meanwhile goes on, and what it changed is taken into account.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from importer.errors import LockedError, most_telling
from importer.events import Listen, Told
from importer.journal.file import read_journal
from importer.journal.findings import open_findings
from importer.journal.suggestions import found_before, keep_found
from importer.model import Kind, value
from importer.run.mend import findings, searching
from importer.run.mend.choices import Choice, ChoiceState, Picked, Typed
from importer.run.mend.remembering import forget, put_on_record
from importer.run.session import PATIENCE, Done, Session, signed
from importer.send.pages import other_names
from importer.simkl.quota import DAILY

if TYPE_CHECKING:
    from importer.journal.findings import OpenFinding
    from importer.journal.store import Journal
    from importer.journal.suggestions import Found
    from importer.machine.clock import Clock
    from importer.model import Row
    from importer.plan.candidates import Candidate, Ranking
    from importer.record import Requests, Summary
    from importer.run.access import Access, Owner
    from importer.run.job import Options
    from importer.run.mend.choices import Absent, Skip
    from importer.simkl.client import Client

SHORT = 2.0
"""Seconds to wait for another command that holds the account: what a page or a person at another terminal writes takes
less, a run takes longer."""

_LOOK_AGAIN = 0.1


@value
class DeskTarget:
    """Whose findings, in which resume file, and how they are reached. In a dry run nothing is written."""

    access: Access
    resume_file: Path | None = None
    dry_run: bool = False
    patience: float = PATIENCE

    def session(self) -> Session:
        """Return a session over the account, not entered yet."""
        return Session(
            self.access, resume_file=self.resume_file, dry_run=self.dry_run, patience=self.patience, must_exist=True
        )


@asynccontextmanager
async def open_desk(target: DeskTarget, clock: Clock, listen: Listen) -> AsyncIterator[Desk]:
    """Open a desk with a client of its own.

    Raises LockedError while another command holds the account, ResumeFileError where nothing is on record of it.
    """
    session = target.session()
    with ExitStack() as stack:
        stack.enter_context(session)
        async with target.access.client(session.owner, clock, target.patience, listen) as client:
            owner = await session.known(client, listen)
            path = session.journal.path
            stack.close()
            yield Desk(target=target, owner=owner, path=path, client=client, clock=clock, listen=listen)


class Desk:
    """One account's open findings, to be searched for, chosen and sent. See `open_desk`."""

    def __init__(
        self, target: DeskTarget, owner: Owner, path: Path, client: Client, clock: Clock, listen: Listen
    ) -> None:
        self._target = target
        self._owner = owner
        self._path = path
        self._client = client
        self._clock = clock
        self._listen = listen
        self._unwritten: list[tuple[OpenFinding, Picked | Absent | Skip]] = []
        self.quota = DAILY.get(owner.plan)

    @property
    def used_today(self) -> int:
        """Return how many requests of the day are used, as far as this machine knows."""
        return self._client.pace.used

    @property
    def requests(self) -> Requests:
        """Return what was asked so far."""
        return self._client.requests

    @contextmanager
    def reading(self) -> Iterator[Journal]:
        """The resume file as it is now, to be read; another command may be writing it."""
        journal = read_journal(self._path)
        try:
            yield journal
        finally:
            journal.close()

    async def hold(self, stack: ExitStack, seconds: float | None = SHORT) -> Session:
        """Hold the account until the stack closes. While another command does, wait so many seconds; None: until it
        ends, and say so. Raises LockedError where that was not enough.
        """
        ends = None if seconds is None else self._clock.monotonic() + seconds
        told = False
        while True:
            try:
                return stack.enter_context(self._target.session())
            except LockedError:
                if ends is not None and self._clock.monotonic() >= ends:
                    raise
                if ends is None and not told:
                    told = True
                    self._listen(Told("Another run for this account is going on: waiting until it has ended"))
            await anyio.sleep(_LOOK_AGAIN)  # for another process: no wait of ours that a scale would shorten
            self._clock.check()

    async def findings(self, rows: Sequence[Row] | None = None) -> list[OpenFinding]:
        """Return what needs a person; `rows` of a rejects file narrow it to their keys.

        Rows on another title are first held against that title's other names, which costs no request of the day: where
        one of them is the row's own, it is no finding, and that is put on record.
        """
        with self.reading() as journal:
            found = findings.to_ask(journal, rows)
        try:
            names = await other_names(self._client, findings.wrong_titles(found))
        except BaseExceptionGroup as group:
            raise most_telling(group) from None
        alarms = findings.false_alarms(found, names)
        if not alarms:
            return found
        if not self._target.dry_run:
            with ExitStack() as stack:
                journal = await self._held(stack)
                with journal.transaction():
                    findings.call_off(journal, alarms)
        count = "1 row is" if len(alarms) == 1 else f"{len(alarms):,} rows are"
        self._listen(Told(f"{count} on the right title after all, under another of its names"))
        gone = {one.record.key for one in alarms}
        return [one for one in found if one.record.key not in gone]

    def unsent(self, rows: Sequence[Row] | None = None) -> list[OpenFinding]:
        """Return the rows for which something was chosen that no run has sent yet."""
        with self.reading() as journal:
            return findings.to_send(journal, rows)

    def searches(self, found: Sequence[OpenFinding]) -> int:
        """Return how many requests of the day it takes at most to search for these rows."""
        return sum(map(searching.searches, found))

    def may_search(self) -> bool:
        """Tell whether the day has a request for a search beside those that sending what was chosen needs."""
        return searching.may_search(self._client)

    async def search(self, finding: OpenFinding) -> Ranking:
        """Search for the title of a row; return the candidates, best first. Counted in the day's requests."""
        return await searching.candidates(self._client, finding)

    @property
    def now(self) -> int:
        """Return the time, in whole seconds since the epoch."""
        return int(self._clock.now())

    def found_before(self, found: Sequence[OpenFinding]) -> dict[str, Found]:
        """Return what was found for these rows in the last days, by key, where they still say what they said then."""
        with self.reading() as journal:
            kept = found_before(journal, self.now)
        return {
            one.record.key: before
            for one in found
            if (before := kept.get(one.record.key)) is not None
            and before.asked == findings.identity_of(one.record)
            and (before.simkl is None or before.simkl != one.wrong)
        }

    async def keep_found(self, found: Mapping[str, Found], rows: Sequence[OpenFinding]) -> None:
        """Remember for some days what was found, of these rows and all that are open. LockedError: see `hold`."""
        if self._target.dry_run or not found:
            return
        with ExitStack() as stack:
            journal = await self._held(stack)
            with journal.transaction():
                keys = {one.record.key for one in (*rows, *open_findings(journal))}
                keep_found(journal, found, keys, self.now)

    async def title_of(self, typed: Typed, kind: Kind) -> Candidate | None:
        """Return the title of an id that a person typed for a row of that kind; None where Simkl knows none."""
        return await searching.title_of(self._client, typed, kind)

    async def remember(self, finding: OpenFinding, choice: Choice, seconds: float | None = SHORT) -> ChoiceState:
        """Put on disk what a person chose for a row. `seconds`, and LockedError: see `hold`."""
        if isinstance(choice, Typed):
            found = await self.title_of(choice, finding.record.kind or Kind.MOVIE)
            if found is None:
                return ChoiceState.UNKNOWN
            choice = Picked(found)
        if self._target.dry_run:
            self._unwritten.append((finding, choice))
            return ChoiceState.KEPT
        with ExitStack() as stack:
            return put_on_record(await self._held(stack, seconds), finding, choice)

    async def send(self, session: Session, options: Options, rows: Sequence[Row] | None = None) -> Done:
        """Send what was chosen, by now or before, as a run of its own over a session that `hold` returned."""
        await session.known(self._client, self._listen)
        for finding, choice in self._unwritten:  # of a dry run: into its copy of the resume file
            put_on_record(session.journal, finding, choice)
        chosen = findings.to_send(session.journal, rows)
        try:
            return await session.send_chosen(chosen, options, self._client, self._clock, self._listen)
        except BaseExceptionGroup as group:
            raise most_telling(group) from None

    async def forget(self, keys: Sequence[str]) -> list[str]:
        """Take back what a person chose for keys; return what to tell of it."""
        with ExitStack() as stack:
            return list(forget(await self._held(stack), keys))

    def signed(self, summary: Summary) -> Summary:
        """Say whose account it is, and which file knows of it."""
        return signed(summary, self._owner, self._path)

    async def _held(self, stack: ExitStack, seconds: float | None = SHORT) -> Journal:
        session = await self.hold(stack, seconds)
        await session.known(self._client, self._listen)
        return session.journal
