"""What an undo leaves on record once a title is seen to be taken back: what stands there, and what was sent there.

Every function writes within a transaction that its caller holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from importer.journal.change import OPEN, Role, State, said_date
from importer.journal.owed import Debt
from importer.journal.store import Journal
from importer.journal.values import date_columns
from importer.model import AccountRating, Outcome


def close_overwritten(journal: Journal, debt: Debt) -> None:
    """Close what was sent to a title before it was taken back and was never seen there: the undo has overwritten it.

    Its row is sent anew by the next import, like those that were taken back.
    """
    if debt.tried_at is None:
        return
    found = list(
        journal.rows(
            f"SELECT c.run, c.batch, c.n, c.key FROM changes c JOIN batches b USING (run, batch)"
            f" WHERE c.run IN (SELECT run FROM runs WHERE unsettled = 1) AND c.role = '{Role.ROW.value}'"
            f" AND c.state IN ({OPEN}) AND b.started <= ? AND (c.simkl = ? OR c.sent_simkl = ?"
            " OR c.asked IN (SELECT asked FROM asks WHERE simkl = ? UNION SELECT asked FROM items WHERE simkl = ?))",
            (debt.tried_at, *[debt.simkl] * 4),
        )
    )
    journal.write_all(
        f"UPDATE changes SET state = '{State.CLOSED.value}' WHERE run = ? AND batch = ? AND n = ?",
        (row[:3] for row in found),
    )
    journal.write_all(
        f"UPDATE items SET outcome = '{Outcome.PENDING.value}', reason = NULL, due = NULL"
        f" WHERE key = ? AND outcome = '{Outcome.UNCONFIRMED.value}'",
        (row[3:] for row in found),
    )


def rest_on_row_below(journal: Journal, debt: Debt) -> None:
    """Where an undo gives a title the rating of an earlier row of ours again, that row and the account agree again:
    were it forgotten, the next import would take its rating for the person's own.
    """
    row = journal.row(
        "SELECT key, after_rating, after_at, dated FROM changes"
        f" WHERE simkl = ? AND role = '{Role.ROW.value}' AND state = '{State.SETTLED.value}' AND after_rating = ?"
        " AND (seen_at IS ? OR after_at = ?) ORDER BY run DESC, batch DESC, n DESC LIMIT 1",
        (debt.simkl, debt.rating, debt.read_at, debt.store_at),
    )
    if row is None:
        return
    key, rating, rated_at, how = row
    journal.write(
        "UPDATE items SET said_rating = ?, said_at = ?, said_precision = ?, said_origin = ?, account_rating = ?,"
        " account_at = ? WHERE key = ? AND simkl = ? AND said_rating IS NULL",
        (rating, *date_columns(said_date(rated_at, how)), rating, debt.read_at, key, debt.simkl),
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
