"""What is open is settled first: every command that writes looks at what earlier ones left, and pays what is owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from importer.events import Listen, Phase, PhaseBegan, Told
from importer.journal import account as snapshots
from importer.journal import life, paying, runs, undone
from importer.journal.change import Change, State
from importer.journal.changes import any_unsettled, kinds_accepted
from importer.journal.owed import MOST_TRIES, Debt, DebtState, any_due, debts, is_due, tried
from importer.journal.plain import WasListed, runs_plain
from importer.journal.rows import doubt_rows
from importer.journal.store import Journal
from importer.journal.trial import any_borrowed
from importer.machine.clock import Clock
from importer.model import Kind, Outcome
from importer.readback.debts import is_paid
from importer.readback.habit import Habit
from importer.readback.settlement import Settlement
from importer.readback.title import Rival
from importer.run.checkup.putting_back import left_words, put_back
from importer.run.settlement.assessment import Assessor
from importer.run.settlement.dates import habit_on_record
from importer.run.settlement.numbers import MOST_PAGES, follow_numbers
from importer.run.settlement.recording import for_people, lists_before, record
from importer.send.pages import titles_gone
from importer.send.payments import pay
from importer.send.snapshot import reading_kept, snapshot, stamps_recovered, stamps_unmoved, trust_stamps
from importer.simkl.account import Account
from importer.simkl.client import Client

LOOK_AGAIN = 10.0
"""Seconds before what is missing is looked for once more: reads may lag behind the write."""

ALIKE = "Simkl gives dates back coarser or shifted alike: a habit of the service, and no finding"

SECOND_LOOK = 3
"""Requests of the day that a second look needs: stamps and ratings, and one for what may have to be given back."""

SETTLE = "settle"
"""The command under whose number payments stand that belong to no run of their own."""


@dataclass(slots=True)
class Settler:
    """Settles what is open for one command. `start` is when it began: a debt is tried once a command and a day.

    `found` tells that something came out that a person has not been told yet, `unpaid` the debts that this command
    tried in vain, `paid` what it paid, `void` what it found changed by the person. `past` is what was told of keys
    before the command sent them: what was told is no news.
    `listed` are the titles that were on a list before anything was sent, None if nobody knows.
    """

    client: Client
    journal: Journal
    clock: Clock
    listen: Listen
    start: int
    run: int | None = None
    dry_run: bool = False
    found: bool = False
    paid: list[Debt] = field(default_factory=list)
    void: list[Debt] = field(default_factory=list)
    tried: set[int] = field(default_factory=set)
    answers: dict[int, Outcome] = field(default_factory=dict)
    alike: bool = False
    landed: bool = False
    past: Mapping[str, Outcome] = field(default_factory=dict)
    listed: frozenset[int] | None = None
    _assessor: Assessor = field(init=False)

    def __post_init__(self) -> None:
        self._assessor = Assessor(self.client, self.journal, self.clock, self.start)

    @property
    def unpaid(self) -> list[Debt]:
        """Return the debts that this command tried to pay and that are not seen as paid."""
        return [debt for simkl, debt in debts(self.journal).items() if simkl in self.tried]

    async def settle_earlier(self, account: Account) -> Account:
        """Settle what earlier commands left open by a reading that the command makes anyway, and pay what is owed.

        What a live test left goes first. Return the account as it is afterwards. Raises what stopped a payment; all of
        it stays owed.
        """
        if any_borrowed(self.journal, self.start, MOST_TRIES):
            account = await self._put_back(account)
        if not self._any_open():
            await follow_numbers(self.client, self.journal, account)
            return account
        with self.journal.transaction():
            undone.reopen_unproven(self.journal, account.by_simkl)
        await self._settle(account)
        due = self._due()
        if self.dry_run:
            self._foretell(due)
            return account
        return await self._pay(due, {}) if due else account

    async def _put_back(self, account: Account) -> Account:
        """Put back what a live test that was stopped left on the account."""
        if self.dry_run:
            self.listen(Told(f"{left_words(self.journal)} would be put back first"))
            return account
        self.listen(Told(f"{left_words(self.journal)} is put back first"))
        returned = await put_back(self.client, self.journal, self.clock, self.start)
        if returned.left:
            self.found = True
            self.listen(Told(f"{left_words(self.journal)} could not be put back yet: the next command tries again"))
        return await snapshot(self.client, self.journal, lists=True)

    async def settle_sent(self, rivals: Mapping[int, Sequence[Rival]]) -> str:
        """Read the account back after sending, settle what was sent, and pay what came of it. Return what a person
        should know of the dates, or "".
        """
        if not any_unsettled(self.journal):
            return ""
        self.listen(PhaseBegan(Phase.CHECKING))
        accepted = self._accepted()
        # Simkl may file any of it as anime.
        wrote = frozenset({*accepted, Kind.ANIME}) if accepted else accepted
        kept, answered = reading_kept(self.journal), self.client.service_time
        account = await snapshot(self.client, self.journal, wrote=wrote)
        account = await self._settle(account, rivals, patient=True)
        if self.landed and stamps_unmoved(self.journal, kept, wrote):
            with self.journal.transaction():
                trust_stamps(self.journal, trusted=False)
        elif self.landed and stamps_recovered(self.journal, kept, accepted, answered):
            with self.journal.transaction():
                trust_stamps(self.journal, trusted=True)
        due = self._due()
        if due:
            await self._pay(due, rivals)
        doubtful = [rival.key for debt in self.unpaid for rival in rivals.get(debt.simkl, ())]
        if doubtful and self.run is not None:
            with self.journal.transaction():
                doubt_rows(self.journal, self.run, doubtful)
        return ALIKE if self.alike else ""

    async def pay_debts(self, found: Sequence[Debt], covered: Mapping[int, Sequence[Change]], undo: int) -> None:
        """Pay what an undo decided to give back; what it had not begun when it was stopped is not owed."""

        def begun(members: Sequence[Debt]) -> None:
            life.take_back(self.journal, undo, members, covered)

        self.tried.update(debt.simkl for debt in found)
        self.answers.update(await pay(self.client, self.journal, undo, self.clock, found, self.listen, tried, begun))
        await self._read_paid({})

    def _accepted(self) -> frozenset[Kind]:
        """Return the kinds of which something of this run was accepted."""
        return frozenset(kinds_accepted(self.journal, self.run)) if self.run is not None else frozenset()

    def _any_open(self) -> bool:
        return any_unsettled(self.journal) or any_due(self.journal) or bool(debts(self.journal))

    def _due(self) -> list[Debt]:
        return [
            debt for debt in debts(self.journal).values() if debt.simkl not in self.tried and is_due(debt, self.start)
        ]

    def _foretell(self, due: Sequence[Debt]) -> None:
        if due:
            what = "1 rating is" if len(due) == 1 else f"{len(due):,} ratings are"
            self.listen(Told(f"{what} still owed to your account from earlier runs and would be given back first"))

    async def _pay(self, due: Sequence[Debt], rivals: Mapping[int, Sequence[Rival]]) -> Account:
        """Pay, and read whether it is paid. A title is never paid twice by one command."""
        run = self._number()
        self.tried.update(debt.simkl for debt in due)
        self.answers.update(await pay(self.client, self.journal, run, self.clock, due, self.listen, tried))
        return await self._read_paid(rivals)

    async def _read_paid(self, rivals: Mapping[int, Sequence[Rival]]) -> Account:
        account = await snapshot(self.client, self.journal)
        if any(not self._is_paid(debt, account) for debt in self.unpaid):
            await self.clock.sleep(LOOK_AGAIN)
            account = await snapshot(self.client, self.journal, again=True)
        await self._settle(account, rivals)
        if self.unpaid:
            with self.journal.transaction():
                snapshots.stale_account(self.journal)
            await self._give_up_gone()
        return account

    async def _give_up_gone(self) -> None:
        """A title that a payment was not found for and that has no page any more is gone for good: it is stuck at once,
        for no further try would tell anything else.
        """
        doubtful = [
            debt
            for debt in self.unpaid
            if debt.state is DebtState.DUE and self.answers.get(debt.simkl) in (Outcome.NOT_FOUND, Outcome.FAILED)
        ][:MOST_PAGES]
        if not doubtful:
            return
        gone = await titles_gone(self.client, [(debt.kind, debt.simkl) for debt in doubtful])
        with self.journal.transaction():
            paying.note_tries(
                self.journal, [replace(debt, state=DebtState.STUCK) for debt in doubtful if debt.simkl in gone]
            )

    def _may_look_again(self) -> bool:
        """Tell whether a second look leaves a request of the day for a giving back."""
        left = self.client.may_send(0)
        return left is None or left >= SECOND_LOOK

    def _is_paid(self, debt: Debt, account: Account) -> bool:
        return is_paid(debt, account.by_simkl.get(debt.simkl), habit_on_record(self.journal))

    def _number(self) -> int:
        """Return the run under which payments stand: the command's own, or one that is begun for them."""
        if self.run is None:
            with self.journal.transaction():
                self.run = runs.begin(self.journal, SETTLE, self.start, "", [])
        return self.run

    async def _settle(
        self, account: Account, rivals: Mapping[int, Sequence[Rival]] | None = None, *, patient: bool = False
    ) -> Account:
        """Judge a reading and record what comes of it; `patient`: what is missing is looked for once more, a while
        later, before anything is said of it.
        """
        await follow_numbers(self.client, self.journal, account)
        current = self.run if patient else None
        assessor = self._assessor
        settlement, habit = await assessor.assess(account, rivals or {}, current, self._was_listed())
        if patient and settlement.lost and self._may_look_again():
            await self.clock.sleep(LOOK_AGAIN)
            account = await snapshot(self.client, self.journal, again=True)
            settlement, habit = await assessor.assess(account, rivals or {}, current, self._was_listed())
        self._record(settlement, habit)
        if settlement.lost:
            with self.journal.transaction():
                snapshots.stale_account(self.journal)
        return account

    def _record(self, settlement: Settlement, habit: Habit | None) -> None:
        findings = for_people(self.journal, settlement.findings, self.past, int(self.clock.now()))
        settlement.findings.clear()  # said anew, and as large as the run
        own = self.run
        self.landed = (
            self.landed
            or own in runs_plain(self.journal)
            or any(c.run == own and c.state in (State.SEEN, State.SETTLED) for c in settlement.changes)
        )
        self.found = self.found or any(one.fresh and one.change.run != own for one in findings)
        record(self.journal, settlement, findings, habit, own, self._was_listed())
        self.alike = self.alike or settlement.alike
        for gone in settlement.gone:
            (self.paid if gone.paid else self.void).append(gone.debt)

    def _was_listed(self) -> WasListed:
        return lists_before(self.journal, self.run, self.listed)
