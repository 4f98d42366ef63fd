"""A run's book: every batch before it is sent, every outcome after, in the rows and items of the resume file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.clock import Clock
from importer.journal.batches import Change, Sort, answered, intend, next_batch
from importer.journal.items import Known, apply, remember
from importer.journal.rows import Result, answer_rows
from importer.journal.store import Journal
from importer.model import Outcome
from importer.plan.resolve import Resolved, asked_digest
from importer.plan.sides import Base, Remembered
from importer.simkl.reconcile import Settled
from importer.simkl.wire import Outgoing

AGAIN = {Outcome.NOT_FOUND: 7 * 86_400, Outcome.UNCONFIRMED: 86_400, Outcome.FAILED: 86_400}
"""Seconds until what Simkl did not take is worth asking about again."""

FINDINGS = (Outcome.REJECTED, Outcome.NOT_FOUND, Outcome.FAILED, Outcome.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the service's answer made of one title."""

    outcome: Outcome
    status: str | None
    batch: int


class Ledger:
    """Writes an import's batches: `titles` are all that may be sent, by key."""

    def __init__(
        self,
        journal: Journal,
        run: int,
        clock: Clock,
        titles: Mapping[str, Resolved],
        remembered: Mapping[str, Remembered],
    ) -> None:
        self._journal = journal
        self._run = run
        self._clock = clock
        self._titles = titles
        self._remembered = remembered
        self.answers: dict[str, Answered] = {}

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        """Put a batch and what it is to change on disk."""
        number = next_batch(self._journal, self._run)
        changes = [self._change(number, item) for item in batch]
        wanted = (known_title(self._titles[item.key], Outcome.PENDING, None, None, None, None) for item in batch)
        with self._journal.transaction():
            intend(self._journal, Sort.RATE, body, int(self._clock.now()), changes)
            remember(self._journal, wanted)
        return number

    def settle(self, batch: int, status: int, settled: Sequence[Settled]) -> None:
        """Record an answer and every member's outcome, all or nothing."""
        now = int(self._clock.now())
        results: list[Result] = []
        known: list[Known] = []
        taken: list[str] = []
        for one in settled:
            title = self._titles[one.item.key]
            self.answers[one.item.key] = Answered(one.outcome, one.status, batch)
            fresh = is_fresh(self._remembered.get(one.item.key), one.outcome)
            results.append(Result(title.ours.n, one.outcome, status=one.status, batch=batch, fresh=fresh))
            if one.outcome is Outcome.APPLIED:
                taken.append(one.item.key)
            else:
                again = AGAIN.get(one.outcome)
                known.append(known_title(title, one.outcome, None, None, None, now + again if again else None))
        with self._journal.transaction():
            answered(self._journal, self._run, batch, status, now)
            answer_rows(self._journal, self._run, results)
            apply(self._journal, taken)
            remember(self._journal, known)

    def refuse(self, batch: int, status: int) -> None:
        """Record that nothing of a batch was written."""
        with self._journal.transaction():
            answered(self._journal, self._run, batch, status, int(self._clock.now()))

    def _change(self, number: int, item: Outgoing) -> Change:
        title = self._titles[item.key]
        theirs = title.theirs
        if theirs is None:
            return Change(self._run, number, item.key, title.simkl, None, None, item.rating, item.rated_at)
        return Change(
            self._run, number, item.key, theirs.simkl, theirs.rating, theirs.rated_at, item.rating, item.rated_at
        )


def is_fresh(past: Remembered | None, outcome: Outcome) -> bool:
    """Whether an outcome is a finding that the run before did not have."""
    return outcome in FINDINGS and (past is None or past.outcome is not outcome)


def known_title(
    title: Resolved, outcome: Outcome, reason: str | None, base: Base | None, simkl: int | None, due: int | None
) -> Known:
    """A title as it is to be remembered."""
    item = title.ours.item
    return Known(
        item.key, item.kind, item.title, item.year, title.ours.ids, title.ours.rating, title.decision.date, simkl, base,
        outcome, reason, due, asked_digest(item, title.ours.ids),
    )  # fmt: skip
