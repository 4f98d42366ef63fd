"""The import: exports and account are read, what is open is settled, every title is decided, sent and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from importer.errors import (
    CredentialsError,
    DayKeptError,
    DefectError,
    InterruptedRunError,
    ServiceStopError,
)
from importer.events import Listen, Phase, PhaseBegan, Told, Warned
from importer.journal import account as snapshots
from importer.journal import runs
from importer.journal.asks import accept
from importer.journal.changes import kinds_accepted, missing_changes
from importer.journal.moved import kept_habit
from importer.journal.owed import owe
from importer.journal.paying import mark_owing
from importer.journal.rows import count_pending, write_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Command, Outcome, value
from importer.plan.resolve import only_listed
from importer.plan.sides import Given
from importer.plan.title import Title
from importer.readback.habit import Habit
from importer.readback.title import Rival
from importer.record import Summary
from importer.run.ending import Ending, end_import, ending_of
from importer.run.input import NOTHING_CHOSEN, read_input
from importer.run.job import Options, Plan, Progressed
from importer.run.lists import Lists, lists_on_record
from importer.run.mending import Mending, wrong_title_debts
from importer.run.planned_rows import records
from importer.run.planning import make_plan
from importer.run.reading import Export
from importer.run.sending import Sending
from importer.run.settlement.dates import writes_of
from importer.run.settlement.settler import Settler
from importer.run.settlement.words import told_of_debts
from importer.send.missing import send_missing
from importer.send.record import remember_beforehand
from importer.send.sender import Sender
from importer.send.snapshot import read_lists
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.quota import READING_BACK


@value
class _Delivered:
    """What the rest of a run needs to know of its plan, which lives no longer than the sending."""

    got: Progressed
    ending: Ending
    rivals: dict[int, list[Rival]]


class Import:
    """One run of one job over an open resume file. In a dry run that file is a copy in memory and nothing is sent."""

    def __init__(
        self,
        exports: Sequence[Export],
        options: Options,
        client: Client,
        journal: Journal,
        clock: Clock,
        listen: Listen,
        version: str,
        quota: int | None,
        chosen: Mapping[str, Given] = NOTHING_CHOSEN,
    ) -> None:
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
            client=self._client,
            journal=self._journal,
            clock=self._clock,
            listen=self._listen,
            start=int(self._clock.now()),
            run=past.number if past is not None else None,
            dry_run=self._options.dry_run,
        )
        done = await self._deliver(past, start, settler)
        got = done.got
        # The plan is gone by now: reading back is told from the resume file, and has its memory.
        if not self._options.dry_run:
            await self._verify(settler, done)
            while isinstance(got.stop, DayKeptError) and got.sender is not None and self._client.may_send(0):
                await self._send_last(got, got.sender)
                await self._verify(settler, done)
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
        run = past.number if past is not None else None
        self._listen(PhaseBegan(Phase.READING))
        input_ = await read_input(
            self._exports,
            self._client,
            self._journal,
            command=self._options.command,
            run=run,
            chosen=self._chosen,
        )
        for remark in input_.reading.remarks:
            self._listen(Warned(str(remark)))
        got = Progressed(0, start)
        account = input_.account
        with _stopping(got):
            account = await settler.settle_earlier(account)
            account = await self._give_back(settler, input_.mended, account)
        plan = make_plan(
            self._journal,
            input_.reading,
            input_.mended,
            account,
            self._options,
            start=start,
            now=int(self._clock.now()),
            run=run,
        )
        lists = await self._lists(plan, settler, got)
        if self._options.listed_only and lists is not None:
            plan = replace(plan, titles=only_listed(plan.titles, lists.has))
        sending = Sending(
            plan=plan,
            options=self._options,
            client=self._client,
            journal=self._journal,
            clock=self._clock,
            listen=self._listen,
        )
        ending = ending_of(self._journal, plan, self._options)
        settler.past = sending.past_outcomes()
        got.run = settler.run = self._begin(plan, sending.titles, past, start)
        sending.tell(self._quota, lists.has if lists is not None else None, first=past is None and got.run == 1)
        if not self._options.dry_run and got.stop is None:
            with _stopping(got):
                await sending.send(got, self._quota)
                await self._send_missing(settler, plan, got)
        return _Delivered(got, ending, _rivals(plan))

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
        return await settler.settle_earlier(account)

    async def _send_missing(self, settler: Settler, plan: Plan, got: Progressed) -> None:
        """Send once more, as it is on record, what earlier exports gave and Simkl accepted and does not show: this call
        may be the only one that ever comes again. What is among its own rows was sent as they say.
        """
        own = {item.key for item in plan.items}
        missing = [change for change in missing_changes(self._journal, settler.start) if change.key not in own]
        if not missing or self._options.command != Command.RUN:
            return
        what = "1 rating" if len(missing) == 1 else f"{len(missing):,} ratings"
        self._listen(Told(f"{what} of earlier imports that Simkl had accepted and does not show: sent once more"))
        settler.past = {**settler.past, **dict.fromkeys((change.key for change in missing), Outcome.UNCONFIRMED)}
        with self._journal.transaction():
            snapshots.keep_opening(self._journal, got.run, writes_of(self._journal, got.run))
        kept = self._options.kept
        await send_missing(self._client, self._journal, got.run, self._clock, missing, self._listen, kept)

    async def _lists(self, plan: Plan, settler: Settler, got: Progressed) -> Lists | None:
        """Read the account's lists where something would be put onto one, and tell the settler which titles are on."""
        new = any(one.theirs is None and one.outcome is Outcome.PENDING for one in plan.titles)
        if got.stop is not None or not (new or self._options.listed_only):
            return None
        with _stopping(got):
            await read_lists(self._client, self._journal, settler.start)
        lists = lists_on_record(self._journal)
        settler.listed = lists.numbers if lists is not None else None
        return lists

    def _begin(self, plan: Plan, sending: Sequence[Title], past: runs.Run | None, start: int) -> int:
        """Put the run and all its rows on record, and what is to be sent."""
        sources = [
            {"path": export.path, "format": export.format, "rows": rows, "fingerprint": export.fingerprint}
            for export, rows in zip(self._exports, plan.reading.counts(), strict=True)
        ]
        options = self._options
        with self._journal.transaction():
            if past is None:
                number = runs.begin(
                    self._journal,
                    options.command,
                    start,
                    self._job,
                    sources,
                    on_conflict=options.on_conflict.value,
                    redate=options.redate,
                    undated=options.undated.value,
                )
            else:
                number = past.number
                runs.resume(self._journal, number)
            write_rows(self._journal, number, records(plan, sending))
            if not options.dry_run:
                remember_beforehand(self._journal, sending, plan.past)
        return number

    async def _send_last(self, got: Progressed, sender: Sender) -> None:
        """Send on with the requests that were kept for reading back and giving back and were not needed for it, so that
        the day's last one goes too. Where it still can be, what they carry is read back.
        """
        left = self._client.may_send(0) or 0
        sender.kept = READING_BACK if self._options.verify and left > READING_BACK else 0
        got.stop = got.sender = None
        with _stopping(got):
            try:
                await sender.send(sender.unsent)
            except DayKeptError:
                got.sender = sender
                raise

    async def _verify(self, settler: Settler, done: _Delivered) -> None:
        """Read back what was sent. Where the day leaves no request for that, the run is stopped and goes on tomorrow:
        ratings that nobody looked at must not pass for an import that went well.
        """
        got = done.got
        if not self._options.verify or not (got.stop is None or isinstance(got.stop, DayKeptError)):
            return
        with _stopping(got):
            if kinds_accepted(self._journal, got.run):
                self._client.check_day(READING_BACK - 1)
            try:
                got.warning = await settler.settle_sent(done.rivals)
            except CredentialsError as error:
                got.warning = f"everything was sent, but the account could not be read back: {error.message}"
                got.hint = f"{error.hint}; the next run looks whether it is all there"

    def _look_for_pending(self, got: Progressed) -> None:
        pending = count_pending(self._journal, got.run)
        if got.stop is None and pending:
            why = got.trouble or "they did not arrive"
            what = "1 rating" if pending == 1 else f"{pending:,} ratings"
            got.stop = ServiceStopError(f"{what} could not be delivered ({why})", "run the same command again")


@contextmanager
def _stopping(got: Progressed) -> Iterator[None]:
    """What stops a run that has begun is told at its end."""
    try:
        yield
    except (ServiceStopError, CredentialsError, InterruptedRunError, DefectError) as stop:
        got.stop = stop


def _rivals(plan: Plan) -> dict[int, list[Rival]]:
    """The rows of this call that lie on a title without being sent: what lands there has to beat them too."""
    found: dict[int, list[Rival]] = {}
    for one in plan.titles:
        if one.theirs is not None and one.outcome in (Outcome.UNCHANGED, Outcome.KEPT) and one.note is None:
            found.setdefault(one.theirs.simkl, []).append(Rival(one.key, one.date, one.n))
    return found
