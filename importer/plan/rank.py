"""When a rating is sent as given, and in which order: stand-in dates first, then oldest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from importer.identity import Box, box_of
from importer.model import DAY, NOON, Date, Item, Precision, Ruling
from importer.plan.dedupe import Merged
from importer.plan.title import Title, make_title

LAST_RANK = 3_599
"""12:59:59: with more ratings on one day than seconds in the hour, the last ones share it."""


def ranked(items: Sequence[Item], verdicts: Sequence[Date | Ruling], merged: Merged, start: int) -> Iterator[Title]:
    """Give each title its moment, in the input order of the rows that count: those whose verdict is a date.

    A day becomes noon UTC plus the title's rank among that day's, in file order, so that the order within a day
    survives; a day whose noon is still ahead becomes `start`, the run's.
    """
    seen: dict[int, int] = {}
    for n, (item, date, ids) in enumerate(zip(items, verdicts, merged.ids, strict=True)):
        if not isinstance(date, Date):
            continue
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
        yield make_title(
            n=n, item=item, ids=ids, rating=rating, date=date, rated_at=rated_at, others=merged.others.get(n, ())
        )


def sending_order(date: Date, rated_at: int, n: int) -> tuple[bool, int, int]:
    """Return a sort key: where Simkl folds two items into one title the last one wins, so that must be the newest."""
    return (date.true, rated_at, n)


def order_of(title: Title) -> tuple[bool, bool, int, int]:
    """Return the order in which titles are sent: shows before movies, within each stand-in dates first, then oldest
    first.
    """
    in_movies = box_of(title.kind, title.ids) is Box.MOVIES
    if title.instead is not None:
        return (in_movies, *sending_order(title.instead, title.instead.value, title.n))
    return (in_movies, *sending_order(title.date, title.rated_at, title.n))
