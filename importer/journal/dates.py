"""Where the dates of a run's ratings come from."""

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
