"""The way back: a run's changes taken back title by title, unless the person has changed a title since."""

from __future__ import annotations

import hashlib
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from importer.errors import ImporterError, ServiceStopError, UsageError
from importer.events import Listen, Phase, PhaseBegan
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.batches import Change, changes, changing_runs, undone
from importer.journal.items import forget_bases, places_of
from importer.journal.rows import not_taken, unconfirmed
from importer.journal.store import Journal
from importer.journal.undone import mark_undone, undone_runs
from importer.machine.clock import Clock
from importer.model import Outcome
from importer.plan.batch import Size
from importer.readback.restoring import Title, titles_to_undo
from importer.readback.takeback import Standing
from importer.readback.tracing import trace
from importer.readback.verdicts import LOOK_AGAIN
from importer.record import Summary, summary_document
from importer.run.ending import exit_of
from importer.send.repairs import Repair, repair
from importer.send.snapshot import snapshot
from importer.simkl.account import Account
from importer.simkl.client import Client


@dataclass(frozen=True, slots=True)
class Scope:
    """What to take back: `run` None is the last run that changed the account, unless all or `keys` are named."""

    run: int | None = None
    all_runs: bool = False
    keys: tuple[str, ...] = ()
    force: bool = False


def chosen_changes(journal: Journal, scope: Scope) -> tuple[list[int], list[Change]]:
    """The runs in scope and their changes, the oldest first. Raises UsageError where there is nothing to take back."""
    able = changing_runs(journal, "run")
    if scope.run is not None:
        if scope.run not in able:
            raise UsageError(f"run {scope.run} changed nothing on Simkl, or is not on record", "simkl-import status")
        able = [scope.run]
    refused = {run: not_taken(journal, run) for run in able}
    found = [
        change for change in changes(journal)
        if change.run in refused and not change.undone and change.key not in refused[change.run]
    ]  # fmt: skip
    if scope.keys:
        found = [change for change in found if change.key in scope.keys]
        missing = sorted(set(scope.keys) - {change.key for change in found})
        if missing:
            raise UsageError(f"nothing on record was sent for {missing[0]}", "simkl-import report shows the keys")
        if scope.run is None and not scope.all_runs:
            last = {change.key: change.run for change in found}
            found = [change for change in found if change.run == last[change.key]]
    elif scope.run is None and not scope.all_runs:
        left = {change.run for change in found} - undone_runs(journal)
        found = [change for change in found if left and change.run == max(left)]
    return sorted({change.run for change in found}, reverse=True), found


class Undo:
    """One undo over an open resume file. In a dry run that file is a copy in memory and nothing is sent."""

    def __init__(
        self, scope: Scope, client: Client, journal: Journal, clock: Clock, listen: Listen, *, dry_run: bool
    ) -> None:
        self._scope = scope
        self._client = client
        self._journal = journal
        self._clock = clock
        self._listen = listen
        self._dry_run = dry_run

    async def run(self) -> Summary:
        """Read the account, take back what stands as it was left, read back."""
        began = self._clock.monotonic()
        self._listen(PhaseBegan(Phase.ACCOUNT))
        account = await snapshot(self._client, self._journal)
        over, chosen = chosen_changes(self._journal, self._scope)
        job = hashlib.sha256(repr((self._scope, over)).encode()).hexdigest()
        past = runs.unfinished(self._journal, "undo", job)
        start = past.started if past is not None else int(self._clock.now())
        titles = self._titles(chosen, past, account)
        due = [title for title in titles if title.standing is Standing.TAKE_BACK]
        totals = Counter({"read": len(titles)})
        totals["left"] = sum(title.standing is Standing.LEFT for title in titles)
        totals["unchanged"] = sum(title.standing is Standing.UNCHANGED for title in titles)
        stop: ImporterError | None = None
        number = past.number if past is not None else None
        if self._dry_run:
            totals["pending"] = len(due)
        elif titles:
            number = self._begin(number, start, job, due)
            stop = await self._take_back(number, due, totals)
        summary = Summary(
            command="undo",
            exit=exit_of(stop, fresh=bool(totals["not_found"] or totals["failed"])),
            run=number,
            dry_run=self._dry_run,
            totals=dict(totals),
            requests=self._client.requests,
            seconds=self._clock.monotonic() - began,
            message=stop.message if stop is not None else _message(totals["left"], due, _forced(self._scope, over)),
            started=start,
            hint=stop.hint if stop is not None else "",
            resume_at=stop.resume_at if isinstance(stop, ServiceStopError) else None,
        )
        if number is not None and not self._dry_run:
            self._end(number, over, titles, stop, summary)
        return summary

    def _titles(self, chosen: Sequence[Change], past: runs.Run | None, account: Account) -> list[Title]:
        """All titles in scope; what was never read back is traced first, and that is put on record."""
        with self._journal.transaction():
            trace(self._journal, chosen, account)
        traced = {(change.run, change.batch, change.key): change for change in changes(self._journal)}
        doubtful = {run: unconfirmed(self._journal, run) for run in {change.run for change in chosen}}
        # An answer that reading back did not bear out is none.
        chosen = [
            replace(found, answered=found.answered and found.key not in doubtful[found.run])
            for change in chosen
            if (found := traced[change.run, change.batch, change.key])
        ]
        later = list(changes(self._journal, past.number)) if past is not None else []
        places = places_of(self._journal, {change.key for change in chosen})
        return titles_to_undo(chosen, later, account, places, force=self._scope.force)

    def _begin(self, number: int | None, start: int, job: str, due: Sequence[Title]) -> int:
        """Put the undo on record. The bases go at once: were it killed, the next run must not take what it did for
        the person's own doing.
        """
        with self._journal.transaction():
            if number is None:
                number = runs.begin(self._journal, "undo", start, job, [])
            else:
                runs.resume(self._journal, number)
            snapshots.keep_opening(self._journal, number)
            self._forget(due)
        return number

    def _forget(self, titles: Iterable[Title]) -> None:
        keys = {key for title in titles for key in title.keys}
        forget_bases(self._journal, keys)
        runs.unmark(self._journal, runs.rating_sums(dict.fromkeys(keys, runs.UNKNOWN)))

    async def _take_back(self, number: int, due: Sequence[Title], totals: Counter[str]) -> ImporterError | None:
        """Send what is not yet as wished, read back, and count what came of it."""
        self._listen(PhaseBegan(Phase.SENDING))
        sending = [title.repair for title in due if not _is_so(title.repair)]
        answers: dict[str, Outcome] = {}
        try:
            if sending:
                answers = await repair(
                    self._client, self._journal, number, self._clock, sending, self._listen, Size.auto()
                )
            self._listen(PhaseBegan(Phase.CHECKING))
            account = await snapshot(self._client, self._journal)
            if sending and not all(title.repair.done(account) for title in due):
                await self._clock.sleep(LOOK_AGAIN)
                account = await snapshot(self._client, self._journal, again=True)
        except ImporterError as error:
            totals["pending"] += len(due)
            return error
        asked = {one.key for one in sending}
        for title in due:
            answer = answers.get(title.repair.key)
            if title.repair.done(account):
                totals["restored" if title.repair.rating is not None else "removed"] += 1
            elif answer is Outcome.NOT_FOUND:
                totals["not_found"] += 1
            elif title.repair.key in asked and answer is None:
                totals["pending"] += 1
            else:
                totals["failed"] += 1
        if not all(title.repair.done(account) for title in due):
            with self._journal.transaction():
                snapshots.stale_account(self._journal)
        if totals["pending"]:
            return ServiceStopError(f"{totals['pending']} titles could not be given back yet", "run undo again")
        return None

    def _end(
        self, number: int, over: Iterable[int], titles: Sequence[Title], stop: ImporterError | None, summary: Summary
    ) -> None:
        state = runs.State.FINISHED if stop is None else runs.State.STOPPED
        taken = [title for title in titles if title.standing is not Standing.LEFT]
        with self._journal.transaction():
            self._forget(taken)
            if stop is None:
                undone(self._journal, (change for title in taken for change in title.changes), number)
                if not self._scope.keys:
                    mark_undone(self._journal, over)
                    for run in over:
                        runs.close(self._journal, run)
                snapshots.set_unread(self._journal, number, unread=False)
                snapshots.trim_openings(self._journal)
            runs.end(self._journal, number, state, int(self._clock.now()), summary_document(summary))


def _is_so(repair: Repair) -> bool:
    """Whether a title has again what it is to have, as read before."""
    there = repair.theirs
    if there is None or repair.rating is None:
        return there is None and repair.rating is None
    return there.rating == repair.rating and repair.rated_at in (None, there.rated_at)


def _forced(scope: Scope, over: Sequence[int]) -> str:
    """The command that takes back what this undo left."""
    if scope.keys:
        return "undo --force " + " ".join(f"--key {shlex.quote(key)}" for key in scope.keys)
    return "undo --all --force" if scope.all_runs or not over else f"undo --run {over[0]} --force"


def _message(kept: int, due: Sequence[Title], command: str) -> str:
    told = ["the next run would send these again"] if due else []
    on_lists = sum(title.repair.rating is None for title in due)
    if on_lists:
        told.append(f"{on_lists} titles stay on a list: removing a rating does not remove the title")
    if kept:
        told.append(f"{kept} were changed since and are left: {command} takes them back too")
    undated = sum(title.repair.rating is not None and title.repair.rated_at is None for title in due)
    if undated:
        told.append(f"{undated} had no date on Simkl and got the time of this undo")
    return "; ".join(told) or "nothing to take back"
