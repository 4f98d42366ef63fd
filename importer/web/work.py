"""The pieces of work that the page has done: each opens the account's session, as the commands do, in the engine's
thread."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from importer.events import Event, Listen, Told, Warned
from importer.journal.rows import read_rows
from importer.model import value
from importer.record import Record, Summary
from importer.run.mend.desk import Desk, DeskTarget, open_desk
from importer.run.session import Done, Session
from importer.web.export_files import ExportFile, open_again

if TYPE_CHECKING:
    from pathlib import Path

    from importer.journal.findings import OpenFinding
    from importer.machine.clock import Clock
    from importer.plan.candidates import Ranking
    from importer.run.access import Access, Owner
    from importer.run.job import Options
    from importer.run.mend.choices import Choice, ChoiceState
    from importer.run.scope import Scope
    from importer.web.engine import Hands

T = TypeVar("T")


@value
class Report:
    """What came of a piece of work: its numbers, its rows, what was told on the way, and whose account it was.

    `onto_lists`: of a forecast, how many titles at most would be put onto lists, where nobody was asked yet.
    """

    summary: Summary
    rows: tuple[Record, ...]
    told: tuple[str, ...]
    warned: tuple[str, ...]
    owner: Owner | None
    onto_lists: int = 0
    nothing_new: bool = False


@value
class Target:
    """The account that the work is for. `resume_file` None is the account's own."""

    access: Access
    resume_file: Path | None
    patience: float

    def desk_target(self) -> DeskTarget:
        """Return where its findings are mended."""
        return DeskTarget(self.access, self.resume_file, patience=self.patience)

    def session(self, *, dry_run: bool = False) -> Session:
        """Return a session of this account."""
        # Who only looks keeps no command from its work: the account is held for writing alone.
        return Session(
            self.access, resume_file=self.resume_file, dry_run=dry_run, patience=self.patience, holding=not dry_run
        )


def asking_who(target: Target) -> Callable[[Hands], Owner]:
    """Return the work of asking Simkl whose sign-in it is."""

    def work(hands: Hands) -> Owner:
        access = target.access
        owner = access.known_owner()

        async def go(clock: Clock) -> Owner:
            async with access.client(owner, clock, target.patience, hands.listen) as client:
                return await access.owner(client)

        return hands.wait_for(go)

    return work


def importing(target: Target, files: Sequence[ExportFile], options: Options) -> Callable[[Hands], Report]:
    """Return the work of an import; in a dry run, of finding out what it would do."""

    def work(hands: Hands) -> Report:
        ears = _Ears(hands.listen)
        with target.session(dry_run=options.dry_run) as session:
            exports = open_again(files, session.date_on_record)
            done = session.nothing_new(exports, options, time.time())
            if done is None:

                async def go(clock: Clock) -> Done:
                    return await session.import_exports(exports, options, clock, ears)

                done = hands.wait_for(go)
            onto_lists = session.onto_lists(done) if options.dry_run and session.first_lists() else 0
            return _report(session, done, ears, onto_lists)

    return work


def undoing(target: Target, scope: Scope, *, dry_run: bool) -> Callable[[Hands], Report]:
    """Return the work of taking changes back, or of finding out what that would do."""

    def work(hands: Hands) -> Report:
        ears = _Ears(hands.listen)
        with target.session(dry_run=dry_run) as session:

            async def go(clock: Clock) -> Done:
                return await session.undo(scope, clock, ears)

            return _report(session, hands.wait_for(go), ears)

    return work


def finding_titles(target: Target) -> Callable[[Hands], tuple[list[OpenFinding], int]]:
    """Return the work of listing the rows that need a title; with them how many were chosen and not sent yet."""

    async def ask(desk: Desk) -> tuple[list[OpenFinding], int]:
        return await desk.findings(), len(desk.unsent())

    return _at_desk(target, ask)


def searching(target: Target, finding: OpenFinding) -> Callable[[Hands], Ranking | None]:
    """Return the work of searching for the title of a row; it gives None if the day has no request left for it."""

    async def ask(desk: Desk) -> Ranking | None:
        return await desk.search(finding) if desk.may_search() else None

    return _at_desk(target, ask)


def choosing(target: Target, finding: OpenFinding, choice: Choice) -> Callable[[Hands], ChoiceState]:
    """Return the work of putting on record what a person chose for a row."""

    async def ask(desk: Desk) -> ChoiceState:
        return await desk.remember(finding, choice)

    return _at_desk(target, ask)


def sending_chosen(target: Target, options: Options) -> Callable[[Hands], Report]:
    """Return the work of sending all that was chosen."""

    def work(hands: Hands) -> Report:
        ears = _Ears(hands.listen)

        async def go(clock: Clock) -> Report:
            async with open_desk(target.desk_target(), clock, ears) as desk:
                with ExitStack() as stack:
                    session = await desk.hold(stack)
                    return _report(session, await desk.send(session, options), ears)

        return hands.wait_for(go)

    return work


def _at_desk(target: Target, ask: Callable[[Desk], Awaitable[T]]) -> Callable[[Hands], T]:
    def work(hands: Hands) -> T:
        async def go(clock: Clock) -> T:
            async with open_desk(target.desk_target(), clock, hands.listen) as desk:
                return await ask(desk)

        return hands.wait_for(go)

    return work


def _report(session: Session, done: Done, ears: _Ears, onto_lists: int = 0) -> Report:
    run = done.summary.run
    rows = () if run is None else tuple(read_rows(session.journal, run))
    return Report(
        summary=done.summary,
        rows=rows,
        told=tuple(ears.told),
        warned=tuple(ears.warned),
        owner=session.owner,
        onto_lists=onto_lists,
        nothing_new=done.nothing_new,
    )


class _Ears:
    """Passes on what is told, and keeps what a person should be able to read afterwards."""

    def __init__(self, listen: Listen) -> None:
        self._listen = listen
        self.told: list[str] = []
        self.warned: list[str] = []

    def __call__(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, Told):
            self.told.append(event.text)
        elif isinstance(event, Warned):
            self.warned.append(event.text)
        self._listen(event)
