"""What a run has sent, each rating with the row it came of: what reading back is told from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from importer.journal.store import Journal
from importer.journal.values import date_value, ids_value
from importer.model import Date, Ids, Kind, Origin, Precision

_SENT = "FROM changes c JOIN items i USING (key) WHERE c.run = ? AND c.after_rating IS NOT NULL"
_LEFT = "(outcome IN ('unchanged', 'kept') OR outcome = 'skipped' AND reason = 'filtered')"
"""What a plan makes of a row that could be sent and is not."""

_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Sent:
    """A rating that was sent. `rated_at` is the moment that went out, `date` what the row says of it.

    `simkl` is the id by which its title was known then, `unseen` tells that no rating of that title was. `place` is
    that of its row, None where no row of the run waits to hear of it; `answered` tells that its batch had an answer;
    `left` that the row was left alone in the end, so that only a POST that did arrive counts.
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
    unseen: bool
    place: int | None
    answered: bool
    left: bool


def has_sent(journal: Journal, run: int) -> bool:
    """Whether a run has sent any rating of a row."""
    return journal.row(f"SELECT 1 {_SENT} LIMIT 1", (run,)) is not None


def sent_in(journal: Journal, run: int) -> Iterator[Sent]:
    """All ratings that a run has sent, in the order they went; a key that went again comes again."""
    waiting = _places(journal, run, "outcome = 'pending'")
    answered = _places(journal, run, "batch IS NOT NULL AND outcome NOT IN ('pending', 'not_found', 'failed')")
    left = _places(journal, run, f"batch IS NULL AND {_LEFT}") if _any_unanswered(journal, run) else {}
    for row in journal.rows(
        "SELECT c.key, i.kind, i.title, i.year, i.ids, c.after_rating, coalesce(c.after_at, i.rated_at), i.rated_at,"
        " i.precision, i.origin, coalesce(c.simkl, i.simkl), c.batch, c.before_rating IS NULL"
        f" {_SENT} ORDER BY c.batch, c.n",
        (run,),
    ):
        key, kind, title, year, ids, rating, rated_at, value, precision, origin, simkl, batch, unseen = row
        place = waiting.get(key, answered.get(key))
        yield Sent(
            key, _KINDS.get(kind, Kind.MOVIE), title, year, ids_value(ids), rating, rated_at,
            _date(value, precision, origin) or Date(rated_at, Precision.SECOND, Origin.RUN), simkl, batch, bool(unseen),
            left.get(key) if place is None else place, key in answered, place is None and key in left,
        )  # fmt: skip


def _places(journal: Journal, run: int, which: str) -> dict[str, int]:
    return dict(journal.rows(f"SELECT key, place FROM rows WHERE run = ? AND {which}", (run,)))


def _any_unanswered(journal: Journal, run: int) -> bool:
    return journal.row("SELECT 1 FROM batches WHERE run = ? AND state = 'sending'", (run,)) is not None


@lru_cache(maxsize=64)
def _date(value: int | None, precision: str | None, origin: str | None) -> Date | None:
    """The one date of many rows: they come in its order. None where a later export gives the key none any more."""
    return date_value(value, precision, origin)
