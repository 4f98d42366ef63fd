"""What an undo leaves on record once a title is seen to be taken back: what stands there, and what was sent there.

Every function writes within a transaction that its caller holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from importer.journal.change import OPEN, Role, State, said_date
from importer.journal.owed import Debt
from importer.journal.store import Journal
from importer.journal.values import date_columns
from importer.model import AccountRating, Outcome


def end_undo_debts(journal: Journal, gone: Iterable[tuple[Debt, bool]]) -> None:
    """Close what an undo took back and is seen as paid. Where something of the person's stands there since, it is as if
    the undo had not begun with it: a later one that is told to takes that back too.

    An undo may end thousands of debts at once, and no table is kept by titles: each is looked through once for all.
    """
    ended = {debt.simkl: (debt, paid) for debt, paid in gone}
    if not ended:
        return
    closed: list[tuple[str, int | None, int, int, int]] = []
    rested: list[tuple[int | None, int | None, int, int, int]] = []
    below: dict[int, _Below] = {}
    taken: dict[int, list[_Taken]] = {}
    for run, batch, n, simkl, undone, state, before_rating, before_at, *written in journal.rows(
        "SELECT run, batch, n, simkl, undone, state, before_rating, before_at, seen_at, key, after_rating, after_at,"
        " dated FROM changes"
        f" WHERE simkl IS NOT NULL AND role = '{Role.ROW.value}'"
        f" AND state IN ('{State.SEEN.value}', '{State.SETTLED.value}') ORDER BY run, batch, n"
    ):
        if simkl not in ended:
            continue
        debt, paid = ended[simkl]
        before = None if before_rating is None else (before_rating, before_at)
        seen_at, key, rating, at, dated = written
        if undone == debt.run and not paid:
            closed.append((State.SETTLED.value, None, run, batch, n))
        elif undone == debt.run:
            closed.append((State.TAKEN.value, undone, run, batch, n))
            taken.setdefault(simkl, []).append((rating, (seen_at, at), before))
        elif paid and state == State.SETTLED.value:
            rests_on = _without(taken.get(simkl, ()), before)
            if rests_on != before:
                rested.append((*(rests_on or (None, None)), run, batch, n))
            shows = seen_at == debt.read_at or (at is not None and at == debt.store_at)
            if rating is not None and rating == debt.rating and shows:
                below[simkl] = key, rating, at, dated
    journal.write_all("UPDATE changes SET state = ?, undone = ? WHERE run = ? AND batch = ? AND n = ?", closed)
    journal.write_all(
        "UPDATE changes SET before_rating = ?, before_at = ? WHERE run = ? AND batch = ? AND n = ?", rested
    )
    given = {simkl: debt for simkl, (debt, paid) in ended.items() if paid}
    _close_overwritten(journal, given)
    _rest_on_rows_below(journal, below, given)


_Standing = tuple[int, int | None]
_Taken = tuple[int | None, tuple[int | None, int | None], _Standing | None]
"""What a change wrote that is taken back: its rating, its dates as seen and as sent, and what stood there before."""


def _without(taken: Sequence[_Taken], before: _Standing | None) -> _Standing | None:
    """Return what stood on a title before a change, had what is taken back, the oldest first, never been there: the
    next undo gives that back, and no rating of ours that is gone.
    """
    for rating, dates, below in reversed(taken):
        if before is not None and before[0] == rating and before[1] in dates:
            before = below
    return before


_Below = tuple[str, int, int, str]
"""A row of ours that stood on a title before: its key, its rating, its date as sent, and what kind of date that is."""


def _close_overwritten(journal: Journal, given: Mapping[int, Debt]) -> None:
    """Close what was sent to titles before they were taken back and was never seen there: the undo has overwritten it.

    Its row is sent anew by the next import, like those that were taken back.
    """
    opened = list(
        journal.rows(
            "SELECT c.run, c.batch, c.n, c.key, c.asked, c.simkl, c.sent_simkl, b.started"
            " FROM changes c JOIN batches b USING (run, batch)"
            f" WHERE c.run IN (SELECT run FROM runs WHERE unsettled = 1) AND c.role = '{Role.ROW.value}'"
            f" AND c.state IN ({OPEN})"
        )
    )
    if not opened:
        return
    led: dict[int, list[int]] = {}
    for asked, simkl in journal.rows("SELECT asked, simkl FROM asks UNION SELECT asked, simkl FROM items"):
        if asked is not None and simkl in given:
            led.setdefault(asked, []).append(simkl)

    def is_overwritten(asked: int | None, places: Sequence[int | None], started: int) -> bool:
        titles = (*places, *led.get(asked or 0, ()))
        tries = (given[simkl].tried_at for simkl in titles if simkl in given)
        return any(tried_at is not None and started <= tried_at for tried_at in tries)

    found = [row[:4] for row in opened if is_overwritten(row[4], row[5:7], row[7])]
    journal.write_all(
        f"UPDATE changes SET state = '{State.CLOSED.value}' WHERE run = ? AND batch = ? AND n = ?",
        (row[:3] for row in found),
    )
    journal.write_all(
        f"UPDATE items SET outcome = '{Outcome.PENDING.value}', reason = NULL, due = NULL"
        f" WHERE key = ? AND outcome = '{Outcome.UNCONFIRMED.value}'",
        (row[3:] for row in found),
    )


def _rest_on_rows_below(journal: Journal, below: Mapping[int, _Below], given: Mapping[int, Debt]) -> None:
    """Where an undo gives a title the rating of an earlier row of ours again, that row and the account agree again:
    were it forgotten, the next import would take its rating for the person's own.
    """
    journal.write_all(
        "UPDATE items SET said_rating = ?, said_at = ?, said_precision = ?, said_origin = ?, account_rating = ?,"
        " account_at = ? WHERE key = ? AND simkl = ? AND said_rating IS NULL",
        (
            (rating, *date_columns(said_date(at, dated)), rating, given[simkl].read_at, key, simkl)
            for simkl, (key, rating, at, dated) in below.items()
        ),
    )


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
        row
        for row in found
        if (there := account.get(row[3])) is not None and (there.rating, there.rated_at) == (row[4], row[5])
    ]
    journal.write_all(
        f"UPDATE changes SET state = '{State.SETTLED.value}', undone = NULL WHERE run = ? AND batch = ? AND n = ?",
        (row[:3] for row in again),
    )
    journal.write_all("UPDATE runs SET undone = 0 WHERE run = ?", ({row[:1] for row in again}))
    journal.write("DELETE FROM meta WHERE name = 'unproven undo'")
