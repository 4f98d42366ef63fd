"""Which runs were taken back: a second undo takes the run before."""

from __future__ import annotations

from collections.abc import Iterable

from importer.journal.store import Journal


def mark_undone(journal: Journal, runs: Iterable[int]) -> None:
    """Put runs on record as taken back, also where some of their titles were left. Within a transaction."""
    journal.write_all("INSERT OR REPLACE INTO meta VALUES (?, '1')", ((f"undone {run}",) for run in runs))


def undone_runs(journal: Journal) -> set[int]:
    """The runs that were taken back."""
    return {
        int(name.removeprefix("undone "))
        for (name,) in journal.rows("SELECT name FROM meta WHERE name LIKE 'undone %'")
    }
