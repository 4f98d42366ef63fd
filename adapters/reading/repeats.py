"""Rows of one title that stand in a file more than once, where the order of the file says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from importer.model import Item, Reason, Rejected, Row


def told_apart(rows: list[Row]) -> Iterator[Row]:
    """Yield all rows; those of one key with different ratings, of which no date tells the last, are ambiguous."""
    same: dict[str, list[Item]] = {}
    for row in rows:
        if isinstance(row, Item):
            same.setdefault(row.key, []).append(row)
    for row in rows:
        doubtful = isinstance(row, Item) and len(same[row.key]) > 1 and _contradict(same[row.key])
        yield Rejected(row, Reason.AMBIGUOUS_TITLE) if doubtful and isinstance(row, Item) else row


def _contradict(items: Iterable[Item]) -> bool:
    ratings = {item.rating for item in items}
    return len(ratings) > 1 and all(item.date is None for item in items)
