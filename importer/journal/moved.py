"""What was learned of the service: titles that have a new number, and how it gives dates back."""

from __future__ import annotations

from importer.journal.store import Journal


def moved_titles(journal: Journal) -> dict[int, int]:
    """The titles that Simkl gave another number, each with the one it has now."""
    return dict(journal.rows("SELECT simkl, now FROM moved"))


def kept_habit(journal: Journal) -> tuple[int, int] | None:
    """How dates come back, as (step, shift) in seconds; None where nobody knows yet."""
    row = journal.row("SELECT value FROM meta WHERE name = 'habit'")
    if row is None:
        return None
    step, shift = str(row[0]).split()
    return int(step), int(shift)


def keep_habit(journal: Journal, step: int, shift: int) -> None:
    """Remember how dates come back, where that is new. Within a transaction."""
    if kept_habit(journal) != (step, shift):
        journal.write("INSERT OR REPLACE INTO meta VALUES ('habit', ?)", (f"{step} {shift}",))
