"""When a rating is sent as given, and in which order: stand-in dates first, then oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from importer.model import DAY, NOON, Date, Precision
from importer.plan.dedupe import Merged
from importer.plan.judge import Policy, date_of
from importer.plan.sides import Ours

LAST_RANK = 3_599
"""12:59:59: with more ratings on one day than seconds in the hour, the last ones share it."""


def ranked(titles: Iterable[Merged], policy: Policy) -> list[Ours]:
    """Give each title its moment. A day becomes noon UTC plus the title's rank among that day's, in file order, so that
    the order within a day survives; a day whose noon is still ahead becomes the run's start.
    """
    seen: Counter[int] = Counter()
    ours: list[Ours] = []
    for title in titles:
        item = title.item
        date = date_of(item, policy)
        rating = item.rating
        if date is None or not isinstance(rating, int):
            raise ValueError(f"row {title.n} was not judged before it was ranked")
        rated_at = date.value
        if date.precision is Precision.DAY:
            day = date.value // DAY
            rated_at = min(day * DAY + NOON + min(seen[day], LAST_RANK), policy.start)
            seen[day] += 1
        ours.append(Ours(title.n, item, title.ids, rating, date, rated_at, title.others))
    return ours


def sending_order(date: Date, rated_at: int, n: int) -> tuple[bool, int, int]:
    """A sort key: where Simkl folds two items into one title the last one wins, so that must be the newest."""
    return (date.true, rated_at, n)
