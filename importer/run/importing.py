"""The import: exports and account are read, what is open is settled, every title is decided, sent and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import anyio
import anyio.to_thread

from importer.errors import (
    CredentialsError,
    DayKeptError,
    DefectError,
    ImporterError,
    InterruptedRunError,
    ServiceStopError,
)
from importer.events import Listen, Phase, PhaseBegan, Told, Warned
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.asks import accept
from importer.journal.life import mark_owing
from importer.journal.moved import kept_habit
from importer.journal.owed import debts, owe
from importer.journal.rows import count_rows, write_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Kind, Outcome
from importer.plan.batch import Size, count_requests
from importer.plan.resolve import Planned, ids_to_send, only_listed
from importer.plan.sides import Given
from importer.readback.habit import Habit
from importer.readback.judging import Rival
from importer.record import Summary
from importer.run.ending import Ending, end_import, ending_of
from importer.run.forecast import earlier_import, forecast
from importer.run.job import Options, Plan, Progressed
from importer.run.mending import FORMAT, MEND, Mending, mending, remember_corrections, wrong_title_debts
from importer.run.planned_rows import records
from importer.run.planning import make_plan
from importer.run.reading import Export, Reading, read_exports
from importer.run.settlement import Settler, told_of_debts, writes_of
from importer.send.record import RowRecord, remember_beforehand
from importer.send.sender import Sender
from importer.send.snapshot import read_lists, snapshot
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.quota import KEPT
from importer.simkl.wire import RATINGS, Outgoing, weight

NOTHING_CHOSEN: Mapping[str, Given] = {}


@dataclass(frozen=True, slots=True)
class _Delivered:
    """What the rest of a run needs to know of its plan, which lives no longer than the sending."""

    got: Progressed
    ending: Ending
    rivals: dict[int, list[Rival]]


class Import:
    """One run of one job over an open resume file. In a dry run that file is a copy in memory and nothing is sent."""

    def __init__(
        self, exports: Sequence[Export], options: Options, client: Client, journal: Journal, clock: Clock,
        listen: Listen, version: str, quota: int | None, chosen: Mapping[str, Given] = NOTHING_CHOSEN,
    ) -> None:  # fmt: skip
        """`chosen` is what a person chose for the keys of the rows, on disk already; the rows are all of this call."""
        self._exports = exports
        self._options = options
        self._client = client
        self._journal = journal
        self._clock = clock
        self._listen = listen
        self._quota = quota
        self._chosen = chosen
        self._job = options.job(exports, version)

    async def run(self) -> Summary:
        """Carry the import out. Raises ImporterError where nothing could be decided; what stops it later is told."""
        began = self._clock.monotonic()
        past = runs.unfinished(self._journal, self._options.command, self._job)
        start = past.started if past is not None else int(self._clock.now())
        settler = Settler(
            self._client, self._journal, self._clock, self._listen, int(self._clock.now()),
            run=past.number if past is not None else None, dry_run=self._options.dry_run,
        )  # fmt: skip
        done = await self._deliver(past, start, settler)
        got = done.got
        # The plan is gone by now: reading back is told from the resume file, and has its memory.
        if not self._options.dry_run:
            if self._options.verify and (got.stop is None or isinstance(got.stop, DayKeptError)):
                await self._verify(settler, done)
            await self._send_last(got)
            self._look_for_pending(got)
        got.fresh = settler.found or bool(settler.unpaid)
        told = told_of_debts(settler)
        if told and got.stop is None:
            got.warning = "; ".join(filter(None, (got.warning, *told)))
        seconds = self._clock.monotonic() - began
        return end_import(
            self._journal, self._clock, done.ending, self._options, self._job, got, self._client.requests, seconds
        )

    async def _deliver(self, past: runs.Run | None, start: int, settler: Settler) -> _Delivered:
        """Settle what is open, decide every title and send what is to be sent."""
        reading, mended, account = await self._read(past)
        for remark in reading.remarks:
            self._listen(Warned(str(remark)))
        got = Progressed(0, start)
        with _stopping(got):
            account = await settler.open_books(account)
            account = await self._give_back(settler, mended, account)
        plan = make_plan(
            self._journal, reading, mended, account, self._options,
            start=start, now=int(self._clock.now()), run=past.number if past is not None else None,
        )  # fmt: skip
        is_listed = await self._lists(plan, settler, got)
        if self._options.listed_only and is_listed is not None:
            plan = replace(plan, resolved=only_listed(plan.resolved, is_listed))
        sending = plan.to_send()
        ending = ending_of(self._journal, plan, self._options)
        settler.past = {one.ours.item.key: past_of.outcome for one in sending
                        if (past_of := plan.past.get(one.ours.item.key)) is not None}  # fmt: skip
        got.run = settler.run = self._begin(plan, sending, past, start)
        self._forecast(plan, sending, is_listed, first=past is None and got.run == 1)
        if not self._options.dry_run and got.stop is None:
            await self._send(plan, sending, got)
        return _Delivered(got, ending, _rivals(plan))

    async def _read(self, past: runs.Run | None) -> tuple[Reading, Mending, Account]:
        """Read the exports in a thread while the account is read over the network; what a person gives in a rejects
        file is on disk before the first request.

        An export that cannot be read is told before an account that cannot: mending it takes no network.
        """
        self._listen(PhaseBegan(Phase.READING))
        if any(export.format == FORMAT for export in self._exports):
            reading = await anyio.to_thread.run_sync(read_exports, self._exports)
            if self._options.command == MEND:
                chosen = Mending(frozenset(self._chosen), dict(self._chosen), reading.rows)
                return reading, chosen, await snapshot(self._client, self._journal)
            mended = mending(self._journal, reading)
            with self._journal.transaction():
                remember_corrections(self._journal, mended.corrections, past.number if past is not None else 0)
            return reading, mended, await snapshot(self._client, self._journal)
        readings: list[Reading] = []
        account: Account | ImporterError

        async def read() -> None:
            readings.append(await anyio.to_thread.run_sync(read_exports, self._exports))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            try:
                account = await snapshot(self._client, self._journal)
            except ImporterError as trouble:
                account = trouble
        if isinstance(account, ImporterError):
            raise account
        return readings[0], mending(self._journal, readings[0]), account

    async def _give_back(self, settler: Settler, mended: Mending, account: Account) -> Account:
        """Owe the titles on which mended rows had landed by mistake what they had, and pay it."""
        kept = kept_habit(self._journal)
        owed, covered, accepted = wrong_title_debts(
            self._journal, mended.corrections, account, None if kept is None else Habit(*kept)
        )
        if not owed and not accepted:
            return account
        with self._journal.transaction():
            accept(self._journal, accepted)
            owe(self._journal, owed)
            mark_owing(self._journal, covered)
        return await settler.open_books(account)

    async def _lists(self, plan: Plan, settler: Settler, got: Progressed) -> Callable[[Planned], bool] | None:
        """Read the account's lists where something would be put onto one; return what tells whether a title is on one
        already."""
        new = any(one.theirs is None and one.decision.outcome is Outcome.PENDING for one in plan.resolved)
        if got.stop is not None or not (new or self._options.listed_only):
            return None
        with _stopping(got):
            await read_lists(self._client, self._journal, settler.start)
        numbers = snapshots.listed_numbers(self._journal)
        if numbers is None:
            return None
        settler.listed = numbers
        if not numbers:
            return lambda _: False
        library = Account(snapshots.listed_titles(self._journal))

        def is_listed(one: Planned) -> bool:
            item = one.ours.item
            place = one.theirs.simkl if one.theirs is not None else one.simkl
            if place is not None:
                return place in numbers
            return library.find(None, item.kind or Kind.MOVIE, one.ours.ids, item.title, item.year) is not None

        return is_listed

    def _begin(self, plan: Plan, sending: Sequence[Planned], past: runs.Run | None, start: int) -> int:
        """Put the run and all its rows on record, and what is to be sent."""
        sources = [
            {"path": export.path, "format": export.format, "rows": rows, "fingerprint": export.fingerprint}
            for export, rows in zip(self._exports, plan.reading.counts(), strict=True)
        ]
        options = self._options
        with self._journal.transaction():
            if past is None:
                number = runs.begin(
                    self._journal, options.command, start, self._job, sources,
                    on_conflict=options.on_conflict.value, redate=options.redate, undated=options.undated.value,
                )  # fmt: skip
            else:
                number = past.number
                runs.resume(self._journal, number)
            write_rows(self._journal, number, records(plan, sending))
            if not options.dry_run:
                remember_beforehand(self._journal, sending, plan.past)
        return number

    def _forecast(
        self, plan: Plan, sending: Sequence[Planned], is_listed: Callable[[Planned], bool] | None, *, first: bool
    ) -> None:
        told: list[str] = []
        if first or self._options.dry_run:
            size = self._size()
            # Only a dry run is asked for the exact number: titles that resemble each other may take one POST more.
            exact = self._options.dry_run
            outgoing = [_outgoing(one, plan) for one in sending] if exact else []
            posts = count_requests(outgoing, size, weight) if exact else size.posts(len(sending))
            told.extend(forecast(plan.resolved, posts, self._client.pace.used, self._quota, is_listed))
        hint = earlier_import(plan.resolved)
        if hint is not None:
            told.append(hint)
        for line in told:
            self._listen(Told(line))

    async def _send(self, plan: Plan, sending: Sequence[Planned], got: Progressed) -> None:
        if not sending:
            return
        with self._journal.transaction():
            snapshots.keep_opening(self._journal, got.run, writes_of(self._journal, got.run))
        with _stopping(got):
            self._listen(PhaseBegan(Phase.SENDING))
            record = RowRecord(self._journal, got.run, self._clock, sending, plan.past, debts(self._journal))
            sender = Sender(
                self._client, self._clock, record, RATINGS, self._size(), self._listen,
                accepted=bool(plan.carried), quota=self._quota, kept=KEPT if self._options.verify else 0,
            )  # fmt: skip
            total = len(plan.reading.rows)
            try:
                got.trouble = await sender.send([_outgoing(one, plan) for one in sending], total - len(sending), total)
            except DayKeptError:
                got.sender = sender
                raise

    async def _send_last(self, got: Progressed) -> None:
        """Send on with the requests that were kept for reading back and giving back and were not needed for it: the
        last one goes too. The next command's own reading settles what they carry.
        """
        sender = got.sender
        if sender is None or not isinstance(got.stop, DayKeptError) or not self._client.may_send(0):
            return
        sender.kept, got.stop = 0, None
        with _stopping(got):
            await sender.send(sender.unsent)

    async def _verify(self, settler: Settler, done: _Delivered) -> None:
        got = done.got
        with _stopping(got):
            try:
                got.warning = await settler.close_books(done.rivals)
            except CredentialsError as error:
                got.warning = f"everything was sent, but the account could not be read back: {error.message}"

    def _look_for_pending(self, got: Progressed) -> None:
        pending = sum(
            count for (outcome, *_), count in count_rows(self._journal, got.run).items() if outcome == Outcome.PENDING
        )
        if got.stop is None and pending:
            why = got.trouble or "they did not arrive"
            what = "1 rating" if pending == 1 else f"{pending:,} ratings"
            got.stop = ServiceStopError(f"{what} could not be delivered ({why})", "run the same command again")

    def _size(self) -> Size:
        return Size.auto() if self._options.batch_size is None else Size.fixed(self._options.batch_size)


@contextmanager
def _stopping(got: Progressed) -> Iterator[None]:
    """What stops a run that has begun is told at its end."""
    try:
        yield
    except (ServiceStopError, CredentialsError, InterruptedRunError, DefectError) as stop:
        got.stop = stop


def _outgoing(one: Planned, plan: Plan) -> Outgoing:
    item = one.ours.item
    kind = item.kind or Kind.MOVIE
    ids = ids_to_send(one)
    if ids and plan.misleading and (kind, item.title, item.year) in plan.misleading:
        # Known to lead to another title: the ids alone say which one is meant.
        return Outgoing(item.key, kind, "", None, ids, one.ours.rating, one.decision.rated_at)
    return Outgoing(item.key, kind, item.title, item.year, ids, one.ours.rating, one.decision.rated_at)


def _rivals(plan: Plan) -> dict[int, list[Rival]]:
    """The rows of this call that lie on a title without being sent: what lands there has to beat them too."""
    found: dict[int, list[Rival]] = {}
    for one in plan.resolved:
        if one.theirs is not None and one.decision.outcome in (Outcome.UNCHANGED, Outcome.KEPT) and one.note is None:
            found.setdefault(one.theirs.simkl, []).append(Rival(one.ours.item.key, one.ours.date, one.ours.n))
    return found
