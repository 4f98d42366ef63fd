"""A run's book: every batch before it is sent, every outcome after, in the rows and items of the resume file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from importer.journal.batches import Change, Sort, answered, intend, next_batch
from importer.journal.items import Conclusion, Known, apply, conclude, remember
from importer.journal.rows import Result, answer_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Origin, Outcome
from importer.plan.resolve import Resolved, asked_digest
from importer.plan.sides import Base, Remembered
from importer.simkl.reconcile import Settled
from importer.simkl.wire import Outgoing

AGAIN = {Outcome.NOT_FOUND: 7 * 86_400, Outcome.UNCONFIRMED: 86_400, Outcome.FAILED: 86_400}
"""Seconds until what Simkl did not take is worth asking about again."""

FINDINGS = (Outcome.REJECTED, Outcome.NOT_FOUND, Outcome.FAILED, Outcome.UNCONFIRMED)


class Ledger:
    """Writes an import's batches. `sending` is all that may be sent, each title at the place of its row."""

    def __init__(
        self,
        journal: Journal,
        run: int,
        clock: Clock,
        sending: Sequence[Resolved],
        remembered: Mapping[str, Remembered],
    ) -> None:
        self._journal = journal
        self._run = run
        self._clock = clock
        self._sending = sending
        self._places = {one.ours.item.key: place for place, one in enumerate(sending)}
        self._remembered = remembered

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        """Put a batch and what it is to change on disk."""
        number = next_batch(self._journal, self._run)
        changes = [self._change(number, item) for item in batch]
        titles = (self._sending[self._places[item.key]] for item in batch if item.key in self._remembered)
        with self._journal.transaction():
            intend(self._journal, Sort.RATE, body, int(self._clock.now()), changes)
            remember(self._journal, map(wanted, titles))
        return number

    def settle(self, batch: int, status: int, settled: Sequence[Settled]) -> None:
        """Record an answer and every member's outcome, all or nothing."""
        now = int(self._clock.now())
        results: list[Result] = []
        concluded: list[Conclusion] = []
        taken: list[str] = []
        for one in settled:
            key, outcome = one.item.key, one.outcome
            fresh = is_fresh(self._remembered.get(key), outcome)
            results.append(Result(self._places[key], outcome, status=one.status, batch=batch, fresh=fresh))
            if outcome is Outcome.APPLIED:
                taken.append(key)
            else:
                concluded.append(Conclusion(key, outcome, None, due_again(outcome, now), None))
        with self._journal.transaction():
            answered(self._journal, self._run, batch, status, now)
            answer_rows(self._journal, self._run, results)
            apply(self._journal, taken)
            conclude(self._journal, concluded)

    def refuse(self, batch: int, status: int) -> None:
        """Record that nothing of a batch was written."""
        with self._journal.transaction():
            answered(self._journal, self._run, batch, status, int(self._clock.now()))

    def _change(self, number: int, item: Outgoing) -> Change:
        title = self._sending[self._places[item.key]]
        theirs = title.theirs
        if theirs is None:
            return Change(self._run, number, item.key, title.simkl, None, None, item.rating, item.rated_at)
        return Change(
            self._run, number, item.key, theirs.simkl, theirs.rating, theirs.rated_at, item.rating, item.rated_at
        )


def remember_beforehand(journal: Journal, sending: Iterable[Resolved], remembered: Mapping[str, Remembered]) -> None:
    """Put on record, before anything is sent, the keys that are not yet, and every date that is this run's own.

    What is on record of the others holds until the intent of their batch: they might not be sent. Within a transaction.
    """
    remember(
        journal,
        (
            wanted(one)
            for one in sending
            if one.ours.item.key not in remembered or one.decision.date.origin is Origin.RUN
        ),
    )


def is_fresh(past: Remembered | None, outcome: Outcome) -> bool:
    """Whether an outcome is a finding that the run before did not have."""
    return outcome in FINDINGS and (past is None or past.outcome is not outcome)


def due_again(outcome: Outcome, now: int) -> int | None:
    """When what ended so is worth asking about again, seconds since the epoch."""
    again = AGAIN.get(outcome)
    return None if again is None else now + again


def wanted(title: Resolved) -> Known:
    """A title as it is to be sent."""
    return known_title(title, Outcome.PENDING, None, None, None)


def known_title(title: Resolved, outcome: Outcome, reason: str | None, base: Base | None, simkl: int | None) -> Known:
    """A title as it is to be remembered."""
    item = title.ours.item
    return Known(
        item.key, item.kind, item.title, item.year, title.ours.ids, title.ours.rating, title.decision.date, simkl, base,
        outcome, reason, asked_digest(item, title.ours.ids),
    )  # fmt: skip
