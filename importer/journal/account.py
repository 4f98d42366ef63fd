"""The account as last read, and as it was before each run's first write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from importer.journal.store import Journal
from importer.journal.values import ids_text, ids_value
from importer.model import Kind
from importer.plan.sides import Theirs

UNREAD_KEPT = 5
"""Runs without read-back whose whole opening snapshots are kept."""

_COLUMNS = "simkl, kind, title, year, ids, rating, rated_at"
_KINDS = {kind.value: kind for kind in Kind}


def stamps(journal: Journal) -> dict[str, str | None] | None:
    """The activity stamps, by kind, taken before the account was last read; None where it never was."""
    row = journal.row("SELECT value FROM meta WHERE name = 'stamps'")
    return None if row is None else orjson.loads(row[0])


def save_account(journal: Journal, kind: Kind, ratings: Iterable[Theirs], stamped: dict[str, str | None]) -> None:
    """Replace the ratings of a kind that was read. Within a transaction."""
    journal.write("DELETE FROM account WHERE kind = ?", (kind.value,))
    journal.write_all("INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?, ?, ?)", map(_columns, ratings))
    journal.write("INSERT OR REPLACE INTO meta VALUES ('stamps', ?)", (orjson.dumps(stamped).decode(),))


def load_account(journal: Journal, kinds: Iterable[Kind]) -> Iterator[Theirs]:
    """The account's ratings of these kinds as last read."""
    for kind in kinds:
        yield from map(_theirs, journal.rows(f"SELECT {_COLUMNS} FROM account WHERE kind = ?", (kind.value,)))


def stale_account(journal: Journal) -> None:
    """Make the next command read the account again, whatever the stamps say. Within a transaction."""
    journal.write("DELETE FROM meta WHERE name = 'stamps'")


def keep_opening(journal: Journal, run: int) -> None:
    """Keep the account as last read as the run's opening snapshot, unless it has one. Within a transaction."""
    if journal.row("SELECT value FROM meta WHERE name = ?", (f"opening {run}",)) is None:
        journal.write(f"INSERT INTO opening SELECT ?, {_COLUMNS} FROM account", (run,))
        journal.write("INSERT INTO meta VALUES (?, '1')", (f"opening {run}",))
        set_unread(journal, run, unread=True)


def opening(journal: Journal, run: int) -> Iterator[Theirs]:
    """A run's opening snapshot: the whole of the first run that wrote, the touched titles of the others."""
    return map(_theirs, journal.rows(f"SELECT {_COLUMNS} FROM opening WHERE run = ?", (run,)))


def first_opening(journal: Journal) -> int | None:
    """The run whose opening snapshot is the account before anything was ever written."""
    row = journal.row("SELECT min(CAST(substr(name, 9) AS INTEGER)) FROM meta WHERE name LIKE 'opening %'")
    return None if row is None else row[0]


def trim_openings(journal: Journal) -> None:
    """Keep the first opening snapshot whole, of later ones the titles that were touched. Within a transaction.

    The last runs that were not read back keep theirs too: an undo has to find out by it what they touched.
    """
    journal.write(
        "DELETE FROM opening WHERE run <> ? AND run NOT IN"
        " (SELECT CAST(substr(name, 8) AS INTEGER) FROM meta WHERE name LIKE 'unread %' ORDER BY 1 DESC LIMIT ?)"
        " AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.run = opening.run AND c.simkl = opening.simkl)",
        (first_opening(journal) or 0, UNREAD_KEPT),
    )


def set_unread(journal: Journal, run: int, *, unread: bool) -> None:
    """Note whether what a run sent still has to be read back. Within a transaction."""
    if unread:
        journal.write("INSERT OR REPLACE INTO meta VALUES (?, '1')", (f"unread {run}",))
    else:
        journal.write("DELETE FROM meta WHERE name = ?", (f"unread {run}",))


def _columns(theirs: Theirs) -> tuple[Any, ...]:
    return (
        theirs.simkl, theirs.kind.value, theirs.title, theirs.year, ids_text(theirs.ids),
        theirs.rating, theirs.rated_at,
    )  # fmt: skip


def _theirs(row: tuple[Any, ...]) -> Theirs:
    return Theirs(row[0], _KINDS[row[1]], row[2], row[3], ids_value(row[4]), row[5], row[6])
