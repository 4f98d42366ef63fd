"""Whose resume file it is."""

from __future__ import annotations

from importer.journal.store import Journal


def account_of(journal: Journal) -> str:
    """Return the account that a resume file belongs to."""
    row = journal.row("SELECT value FROM meta WHERE name = 'account'")
    return str(row[0]) if row is not None else ""


def set_owner(journal: Journal, name: str) -> None:
    """Remember the account's name for reports, where it is new."""
    if owner_of(journal) != name:
        with journal.transaction():
            journal.write("INSERT OR REPLACE INTO meta VALUES ('name', ?)", (name,))


def owner_of(journal: Journal) -> str:
    """Return the account's name, "" if nobody told it yet."""
    row = journal.row("SELECT value FROM meta WHERE name = 'name'")
    return str(row[0]) if row is not None else ""
