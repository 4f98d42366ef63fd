"""The run: exports and account read side by side, every title decided, batches sent, read back, and all of it told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import anyio
import anyio.to_thread

from importer.clock import Clock
from importer.errors import CredentialsError, ImporterError, InterruptedRunError, ServiceStopError
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.batches import changes
from importer.journal.items import Known, remember
from importer.journal.rows import count_rows, write_rows
from importer.journal.store import Journal
from importer.model import Kind, Origin, Outcome
from importer.plan.batch import Size, count_requests
from importer.plan.decide import Rules
from importer.plan.resolve import Resolved, ids_to_send
from importer.record import Summary
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.wire import RATINGS, Outgoing, item_bytes
from importer.steps.ending import end_import
from importer.steps.forecast import earlier_import, forecast
from importer.steps.job import Options, Plan, Progressed, RunWatch
from importer.steps.ledger import Ledger, known_title
from importer.steps.mending import Mending, give_backs, mending, remember_gifts
from importer.steps.planning import make_plan
from importer.steps.reading import Export, Reading, read_exports
from importer.steps.repair import REPAIRED, Repair, repair
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
        mended = mending(self._journal, reading)
        plan = make_plan(
            self._journal, reading, mended, account, self._options,
            start=start, now=int(self._clock.now()), run=past.number if past is not None else None,
        )  # fmt: skip
        got = Progressed(self._begin(plan, past, start, mended), start)
        repairs = list(give_backs(self._journal, mended.keys, account))
        self._forecast(plan, repairs, first=past is None and got.run == 1)
        if not self._options.dry_run:
            await self._carry_out(plan, repairs, got)
        seconds = self._clock.monotonic() - began
        return end_import(
            self._journal, self._clock, plan, self._options, self._job, got, self._client.requests, seconds
        )

    async def _read(self) -> tuple[Reading, Account]:
        """Read the exports in a thread while the account is read over the network.

        An export that cannot be read is told before an account that cannot: mending it takes no network.
        """
        readings: list[Reading] = []
        account: Account | ImporterError

        async def read() -> None:
            readings.append(await anyio.to_thread.run_sync(read_exports, self._exports))

        self._watch.phase("reading")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            try:
                account = await snapshot(self._client, self._journal)
            except ImporterError as trouble:
                account = trouble
        if isinstance(account, ImporterError):
            raise account
        return readings[0], account

    def _begin(self, plan: Plan, past: runs.Run | None, start: int, mended: Mending) -> int:
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
            remember_gifts(self._journal, mended.gifts, number)
            rows = records(plan)
            write_rows(self._journal, number, rows)
            remember(
                self._journal,
                (
                    known_title(one, Outcome.PENDING, None, None, None, None)
                    for one in plan.to_send()
                    if one.decision.date.origin is Origin.RUN
                ),
            )
            remember(self._journal, _arrived(plan))
        return number

    def _forecast(self, plan: Plan, repairs: Sequence[Repair], *, first: bool) -> None:
        told: list[str] = []
        if first or self._options.dry_run:
            sending, size = plan.to_send(), self._size()
            # Only a dry run is asked for the exact number: titles that resemble each other may take one POST more.
            exact = self._options.dry_run
            posts = count_requests(map(_outgoing, sending), size, _weight) if exact else size.posts(len(sending))
            posts += len({one.rating is None for one in repairs})
            told.extend(forecast(plan.resolved, posts, self._client.pace.used, self._quota))
        hint = earlier_import(plan.resolved)
        if hint is not None:
            told.append(hint)
        for line in told:
            self._watch.tell(line)

    async def _carry_out(self, plan: Plan, repairs: Sequence[Repair], got: Progressed) -> None:
        sending = plan.to_send()
        titles = {one.ours.item.key: one for one in plan.resolved}
        ledger = Ledger(self._journal, got.run, self._clock, titles, plan.past)
        undelivered = ""
        if sending or repairs:
            with self._journal.transaction():
                snapshots.keep_opening(self._journal, got.run)
        try:
            self._watch.phase("sending")
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
        sent = [change for change in changes(self._journal, got.run) if not change.key.startswith(REPAIRED)]
        if not sent:
            return ""
        self._watch.phase("checking")
        carried = {row.key: row for row in plan.carried.values()}
        settlement = Settlement(self._client, self._journal, self._clock, self._watch, got.run, carried)
        rules = Rules(got.started, self._options.on_conflict, self._options.redate)
        try:
            return await settle_landings(settlement, sent, titles, plan.past, rules, answered)
        except CredentialsError as error:
            return f"everything was sent, but the account could not be read back: {error.message}"

    def _size(self) -> Size:
        return Size.auto() if self._options.batch_size is None else Size.fixed(self._options.batch_size)


def _weight(item: Outgoing) -> int:
    return len(item_bytes(item))


def _outgoing(one: Resolved) -> Outgoing:
    item = one.ours.item
    return Outgoing(
        item.key, item.kind or Kind.MOVIE, item.title, item.year, ids_to_send(one), one.ours.rating,
        one.decision.rated_at,
    )  # fmt: skip


def _arrived(plan: Plan) -> Iterator[Known]:
    """What is to be remembered of rows that arrived without an answer: they were settled then."""
    for one in plan.resolved:
        past = plan.past.get(one.ours.item.key)
        if one.ours.n in plan.carried and past is not None and past.outcome is Outcome.APPLIED:
            yield known_title(one, Outcome.APPLIED, None, past.base, past.simkl, None)
