"""What the account's resume file tells the page: earlier imports, what is still to be sent, what needs a person.

It is read anew whenever it has changed, also by a command in a terminal, and never written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import anyio.to_thread

from importer.errors import LockedError
from importer.journal.changes import runs_with_changes
from importer.journal.file import read_journal
from importer.journal.owed import count_debts, stuck_debts
from importer.journal.runs import State, all_runs, last_import, names_of_exports, undone_runs
from importer.model import Outcome, iso, value
from importer.report.words import unpaid_words
from importer.run.mend.findings import to_ask
from importer.run.recorded import totals_of

if TYPE_CHECKING:
    from pathlib import Path

    from importer.journal.runs import Run
    from importer.journal.store import Journal
    from importer.run.access import Access, Owner

SHOWN = 20
"""Runs that are listed."""


@value
class Earlier:
    """One run on record. `undoable`: it changed the account, and nothing took that back yet. `running`: it was not
    ended, because it still goes on, or because its process was killed.
    """

    number: int
    command: str
    started: int
    totals: Mapping[str, int]
    sources: tuple[str, ...]
    message: str
    undoable: bool
    taken_back: bool
    running: bool
    stopped: bool


@value
class Past:
    """All of it. `pending` of the last import are still to be sent; `waiting` rows need a person; `unpaid` could not be
    given back.
    """

    path: Path
    runs: tuple[Earlier, ...]
    pending: int
    pending_sources: tuple[str, ...]
    waiting: int
    owed: int
    unpaid: tuple[str, ...]


class OnRecord:
    """What the resume file tells, looked at again and again. `elsewhere` is the run that another command is at."""

    def __init__(self) -> None:
        self.past: Past | None = None
        self.elsewhere: Earlier | None = None
        self._stamp: tuple[int, int] | None = None

    def forget(self) -> None:
        """Forget what stood there: it is somebody else's turn."""
        self.past = self.elsewhere = self._stamp = None

    async def look(self, path: Path | None) -> bool:
        """Read the file if it has changed since; tell whether it had. Raises ResumeFileError if it cannot be read."""
        if path is None:
            known = self.past is not None
            self.forget()
            return known
        stamp = await anyio.to_thread.run_sync(_stamp, path)
        if stamp is not None and stamp == self._stamp:
            return False
        self._stamp, self.past = None, None
        self.past = await anyio.to_thread.run_sync(_read, path)
        self._stamp = stamp
        return True

    async def look_elsewhere(self, access: Access, owner: Owner) -> bool:
        """Find out whether another command is at work for the account; tell whether that has changed."""
        before = self.elsewhere
        last = self.past.runs[0] if self.past is not None and self.past.runs else None
        # Asking takes the lock for a moment, so it is asked only of a run that was not ended.
        held = last is not None and last.running and await anyio.to_thread.run_sync(_is_held, access, owner)
        self.elsewhere = last if held else None
        return self.elsewhere != before


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> Past | None:
    if not path.exists():
        return None
    journal = read_journal(path)
    try:
        return _past(journal)
    finally:
        journal.close()


def _is_held(access: Access, owner: Owner) -> bool:
    try:
        with access.lock(owner):
            return False
    except LockedError:
        return True


def _past(journal: Journal) -> Past:
    undone, changed = undone_runs(journal), set(runs_with_changes(journal))
    runs = tuple(_earlier(journal, run, undone, changed) for run in all_runs(journal, SHOWN))
    last = last_import(journal)
    pending = (totals_of(journal, last) or {}).get(Outcome.PENDING, 0) if last is not None else 0
    names = tuple(names_of_exports(journal, last.number)) if last is not None and pending else ()
    return Past(
        path=journal.path,
        runs=runs,
        pending=pending,
        pending_sources=names,
        waiting=len(to_ask(journal, None)),
        owed=count_debts(journal)[0],
        unpaid=tuple(
            unpaid_words(debt.title, debt.rating, None if debt.read_at is None else iso(debt.read_at))
            for debt in stuck_debts(journal)
        ),
    )


def _earlier(journal: Journal, run: Run, undone: set[int], changed: set[int]) -> Earlier:
    return Earlier(
        number=run.number,
        command=run.command,
        started=run.started,
        totals=totals_of(journal, run) or {},
        sources=tuple(names_of_exports(journal, run.number)),
        message=(run.summary or {}).get("message") or "",
        undoable=run.number in changed and run.number not in undone,
        taken_back=run.number in undone,
        running=run.state is State.RUNNING,
        stopped=run.state is State.STOPPED,
    )
