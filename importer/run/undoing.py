"""The way back: a run's changes taken back title by title, unless the person has changed a title since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from importer.errors import ImporterError, ServiceStopError, UsageError
from importer.events import Listen, Phase, PhaseBegan, Told
from importer.journal import account as snapshots
from importer.journal import life, runs
from importer.journal.change import State
from importer.journal.changes import changes_on, count_open, open_changes
from importer.journal.items import forget_bases, keys_on_titles
from importer.journal.moved import kept_habit
from importer.journal.owed import Debt, DebtState, Why, count_debts, debts
from importer.journal.rows import write_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Command, Outcome
from importer.readback.habit import Habit
from importer.readback.restoring import Verdict, date_to_send
from importer.record import Summary, summary_document
from importer.run.ending import exit_of
from importer.run.scope import Chosen, Scope, choose, scope_of
from importer.run.settlement.settler import Settler
from importer.run.settlement.words import told_of_debts
from importer.run.taken_back import outcomes_of, outcomes_owed
from importer.run.undo_words import NOT_DONE, Ended, words_of
from importer.run.unlisting import Unlisting, find_leaving, take_off
from importer.run.wishes import UndoneTitle, debt_of, record_of, titles_taken_back, titles_to_take_back
from importer.send.snapshot import snapshot
from importer.simkl.client import Client


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
        past = self._incomplete()
        settler = Settler(
            client=self._client,
            journal=self._journal,
            clock=self._clock,
            listen=self._listen,
            start=start,
            run=past.number if past is not None else None,
            dry_run=self._dry_run,
        )
        self._listen(PhaseBegan(Phase.ACCOUNT))
        account = await snapshot(self._client, self._journal)
        stop: ImporterError | None = None
        earlier = self._owed_by(past)
        # A plain undo that goes on does so with the runs that it began with, whatever was imported since.
        begun = self._runs_of(past) if past is not None and self._scope.plain else set()
        try:
            account = await settler.settle_earlier(account)
        except ServiceStopError as error:
            stop = error
        chosen = self._chosen(begun, earlier)
        titles = titles_to_take_back(self._journal, self._scope, chosen.changes, account, self._habit())
        number = past.number if past is not None else None
        unseen, undated = chosen.unseen, frozenset[int]()
        if stop is None and not self._dry_run and (titles or earlier or chosen.taken or chosen.unseen):
            number = self._begin(number, start, titles)
            owing = self._owing(number, titles)
            undated = frozenset(debt.simkl for debt in owing if debt.rating is not None and debt.store_at is None)
            stop = await self._take_back(settler, number, titles, owing)
            unseen &= self._still_unseen()
        outcomes = outcomes_owed(settler, earlier, dry_run=self._dry_run) | outcomes_of(settler, titles)
        leaving = Unlisting()
        if self._scope.unlist and stop is None:
            candidates = titles_taken_back((*chosen.changes, *chosen.taken), account)
            known = {title.simkl for title in titles}
            titles += [title for title in candidates if title.simkl not in known]
            for title in candidates:
                outcomes.setdefault(title.simkl, Outcome.UNCHANGED)
            leaving = await self._unlist(number, candidates)
            outcomes |= leaving.outcomes
            stop = leaving.stop
        names = {title.simkl: title.name for title in titles} | {simkl: debt.title for simkl, debt in earlier.items()}
        ended = Ended(
            scope=self._scope,
            runs=chosen.runs,
            titles=titles,
            outcomes=outcomes,
            names=names,
            unseen=len(unseen),
            doubts=leaving.doubts,
            undated=undated,
            unseen_is_news=bool(unseen) and not chosen.told,
        )
        totals = self._totals(ended)
        if stop is None and totals[Outcome.PENDING.value] and not self._dry_run:
            what = "1 title" if totals[Outcome.PENDING.value] == 1 else f"{totals['pending']:,} titles"
            stop = ServiceStopError(f"{what} could not be taken back yet", "simkl-import undo goes on with that")
        summary = self._summary(ended, totals, settler, stop, number)
        summary = replace(
            summary, seconds=self._clock.monotonic() - began, started=past.started if past is not None else start
        )
        if number is not None and not self._dry_run:
            self._end(number, ended, stop, summary)
        return summary

    def _incomplete(self) -> runs.Run | None:
        """Return the undo that is not complete, if this one goes on with it."""
        past = runs.unfinished_undo(self._journal)
        if past is None or past.scope is None:
            return past
        if self._scope.plain:
            before = scope_of(past.scope)
            force, unlist = self._scope.force or before.force, self._scope.unlist or before.unlist
            self._scope = replace(before, force=force, unlist=unlist)
            self._listen(Told(f"going on with the undo that is not complete (run {past.number})"))
            return past
        return past if past.scope == self._scope.text() else None

    def _habit(self) -> Habit | None:
        kept = kept_habit(self._journal)
        return None if kept is None else Habit(*kept)

    def _owed_by(self, past: runs.Run | None) -> dict[int, Debt]:
        """Return what an undo that is not complete still owes."""
        if past is None:
            return {}
        return {
            simkl: debt
            for simkl, debt in debts(self._journal).items()
            if debt.why is Why.UNDO and debt.run == past.number
        }

    def _chosen(self, begun: Set[int], earlier: Mapping[int, Debt]) -> Chosen:
        """What this part of an undo is to take back; what an earlier part had begun with and is owed still goes on."""
        owed = earlier.keys() & debts(self._journal).keys()
        scope = replace(self._scope, all_runs=True) if begun else self._scope
        try:
            chosen = choose(self._journal, scope)
        except UsageError:
            if not earlier:  # what it named is taken back by now
                raise
            return Chosen()
        return Chosen(
            sorted(begun, reverse=True) if begun else chosen.runs,
            [one for one in chosen.changes if one.simkl not in owed and (not begun or one.run in begun)],
            [one for one in chosen.taken if not begun or one.run in begun],
            frozenset() if begun else chosen.unseen,
            told=chosen.told,
        )

    def _runs_of(self, past: runs.Run) -> set[int]:
        """Return the runs of which an undo that is not complete was to take something back."""
        wanted = set(self._journal.rows("SELECT run, batch, n FROM changes WHERE undone = ?", (past.number,)))
        titles = {row[0] for row in self._journal.rows("SELECT simkl FROM changes WHERE undone = ?", (past.number,))}
        found = changes_on(self._journal, titles)
        return {one.run for group in found.values() for one in group if (one.run, one.batch, one.n) in wanted}

    def _begin(self, number: int | None, start: int, titles: Sequence[UndoneTitle]) -> int:
        """Put the undo on record. The bases go at once: were it killed, the next run must not take what it did for
        the person's own doing.
        """
        with self._journal.transaction():
            if number is None:
                number = runs.begin(self._journal, Command.UNDO, start, "", [], scope=self._scope.text())
            else:
                runs.resume(self._journal, number)
            self._forget(title for title in titles if title.due)
            life.close_taken(
                self._journal,
                (c for title in titles if title.wish.verdict is Verdict.UNCHANGED for c in title.wish.covered),
                number,
            )
        return number

    def _forget(self, titles: Iterable[UndoneTitle]) -> None:
        found = list(titles)
        keys = {change.key for title in found for change in title.changes}
        keys |= set(keys_on_titles(self._journal, [title.simkl for title in found]))
        forget_bases(self._journal, keys)
        runs.unmark(self._journal, runs.rating_sums(dict.fromkeys(keys, runs.UNKNOWN)))

    def _owing(self, number: int, titles: Sequence[UndoneTitle]) -> list[Debt]:
        """Return what titles are owed as soon as it is sent."""
        due = [title for title in titles if title.due]
        habit = self._habit()
        written = changes_on(self._journal, [title.simkl for title in due])
        return [debt_of(title, number, date_to_send(title.wish.want, written[title.simkl], habit)) for title in due]

    async def _take_back(
        self, settler: Settler, number: int, titles: Sequence[UndoneTitle], owing: Sequence[Debt]
    ) -> ImporterError | None:
        """Send what is not yet as wished, and read back."""
        if not owing:
            return None
        self._listen(PhaseBegan(Phase.SENDING))
        covered = {title.simkl: title.wish.covered for title in titles if title.due}
        try:
            await settler.pay_debts(owing, covered, number)
        except ImporterError as error:
            return error
        return None

    def _still_unseen(self) -> frozenset[str]:
        """Return the keys of what Simkl accepted and nobody saw. What was sent to a title taken back is gone."""
        return frozenset(one.key for one in open_changes(self._journal) if one.state is State.ANSWERED)

    async def _unlist(self, number: int | None, titles: Sequence[UndoneTitle]) -> Unlisting:
        """Take off the library what a rating of ours put there; in a dry run tell what that would be."""
        try:
            found = await find_leaving(self._client, self._journal, titles, self._habit())
        except ImporterError as error:
            return Unlisting(stop=error)
        if number is not None and not self._dry_run:
            await take_off(self._client, self._journal, self._clock, self._listen, number, found)
        return found

    def _totals(self, ended: Ended) -> Counter[str]:
        totals: Counter[str] = Counter({"read": len(ended.outcomes) + ended.unseen})
        totals.update(str(outcome) for outcome in ended.outcomes.values())
        totals[Outcome.UNCONFIRMED.value] += ended.unseen
        return totals

    def _summary(
        self, ended: Ended, totals: Mapping[str, int], settler: Settler, stop: ImporterError | None, number: int | None
    ) -> Summary:
        owed, stuck = count_debts(self._journal)
        incomplete = ended.unseen_is_news or not NOT_DONE.isdisjoint(ended.outcomes.values())
        return Summary(
            command=Command.UNDO,
            exit=exit_of(stop, fresh=incomplete or settler.found),
            run=number,
            dry_run=self._dry_run,
            totals=dict(totals),
            requests=self._client.requests,
            message=stop.message if stop is not None else words_of(ended, told_of_debts(settler)),
            hint=stop.hint if stop is not None else "",
            resume_at=stop.resume_at if isinstance(stop, ServiceStopError) else None,
            open=count_open(self._journal),
            owed=owed,
            stuck=stuck,
        )

    def _end(self, number: int, ended: Ended, stop: ImporterError | None, summary: Summary) -> None:
        """Close what is taken back and end the undo, all in one."""
        owing = any(
            debt.why is Why.UNDO and debt.run == number and debt.state is DebtState.DUE
            for debt in debts(self._journal).values()
        )
        complete = stop is None and not owing
        now = int(self._clock.now())
        with self._journal.transaction():
            told = ((title, ended.outcomes.get(title.simkl, Outcome.PENDING)) for title in ended.titles)
            write_rows(self._journal, number, ((n, record_of(*one)) for n, one in enumerate(told)))
            if complete and not self._scope.keys:
                for run in ended.runs:
                    runs.close(self._journal, run)
            if complete:
                snapshots.trim_openings(self._journal, now)
            state = runs.State.FINISHED if complete else runs.State.STOPPED
            runs.end(self._journal, number, state, now, summary_document(summary))
