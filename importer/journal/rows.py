"""The rows of the last runs, each with its outcome: what reports are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from importer.journal.row_columns import COLUMNS, record_of, values_of
from importer.journal.store import Journal
from importer.model import NEEDS_A_PERSON, Note, Outcome
from importer.record import Record

RUNS_KEPT = 5
"""Runs whose every row is kept; of older ones only rows that were sent or went wrong are."""

_FORGETTABLE = ", ".join(
    f"'{outcome.value}'"
    for outcome in (Outcome.SKIPPED, Outcome.DUPLICATE, Outcome.UNCHANGED, Outcome.KEPT, Outcome.PENDING)
)
_NOTED = f"'{Note.OTHER_TITLE.value}'"


def write_rows(journal: Journal, run: int, records: Iterable[tuple[int, Record]]) -> None:
    """Replace all rows of a run, each with its number in input order; their places are those of the order given.

    Within a transaction.
    """
    journal.write("DELETE FROM rows WHERE run = ?", (run,))
    columns = f"run, place, n, {COLUMNS}".split(", ")
    rows = ((run, place, n, *values_of(record)) for place, (n, record) in enumerate(records))
    for width, alike in groupby(rows, len):
        journal.insert_all(f"INSERT INTO rows ({', '.join(columns[:width])})", ", ".join("?" * width), alike)


def read_rows(journal: Journal, run: int) -> Iterator[Record]:
    """Yield the rows of a run in input order."""
    for row in journal.rows(f"SELECT {COLUMNS} FROM rows WHERE run = ? ORDER BY n", (run,)):
        yield record_of(row)


def problem_rows(journal: Journal, run: int) -> Iterator[Record]:
    """Yield the rows of a run that need a person, in input order."""
    outcomes = ", ".join(f"'{outcome.value}'" for outcome in NEEDS_A_PERSON)
    for row in journal.rows(
        f"SELECT {COLUMNS} FROM rows WHERE run = ? AND (outcome IN ({outcomes}) OR note = {_NOTED}) ORDER BY n",
        (run,),
    ):
        yield record_of(row)


def tried_rows(journal: Journal, run: int) -> dict[int, Record]:
    """Return the rows of a run that were sent and are no more pending, by their number."""
    return {
        row[0]: record_of(row[1:])
        for row in journal.rows(
            f"SELECT n, {COLUMNS} FROM rows WHERE run = ? AND batch IS NOT NULL"
            f" AND outcome <> '{Outcome.PENDING.value}'",
            (run,),
        )
    }


def fresh_rejects(journal: Journal, run: int) -> frozenset[int]:
    """Return the rejected rows of a run that the run before did not have, by their number."""
    found = journal.rows(
        f"SELECT n FROM rows WHERE run = ? AND outcome = '{Outcome.REJECTED.value}' AND fresh = 1", (run,)
    )
    return frozenset(n for (n,) in found)


def answer_rows(
    journal: Journal, run: int, batch: int, first: int, last: int, *, outcome: Outcome, status: str | None, fresh: bool
) -> None:
    """Record what a batch's answer says of the rows from one place to another. `status` is the list that Simkl named.

    Within a transaction.
    """
    journal.write(
        "UPDATE rows SET outcome = ?, simkl_status = ?, batch = ?, fresh = ? WHERE run = ? AND place BETWEEN ? AND ?",
        (outcome.value, status, batch, int(fresh), run, first, last),
    )


def lose_rows(journal: Journal, run: int, keys: Iterable[str]) -> None:
    """Rows of a run that were left as they were lost their title to a row that was sent. Within a transaction."""
    left = f"outcome IN ('{Outcome.UNCHANGED.value}', '{Outcome.KEPT.value}')"
    lost = [(key,) for key in keys]
    duplicate = f"outcome = '{Outcome.DUPLICATE.value}', reason = NULL"
    journal.write_all(f"UPDATE rows SET {duplicate} WHERE key = ? AND run = {run:d} AND {left}", lost)
    journal.write_all(f"UPDATE items SET {duplicate} WHERE key = ? AND {left}", lost)


def doubt_rows(journal: Journal, run: int, keys: Iterable[str]) -> None:
    """Rows of a run that were unchanged had their title overwritten, and what they say is owed to it. Within a
    transaction.
    """
    journal.write_all(
        f"UPDATE rows SET outcome = '{Outcome.UNCONFIRMED.value}' WHERE key = ? AND run = ?"
        f" AND outcome = '{Outcome.UNCHANGED.value}'",
        ((key, run) for key in keys),
    )


def close_rows(journal: Journal, keys: Iterable[str], but_run: int) -> None:
    """A mended row closes the one it mends: that one is no finding of its older run any more. Within a transaction."""
    journal.write_all("UPDATE rows SET fresh = 0 WHERE key = ? AND run <> ?", ((key, but_run) for key in keys))


def places_by_key(journal: Journal, run: int) -> dict[str, int]:
    """Return where the row of each key stands that was sent in a run, or is to be."""
    pending = Outcome.PENDING.value
    found = journal.rows(
        f"SELECT key, place FROM rows WHERE run = ? AND (batch IS NOT NULL OR outcome = '{pending}')"
        " ORDER BY batch IS NULL",
        (run,),
    )
    places: dict[str, int] = {}
    for key, place in found:
        places.setdefault(key, place)
    return places


def lists_named(journal: Journal, run: int) -> dict[str, str]:
    """Return, by key, the list that the answer to a run's own POST named for its title."""
    return dict(journal.rows("SELECT key, simkl_status FROM rows WHERE run = ? AND simkl_status IS NOT NULL", (run,)))


def prune_rows(journal: Journal) -> None:
    """Keep whole the newest runs alone. Within a transaction."""
    journal.write(
        "DELETE FROM rows WHERE run NOT IN (SELECT DISTINCT run FROM rows ORDER BY run DESC LIMIT ?)"
        f" AND outcome IN ({_FORGETTABLE}) AND batch IS NULL",
        (RUNS_KEPT,),
    )


def count_rows(journal: Journal, run: int) -> dict[tuple[str, str | None, str | None, str | None], int]:
    """Return how many rows of a run have which outcome, reason, note and origin of their date."""
    return {
        (outcome, reason, note, origin): count
        for outcome, reason, note, origin, count in journal.rows(
            "SELECT outcome, reason, note, date_from, count(*) FROM rows WHERE run = ?"
            " GROUP BY outcome, reason, note, date_from",
            (run,),
        )
    }


def count_pending(journal: Journal, run: int) -> int:
    """Return how many rows of a run have no outcome yet."""
    row = journal.row("SELECT count(*) FROM rows WHERE run = ? AND outcome = ?", (run, Outcome.PENDING.value))
    return int(row[0]) if row else 0


def count_new(journal: Journal, run: int, outcome: Outcome) -> int:
    """Return how many rows of a run have this outcome and a title that had no rating before."""
    row = journal.row(
        "SELECT count(*) FROM rows WHERE run = ? AND outcome = ? AND prior_rating IS NULL", (run, outcome.value)
    )
    return int(row[0]) if row else 0


def any_fresh(journal: Journal, run: int) -> bool:
    """Tell whether a run found something that the one before did not have."""
    return journal.row("SELECT 1 FROM rows WHERE run = ? AND fresh = 1 LIMIT 1", (run,)) is not None
