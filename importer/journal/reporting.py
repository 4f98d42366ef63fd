"""What reports ask of the resume file beside a run's rows."""

from __future__ import annotations

from importer.journal.store import Journal
from importer.record import UNSENDABLE


def count_dates(journal: Journal, run: int) -> dict[str, int]:
    """Return the number of sendable rows of a run by the origin of their date."""
    names = ", ".join(f"'{outcome.value}'" for outcome in UNSENDABLE)
    found = journal.rows(
        f"SELECT date_from, count(*) FROM rows WHERE run = ? AND date_from IS NOT NULL AND outcome NOT IN ({names})"
        " GROUP BY date_from",
        (run,),
    )
    return dict(found)


def taken_back_by(journal: Journal, run: int) -> list[int]:
    """Return the undos that took something of a run back, the oldest first."""
    found = journal.rows(
        "SELECT DISTINCT undone FROM changes WHERE run = ? AND undone IS NOT NULL ORDER BY undone", (run,)
    )
    return [undo for (undo,) in found]
