"""Suggestions for a spreadsheet: every row that needs a person, and the title that a search finds good enough."""

from __future__ import annotations

from collections.abc import Sequence

from importer.errors import LockedError
from importer.events import Detailed, Listen, Told
from importer.journal.suggestions import Found
from importer.model import Row, value
from importer.record import Record
from importer.run.mend.cost import DAY_NEARLY_USED, to_search
from importer.run.mend.desk import Desk
from importer.run.mend.findings import identity_of


@value
class Suggestion:
    """A row, and what was found for it; None: it was not searched for yet."""

    record: Record
    found: Found | None


async def suggest(desk: Desk, rows: Sequence[Row] | None, limit: int, listen: Listen) -> list[Suggestion]:
    """Return every open row, each with the title that a search finds good enough; nothing is chosen by that.

    What was found in the last days is taken as it is, so that each call goes on with rows that are left.
    """
    found = await desk.findings(rows)
    known = desk.found_before(found)
    if known:
        count = "1 row was" if len(known) == 1 else f"{len(known):,} rows were"
        listen(Told(f"{count} searched for in the last days and cost nothing now"))
    new: dict[str, Found] = {}
    for one in to_search(desk, [one for one in found if one.record.key not in known], limit, listen):
        if not desk.may_search():
            listen(DAY_NEARLY_USED)
            break
        best = (await desk.search(one)).suggestion
        asked, now = identity_of(one.record), desk.now
        new[one.record.key] = (
            Found(asked, now)
            if best is None
            else Found(asked=asked, at=now, simkl=best.simkl, title=best.title, year=best.year, address=best.address)
        )
    try:
        await desk.keep_found(new, found)
    except LockedError:
        listen(Detailed("what was found is not remembered: another run for this account is going on"))
    return [Suggestion(one.record, known.get(one.record.key) or new.get(one.record.key)) for one in found]
