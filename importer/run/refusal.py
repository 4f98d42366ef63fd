"""A row that is not sent, as it is told: also by `check`, which knows no journal."""

from __future__ import annotations

import zlib

from importer.model import Item, Outcome, Reason, Rejected, Row, Ruling
from importer.plan.sides import Remembered
from importer.record import Record, row_record

LARGEST = 1 << 53
"""From here on not every JSON reader, and soon no column of SQLite, can hold a whole number."""


def row_digest(item: Item) -> int:
    """Return a number for what a row says: a rejected row is judged a new finding when it changes."""
    # By its value, not its text: a rejects file says the same on the 1-10 scale.
    rating = item.source_rating if item.rating is None else item.rating
    return zlib.crc32(f"{rating}|{item.kind}|{item.title}|{item.year}|{item.ids}".encode())


def seen_before(item: Item, reason: Reason | None, past: Remembered | None) -> bool:
    """Tell whether a rejected row was rejected before, just as it is."""
    return (
        past is not None
        and past.outcome is Outcome.REJECTED
        and past.reason == (reason and reason.value)
        and past.asked == row_digest(item)
    )


def unread(row: Row) -> str:
    """Return what of a row could not be read, word for word, or ""."""
    return row.text if isinstance(row, Rejected) else ""


def refused(
    source: str, item: Item, ruling: Ruling, past: Remembered | None, *, closed: bool = False, text: str = ""
) -> Record:
    """Return a row that is not sent, and why. `closed`: a person has mended it elsewhere, it is no finding any more.

    `text` is what of it could not be read.
    """
    outcome, reason = ruling
    # A text such as 10^30 is a number too, but none that a report or the resume file needs to hold as one.
    rating = item.rating if type(item.rating) is int and abs(item.rating) < LARGEST else None
    return row_record(
        source,
        item,
        outcome,
        rating=rating,
        date=item.date,
        reason=reason,
        text=text,
        fresh=outcome is Outcome.REJECTED and not closed and not seen_before(item, reason, past),
    )
