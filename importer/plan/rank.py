"""When a rating is sent as given, and in which order: stand-in dates first, then oldest first."""

from __future__ import annotations

from collections.abc import Sequence

from importer.model import DAY, NOON, Date, Precision
from importer.plan.dedupe import Judged, Titles
from importer.plan.sides import Ours

LAST_RANK = 3_599
"""12:59:59: with more ratings on one day than seconds in the hour, the last ones share it."""


def ranked(rows: Sequence[Judged], titles: Titles, start: int) -> list[Ours]:
    """Give each title its moment. A day becomes noon UTC plus the title's rank among that day's, in file order, so that
    the order within a day survives; a day whose noon is still ahead becomes `start`, the run's.
    """
    seen: dict[int, int] = {}
    merged = titles.merged
    ours: list[Ours] = []
    for i in titles.winners:
        n, item, date = rows[i]
        rating = item.rating
        if type(rating) is not int:
            raise TypeError(f"row {n} was not judged before it was ranked")
        rated_at = date.value
        if date.precision is Precision.DAY:
            day = rated_at // DAY
            rank = seen.get(day, 0)
            seen[day] = rank + 1
            noon = day * DAY + NOON
            rated_at = start if noon > start else noon + min(rank, LAST_RANK)
        others = merged.get(i)
        if others is None:
            ours.append(Ours(n=n, item=item, ids=titles.ids[i], rating=rating, date=date, rated_at=rated_at, others=()))
        else:
            ours.append(
                Ours(n=n, item=item, ids=others.ids, rating=rating, date=date, rated_at=rated_at, others=others.others)
            )
    return ours


def sending_order(date: Date, rated_at: int, n: int) -> tuple[bool, int, int]:
    """A sort key: where Simkl folds two items into one title the last one wins, so that must be the newest."""
    return (date.true, rated_at, n)
