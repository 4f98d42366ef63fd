"""What a run has sent, each rating with the row it came of: what reading back is told from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from importer.journal.store import Journal
from importer.journal.values import ids_value
from importer.model import Date, Ids, Kind, Origin, Precision

_SENT = (
    "FROM changes c JOIN items i USING (key) WHERE c.run = ? AND c.after_rating IS NOT NULL AND i.rated_at IS NOT NULL"
)
_KINDS = {kind.value: kind for kind in Kind}
_PRECISIONS = {precision.value: precision for precision in Precision}
_ORIGINS = {origin.value: origin for origin in Origin}


@dataclass(frozen=True, slots=True)
class Sent:
    """A rating that was sent. `rated_at` is the moment that went out; the row knew it to its precision.

    `simkl` is the id by which its title was known then, `unseen` tells that no rating of that title was. `place` is
    that of its row, None where no row of the run waits to hear of it; `answered` tells that its batch had an answer.
    """

    key: str
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    rating: int
    rated_at: int
    precision: Precision
    origin: Origin
    simkl: int | None
    batch: int
    unseen: bool = True
    place: int | None = None
    answered: bool = True

    @property
    def date(self) -> Date:
        """The date that went out, as far as it can be believed."""
        return Date(self.rated_at, self.precision, self.origin)


def has_sent(journal: Journal, run: int) -> bool:
    """Whether a run has sent any rating of a row."""
    return journal.row(f"SELECT 1 {_SENT} LIMIT 1", (run,)) is not None


def sent_in(journal: Journal, run: int) -> Iterator[Sent]:
    """All ratings that a run has sent, in the order they went; a key that went again comes again."""
    places: dict[str, int] = {}
    unanswered: set[str] = set()
    for key, place, pending in journal.rows(
        "SELECT key, place, outcome = 'pending' FROM rows WHERE run = ?"
        " AND (outcome = 'pending' OR batch IS NOT NULL AND outcome NOT IN ('not_found', 'failed'))",
        (run,),
    ):
        places[key] = place
        if pending:
            unanswered.add(key)
    for row in journal.rows(
        "SELECT c.key, i.kind, i.title, i.year, i.ids, c.after_rating, coalesce(c.after_at, i.rated_at), i.precision,"
        f" i.origin, coalesce(c.simkl, i.simkl), c.batch, c.before_rating IS NULL {_SENT} ORDER BY c.batch, c.n",
        (run,),
    ):
        key, kind, title, year, ids, rating, rated_at, precision, origin, simkl, batch, unseen = row
        yield Sent(
            key, _KINDS.get(kind, Kind.MOVIE), title, year, ids_value(ids), rating, rated_at, _PRECISIONS[precision],
            _ORIGINS[origin], simkl, batch, bool(unseen), places.get(key), key not in unanswered,
        )  # fmt: skip
