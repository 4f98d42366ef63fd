"""The way back: a run's changes taken back title by title, unless the person has changed a title since."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from importer.clock import Clock
from importer.errors import ImporterError, ServiceStopError, UsageError
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.batches import Change, changes, changing_runs
from importer.journal.items import Place, forget_bases, places_of
from importer.journal.store import Journal
from importer.journal.undone import mark_undone, undone_runs
from importer.model import Kind, Outcome
from importer.plan.batch import Size
from importer.plan.sides import Theirs
from importer.plan.takeback import Standing, Wish, take_back
from importer.record import Summary, summary_document
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.steps.ending import exit_of
from importer.steps.job import RunWatch
from importer.steps.repair import Repair, repair
from importer.steps.snapshot import snapshot
from importer.steps.verify import LOOK_AGAIN


@dataclass(frozen=True, slots=True)
class Scope:
    """What to take back: `run` None is the last run that changed the account, unless all or `keys` are named."""

    run: int | None = None
    all_runs: bool = False
    keys: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """One title and what it is to have again; `keys` are the rows whose changes are taken back."""

    keys: tuple[str, ...]
    wish: Wish
    repair: Repair


def chosen_changes(journal: Journal, scope: Scope) -> tuple[list[int], list[Change]]:
    """The runs in scope and their changes, the oldest first. Raises UsageError where there is nothing to take back."""
    gone = undone_runs(journal)
    able = [run for run in changing_runs(journal, "run") if run not in gone]
    if scope.run is not None:
        if scope.run not in changing_runs(journal, "run"):
            raise UsageError(f"run {scope.run} changed nothing on Simkl, or is not on record", "simkl-import status")
        able = [scope.run]
    found = [change for change in changes(journal) if change.run in able]
    if scope.keys:
        found = [change for change in found if change.key in scope.keys]
        missing = sorted(set(scope.keys) - {change.key for change in found})
        if missing:
            raise UsageError(f"nothing on record was sent for {missing[0]}", "simkl-import report shows the keys")
        if scope.run is None and not scope.all_runs:
            last = {change.key: change.run for change in found}
            found = [change for change in found if change.run == last[change.key]]
    elif scope.run is None and not scope.all_runs:
        able = able[:1]
        found = [change for change in found if change.run in able]
    return able, found


def titles_to_undo(
    chosen: Sequence[Change], later: Sequence[Change], account: Account, places: dict[str, Place], *, force: bool
) -> list[Title]:
    """What each title is to have. `later` are the changes of an undo that was stopped: it goes on where it was."""
    groups: defaultdict[str, list[Change]] = defaultdict(list)
    theirs: dict[str, Theirs | None] = {}
    for change in chosen:
        there = _find(change, account, places)
        simkl = there.simkl if there is not None else change.simkl
        group = f"simkl:{simkl}" if simkl is not None else change.key
        groups[group].append(change)
        theirs[group] = there
    done = {change.key: change for change in later}
    titles: list[Title] = []
    for group, found in groups.items():
        there = theirs[group]
        earlier = done.get(group)
        wish = take_back(found, there, force=force)
        if earlier is not None and _holds(there, earlier.after_rating, None):
            wish = Wish(Standing.TAKE_BACK, earlier.after_rating, earlier.after_at)
        titles.append(Title(tuple({change.key for change in found}), wish, _repair(group, found, there, places, wish)))
    return titles


def _find(change: Change, account: Account, places: dict[str, Place]) -> Theirs | None:
    if change.simkl is not None:
        return account.by_simkl.get(change.simkl)
    place = places.get(change.key)
    return None if place is None else account.find(place.simkl, place.kind, place.ids, place.title, place.year)


def _repair(group: str, found: Sequence[Change], there: Theirs | None, places: dict[str, Place], wish: Wish) -> Repair:
    simkl = int(group.removeprefix("simkl:")) if group.startswith("simkl:") else None
    place = places.get(found[-1].key) or Place(simkl, Kind.MOVIE, "", None, ())
    if there is not None:
        place = Place(there.simkl, there.kind, there.title, there.year, there.ids)
    return Repair(group, simkl, place.kind, place.title, place.year, place.ids, there, wish.rating, wish.rated_at)


def _holds(there: Theirs | None, rating: int | None, rated_at: int | None) -> bool:
    if there is None or rating is None:
        return there is None and rating is None
    return there.rating == rating and (rated_at is None or there.rated_at is None or there.rated_at == rated_at)


class Undo:
    """One undo over an open resume file. In a dry run that file is a copy in memory and nothing is sent."""

    def __init__(
        self, scope: Scope, client: Client, journal: Journal, clock: Clock, watch: RunWatch, *, dry_run: bool
    ) -> None:
        self._scope = scope
        self._client = client
        self._journal = journal
        self._clock = clock
        self._watch = watch
        self._dry_run = dry_run

    async def run(self) -> Summary:
        """Read the account, take back what stands as it was left, read back."""
        began = self._clock.monotonic()
        self._watch.phase("account")
        account = await snapshot(self._client, self._journal)
        over, chosen = chosen_changes(self._journal, self._scope)
        job = hashlib.sha256(repr((self._scope, over)).encode()).hexdigest()
        past = runs.unfinished(self._journal, "undo", job)
        later = list(changes(self._journal, past.number)) if past is not None else []
        places = places_of(self._journal, {change.key for change in chosen})
        titles = titles_to_undo(chosen, later, account, places, force=self._scope.force)
        start = past.started if past is not None else int(self._clock.now())
        totals: Counter[str] = Counter(read=len(titles))
        stop: ImporterError | None = None
        number = past.number if past is not None else None
        due = [title for title in titles if title.wish.standing is Standing.TAKE_BACK]
        totals["left"] = sum(title.wish.standing is Standing.LEFT for title in titles)
        totals["unchanged"] = sum(title.wish.standing is Standing.UNCHANGED for title in titles)
        if self._dry_run:
            totals["pending"] = len(due)
        elif titles:
            number = self._begin(number, start, job)
            stop = await self._take_back(number, due, totals)
        left = sum(title.repair.rating is None for title in due)
        summary = Summary(
            command="undo",
            exit=exit_of(stop, fresh=bool(totals["not_found"] or totals["failed"])),
            run=number,
            dry_run=self._dry_run,
            totals=dict(totals),
            requests=self._client.requests,
            seconds=self._clock.monotonic() - began,
            message=stop.message if stop is not None else _message(left, totals["left"], due),
            started=start,
        )
        if number is not None and not self._dry_run:
            self._end(number, over, titles, stop, summary)
        return summary

    def _begin(self, number: int | None, start: int, job: str) -> int:
        with self._journal.transaction():
            if number is None:
                number = runs.begin(self._journal, "undo", start, job, [])
            else:
                runs.resume(self._journal, number)
            snapshots.keep_opening(self._journal, number)
        return number

    async def _take_back(self, number: int, due: Sequence[Title], totals: Counter[str]) -> ImporterError | None:
        """Send what is not yet as wished, read back, and count what came of it."""
        self._watch.phase("sending")
        sending = [
            title.repair for title in due
            if not _holds(title.repair.theirs, title.wish.rating, title.wish.rated_at)
        ]  # fmt: skip
        answers: dict[str, Outcome] = {}
        stop: ImporterError | None = None
        try:
            if sending:
                answers = await repair(
                    self._client, self._journal, number, self._clock, sending, self._watch, Size.auto()
                )
            self._watch.phase("checking")
            account = await snapshot(self._client, self._journal)
            if sending and not all(_restored(title, account) for title in due):
                await self._clock.sleep(LOOK_AGAIN)
                account = await snapshot(self._client, self._journal, again=True)
        except ImporterError as error:
            stop = error
            totals["pending"] += len(due)
            return stop
        for title in due:
            answer = answers.get(title.repair.key)
            if _restored(title, account):
                totals["restored" if title.wish.rating is not None else "removed"] += 1
            elif answer is Outcome.NOT_FOUND:
                totals["not_found"] += 1
            elif title.repair in sending and answer is None:
                totals["pending"] += 1
            else:
                totals["failed"] += 1
        if totals["pending"]:
            stop = ServiceStopError(f"{totals['pending']} titles could not be given back yet", "run undo again")
        return stop

    def _end(
        self, number: int, over: Iterable[int], titles: Sequence[Title], stop: ImporterError | None, summary: Summary
    ) -> None:
        keys = {key for title in titles if title.wish.standing is not Standing.LEFT for key in title.keys}
        state = runs.State.FINISHED if stop is None else runs.State.STOPPED
        with self._journal.transaction():
            forget_bases(self._journal, keys)
            runs.unmark(self._journal, keys)
            if stop is None:
                if not self._scope.keys:
                    mark_undone(self._journal, over)
                for run in over:
                    runs.close(self._journal, run)
                snapshots.trim_openings(self._journal)
            runs.end(self._journal, number, state, int(self._clock.now()), summary_document(summary))


def _restored(title: Title, account: Account) -> bool:
    repair = title.repair
    simkl = repair.simkl if repair.simkl is not None else (repair.theirs.simkl if repair.theirs is not None else None)
    if simkl is not None:
        there = account.by_simkl.get(simkl)
    else:
        there = account.find(None, repair.kind, repair.ids, repair.title, repair.year)
    return _holds(there, title.wish.rating, None)


def _message(on_lists: int, kept: int, due: Sequence[Title]) -> str:
    told = ["the next run would send these again"] if due else []
    if on_lists:
        told.append(f"{on_lists} titles stay on a list: removing a rating does not remove the title")
    if kept:
        told.append(f"{kept} were changed since and are left (--force takes them back too)")
    undated = sum(title.wish.rating is not None and title.wish.rated_at is None for title in due)
    if undated:
        told.append(f"{undated} had no date on Simkl and got the time of this undo")
    return "; ".join(told) or "nothing to take back"
