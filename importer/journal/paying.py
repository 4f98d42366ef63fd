"""What comes of what titles are owed, event by event: found, tried, paid, void, or overtaken by a later row.

Every function writes within a transaction that its caller holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from importer.journal.change import Change, Role, State
from importer.journal.owed import Debt, Why, drop_debts
from importer.journal.store import Journal
from importer.journal.undone import end_undo_debts
from importer.model import Outcome, Reason


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


def close_debts(journal: Journal, gone: Iterable[tuple[Debt, bool]]) -> None:
    """Close debts: seen as paid, or void since something of the person's stands there.

    What an undo was to take back is taken back then, and what hid a rating of the person's hides it no more; the rows
    are told as what they came to.
    """
    found = list(gone)
    end_undo_debts(journal, [(debt, paid) for debt, paid in found if debt.why is Why.UNDO])
    for debt, paid in found:
        if debt.why is Why.UNDO:
            continue
        rows = list(
            journal.rows(f"SELECT run, key, {_STANDS} FROM changes WHERE {_SEEN}", (*_wanted(debt), debt.simkl))
        )
        if paid and debt.why is Why.GIVE:
            _take_away(journal, debt)
        journal.write(f"UPDATE changes SET state = '{State.SETTLED.value}' WHERE {_SEEN}", (debt.simkl,))
        _tell_rows(journal, debt, rows, paid=paid)
    drop_debts(journal, [debt.simkl for debt, _ in found])


_SEEN = f"simkl = ? AND state = '{State.SEEN.value}' AND role = '{Role.ROW.value}'"

_STANDS = "after_rating IS ? AND coalesce(seen_at, after_at) IS ?"
"""Whether a change wrote what a title is owed: it may be a row of ours, where one that lay there by mistake leaves."""


def _wanted(debt: Debt) -> tuple[int | None, int | None]:
    return debt.rating, debt.read_at


def _take_away(journal: Journal, debt: Debt) -> None:
    """A rating that was given back hides nothing any more: of what was seen on its title nothing is left for an undo,
    but for a row whose rating it is.
    """
    stays = f"UPDATE changes SET state = '{State.SETTLED.value}' WHERE {_SEEN} AND {_STANDS}"
    journal.write(stays, (debt.simkl, *_wanted(debt)))
    _rest_on_what_lay_below(journal, debt.simkl)
    journal.write(f"UPDATE changes SET state = '{State.TAKEN.value}' WHERE {_SEEN}", (debt.simkl,))


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
    ours = debt.why is Why.WINNER or any(stands for *_, stands in rows)
    for run, key, stands in rows:
        if paid and ours:
            won = key == debt.key if debt.why is Why.WINNER else stands
            outcome, reason = (Outcome.APPLIED if won else Outcome.DUPLICATE), None
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
