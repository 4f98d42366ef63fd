"""The run: exports and account read side by side, every title decided, batches sent, read back, and all of it told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import anyio
import anyio.to_thread

from importer.errors import CredentialsError, ImporterError, InterruptedRunError, ServiceStopError
from importer.events import Listen, Phase, PhaseBegan, Told, Warned
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.items import Known, remember
from importer.journal.rows import count_rows, write_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Kind, Outcome
from importer.plan.batch import Size, count_requests
from importer.plan.decide import Rules
from importer.plan.resolve import Resolved, ids_to_send
from importer.readback.settling import Settlement, settle_landings
from importer.record import Summary
from importer.run.ending import Ending, end_import, ending_of
from importer.run.forecast import earlier_import, forecast
from importer.run.job import Options, Plan, Progressed
from importer.run.mending import Mending, give_backs, mending, remember_gifts
from importer.run.planning import make_plan
from importer.run.reading import Export, Reading, read_exports
from importer.run.telling import records
from importer.send.record import Ledger, known_title, remember_beforehand
from importer.send.repairs import Repair, repair
from importer.send.sender import Sender
from importer.send.snapshot import snapshot
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.wire import RATINGS, Outgoing, weight


class Import:
    """One run of one job over an open resume file. In a dry run that file is a copy in memory and nothing is sent."""

    def __init__(
        self, exports: Sequence[Export], options: Options, client: Client, journal: Journal, clock: Clock,
        listen: Listen, version: str, quota: int | None,
    ) -> None:  # fmt: skip
        self._exports = exports
        self._options = options
        self._client = client
        self._journal = journal
        self._clock = clock
        self._listen = listen
        self._quota = quota
        self._job = options.job(exports, version)

    async def run(self) -> Summary:
        """Carry the import out. Raises ImporterError where nothing could be decided; what stops it later is told."""
        began = self._clock.monotonic()
        got, ending, settlement = await self._deliver()
        # The plan is gone by now: reading back is told from the resume file, and has its memory.
        if not self._options.dry_run:
            if self._options.verify and got.stop is None:
                await self._verify(settlement, got)
            self._look_for_pending(got)
        seconds = self._clock.monotonic() - began
        return end_import(
            self._journal, self._clock, ending, self._options, self._job, got, self._client.requests, seconds
        )

    async def _deliver(self) -> tuple[Progressed, Ending, Settlement]:
        """Decide every title and send what is to be sent; return what the rest of the run needs to know of it."""
        past = runs.unfinished(self._journal, "run", self._job)
        start = past.started if past is not None else int(self._clock.now())
        reading, account = await self._read()
        for remark in reading.remarks:
            self._listen(Warned(f"{remark.file}{f':{remark.line}' if remark.line else ''}: {remark.text}"))
        mended = mending(self._journal, reading)
        plan = make_plan(
            self._journal, reading, mended, account, self._options,
            start=start, now=int(self._clock.now()), run=past.number if past is not None else None,
        )  # fmt: skip
        sending = plan.to_send()
        ending = ending_of(self._journal, plan, self._options)
        got = Progressed(self._begin(plan, sending, past, start, mended), start)
        repairs = list(give_backs(self._journal, mended.keys, account))
        self._forecast(plan, sending, repairs, first=past is None and got.run == 1)
        if not self._options.dry_run:
            await self._send(plan, sending, repairs, got)
        settlement = Settlement(
            self._client, self._journal, self._clock, self._listen, got.run,
            Rules(start, self._options.on_conflict, self._options.redate), plan.past,
            {row.key: row for row in plan.carried.values()},
        )  # fmt: skip
        return got, ending, settlement

    async def _read(self) -> tuple[Reading, Account]:
        """Read the exports in a thread while the account is read over the network.

        An export that cannot be read is told before an account that cannot: mending it takes no network.
        """
        readings: list[Reading] = []
        account: Account | ImporterError

        async def read() -> None:
            readings.append(await anyio.to_thread.run_sync(read_exports, self._exports))

        self._listen(PhaseBegan(Phase.READING))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            try:
                account = await snapshot(self._client, self._journal)
            except ImporterError as trouble:
                account = trouble
        if isinstance(account, ImporterError):
            raise account
        return readings[0], account

    def _begin(
        self, plan: Plan, sending: Sequence[Resolved], past: runs.Run | None, start: int, mended: Mending
    ) -> int:
        """Put the run and all its rows on record, and what is to be sent."""
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
            write_rows(self._journal, number, records(plan, sending))
            if not self._options.dry_run:
                remember_beforehand(self._journal, sending, plan.past)
            remember(self._journal, _arrived(plan))
        return number

    def _forecast(self, plan: Plan, sending: Sequence[Resolved], repairs: Sequence[Repair], *, first: bool) -> None:
        told: list[str] = []
        if first or self._options.dry_run:
            size = self._size()
            # Only a dry run is asked for the exact number: titles that resemble each other may take one POST more.
            exact = self._options.dry_run
            posts = count_requests(map(_outgoing, sending), size, weight) if exact else size.posts(len(sending))
            posts += len({one.rating is None for one in repairs})
            told.extend(forecast(plan.resolved, posts, self._client.pace.used, self._quota))
        hint = earlier_import(plan.resolved)
        if hint is not None:
            told.append(hint)
        for line in told:
            self._listen(Told(line))

    async def _send(self, plan: Plan, sending: Sequence[Resolved], repairs: Sequence[Repair], got: Progressed) -> None:
        if sending or repairs:
            with self._journal.transaction():
                snapshots.keep_opening(self._journal, got.run)
        with _stopping(got):
            self._listen(PhaseBegan(Phase.SENDING))
            if repairs:
                await repair(self._client, self._journal, got.run, self._clock, repairs, self._listen, self._size())
            ledger = Ledger(self._journal, got.run, self._clock, sending, plan.past)
            sender = Sender(
                self._client, self._clock, ledger, RATINGS, self._size(), self._listen,
                accepted=bool(plan.carried), quota=self._quota,
            )  # fmt: skip
            total = len(plan.reading.rows)
            got.trouble = await sender.send([_outgoing(one) for one in sending], total - len(sending), total)

    async def _verify(self, settlement: Settlement, got: Progressed) -> None:
        with _stopping(got):
            try:
                got.warning = await settle_landings(settlement)
            except CredentialsError as error:
                got.warning = f"everything was sent, but the account could not be read back: {error.message}"

    def _look_for_pending(self, got: Progressed) -> None:
        pending = sum(n for (outcome, _, _), n in count_rows(self._journal, got.run).items() if outcome == "pending")
        if got.stop is None and pending:
            why = got.trouble or "they did not arrive"
            got.stop = ServiceStopError(
                f"{pending} ratings could not be delivered ({why})", "run the same command again"
            )

    def _size(self) -> Size:
        return Size.auto() if self._options.batch_size is None else Size.fixed(self._options.batch_size)


@contextmanager
def _stopping(got: Progressed) -> Iterator[None]:
    """What stops a run that has begun is told at its end."""
    try:
        yield
    except (ServiceStopError, CredentialsError, InterruptedRunError) as stop:
        got.stop = stop


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
            yield known_title(one, Outcome.APPLIED, None, past.base, past.simkl)
