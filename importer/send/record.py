"""A run's own record of its batches: every change before it is sent, every answer after, in the resume file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from importer.identity import box_of
from importer.journal import life, paying
from importer.journal.asks import keep_questions
from importer.journal.change import Answer, Role
from importer.journal.items import conclude, remember
from importer.journal.owed import Debt
from importer.journal.rows import RowAnswer
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import NEEDS_A_PERSON, Ids, Item, Origin, Outcome
from importer.plan.sides import Remembered
from importer.plan.title import Title
from importer.simkl.reconcile import Settled
from importer.simkl.wire import Outgoing

AGAIN = {Outcome.NOT_FOUND: 7 * 86_400, Outcome.UNCONFIRMED: 86_400, Outcome.FAILED: 86_400}
"""Seconds until what Simkl did not take is worth asking about again."""

ANSWERS = {
    Outcome.APPLIED: Answer.ADDED,
    Outcome.NOT_FOUND: Answer.NOT_FOUND,
    Outcome.UNCONFIRMED: Answer.UNNAMED,
    Outcome.FAILED: Answer.REFUSED,
}
"""What the answer said of an item, by what was made of it."""


class RowRecord:
    """Records an import's batches. `sending` is all that may be sent, each title at the place of its row; `debts` are
    what titles are owed: a row that is sent to one of them supersedes that.
    """

    def __init__(
        self,
        journal: Journal,
        run: int,
        clock: Clock,
        sending: Sequence[Title],
        remembered: Mapping[str, Remembered],
        debts: Mapping[int, Debt],
    ) -> None:
        self._journal = journal
        self._run = run
        self._clock = clock
        self._sending = sending
        self._places = {one.key: place for place, one in enumerate(sending)}
        self._remembered = remembered
        self._debts = dict(debts)

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        """Put a batch and what it is to change on disk."""
        number = life.next_batch(self._journal, self._run)
        titles = [self._sending[self._places[item.key]] for item in batch]
        members = [_intent(item, title) for item, title in zip(batch, titles, strict=True)]
        known = [title for title in titles if title.key in self._remembered]
        owing = (debt for title in titles if (debt := self._debt(title)) is not None)
        superseded = list({debt.simkl: debt for debt in owing}.values())  # two rows of a batch may lie on one title
        box = box_of(batch[0].kind, batch[0].ids)
        with self._journal.transaction():
            keep_questions(self._journal, (title.key for title in known if self._asks_anew(title)))
            if superseded:
                paying.supersede(self._journal, self._run, superseded)
            life.intend(
                self._journal,
                life.Batch(
                    run=self._run,
                    number=number,
                    work=life.Work.RATE,
                    box=box,
                    body=body,
                    started=int(self._clock.now()),
                ),
                members,
            )
            remember(self._journal, map(_to_send, known))
        for debt in superseded:
            del self._debts[debt.simkl]
        return number

    def settle(self, batch: int, status: int, settled: Sequence[Settled]) -> None:
        """Record an answer and what it says of every member, all or nothing."""
        now = int(self._clock.now())
        rows = [
            RowAnswer(
                self._places[one.item.key],
                one.outcome,
                one.status,
                is_fresh(self._remembered.get(one.item.key), one.outcome),
            )
            for one in settled
        ]
        outcomes = [outcome for outcome in ANSWERS if any(one.outcome is outcome for one in settled)]
        with self._journal.transaction():
            life.answer(self._journal, self._run, batch, status, now, [ANSWERS[one.outcome] for one in settled], rows)
            said = ((ANSWERS[outcome], outcome, due_again(outcome, now)) for outcome in outcomes)
            conclude(self._journal, self._run, batch, said)

    def refuse(self, batch: int, status: int) -> None:
        """Record that nothing of a batch was written."""
        with self._journal.transaction():
            life.refuse(self._journal, self._run, batch, status, int(self._clock.now()))

    def _debt(self, title: Title) -> Debt | None:
        simkl = title.theirs.simkl if title.theirs is not None else title.simkl
        return self._debts.get(simkl) if simkl is not None and self._debts else None

    def _asks_anew(self, title: Title) -> bool:
        past = self._remembered[title.key]
        return past.asked is not None and past.asked != title.asked


def _intent(item: Outgoing, title: Title) -> life.Intent:
    simkl = next((int(value) for key, value in item.ids if key == "simkl" and value.isdecimal()), None)
    return life.Intent(
        key=item.key,
        role=Role.ROW,
        asked=title.asked,
        sent_simkl=simkl,
        rating=item.rating,
        rated_at=item.rated_at,
        date=title.sent_date,
    )


def remember_beforehand(journal: Journal, sending: Iterable[Title], remembered: Mapping[str, Remembered]) -> None:
    """Put on record, before anything is sent, the keys that are not yet, and every date that is this run's own.

    What is on record of the others holds until the intent of their batch: they might not be sent. Within a transaction.
    """
    remember(
        journal,
        (_to_send(one) for one in sending if one.key not in remembered or one.sent_date.origin is Origin.RUN),
    )


def is_fresh(past: Remembered | None, outcome: Outcome) -> bool:
    """Whether an outcome is a finding that the run before did not have."""
    return outcome in NEEDS_A_PERSON and (past is None or past.outcome is not outcome)


def due_again(outcome: Outcome, now: int) -> int | None:
    """When what ended so is worth asking about again, seconds since the epoch."""
    again = AGAIN.get(outcome)
    return None if again is None else now + again


def _to_send(title: Title) -> tuple[Item, Ids, Remembered]:
    return (
        title.item,
        title.ids,
        Remembered(outcome=Outcome.PENDING, asked=title.asked, wanted_rating=title.rating, wanted=title.sent_date),
    )
