"""What searching for rows costs, told before it begins."""

from __future__ import annotations

from collections.abc import Sequence

from importer.events import Listen, Told
from importer.journal.findings import OpenFinding
from importer.run.mend.desk import Desk

DAY_NEARLY_USED = Told("Today's requests are nearly used: what is left of them sends what was chosen")


def to_search(desk: Desk, found: Sequence[OpenFinding], limit: int, listen: Listen) -> list[OpenFinding]:
    """Return the rows to search for now, `limit` at most; tell what that costs and how many are left."""
    now = list(found[:limit])
    searches = desk.searches(now)
    if searches:
        day = f" ({desk.used_today:,} of today's {desk.quota:,} are used)" if desk.quota else ""
        listen(Told(f"To search: at most {searches:,} request{'' if searches == 1 else 's'}{day}"))
    left = len(found) - len(now)
    if left:
        rows = "1 more row is" if left == 1 else f"{left:,} more rows are"
        listen(Told(f"{rows} left for another time: the same command goes on with them, --limit N takes more now"))
    return now
