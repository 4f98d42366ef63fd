"""Changes that stand as they were sent, on titles of which nothing else is known: noted first, then landed together.

A large import is nearly all of them. Each table is written in one statement, from what is noted and the account as it
was read last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from importer.journal.change import SAID_AT, SAID_ORIGIN, SAID_PRECISION, Change, Evidence, State, place_of
from importer.journal.store import Journal
from importer.model import Outcome

_TABLE = (
    "CREATE TEMP TABLE IF NOT EXISTS plain (run INTEGER NOT NULL, batch INTEGER NOT NULL, n INTEGER NOT NULL,"
    " key TEXT NOT NULL, simkl INTEGER NOT NULL, evidence TEXT NOT NULL, listed INTEGER, PRIMARY KEY (run, batch, n))"
    " WITHOUT ROWID"
)
_FOUND = "FROM temp.plain p JOIN account a ON a.simkl = p.simkl"
_CHANGE = "c.run = p.run AND c.batch = p.batch AND c.n = p.n"


WasListed = Callable[[Change, int | None], bool | None]
"""Tells whether the title that a change is on was on a list before it was sent, None if nobody knows."""


def note_plain(journal: Journal, found: Iterable[tuple[Change, int, Evidence]], was_listed: WasListed) -> None:
    """Note which changes are plain, each with its title and how it was found there, in place of those noted before.

    Within a transaction.
    """
    journal.write(_TABLE)
    journal.write("DELETE FROM temp.plain")
    journal.insert_all(
        "INSERT INTO temp.plain",
        "?, ?, ?, ?, ?, ?, ?",
        (
            (
                one.run,
                one.batch,
                one.n,
                one.key,
                simkl,
                str(evidence),
                was_listed(one, simkl),
            )
            for one, simkl, evidence in found
        ),
    )


def withdraw_plain(journal: Journal, orders: Iterable[int]) -> None:
    """Take back that changes, by their numbers in sending order, are plain. Within a transaction."""
    journal.write_all("DELETE FROM temp.plain WHERE run = ? AND batch = ? AND n = ?", map(place_of, orders))


def runs_plain(journal: Journal) -> set[int]:
    """Return the runs of which a change is noted as plain."""
    return {run for (run,) in journal.rows("SELECT DISTINCT run FROM temp.plain")}


def land_plain(journal: Journal) -> None:
    """Record that the plain changes are settled: their rows were applied, and row and account agree from now on.

    Within a transaction.
    """
    journal.write(
        "UPDATE changes SET simkl = p.simkl, evidence = p.evidence, before_rating = NULL, before_at = NULL,"
        f" seen_at = a.rated_at, state = '{State.SETTLED.value}', listed = coalesce(changes.listed, p.listed) {_FOUND}"
        f" WHERE {_CHANGE.replace('c.', 'changes.')}"
    )
    applied = f"outcome = '{Outcome.APPLIED.value}', reason = NULL"
    journal.write("CREATE INDEX temp.plain_by_key ON plain (key)")
    # The plus keeps SQLite from reading all rows of the run for each of them: none of its indexes has their keys.
    journal.write(
        f"UPDATE rows SET {applied}, note = NULL, matched_simkl = a.simkl, matched_title = a.title,"
        " matched_year = a.year, batch = coalesce(rows.batch, p.batch),"
        f" fresh = iif(outcome = '{Outcome.APPLIED.value}', fresh, 0) {_FOUND}"
        " WHERE rows.run IN (SELECT run FROM temp.plain) AND +rows.run = p.run AND rows.key = p.key"
        f" AND (rows.batch IS NOT NULL OR rows.outcome = '{Outcome.PENDING.value}')"
    )
    journal.write(
        f"UPDATE items SET {applied}, due = NULL, kept = NULL,"
        f" simkl = iif(items.asked = c.asked, p.simkl, items.simkl), said_rating = a.rating, said_at = {SAID_AT},"
        f" said_precision = {SAID_PRECISION}, said_origin = {SAID_ORIGIN}, account_rating = a.rating,"
        f" account_at = a.rated_at {_FOUND} JOIN changes c ON {_CHANGE} WHERE items.key = p.key"
    )
    # What lands after its run was taken back is there for the next undo.
    journal.write("UPDATE runs SET undone = 0 WHERE undone = 1 AND run IN (SELECT run FROM temp.plain)")
    journal.write("DROP TABLE temp.plain")
