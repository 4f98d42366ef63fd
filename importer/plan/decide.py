"""Three sides, one decision: what becomes of a title given the row now, the account now, and when they last agreed."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from importer.model import DAY, AccountRating, Date, Origin, Outcome, Precision, Reason, Ruling, value
from importer.plan.sides import Base

SEND: Ruling = (Outcome.PENDING, None)


class OnConflict(StrEnum):
    """Who wins where both sides changed, or the account has a different rating that this tool does not know."""

    NEWER = "newer"
    KEEP = "keep"
    OVERWRITE = "overwrite"


@value
class Rules:
    """The options that decide. `start` is the run's start, seconds since the epoch."""

    start: int
    on_conflict: OnConflict = OnConflict.NEWER
    redate: bool = False


class Said(Protocol):
    """What the row says: a title of this import, or what was sent of it."""

    @property
    def rating(self) -> int: ...
    @property
    def date(self) -> Date: ...
    @property
    def rated_at(self) -> int: ...


def decide(
    ours: Said, base: Base | None, theirs: AccountRating | None, theirs_date: Date | None, rules: Rules
) -> Ruling:
    """Apply the contract's table ("Re-import: three sides"), row by row.

    `theirs_date` is the account's date as far as it can be believed: None where there is no rating, where Simkl has no
    date of it, or where it is known to be a stand-in of ours; of day precision where it is known to be a day of ours.
    """
    if theirs is not None and theirs.rating == ours.rating:
        wrong_date = rules.redate and ours.date.origin is not Origin.RUN and not _same_moment(ours, theirs.rated_at)
        return SEND if wrong_date else (Outcome.UNCHANGED, None)
    if base is None:
        return SEND if theirs is None else _conflict(ours, theirs_date, rules)
    if not _ours_changed(ours, base):
        if _theirs_changed(base, theirs):
            return Outcome.KEPT, Reason.CHANGED_ON_SIMKL
        return SEND
    if _theirs_changed(base, theirs):
        return _conflict(ours, theirs_date, rules)
    said = base.said_date
    if said is not None and ours.date.true and said.true and older(ours.date, said):
        if not one_day_apart(ours.date, said):
            return Outcome.KEPT, Reason.OLDER_EXPORT
        if rules.on_conflict is not OnConflict.OVERWRITE:
            return Outcome.KEPT, Reason.CONFLICT
    return SEND


def date_instead(ours: Said, base: Base | None, theirs: AccountRating | None, start: int) -> Date | None:
    """Return the date to send in place of the row's own, None where that one is sent.

    A changed value without a true date was changed at some time before this run, and nobody knows better than its
    start.
    """
    if base is None or ours.date.true or ours.rating == base.said_rating:
        return None
    if theirs is not None and theirs.rating == ours.rating:
        return None  # only the date on the account is corrected
    return Date(start, Precision.SECOND, Origin.RUN)


def newer(date: Date, other: Date) -> bool:
    """Tell whether `date` is after `other` at the coarser precision of the two; a tie is not."""
    if date.precision is Precision.DAY or other.precision is Precision.DAY:
        return date.day > other.day
    return date.value > other.value


def older(date: Date, other: Date) -> bool:
    """Tell whether `date` is before `other` at the coarser precision of the two; a tie is not."""
    return newer(other, date)


def _conflict(ours: Said, theirs_date: Date | None, rules: Rules) -> Ruling:
    wins = rules.on_conflict is OnConflict.OVERWRITE
    if rules.on_conflict is OnConflict.NEWER and theirs_date is not None:
        wins = ours.date.true and newer(ours.date, theirs_date)
    return SEND if wins else (Outcome.KEPT, Reason.CONFLICT)


def one_day_apart(date: Date, other: Date) -> bool:
    """Tell whether two bare days follow each other: a site's days move by one between exports of one account, so that
    such a difference tells nothing.
    """
    both = date.precision is Precision.DAY and other.precision is Precision.DAY
    return both and abs(date.day - other.day) == 1


def _ours_changed(ours: Said, base: Base) -> bool:
    if ours.rating != base.said_rating:
        return True
    said = base.said_date
    if said is None or not said.true or not ours.date.true:
        return False
    return (newer(ours.date, said) or older(ours.date, said)) and not one_day_apart(ours.date, said)


def _theirs_changed(base: Base, theirs: AccountRating | None) -> bool:
    if theirs is None or theirs.rating != base.account_rating:
        return True
    if theirs.rated_at is None or base.account_rated_at is None:
        return False
    return theirs.rated_at != base.account_rated_at


def _same_moment(ours: Said, theirs: int | None) -> bool:
    if theirs is None:
        return False
    if ours.date.precision is Precision.DAY:
        return theirs // DAY == ours.rated_at // DAY
    return theirs == ours.rated_at
