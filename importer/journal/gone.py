"""Rows that vanished from the exports: counted, never deleted."""

from __future__ import annotations

from collections.abc import Iterable

from importer.journal.store import Journal


def set_gone(journal: Journal, run: int, sites: Iterable[str], keys: Iterable[str]) -> None:
    """Replace what is gone from the exports of these sites. Within a transaction."""
    for site in sites:
        journal.write("DELETE FROM gone WHERE key >= ? AND key < ?", (f"{site}:", f"{site};"))
    journal.write_all("INSERT OR REPLACE INTO gone VALUES (?, ?)", ((key, run) for key in keys))


def count_gone(journal: Journal) -> int:
    """Return how many keys that were once given are no more in the last export of their site."""
    row = journal.row("SELECT count(*) FROM gone")
    return int(row[0]) if row else 0
