"""Changes that stand as they were sent, on titles of which nothing else is known: noted first, then landed together.

A large import is nearly all of them. Each table is written in one statement, from what is noted and the account as it
was read last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from importer.journal.changes import Change, Evidence, State
from importer.journal.rows import places_by_key
from importer.journal.store import Journal
from importer.journal.values import date_columns
from importer.model import Date, Outcome, value

_TABLE = (
    "CREATE TEMP TABLE IF NOT EXISTS plain (run INTEGER NOT NULL, batch INTEGER NOT NULL, n INTEGER NOT NULL, key TEXT,"
    " place INTEGER, simkl INTEGER, evidence TEXT, listed INTEGER, said_at INTEGER, precision TEXT, origin TEXT,"
    " PRIMARY KEY (run, batch, n)) WITHOUT ROWID"
)
_FOUND = "FROM temp.plain p JOIN account a ON a.simkl = p.simkl"


@value
class Plain:
    """One change that stands on the title `simkl` as it was `sent`; `date` is what its row says of that moment, `asked`
    the number of its question.
    """

    run: int
    batch: int
    n: int
    key: str
    asked: int
    posted: int
    sent: int | None
    date: Date
    simkl: int
    evidence: Evidence


WasListed = Callable[[Change | Plain], bool | None]
"""Tells whether the title of a change was on a list before it was sent, None where nobody knows."""


def note_plain(journal: Journal, found: Sequence[Plain], was_listed: WasListed) -> None:
    """Note which changes are plain, in place of those noted before. Within a transaction."""
    journal.write(_TABLE)
    journal.write("DELETE FROM temp.plain")
    places = {run: places_by_key(journal, run) for run in {one.run for one in found}}
    journal.write_all(
        "INSERT INTO temp.plain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                one.run, one.batch, one.n, one.key, places[one.run].get(one.key), one.simkl, one.evidence.value,
                was_listed(one), *date_columns(one.date),
            )
            for one in found
        ),
    )  # fmt: skip


def land_plain(journal: Journal) -> None:
    """Record that the plain changes are settled: their rows were applied, and row and account agree from now on.

    Within a transaction.
    """
    journal.write(
        "UPDATE changes SET simkl = p.simkl, evidence = p.evidence, before_rating = NULL, before_at = NULL,"
        f" seen_at = a.rated_at, state = '{State.SETTLED.value}', listed = coalesce(changes.listed, p.listed) {_FOUND}"
        " WHERE changes.run = p.run AND changes.batch = p.batch AND changes.n = p.n"
    )
    applied = f"outcome = '{Outcome.APPLIED.value}', reason = NULL"
    journal.write(
        f"UPDATE rows SET {applied}, note = NULL, matched_simkl = a.simkl, matched_title = a.title,"
        " matched_year = a.year, batch = coalesce(rows.batch, p.batch),"
        f" fresh = iif(outcome = '{Outcome.APPLIED.value}', fresh, 0) {_FOUND}"
        " WHERE rows.run = p.run AND rows.place = p.place"
    )
    journal.write(
        f"UPDATE items SET {applied}, due = NULL, kept = NULL,"
        " simkl = iif(items.asked = c.asked, p.simkl, items.simkl), said_rating = a.rating, said_at = p.said_at,"
        " said_precision = p.precision, said_origin = p.origin, account_rating = a.rating, account_at = a.rated_at"
        f" {_FOUND} JOIN changes c ON c.run = p.run AND c.batch = p.batch AND c.n = p.n WHERE items.key = p.key"
    )
    # What lands after its run was taken back is there for the next undo.
    journal.write("UPDATE runs SET undone = 0 WHERE undone = 1 AND run IN (SELECT run FROM temp.plain)")
    journal.write("DROP TABLE temp.plain")
