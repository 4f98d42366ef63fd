"""What a run has sent, each rating with the row it came of: what reading back is told from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from importer.journal.store import Journal
from importer.journal.values import date_value, ids_value
from importer.model import Date, Ids, Kind, Outcome

_KINDS = {kind.value: kind for kind in Kind}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Sent:
    """A rating that was sent: `rated_at` is the moment that went out, `date` how far it can be believed.

    `simkl` is the id by which its title was known then, `unseen` tells that no rating of that title was. `place` and
    `outcome` are those of its row; None where no row of the run waits to hear of it.
    """

    key: str
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    rating: int
    rated_at: int
    date: Date
    simkl: int | None
    batch: int
    unseen: bool = True
    place: int | None = None
    outcome: Outcome | None = None


def sent_in(journal: Journal, run: int) -> Iterator[Sent]:
    """All ratings that a run has sent, in the order they went; a key that went again comes again."""
    rows = {
        key: (place, _OUTCOMES[outcome])
        for key, place, outcome in journal.rows(
            "SELECT key, place, outcome FROM rows WHERE run = ? AND (batch IS NOT NULL OR outcome = 'pending')", (run,)
        )
    }
    for row in journal.rows(
        "SELECT c.key, i.kind, i.title, i.year, i.ids, c.after_rating,"
        " coalesce(c.after_at, i.rated_at), i.rated_at, i.precision, i.origin, coalesce(c.simkl, i.simkl), c.batch,"
        " c.before_rating IS NULL FROM changes c JOIN items i USING (key)"
        " WHERE c.run = ? AND c.after_rating IS NOT NULL AND i.rated_at IS NOT NULL ORDER BY c.batch, c.n",
        (run,),
    ):
        key, kind, title, year, ids, rating, rated_at, value, precision, origin, simkl, batch, unseen = row
        place, outcome = rows.get(key, (None, None))
        yield Sent(
            key, _KINDS.get(kind, Kind.MOVIE), title, year, ids_value(ids), rating, rated_at,
            date_value(value, precision, origin), simkl, batch, bool(unseen), place, outcome,
        )  # fmt: skip
