"""The life of an item in the resume file, event by event: begin, intend, answer, land, take_back, end.

Every function writes within a transaction that its caller holds, so that an event is on disk whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from importer.journal.asks import note_led, note_wrong
from importer.journal.changes import Answer, Change, Question, Role, State, dated
from importer.journal.owed import Debt, Why, drop_debts, owe
from importer.journal.plain import WasListed
from importer.journal.rows import Result, RowAnswer, answer_rows, places_by_key, settle_rows
from importer.journal.store import Journal
from importer.journal.undone import close_overwritten, rest_on_row_below
from importer.journal.values import date_columns
from importer.model import AccountRating, Date, Note, Outcome, Reason, value
from importer.plan.sides import Base


class Work(StrEnum):
    """What a batch does: it rates titles, removes their ratings, or takes them off the library."""

    RATE = "rate"
    REMOVE = "remove"
    UNLIST = "unlist"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch before it is sent: its number within the run, what it does, its box and its exact bytes."""

    run: int
    number: int
    work: Work
    box: str
    body: bytes
    started: int


def next_batch(journal: Journal, run: int) -> int:
    """The number of a run's next batch, from 1."""
    row = journal.row("SELECT coalesce(max(batch), 0) + 1 FROM batches WHERE run = ?", (run,))
    return int(row[0]) if row else 1


# intend


@value
class Intent:
    """One member of a batch as it is about to be sent: for the row of `key`, asking a question by its number, None for
    what is no row's own.
    """

    key: str
    role: Role
    asked: int | None
    sent_simkl: int | None
    rating: int | None
    rated_at: int | None
    date: Date


def intend(journal: Journal, batch: Batch, members: Sequence[Intent]) -> None:
    """Record a batch before it is sent, its members in the order they go. It must be on disk before the POST."""
    journal.write(
        "INSERT INTO batches VALUES (?, ?, ?, ?, 'sending', ?, ?, NULL, ?, NULL)",
        (
            batch.run, batch.number, batch.work.value, batch.box,
            hashlib.sha256(batch.body).hexdigest(), len(members), batch.started,
        ),
    )  # fmt: skip
    journal.write_all(
        "INSERT INTO changes (run, batch, n, key, role, asked, sent_simkl, after_rating, after_at, dated, state)"
        f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{State.INTENDED.value}')",
        (
            (
                batch.run, batch.number, n, one.key, one.role.value, one.asked, one.sent_simkl, one.rating,
                one.rated_at, dated(one.date),
            )
            for n, one in enumerate(members)
        ),
    )  # fmt: skip
    journal.write("UPDATE runs SET unsettled = 1 WHERE run = ? AND unsettled = 0", (batch.run,))


def supersede(journal: Journal, run: int, debts: Iterable[Debt]) -> None:
    """A row of this run goes to titles that are owed something: what is owed counts as what stood there before.

    The changes because of which it was owed are settled: whose rating it was is told by the new one.
    """
    for debt in debts:
        if debt.why is not Why.WINNER:
            _put_opening(journal, run, debt)
        journal.write(
            f"UPDATE changes SET state = iif(undone IS NULL, '{State.SETTLED.value}', '{State.TAKEN.value}')"
            f" WHERE simkl = ? AND state IN ('{State.SEEN.value}', '{State.SETTLED.value}')"
            f" AND (state = '{State.SEEN.value}' OR undone IS NOT NULL)",
            (debt.simkl,),
        )
    drop_debts(journal, [debt.simkl for debt in debts])


def _put_opening(journal: Journal, run: int, debt: Debt) -> None:
    if debt.rating is None:
        journal.write("DELETE FROM opening WHERE run = ? AND simkl = ?", (run, debt.simkl))
        return
    journal.write(
        "INSERT INTO opening VALUES (?, ?, ?, ?, ?, NULL, ?, ?) ON CONFLICT (run, simkl) DO UPDATE SET"
        " rating = excluded.rating, rated_at = excluded.rated_at",
        (run, debt.simkl, debt.kind.value, debt.title, debt.year, debt.rating, debt.read_at),
    )


def batch_times(journal: Journal, run: int) -> dict[int, tuple[int, int | None]]:
    """When each batch of a run was begun, and when it was answered, None where it never was."""
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
    rows: Sequence[RowAnswer],
) -> None:
    """Record a batch's answer: what it says of each member, in their order, and of their rows.

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
    answer_rows(journal, run, batch, rows)


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
        "UPDATE batches SET state = 'done', status = ?, ended = ? WHERE run = ? AND batch = ?",
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


# land


@value
class Landing:
    """What a reading makes of one row, to be written into its row and its item.

    `simkl` is the title it was found on. `prior` is what stood there before. `base` is what row and account agree on,
    None where the one on record stays. `kept` is [simkl, standing rating, its date, row's rating, its date] where the
    reading decided to keep something. `due` is when it is worth another try.
    """

    change: Change
    outcome: Outcome
    reason: Reason | None
    note: Note | None
    there: AccountRating | None
    prior: tuple[int, int | None] | None
    base: Base | None
    kept: tuple[int | None, ...] | None
    due: int | None
    fresh: bool


def land(
    journal: Journal, changes: Sequence[Change], landings: Sequence[Landing], led: Iterable[tuple[Question, int]],
    wrong: Iterable[tuple[Question, int]], was_listed: WasListed,
) -> None:  # fmt: skip
    """Record a reading: where changes are, what became of their rows, and where their questions led."""
    journal.write_all(
        "UPDATE changes SET simkl = ?, evidence = ?, before_rating = ?, before_at = ?, seen_at = ?, state = ?,"
        " listed = coalesce(listed, ?) WHERE run = ? AND batch = ? AND n = ?",
        (
            (
                c.simkl, c.evidence and c.evidence.value, *(c.before or (None, None)), c.seen_at, c.state.value,
                was_listed(c, c.simkl), c.run, c.batch, c.n,
            )
            for c in changes
        ),
    )  # fmt: skip
    # What lands after its run was taken back is there for the next undo.
    landed = {(c.run,) for c in changes if c.state in (State.SEEN, State.SETTLED)}
    journal.write_all("UPDATE runs SET undone = 0 WHERE run = ? AND undone = 1", landed)
    _land_rows(journal, landings)
    _land_items(journal, landings)
    found = list(led)
    current = {one.change.question.number for one in landings if one.change.question is not None}
    note_led(journal, ((question, simkl) for question, simkl in found if question.number not in current))
    note_wrong(journal, wrong)


def _land_rows(journal: Journal, landings: Sequence[Landing]) -> None:
    by_run: dict[int, list[Landing]] = {}
    for one in landings:
        by_run.setdefault(one.change.run, []).append(one)
    for run, found in by_run.items():
        places = places_by_key(journal, run)
        settle_rows(journal, run, (_result(places[one.change.key], one) for one in found if one.change.key in places))


def _result(place: int, one: Landing) -> Result:
    there = one.there
    return Result(
        place=place,
        outcome=one.outcome,
        reason=one.reason,
        note=one.note,
        matched=there,
        fresh=one.fresh,
        batch=None if one.outcome is Outcome.PENDING else one.change.batch,
        prior=one.prior or (None, None),
    )


def _land_items(journal: Journal, landings: Sequence[Landing]) -> None:
    """What was settled gets its base; of the rest the base on record stays. A question that is still the one on record
    of its key led to the title that was found."""
    outcome = "outcome = ?, reason = ?, due = ?, kept = ?, simkl = iif(asked = ?, ?, simkl)"
    journal.write_all(
        f"UPDATE items SET {outcome}, said_rating = ?, said_at = ?, said_precision = ?, said_origin = ?,"
        " account_rating = ?, account_at = ? WHERE key = ?",
        (
            (
                *_outcome_columns(one), one.base.said_rating, *date_columns(one.base.said_date),
                one.base.account_rating, one.base.account_rated_at, one.change.key,
            )
            for one in landings if one.base is not None
        ),
    )  # fmt: skip
    journal.write_all(
        f"UPDATE items SET {outcome} WHERE key = ?",
        ((*_outcome_columns(one), one.change.key) for one in landings if one.base is None),
    )


def _outcome_columns(one: Landing) -> tuple[Any, ...]:
    question, there = one.change.question, one.there
    asked = question.number if question is not None and there is not None else None
    simkl = there.simkl if there is not None else None
    return one.outcome.value, one.reason and one.reason.value, one.due, _kept_text(one), asked, simkl


def _kept_text(one: Landing) -> str | None:
    return None if one.kept is None else orjson.dumps(one.kept).decode()


# debts


def make_debts(journal: Journal, found: Iterable[Debt]) -> None:
    """Put on record what titles are owed."""
    owe(journal, found)


def close_debts(journal: Journal, gone: Iterable[tuple[Debt, bool]]) -> None:
    """Close debts: seen as paid, or void since something of the person's stands there.

    What an undo was to take back is taken back then, and what hid a rating of the person's hides it no more; the rows
    are told as what they came to.
    """
    found = list(gone)
    for debt, paid in found:
        seen = f"simkl = ? AND state IN ('{State.SEEN.value}', '{State.SETTLED.value}') AND role = '{Role.ROW.value}'"
        if debt.why is Why.UNDO:
            state = State.TAKEN if paid else State.CLOSED
            journal.write(
                f"UPDATE changes SET state = '{state.value}' WHERE {seen} AND undone = ?", (debt.simkl, debt.run)
            )
            if paid:
                close_overwritten(journal, debt)
                rest_on_row_below(journal, debt)
            continue
        rows = list(
            journal.rows(f"SELECT run, key FROM changes WHERE {seen} AND state = '{State.SEEN.value}'", (debt.simkl,))
        )
        if paid and debt.why is Why.GIVE:
            _rest_on_what_lay_below(journal, debt.simkl)
        # A rating that was given back hides nothing any more: there is nothing left of it for an undo.
        state = State.TAKEN if paid and debt.why is Why.GIVE else State.SETTLED
        journal.write(
            f"UPDATE changes SET state = '{state.value}' WHERE {seen} AND state = '{State.SEEN.value}'", (debt.simkl,)
        )
        _tell_rows(journal, debt, rows, paid=paid)
    drop_debts(journal, [debt.simkl for debt, _ in found])


def _rest_on_what_lay_below(journal: Journal, simkl: int) -> None:
    """What was seen on a title goes: what came after it there, and took its rating for what stood there before, rests
    on what it had hidden itself.
    """
    journal.write(
        "UPDATE changes SET (before_rating, before_at) = (SELECT g.before_rating, g.before_at FROM changes g"
        f" WHERE {_HIDDEN} LIMIT 1) WHERE simkl = ? AND role = '{Role.ROW.value}'"
        f" AND state = '{State.SETTLED.value}' AND EXISTS (SELECT 1 FROM changes g WHERE {_HIDDEN})",
        (simkl,),
    )


_HIDDEN = (
    f"g.simkl = changes.simkl AND g.role = '{Role.ROW.value}' AND g.state = '{State.SEEN.value}'"
    " AND (g.run, g.batch, g.n) < (changes.run, changes.batch, changes.n)"
    " AND g.after_rating = changes.before_rating AND coalesce(g.seen_at, g.after_at) IS changes.before_at"
)
"""Which change wrote what another one, later, found on their title."""


def supersede_debts(journal: Journal, found: Iterable[Debt]) -> None:
    """Close debts of titles that have what they should without having been paid: a later row of ours has won there.

    What was sent there before stays for an undo to take back; the rows that were owed something have lost.
    """
    gone = list(found)
    lost = f"outcome = '{Outcome.DUPLICATE.value}', reason = NULL"
    for debt in gone:
        seen = f"simkl = ? AND state = '{State.SEEN.value}' AND role = '{Role.ROW.value}'"
        rows = list(journal.rows(f"SELECT key, run FROM changes WHERE {seen}", (debt.simkl,)))
        journal.write(f"UPDATE changes SET state = '{State.SETTLED.value}' WHERE {seen}", (debt.simkl,))
        for key, run in rows:
            journal.write(f"UPDATE items SET {lost}, due = NULL WHERE key = ? AND outcome = '{_OWED}'", (key,))
            journal.write(
                f"UPDATE rows SET {lost} WHERE key = ? AND run = ? AND outcome = '{_OWED}' AND batch IS NOT NULL",
                (key, run),
            )
    drop_debts(journal, [debt.simkl for debt in gone])


def _tell_rows(journal: Journal, debt: Debt, rows: Sequence[tuple[Any, ...]], *, paid: bool) -> None:
    for run, key in rows:
        if debt.why is Why.WINNER and paid:
            outcome, reason = (Outcome.APPLIED if key == debt.key else Outcome.DUPLICATE), None
        elif paid:
            row = journal.row("SELECT reason FROM items WHERE key = ?", (key,))
            outcome, reason = Outcome.KEPT, (row[0] if row is not None and row[0] else Reason.CONFLICT.value)
        else:
            outcome, reason = Outcome.KEPT, Reason.CHANGED_ON_SIMKL.value
        values = (outcome.value, reason, key)
        journal.write(
            f"UPDATE items SET outcome = ?, reason = ?, due = NULL WHERE key = ? AND outcome = '{_OWED}'", values
        )
        journal.write(
            f"UPDATE rows SET outcome = ?, reason = ? WHERE key = ? AND run = ? AND outcome = '{_OWED}'"
            " AND batch IS NOT NULL",
            (*values, run),
        )


_OWED = Outcome.UNCONFIRMED.value
"""How a row is told whose title is owed something, until that is seen."""


def mark_owing(journal: Journal, changes: Iterable[Change]) -> None:
    """Note that because of these changes their titles are owed something."""
    journal.write_all(
        f"UPDATE changes SET state = '{State.SEEN.value}' WHERE run = ? AND batch = ? AND n = ?",
        ((c.run, c.batch, c.n) for c in changes),
    )


def note_tries(journal: Journal, tries: Iterable[Debt]) -> None:
    """Record that debts were tried."""
    journal.write_all(
        "UPDATE owed SET tries = ?, tried_at = ?, state = ? WHERE simkl = ?",
        ((debt.tries, debt.tried_at, debt.state.value, debt.simkl) for debt in tries),
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


def rename_title(journal: Journal, old: int, new: int) -> None:
    """Simkl has given a title another number: write it into every table at once.

    Where both numbers had an opening value, the new one's counts.
    """
    for sql in (
        "UPDATE changes SET simkl = ? WHERE simkl = ?",
        "UPDATE changes SET sent_simkl = ? WHERE sent_simkl = ?",
        "UPDATE items SET simkl = ? WHERE simkl = ?",
        "UPDATE asks SET simkl = ? WHERE simkl = ?",
        "UPDATE rows SET matched_simkl = ? WHERE matched_simkl = ?",
        "UPDATE OR IGNORE owed SET simkl = ? WHERE simkl = ?",
        "UPDATE OR IGNORE opening SET simkl = ? WHERE simkl = ?",
        "UPDATE OR IGNORE listed SET simkl = ? WHERE simkl = ?",
        "UPDATE moved SET now = ? WHERE now = ?",
    ):
        journal.write(sql, (new, old))
    for table in ("owed", "opening", "listed"):
        journal.write(f"DELETE FROM {table} WHERE simkl = ?", (old,))
    journal.write("INSERT OR REPLACE INTO moved VALUES (?, ?)", (old, new))


def reopen_unproven(journal: Journal, account: Mapping[int, AccountRating]) -> None:
    """Open again what an undo of an earlier version had closed unproven, where the account shows our own value still.

    It is not paid by itself: the next undo offers it.
    """
    if journal.row("SELECT 1 FROM meta WHERE name = 'unproven undo'") is None:
        return
    found = list(
        journal.rows(
            "SELECT run, batch, n, simkl, after_rating, seen_at FROM changes"
            f" WHERE state = '{State.TAKEN.value}' AND role = '{Role.ROW.value}' AND seen_at IS NOT NULL"
        )
    )
    again = [
        row for row in found
        if (there := account.get(row[3])) is not None and (there.rating, there.rated_at) == (row[4], row[5])
    ]  # fmt: skip
    journal.write_all(
        f"UPDATE changes SET state = '{State.SETTLED.value}', undone = NULL WHERE run = ? AND batch = ? AND n = ?",
        (row[:3] for row in again),
    )
    journal.write_all("UPDATE runs SET undone = 0 WHERE run = ?", ({row[:1] for row in again}))
    journal.write("DELETE FROM meta WHERE name = 'unproven undo'")
