"""The run: exports and account read side by side, every title decided, batches sent, read back, and all of it told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import anyio
import anyio.to_thread

from importer.clock import Clock
from importer.errors import CredentialsError, InterruptedRunError, ServiceStopError
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.batches import Change, changes, unanswered
from importer.journal.items import given, remember, remembered
from importer.journal.rows import count_rows, tried_rows, write_rows
from importer.journal.store import Journal
from importer.model import Kind, Origin, Outcome
from importer.plan.batch import Size, count_requests
from importer.plan.decide import Rules
from importer.plan.draft import draft
from importer.plan.judge import Policy
from importer.plan.resolve import Resolved, Retry, ids_to_send, resolve
from importer.plan.sides import Base, Given, Ours, Remembered
from importer.record import Match, Record, Summary
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.wire import RATINGS, Outgoing, item_bytes
from importer.steps.ending import end_import
from importer.steps.forecast import earlier_import, forecast
from importer.steps.job import Options, Plan, Progressed, RunWatch
from importer.steps.ledger import Ledger, known_title
from importer.steps.mending import gifts, give_backs, remember_gifts
from importer.steps.reading import Export, Reading, read_exports
from importer.steps.repair import repair
from importer.steps.send import Sender
from importer.steps.settlement import Settlement, settle_landings
from importer.steps.snapshot import snapshot
from importer.steps.telling import records


class Import:
    """One run of one job over an open resume file. In a dry run that file is a copy in memory and nothing is sent."""

    def __init__(
        self, exports: Sequence[Export], options: Options, client: Client, journal: Journal, clock: Clock,
        watch: RunWatch, version: str, quota: int | None,
    ) -> None:  # fmt: skip
        self._exports = exports
        self._options = options
        self._client = client
        self._journal = journal
        self._clock = clock
        self._watch = watch
        self._quota = quota
        self._job = options.job(exports, version)

    async def run(self) -> Summary:
        """Carry the import out. Raises ImporterError where nothing could be decided; what stops it later is told."""
        began = self._clock.monotonic()
        past = runs.unfinished(self._journal, "run", self._job)
        start = past.started if past is not None else int(self._clock.now())
        reading, account = await self._read()
        for remark in reading.remarks:
            self._watch.note(f"{remark.file}{f':{remark.line}' if remark.line else ''}: {remark.text}")
        found = gifts(self._journal, reading)
        plan = self._plan(reading, account, start, past.number if past is not None else None, found)
        got = Progressed(self._begin(plan, past, start, found), start)
        self._forecast(plan, first=past is None and got.run == 1)
        if not self._options.dry_run:
            await self._carry_out(plan, account, found, got)
        seconds = self._clock.monotonic() - began
        return end_import(
            self._journal, self._clock, plan, self._options, self._job, got, self._client.requests, seconds
        )

    async def _read(self) -> tuple[Reading, Account]:
        """Read the exports in a thread while the account is read over the network."""
        readings: list[Reading] = []

        async def read() -> None:
            readings.append(await anyio.to_thread.run_sync(read_exports, self._exports))

        self._watch.phase("reading")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            account = await snapshot(self._client, self._journal)
        return readings[0], account

    def _plan(
        self, reading: Reading, account: Account, start: int, run: int | None, found: Mapping[str, Given]
    ) -> Plan:
        options = self._options
        past = remembered(self._journal)
        known = {key: one.simkl for key, one in past.items() if one.simkl is not None}
        gift = given(self._journal) | dict(found)
        for key in gift:
            known.pop(key, None)
        policy = Policy(start, options.undated, options.only, options.since)
        drafted = draft(reading.rows, policy, gift, known)
        unknown = {change.key: change for change in unanswered(self._journal)}
        for ours in drafted.ours:
            if unknown and (change := unknown.get(ours.item.key)) is not None:
                _settle_unknown(ours, change, account, past)
        carried = tried_rows(self._journal, run) if run is not None else {}
        tried = sum(1 for row in carried.values() if row.batch is not None)
        limit = None if options.limit is None else max(0, options.limit - tried)
        resolved = resolve(
            drafted.ours, drafted.items, past, account.find, Rules(start, options.on_conflict, options.redate),
            Retry(int(self._clock.now()), options.retry_not_found, limit),
        )  # fmt: skip
        plan = Plan(reading, drafted, resolved, past, carried)
        if run is not None:
            _carry_arrived(plan, {key: change for key, change in unknown.items() if change.run == run})
        return plan

    def _begin(self, plan: Plan, past: runs.Run | None, start: int, found: Mapping[str, Given]) -> int:
        """Put the run and all its rows on record, and every date that is this run's own."""
        with self._journal.transaction():
            if past is None:
                sources = [
                    {"path": export.path, "format": export.format, "rows": rows, "fingerprint": export.fingerprint}
                    for export, rows in zip(self._exports, plan.reading.counts(), strict=True)
                ]
                number = runs.begin(self._journal, "run", start, self._job, sources)
            else:
                number = past.number
                runs.resume(self._journal, number)
            remember_gifts(self._journal, found, number)
            rows = records(plan.reading, plan.draft, plan.resolved, plan.carried, plan.past)
            write_rows(self._journal, number, rows)
            remember(
                self._journal,
                (
                    known_title(one, Outcome.PENDING, None, None, None, None)
                    for one in plan.to_send()
                    if one.decision.date.origin is Origin.RUN
                ),
            )
        return number

    def _forecast(self, plan: Plan, *, first: bool) -> None:
        told: list[str] = []
        if first or self._options.dry_run:
            posts = count_requests(map(_outgoing, plan.to_send()), self._size(), lambda item: len(item_bytes(item)))
            told.extend(forecast(plan.resolved, posts, self._client.pace.used, self._quota))
        hint = earlier_import(plan.resolved)
        if hint is not None:
            told.append(hint)
        for line in told:
            self._watch.tell(line)

    async def _carry_out(self, plan: Plan, account: Account, found: Mapping[str, Given], got: Progressed) -> None:
        sending = plan.to_send()
        titles = {one.ours.item.key: one for one in plan.resolved}
        ledger = Ledger(self._journal, got.run, self._clock, titles, plan.past)
        undelivered = ""
        if sending:
            with self._journal.transaction():
                snapshots.keep_opening(self._journal, got.run)
        try:
            self._watch.phase("sending")
            repairs = list(give_backs(self._journal, found, account))
            if repairs:
                await repair(self._client, self._journal, got.run, self._clock, repairs, self._watch, self._size())
            sender = Sender(
                self._client, self._clock, ledger, RATINGS, self._size(), self._watch,
                accepted=bool(plan.carried), quota=self._quota,
            )  # fmt: skip
            total = len(plan.reading.rows)
            undelivered = await sender.send([_outgoing(one) for one in sending], total - len(sending), total)
            if self._options.verify:
                answered = {row.key: row.outcome for row in plan.carried.values()}
                answered |= {key: answer.outcome for key, answer in ledger.answers.items()}
                got.warning = await self._verify(plan, titles, answered, got)
        except (ServiceStopError, CredentialsError, InterruptedRunError) as stop:
            got.stop = stop
        pending = sum(n for (outcome, _, _), n in count_rows(self._journal, got.run).items() if outcome == "pending")
        if got.stop is None and pending:
            why = undelivered or "they did not arrive"
            got.stop = ServiceStopError(
                f"{pending} ratings could not be delivered ({why})", "run the same command again"
            )

    async def _verify(
        self, plan: Plan, titles: dict[str, Resolved], answered: Mapping[str, Outcome], got: Progressed
    ) -> str:
        sent = list(changes(self._journal, got.run))
        if not any(change.key in titles for change in sent):
            return ""
        self._watch.phase("checking")
        settlement = Settlement(self._client, self._journal, self._clock, self._watch, got.run)
        rules = Rules(got.started, self._options.on_conflict, self._options.redate)
        try:
            return await settle_landings(settlement, sent, titles, plan.past, rules, answered)
        except CredentialsError as error:
            return f"everything was sent, but the account could not be read back: {error.message}"

    def _size(self) -> Size:
        return Size.auto() if self._options.batch_size is None else Size.fixed(self._options.batch_size)


def _outgoing(one: Resolved) -> Outgoing:
    item = one.ours.item
    return Outgoing(
        item.key, item.kind or Kind.MOVIE, item.title, item.year, ids_to_send(one), one.ours.rating,
        one.decision.rated_at,
    )  # fmt: skip


def _settle_unknown(ours: Ours, change: Change, account: Account, past: dict[str, Remembered]) -> None:
    """A batch whose answer was lost did arrive where the account has what it was to bring: that is the base then."""
    key = ours.item.key
    known = past.get(key)
    simkl = change.simkl or (known.simkl if known is not None else None)
    theirs = account.find(simkl, ours.item.kind or Kind.MOVIE, ours.ids, ours.item.title, ours.item.year)
    if theirs is None or theirs.rating != change.after_rating:
        return
    wanted = known.wanted if known is not None else None
    base = Base(theirs.rating, wanted, theirs.rating, theirs.rated_at)
    if known is None:
        past[key] = Remembered(base, theirs.simkl, Outcome.APPLIED, None, None, None, theirs.rating, wanted)
    else:
        past[key] = replace(known, base=base, outcome=Outcome.APPLIED)


def _carry_arrived(plan: Plan, unknown: dict[str, Change]) -> None:
    """Rows of a batch whose answer was lost, and which the account shows to have arrived, are this run's work."""
    if not unknown:
        return
    for one in plan.resolved:
        change = unknown.get(one.ours.item.key)
        theirs = one.theirs
        if change is None or theirs is None or one.decision.outcome is not Outcome.UNCHANGED:
            continue
        item = one.ours.item
        source = next(export.format for export, end in zip(plan.reading.exports, plan.reading.ends, strict=True)
                      if one.ours.n < end)  # fmt: skip
        plan.carried[one.ours.n] = Record(
            source, item.file, item.line, item.key, item.kind, item.title, item.year, one.ours.ids, item.source_rating,
            one.ours.rating, change.after_at, one.decision.date.origin, Outcome.APPLIED, None, None, None,
            change.before_rating, change.before_at, Match(theirs.title, theirs.year, theirs.simkl), change.batch, False,
        )  # fmt: skip
