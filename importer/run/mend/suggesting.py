"""Suggestions for a spreadsheet: every row that needs a person, and the title that a search finds good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importer.events import Listen
from importer.model import Row
from importer.plan.candidates import Candidate
from importer.record import Record
from importer.run.mend.desk import Desk
from importer.run.mend.searching import NO_CANDIDATES
from importer.run.mend.telling import DAY_NEARLY_USED, to_search


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row, and the title that is good enough to be suggested for it."""

    record: Record
    candidate: Candidate | None


async def suggest(desk: Desk, rows: Sequence[Row] | None, limit: int, listen: Listen) -> list[Suggestion]:
    """Return every row, each with the title that a search finds good enough; nothing is chosen by that."""
    found = await desk.findings(rows)
    looked_for = {one.record.key for one in to_search(desk, found, limit, listen)}
    suggestions: list[Suggestion] = []
    for one in found:
        if one.record.key in looked_for and not desk.may_search():
            listen(DAY_NEARLY_USED)
            looked_for.clear()
        ranking = await desk.search(one) if one.record.key in looked_for else NO_CANDIDATES
        suggestions.append(Suggestion(one.record, ranking.suggestion))
    return suggestions
