"""What reports ask of the resume file beside a run's rows."""

from __future__ import annotations

from importer.journal.store import Journal


def taken_back_by(journal: Journal, run: int) -> list[int]:
    """Return the undos that took something of a run back, the oldest first."""
    found = journal.rows(
        "SELECT DISTINCT undone FROM changes WHERE run = ? AND undone IS NOT NULL ORDER BY undone", (run,)
    )
    return [undo for (undo,) in found]
