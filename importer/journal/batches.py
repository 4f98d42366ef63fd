"""Intent before send, outcome after: what lets a killed run go on. Undo reads the changes and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from importer.journal.store import Journal

_SELECT = (
    "SELECT c.run, c.batch, c.key, c.simkl, c.before_rating, c.before_at, c.after_rating, c.after_at, c.landed,"
    " c.undone IS NOT NULL, b.state = 'done', b.status FROM changes c JOIN batches b USING (run, batch)"
)


class Sort(StrEnum):
    """What a batch asks for."""

    RATE = "rate"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Change:
    """What one member of a batch is to change: rating and date before and after, None where there is no rating.

    `landed` tells that it was read back; `undone` that an undo took it back. `answered` tells that the batch has an
    answer on record, `status` which (HTTP).
    """

    run: int
    batch: int
    key: str
    simkl: int | None
    before_rating: int | None
    before_at: int | None
    after_rating: int | None
    after_at: int | None
    landed: bool = False
    undone: bool = False
    answered: bool = False
    status: int | None = None

    @property
    def refused(self) -> bool:
        """Whether the service surely wrote nothing of it."""
        return self.answered and self.status is not None and not 200 <= self.status < 300


def next_batch(journal: Journal, run: int) -> int:
    """The number of a run's next batch, from 1."""
    row = journal.row("SELECT coalesce(max(batch), 0) + 1 FROM batches WHERE run = ?", (run,))
    return int(row[0]) if row else 1


def intend(journal: Journal, sort: Sort, body: bytes, started: int, changes: Sequence[Change]) -> None:
    """Record a batch before it is sent, its members in the order they go. `changes` are all of one run and batch.

    Within a transaction, which must be on disk before the POST.
    """
    first = changes[0]
    journal.write(
        "INSERT INTO batches VALUES (?, ?, ?, 'sending', ?, ?, NULL, ?, NULL)",
        (first.run, first.batch, sort.value, hashlib.sha256(body).hexdigest(), len(changes), started),
    )
    journal.write_all(
        "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL)",
        (
            (c.run, c.batch, c.key, n, c.simkl, c.before_rating, c.before_at, c.after_rating, c.after_at)
            for n, c in enumerate(changes)
        ),
    )


def answered(journal: Journal, run: int, batch: int, status: int | None, ended: int) -> None:
    """Record that a batch has its answer. Within the transaction that records its outcomes."""
    journal.write(
        "UPDATE batches SET state = 'done', status = ?, ended = ? WHERE run = ? AND batch = ?",
        (status, ended, run, batch),
    )


def changes(journal: Journal, run: int | None = None) -> Iterator[Change]:
    """The changes of a run, or of all runs, in the order they were sent."""
    where, values = ("WHERE c.run = ?", (run,)) if run is not None else ("", ())
    return map(_change, journal.rows(f"{_SELECT} {where} ORDER BY c.run, c.batch, c.n", values))


def unanswered(journal: Journal) -> dict[str, Change]:
    """By key, the last change, where its batch has no answer on record and nothing is known of it otherwise."""
    where = "WHERE b.state = 'sending' AND c.landed = 0 AND c.undone IS NULL"
    found = {change.key: change for change in map(_change, journal.rows(f"{_SELECT} {where} ORDER BY c.run, c.batch"))}
    if found:
        for key, run, batch in journal.rows("SELECT key, run, batch FROM changes"):
            change = found.get(key)
            if change is not None and (change.run, change.batch) < (run, batch):
                del found[key]
    return found


@dataclass(frozen=True, slots=True)
class Landed:
    """Where a change was read back: the title, the date it has there, and what the title had before the run."""

    run: int
    batch: int
    key: str
    simkl: int
    rated_at: int | None
    before_rating: int | None
    before_at: int | None


def landed(journal: Journal, places: Iterable[Landed]) -> None:
    """Fill in what reading back tells of changes. Within a transaction."""
    journal.write_all(
        "UPDATE changes SET simkl = ?, after_at = ?, before_rating = ?, before_at = ?, landed = 1"
        " WHERE run = ? AND batch = ? AND key = ?",
        ((p.simkl, p.rated_at, p.before_rating, p.before_at, p.run, p.batch, p.key) for p in places),
    )


def undone(journal: Journal, found: Iterable[Change], undo: int) -> None:
    """Record that an undo has dealt with these changes: no other one will. Within a transaction."""
    journal.write_all(
        "UPDATE changes SET undone = ? WHERE run = ? AND batch = ? AND key = ?",
        ((undo, c.run, c.batch, c.key) for c in found),
    )


def changing_runs(journal: Journal, command: str) -> list[int]:
    """The runs of a command that sent anything, the newest first."""
    return [
        number
        for (number,) in journal.rows(
            "SELECT DISTINCT run FROM changes JOIN runs USING (run) WHERE command = ? ORDER BY run DESC", (command,)
        )
    ]


def _change(row: tuple[Any, ...]) -> Change:
    values: tuple[Any, ...] = (*row[:8], *map(bool, row[8:11]), row[11])
    return Change(*values)
