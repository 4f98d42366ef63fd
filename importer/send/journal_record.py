"""Batches on record in the resume file, whatever they carry: before each is sent, and once it was answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from importer.identity import box_of
from importer.journal import life
from importer.journal.batch import Batch, Work
from importer.journal.change import Answer, Change
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Outcome, value
from importer.simkl.wire import Echo, Outgoing

ANSWERS = {
    Outcome.APPLIED: Answer.ADDED,
    Outcome.NOT_FOUND: Answer.NOT_FOUND,
    Outcome.UNCONFIRMED: Answer.UNNAMED,
    Outcome.FAILED: Answer.REFUSED,
}
"""What the answer said of an item, by what was made of it."""


@value
class Answered:
    """A batch that was answered, when, and what the answer says of each of its members, in their order."""

    number: int
    at: int
    batch: Sequence[Outgoing]
    told: Sequence[Echo]


class JournalRecord(ABC):
    """Records the batches of one run. What they carry says what each changes, and what else is written with it."""

    def __init__(self, journal: Journal, run: int, clock: Clock, work: Work = Work.RATE) -> None:
        self._journal = journal
        self._run = run
        self._clock = clock
        self._work = work

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        """Put a batch and what it is to change on disk, all or nothing; return its number."""
        number = life.next_batch(self._journal, self._run)
        now = int(self._clock.now())
        box = box_of(batch[0].kind, batch[0].ids)
        intent = Batch(run=self._run, number=number, work=self._work, box=box, body=body, started=now)
        with self._journal.transaction():
            life.intend(self._journal, intent, self._intended(batch, number, now))
        return number

    def settle(self, number: int, status: int, batch: Sequence[Outgoing], told: Sequence[Echo]) -> None:
        """Record an answer and what it says of every member, all or nothing."""
        now = int(self._clock.now())
        with self._journal.transaction():
            life.answer(self._journal, self._run, number, status, now, [ANSWERS[one.outcome] for one in told])
            self._answered(Answered(number=number, at=now, batch=batch, told=told))

    def refuse(self, number: int, status: int) -> None:
        """Record that nothing of a batch was written."""
        with self._journal.transaction():
            life.refuse(self._journal, self._run, number, status, int(self._clock.now()))

    @abstractmethod
    def _intended(self, batch: Sequence[Outgoing], number: int, now: int) -> Sequence[Change]:
        """Return what a batch is to change, in its order, and write what goes on record with it."""

    @abstractmethod
    def _answered(self, answered: Answered) -> None:
        """Write what follows from an answer beside what it says of the changes."""
