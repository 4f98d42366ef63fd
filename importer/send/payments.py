"""Paying what titles are owed: the rating that stood there, the right one of two rows, or no rating at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from importer.events import Listen
from importer.journal import paying
from importer.journal.batch import Work
from importer.journal.change import Change, Role
from importer.journal.owed import Debt, Why
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Date, Origin, Outcome, Precision
from importer.plan.batch import Size
from importer.send.journal_record import Answered, JournalRecord
from importer.send.sender import Sender
from importer.simkl.client import Client
from importer.simkl.wire import RATINGS, REMOVE, Outgoing

Tried: TypeAlias = Callable[[Debt, int], Debt]
"""What a debt is after a payment was answered for its title: given the debt and the time."""

_ROLES = {Why.GIVE: Role.GIVE, Why.WINNER: Role.WINNER, Why.UNDO: Role.UNDO}


class _PaymentRecord(JournalRecord):
    """Records payments like any other batch. A payment is never undone: it belongs to what it pays.

    `begun` is called within the transaction of a batch's intent, with the debts of its members: what an undo had not
    begun is not owed.
    """

    def __init__(
        self,
        journal: Journal,
        run: int,
        clock: Clock,
        debts: Sequence[Debt],
        *,
        removes: bool,
        tried: Tried,
        begun: Callable[[Sequence[Debt]], None],
    ) -> None:
        super().__init__(journal, run, clock, Work.REMOVE if removes else Work.RATE)
        self._debts = {payment_key(debt): debt for debt in debts}
        self._tried = tried
        self._begun = begun
        self.outcomes: dict[int, Outcome] = {}

    def _intended(self, batch: Sequence[Outgoing], number: int, now: int) -> Sequence[Change]:
        debts = [self._debts[item.key] for item in batch]
        self._begun(debts)
        paying.note_tries(self._journal, (replace(debt, tried_at=now) for debt in debts))
        return [
            _change(debt, item, self._run, number, n, now)
            for n, (debt, item) in enumerate(zip(debts, batch, strict=True))
        ]

    def _answered(self, answered: Answered) -> None:
        debts = [self._debts[item.key] for item in answered.batch]
        # Refused for good (a 404) is an answer for the title too; what was refused otherwise never comes here.
        paying.note_tries(self._journal, [self._tried(debt, answered.at) for debt in debts])
        self.outcomes.update({debt.simkl: one.outcome for debt, one in zip(debts, answered.told, strict=True)})


def _change(debt: Debt, item: Outgoing, run: int, batch: int, n: int, now: int) -> Change:
    return Change(
        run=run,
        batch=batch,
        n=n,
        key=debt.key,
        role=_ROLES[debt.why],
        question=None,
        sent_simkl=debt.simkl,
        rating=item.rating,
        rated_at=item.rated_at,
        date=Date(item.rated_at or 0, Precision.SECOND, Origin.RUN),
        posted=now,
    )


def payment_key(debt: Debt) -> str:
    """Return what a payment is called while it is on its way. No row has such a key, and none is ever recorded."""
    return f"\0{debt.simkl}"


def payment(debt: Debt, now: int) -> Outgoing:
    """Return what is sent for a debt: by the title's number. A rating that had no date gets the time of its payment."""
    rated_at = None if debt.rating is None else debt.store_at if debt.store_at is not None else now
    return Outgoing(
        key=payment_key(debt),
        kind=debt.kind,
        title=debt.title,
        year=debt.year,
        ids=(("simkl", str(debt.simkl)),),
        rating=debt.rating,
        rated_at=rated_at,
    )


async def pay(
    client: Client,
    journal: Journal,
    run: int,
    clock: Clock,
    debts: Sequence[Debt],
    listen: Listen,
    tried: Tried,
    begun: Callable[[Sequence[Debt]], None] = lambda _: None,
) -> Mapping[int, Outcome]:
    """Pay, removals first; return what the answers said, by title. Nothing but a reading shows that it is paid.

    Raises what stopped it: the rest is owed as before.
    """
    outcomes: dict[int, Outcome] = {}
    now = int(clock.now())
    for removes, path in ((True, REMOVE), (False, RATINGS)):
        due = [debt for debt in debts if (debt.rating is None) is removes]
        if not due:
            continue
        record = _PaymentRecord(journal, run, clock, due, removes=removes, tried=tried, begun=begun)
        try:
            await Sender(client=client, clock=clock, record=record, path=path, size=Size.auto(), listen=listen).send(
                [payment(debt, now) for debt in due]
            )
        finally:
            outcomes.update(record.outcomes)
    return outcomes
