"""The way back: a run's changes taken back title by title, unless the person has changed a title since."""

from __future__ import annotations

import json
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from importer.errors import ImporterError, ServiceStopError, UsageError
from importer.events import Listen, Phase, PhaseBegan, Told
from importer.journal import account as snapshots
from importer.journal import life, runs
from importer.journal.changes import (
    Change,
    State,
    changes_on,
    count_open,
    open_changes,
    runs_with_changes,
    undoable_changes,
)
from importer.journal.items import forget_bases, keys_on_titles
from importer.journal.moved import kept_habit
from importer.journal.owed import Debt, DebtState, Why, count_debts, debts
from importer.journal.rows import write_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import AccountRating, Ids, Kind, Outcome, Precision
from importer.readback.habit import Habit
from importer.readback.restoring import Verdict, Wish, date_to_send, wish_for
from importer.record import Match, Record, Summary, TakenBack, summary_document
from importer.run.ending import exit_of
from importer.run.settlement import Settler, told_of_debts
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

    @property
    def plain(self) -> bool:
        """Whether it names nothing: an undo that is not complete is gone on with then."""
        return self.run is None and not self.all_runs and not self.keys

    def text(self) -> str:
        """The scope as it stands in the resume file."""
        return json.dumps({"run": self.run, "all": self.all_runs, "keys": list(self.keys), "force": self.force})


def scope_of(text: str) -> Scope:
    """Read a scope back."""
    found = json.loads(text)
    return Scope(found["run"], found["all"], tuple(found["keys"]), found["force"])


def chosen_changes(journal: Journal, scope: Scope) -> tuple[list[int], list[Change]]:
    """The runs in scope, the newest first, and their changes, the oldest first.

    Raises UsageError where there is nothing to take back.
    """
    able = runs_with_changes(journal)
    if scope.run is not None and scope.run not in able:
        raise UsageError(f"run {scope.run} changed nothing on Simkl, or is not on record", "simkl-import status")
    found = list(undoable_changes(journal))
    if scope.run is not None:
        found = [change for change in found if change.run == scope.run]
    if scope.keys:
        found = [change for change in found if change.key in scope.keys]
        missing = sorted(set(scope.keys) - {change.key for change in found})
        if missing:
            raise UsageError(f"nothing on record was sent for {missing[0]}", "simkl-import report shows the keys")
        if scope.run is None and not scope.all_runs:
            last = {change.key: change.run for change in found}
            found = [change for change in found if change.run == last[change.key]]
    elif scope.run is None and not scope.all_runs:
        left = {change.run for change in found} - runs.undone_runs(journal)
        found = [change for change in found if left and change.run == max(left)]
    return sorted({change.run for change in found}, reverse=True), found


@dataclass(frozen=True, slots=True)
class Title:
    """One title of an undo: its changes in scope, what stands there now, and what it is to have again."""

    simkl: int
    kind: Kind
    name: str
    year: int | None
    ids: Ids
    changes: tuple[Change, ...]
    theirs: AccountRating | None
    wish: Wish


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
        """Read the account, settle what is open, take back what stands as it was left, read back."""
        began = self._clock.monotonic()
        start = int(self._clock.now())
        past = runs.unfinished_undo(self._journal)
        if past is not None and past.scope is not None:
            if self._scope.plain:
                self._scope = replace(scope_of(past.scope), force=self._scope.force or scope_of(past.scope).force)
                self._listen(Told(f"going on with the undo that is not complete (run {past.number})"))
            elif past.scope != self._scope.text():
                past = None
        settler = Settler(
            self._client, self._journal, self._clock, self._listen, start,
            run=past.number if past is not None else None, dry_run=self._dry_run,
        )  # fmt: skip
        self._listen(PhaseBegan(Phase.ACCOUNT))
        account = await snapshot(self._client, self._journal)
        stop: ImporterError | None = None
        earlier = self._owed_by(past)
        try:
            account = await settler.open_books(account)
        except ServiceStopError as error:
            stop = error
        over, chosen = self._chosen(past, earlier)
        titles = self._titles(chosen, account)
        due = [title for title in titles if title.wish.verdict is Verdict.TAKE_BACK]
        number = past.number if past is not None else None
        if stop is None and not self._dry_run and (titles or earlier):
            number = self._begin(number, start, due, titles)
            stop = await self._take_back(settler, number, due)
        outcomes = self._outcomes(settler, titles, due)
        outcomes |= self._earlier_outcomes(settler, earlier, outcomes)
        totals: Counter[str] = Counter({"read": len(outcomes)})
        totals.update(str(outcome) for outcome in outcomes.values())
        unseen = 0 if self._scope.keys else self._unseen(over)
        totals["read"] += unseen
        totals["unconfirmed"] += unseen
        if stop is None and totals["pending"] and not self._dry_run:
            stop = ServiceStopError(f"{totals['pending']:,} titles could not be given back yet", "run undo again")
        owed, stuck = count_debts(self._journal)
        # What was never seen is no news: the run that sent it told it.
        incomplete = bool(totals["not_found"] or totals["failed"] or totals["unconfirmed"] > unseen)
        summary = Summary(
            command="undo",
            exit=exit_of(stop, fresh=incomplete or settler.found),
            run=number,
            dry_run=self._dry_run,
            totals=dict(totals),
            requests=self._client.requests,
            seconds=self._clock.monotonic() - began,
            message=stop.message if stop is not None else self._message(totals, titles, over, settler, outcomes),
            hint=stop.hint if stop is not None else "",
            resume_at=stop.resume_at if isinstance(stop, ServiceStopError) else None,
            started=past.started if past is not None else start,
            open=count_open(self._journal),
            owed=owed,
            stuck=stuck,
        )
        if number is not None and not self._dry_run:
            self._end(number, over, titles, outcomes, stop, summary)
        return summary

    def _unseen(self, over: Iterable[int]) -> int:
        """How many rows of these runs Simkl accepted that were never seen on a title."""
        runs_over = set(over)
        return len({
            change.key for change in open_changes(self._journal)
            if change.run in runs_over and change.state is State.ANSWERED
        })  # fmt: skip

    def _owed_by(self, past: runs.Run | None) -> dict[int, Debt]:
        """What an undo that is not complete still owes."""
        if past is None:
            return {}
        return {
            simkl: debt for simkl, debt in debts(self._journal).items()
            if debt.why is Why.UNDO and debt.run == past.number
        }  # fmt: skip

    def _chosen(self, past: runs.Run | None, earlier: Mapping[int, Debt]) -> tuple[list[int], list[Change]]:
        try:
            over, chosen = chosen_changes(self._journal, self._scope)
        except UsageError:
            if not earlier:  # what it named is taken back by now
                raise
            over, chosen = [], []
        if past is not None and self._scope.run is None and not self._scope.all_runs and not self._scope.keys:
            runs_before = {change.run for change in self._covered(past)}
            if runs_before:
                chosen = [change for change in chosen if change.run in runs_before]
                over = sorted(runs_before, reverse=True)
        return over, [change for change in chosen if change.simkl not in earlier]

    def _covered(self, past: runs.Run) -> list[Change]:
        """What an undo that is not complete was to take back."""
        rows = self._journal.rows("SELECT run, batch, n FROM changes WHERE undone = ?", (past.number,))
        wanted = set(rows)
        titles = {row[0] for row in self._journal.rows("SELECT simkl FROM changes WHERE undone = ?", (past.number,))}
        found = changes_on(self._journal, titles)
        return [c for group in found.values() for c in group if (c.run, c.batch, c.n) in wanted]

    def _titles(self, chosen: Sequence[Change], account: Account) -> list[Title]:
        kept = kept_habit(self._journal)
        habit = None if kept is None else Habit(*kept)
        groups: defaultdict[int, list[Change]] = defaultdict(list)
        for change in chosen:
            if change.simkl is not None:
                groups[change.simkl].append(change)
        beside: defaultdict[int, list[Change]] = defaultdict(list)
        for change in undoable_changes(self._journal) if self._scope.keys else ():
            if change.simkl is not None and change.simkl in groups and change.key not in self._scope.keys:
                beside[change.simkl].append(change)
        titles: list[Title] = []
        for simkl, changes in groups.items():
            theirs = account.by_simkl.get(simkl)
            wish = wish_for(changes, beside.get(simkl, ()), theirs, habit, force=self._scope.force)
            titles.append(_title(simkl, changes, theirs, wish))
        return titles

    def _begin(self, number: int | None, start: int, due: Sequence[Title], titles: Sequence[Title]) -> int:
        """Put the undo on record. The bases go at once: were it killed, the next run must not take what it did for
        the person's own doing.
        """
        with self._journal.transaction():
            if number is None:
                number = runs.begin(self._journal, "undo", start, "", [], scope=self._scope.text())
            else:
                runs.resume(self._journal, number)
            self._forget(due)
            life.close_taken(
                self._journal,
                (c for title in titles if title.wish.verdict is Verdict.UNCHANGED for c in title.wish.covered),
                number,
            )
        return number

    def _forget(self, titles: Iterable[Title]) -> None:
        found = list(titles)
        keys = {change.key for title in found for change in title.changes}
        keys |= set(keys_on_titles(self._journal, [title.simkl for title in found]))
        forget_bases(self._journal, keys)
        runs.unmark(self._journal, runs.rating_sums(dict.fromkeys(keys, runs.UNKNOWN)))

    async def _take_back(self, settler: Settler, number: int, due: Sequence[Title]) -> ImporterError | None:
        """Send what is not yet as wished, and read back."""
        if not due:
            return None
        self._listen(PhaseBegan(Phase.SENDING))
        kept = kept_habit(self._journal)
        habit = None if kept is None else Habit(*kept)
        written = changes_on(self._journal, [title.simkl for title in due])
        owing = [_debt(title, number, date_to_send(title.wish.want, written[title.simkl], habit)) for title in due]
        covered = {title.simkl: title.wish.covered for title in due}
        try:
            await settler.pay_debts(owing, covered, number)
        except ImporterError as error:
            return error
        return None

    def _outcomes(
        self, settler: Settler, titles: Sequence[Title], due: Sequence[Title]
    ) -> dict[int, TakenBack | Outcome]:
        """What became of each title, as far as it was seen."""
        found: dict[int, TakenBack | Outcome] = {}
        left = debts(self._journal)
        paid = {debt.simkl for debt in settler.paid if debt.why is Why.UNDO}
        void = {debt.simkl for debt in settler.void}
        dueable = {title.simkl for title in due}
        for title in titles:
            simkl = title.simkl
            if title.wish.verdict is Verdict.LEFT:
                found[simkl] = TakenBack.LEFT
            elif title.wish.verdict is Verdict.UNCHANGED:
                found[simkl] = Outcome.UNCHANGED
            elif simkl in paid:
                found[simkl] = TakenBack.REMOVED if title.wish.want is None else TakenBack.RESTORED
            elif simkl in void:
                found[simkl] = TakenBack.LEFT
            elif simkl in dueable:
                found[simkl] = self._unpaid(settler, simkl, left.get(simkl))
        return found

    def _unpaid(self, settler: Settler, simkl: int, debt: Debt | None) -> Outcome:
        answer = settler.answers.get(simkl)
        if answer is Outcome.NOT_FOUND or answer is Outcome.FAILED:
            return answer
        return Outcome.PENDING if answer is None or debt is None else Outcome.UNCONFIRMED

    def _earlier_outcomes(
        self, settler: Settler, earlier: Mapping[int, Debt], told: Mapping[int, TakenBack | Outcome]
    ) -> dict[int, TakenBack | Outcome]:
        """What became of what an earlier part of this undo owed."""
        left = debts(self._journal)
        void = {debt.simkl for debt in settler.void}
        found: dict[int, TakenBack | Outcome] = {}
        for simkl, debt in earlier.items():
            if simkl in told:
                continue
            if simkl in left:
                found[simkl] = Outcome.PENDING if self._dry_run else self._unpaid(settler, simkl, debt)
            elif simkl in void:
                found[simkl] = TakenBack.LEFT
            else:
                found[simkl] = TakenBack.REMOVED if debt.rating is None else TakenBack.RESTORED
        return found

    def _end(
        self, number: int, over: Iterable[int], titles: Sequence[Title], outcomes: Mapping[int, TakenBack | Outcome],
        stop: ImporterError | None, summary: Summary,
    ) -> None:  # fmt: skip
        owing = any(debt.why is Why.UNDO and debt.run == number and debt.state is DebtState.DUE
                    for debt in debts(self._journal).values())  # fmt: skip
        complete = stop is None and not owing
        now = int(self._clock.now())
        with self._journal.transaction():
            write_rows(
                self._journal,
                number,
                ((n, _record(title, outcomes.get(title.simkl, Outcome.PENDING))) for n, title in enumerate(titles)),
            )
            if complete and not self._scope.keys:
                for run in over:
                    runs.close(self._journal, run)
            if complete:
                snapshots.trim_openings(self._journal, now)
            state = runs.State.FINISHED if complete else runs.State.STOPPED
            runs.end(self._journal, number, state, now, summary_document(summary))

    def _message(
        self, totals: Mapping[str, int], titles: Sequence[Title], over: Sequence[int], settler: Settler,
        outcomes: Mapping[int, TakenBack | Outcome],
    ) -> str:  # fmt: skip
        told: list[str] = []
        taken = totals.get("restored", 0) + totals.get("removed", 0) + totals.get("pending", 0)
        if taken:
            told.append("the next run would send these again")
        on_lists = totals.get("removed", 0)
        if on_lists:
            stay = "1 title stays" if on_lists == 1 else f"{on_lists:,} titles stay"
            told.append(f"{stay} on a list: removing a rating does not remove the title")
        kept = totals.get("left", 0)
        if kept:
            were = "1 was" if kept == 1 else f"{kept:,} were"
            command = _forced(self._scope, over)
            told.append(f"{were} changed since and left: {command} takes that back too")
        undated = sum(
            outcomes.get(title.simkl) is TakenBack.RESTORED and title.wish.want is not None
            and title.wish.want[1] is None for title in titles
        )  # fmt: skip
        if undated:
            told.append(f"{undated:,} had no date on Simkl and got the time of this undo")
        missing = [name for name in ("not_found", "failed", "unconfirmed") if totals.get(name)]
        if missing:
            names = [title.name for title in titles if str(outcomes.get(title.simkl)) in missing]
            told.append(f"not given back yet: {', '.join(names[:3])}; undo again tries it once more")
        told += told_of_debts(settler)
        lost = self._unseen(over)
        if lost:
            told.append(
                f"{_ratings(lost)} accepted by Simkl cannot be told from your own: nothing of that was taken back;"
                " simkl-import report lists it"
            )
        return "; ".join(told) or "nothing to take back"


def _title(simkl: int, changes: Sequence[Change], theirs: AccountRating | None, wish: Wish) -> Title:
    question = changes[-1].question
    if theirs is not None:
        kind, name, year, ids = theirs.kind, theirs.title, theirs.year, theirs.ids
    elif question is not None:
        kind, name, year, ids = question.kind, question.title, question.year, question.ids
    else:
        kind, name, year, ids = Kind.MOVIE, "", None, ()
    return Title(simkl, kind, name, year, ids, tuple(changes), theirs, wish)


def _debt(title: Title, undo: int, store_at: int | None) -> Debt:
    want = title.wish.want
    read_at = want[1] if want is not None else None
    return Debt(
        simkl=title.simkl,
        kind=title.kind,
        title=title.name,
        year=title.year,
        rating=want[0] if want is not None else None,
        read_at=read_at,
        store_at=store_at,
        why=Why.UNDO,
        state=DebtState.DUE,
        key="",
        run=undo,
        since=title.changes[0].order,
        upto=title.changes[-1].order,
    )


def _record(title: Title, outcome: TakenBack | Outcome) -> Record:
    """A title of an undo as reports show it: what stood there, and what it is to have again."""
    want, theirs = title.wish.want, title.theirs
    last = title.changes[-1]
    return Record(
        source=last.key.partition(":")[0],
        file="",
        line=0,
        key=last.key,
        kind=title.kind,
        title=title.name,
        year=title.year,
        ids=title.ids,
        source_rating="",
        rating=want[0] if want is not None else None,
        rated_at=want[1] if want is not None else None,
        date_from=None,
        precision=Precision.SECOND,
        outcome=outcome,
        reason=None,
        note=None,
        simkl_status=None,
        prior_rating=theirs.rating if theirs is not None else None,
        prior_rated_at=theirs.rated_at if theirs is not None else None,
        matched=Match(title.name, title.year, title.simkl),
        batch=None,
        fresh=False,
    )


def _ratings(number: int) -> str:
    return "1 rating" if number == 1 else f"{number:,} ratings"


def _forced(scope: Scope, over: Sequence[int]) -> str:
    """The command that takes back what this undo left."""
    if scope.keys:
        return "simkl-import undo --force " + " ".join(f"--key {shlex.quote(key)}" for key in scope.keys)
    if scope.all_runs or not over:
        return "simkl-import undo --all --force"
    return f"simkl-import undo --run {over[0]} --force"
