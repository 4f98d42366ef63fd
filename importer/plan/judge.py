"""Whether a row may be sent, for every adapter alike: range, identity, date, filter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from importer.identity import trusted
from importer.model import (
    DAY,
    Date,
    Item,
    Kind,
    Origin,
    Outcome,
    Precision,
    Reason,
    Rejected,
    Row,
    Ruling,
    Skipped,
    value,
)

LOWEST, HIGHEST = 1, 10
"""Simkl stores no rating outside, and names it under not_found (/api-reference/simkl/add-ratings)."""

AHEAD = 48 * 3600
"""A date further ahead of the run's start than this is a mistake; nearer ones are other people's time zones."""

EARLIEST = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())

_REJECTED = {reason: (Outcome.REJECTED, reason) for reason in Reason}
_SKIPPED = {reason: (Outcome.SKIPPED, reason) for reason in Reason}
_DUPLICATE: Ruling = (Outcome.DUPLICATE, None)


class Undated(StrEnum):
    """What a rating without a rating date gets."""

    WATCHED = "watched"
    NOW = "now"
    SKIP = "skip"


@value
class Policy:
    """The options that judge a row. `start` is the run's start, `since` the first moment to take, both in seconds."""

    start: int
    undated: Undated = Undated.WATCHED
    only: frozenset[Kind] = frozenset()
    since: int | None = None


_ANY = Policy(0)


def plausible(date: Date, start: int) -> bool:
    """Tell whether a date can be meant: from 1900 to 48 hours ahead, and not the epoch's day, which means unknown."""
    value = date.value
    return EARLIEST <= value <= start + AHEAD and not 0 <= value < DAY


def date_of(date: Date | None, policy: Policy) -> Date | None:
    """Return the date to send for a row's date, before its rank in the day; None where `--undated skip` leaves the row
    out.
    """
    if date is not None and (policy.undated is Undated.WATCHED or date.true) and plausible(date, policy.start):
        return date
    if policy.undated is Undated.SKIP:
        return None
    return Date(policy.start, Precision.SECOND, Origin.RUN)


def judge(row: Row, policy: Policy) -> Date | Ruling:
    """Return the date that a good row is sent with, else why it is not: the first fault in the contract's order."""
    if not isinstance(row, Item):
        if isinstance(row, Rejected):
            # A date is looked at last: what else is wrong with the row counts first.
            dateless = replace(row.item, date=None) if row.reason is Reason.UNREADABLE_DATE else None
            fault = None if dateless is None else judge(dateless, _ANY)
            return fault if fault is not None and not isinstance(fault, Date) else _REJECTED[row.reason]
        if isinstance(row, Skipped):
            return _SKIPPED[row.reason]
        return _DUPLICATE
    if row.kind is None:
        return _SKIPPED[Reason.UNSUPPORTED_KIND]
    rating = row.rating
    if rating is None:
        return _REJECTED[Reason.NOT_A_NUMBER]
    if type(rating) is not int or not LOWEST <= rating <= HIGHEST:
        return _REJECTED[Reason.OUT_OF_RANGE]
    if not (row.year and row.title.strip()) and not trusted(row.kind, row.ids):
        return _REJECTED[Reason.NO_YEAR if row.title.strip() else Reason.NO_IDENTITY]
    date = date_of(row.date, policy)
    if date is None:
        return _SKIPPED[Reason.UNDATED]
    return _SKIPPED[Reason.FILTERED] if _filtered(row, date, policy) else date


def _filtered(item: Item, date: Date, policy: Policy) -> bool:
    if policy.only and item.kind not in policy.only:
        return True
    return policy.since is not None and (not date.true or date.value < policy.since)
