"""The life of a change in the resume file, event by event: intended, answered or refused, taken back, settled.

What a reading makes of it stands in `landing`, what its title is owed because of it in `paying`.

Every function writes within a transaction that its caller holds, so that an event is on disk whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from importer.journal.batch import Batch, BatchState
from importer.journal.change import Answer, Change, Role, State, dated
from importer.journal.owed import Debt, owe
from importer.journal.store import Journal


def next_batch(journal: Journal, run: int) -> int:
    """Return the number of a run's next batch, from 1."""
    row = journal.row("SELECT coalesce(max(batch), 0) + 1 FROM batches WHERE run = ?", (run,))
    return int(row[0]) if row else 1


# intend


def intend(journal: Journal, batch: Batch, members: Sequence[Change]) -> None:
    """Record a batch and what its members are to change, in their order. It must be on disk before the POST."""
    journal.write(
        f"INSERT INTO batches VALUES (?, ?, ?, ?, '{BatchState.SENDING.value}', ?, ?, NULL, ?, NULL)",
        (
            batch.run,
            batch.number,
            batch.work.value,
            batch.box,
            hashlib.sha256(batch.body).hexdigest(),
            len(members),
            batch.started,
        ),
    )
    journal.insert_all(
        "INSERT INTO changes (run, batch, n, key, role, asked, sent_simkl, after_rating, after_at, dated, state)",
        f"?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{State.INTENDED.value}'",
        (
            (
                one.run,
                one.batch,
                one.n,
                one.key,
                str(one.role),
                one.question.number if one.question is not None else None,
                one.sent_simkl,
                one.rating,
                one.rated_at,
                dated(one.date),
            )
            for one in members
        ),
    )
    journal.write("UPDATE runs SET unsettled = 1 WHERE run = ? AND unsettled = 0", (batch.run,))


def batch_times(journal: Journal, run: int) -> dict[int, tuple[int, int | None]]:
    """Return when each batch of a run was begun, and when it was answered, None where it never was."""
    found = journal.rows("SELECT batch, started, ended FROM batches WHERE run = ?", (run,))
    return {batch: (started, ended) for batch, started, ended in found}


# answer


def answer(
    journal: Journal,
    run: int,
    batch: int,
    status: int,
    ended: int,
    answers: Sequence[Answer],
) -> None:
    """Record a batch's answer: what it says of each member, in their order.

    A member that is named as not found closes what was sent of the same question before and never answered: it never
    arrived.
    """
    _batch_done(journal, run, batch, status, ended)
    common = max(set(answers), key=answers.count) if answers else Answer.UNNAMED
    journal.write(
        "UPDATE changes SET answer = ?, state = ? WHERE run = ? AND batch = ?",
        (common.value, _state(common).value, run, batch),
    )
    journal.write_all(
        "UPDATE changes SET answer = ?, state = ? WHERE run = ? AND batch = ? AND n = ?",
        ((one.value, _state(one).value, run, batch, n) for n, one in enumerate(answers) if one is not common),
    )
    if Answer.NOT_FOUND in answers:
        _close_unanswered(journal, run, batch)


def refuse(journal: Journal, run: int, batch: int, status: int, ended: int) -> None:
    """Record that nothing of a batch was written."""
    _batch_done(journal, run, batch, status, ended)
    journal.write(
        f"UPDATE changes SET answer = '{Answer.REFUSED.value}', state = '{State.CLOSED.value}'"
        " WHERE run = ? AND batch = ?",
        (run, batch),
    )


def _batch_done(journal: Journal, run: int, batch: int, status: int, ended: int) -> None:
    journal.write(
        f"UPDATE batches SET state = '{BatchState.DONE.value}', status = ?, ended = ? WHERE run = ? AND batch = ?",
        (status, ended, run, batch),
    )


def _state(one: Answer) -> State:
    return State.CLOSED if one in (Answer.NOT_FOUND, Answer.REFUSED) else State.ANSWERED


def _close_unanswered(journal: Journal, run: int, batch: int) -> None:
    journal.write(
        f"UPDATE changes SET state = '{State.CLOSED.value}' WHERE state = '{State.INTENDED.value}' AND answer IS NULL"
        " AND run IN (SELECT run FROM runs WHERE unsettled = 1)"
        f" AND role = '{Role.ROW.value}' AND (key, asked) IN (SELECT key, asked FROM changes"
        f" WHERE run = ? AND batch = ? AND answer = '{Answer.NOT_FOUND.value}')",
        (run, batch),
    )


# take back


def take_back(journal: Journal, undo: int, debts: Iterable[Debt], covered: Mapping[int, Iterable[Change]]) -> None:
    """An undo is about to give titles what they had: from here on they are owed it, whatever stops it.

    `covered` are the changes that it takes back, by title.
    """
    found = list(debts)
    for debt in found:
        journal.write_all(
            "UPDATE changes SET undone = ? WHERE run = ? AND batch = ? AND n = ?",
            ((undo, c.run, c.batch, c.n) for c in covered[debt.simkl]),
        )
    owe(journal, found)


def close_taken(journal: Journal, changes: Iterable[Change], undo: int) -> None:
    """Close changes that an undo found taken back already. Nothing is owed for them."""
    journal.write_all(
        f"UPDATE changes SET undone = ?, state = '{State.TAKEN.value}' WHERE run = ? AND batch = ? AND n = ?",
        ((undo, c.run, c.batch, c.n) for c in changes),
    )


# end


def settle_runs(journal: Journal) -> None:
    """Let no command look again at runs of which every change is settled."""
    journal.write(
        "UPDATE runs SET unsettled = 0 WHERE unsettled = 1 AND NOT EXISTS (SELECT 1 FROM changes c"
        f" WHERE c.run = runs.run AND c.role = '{Role.ROW.value}' AND c.state IN"
        f" ('{State.INTENDED.value}', '{State.ANSWERED.value}', '{State.SEEN.value}'))"
    )
