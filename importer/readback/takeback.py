"""What a title gets back when its changes are undone. Pure: changes and the account in, one wish out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from importer.plan.sides import Theirs

TOLERANCE = 14 * 3600
"""Seconds by which Simkl may give back a date otherwise than sent, where that was never read back: a time zone."""


class Changed(Protocol):
    """One change on record; rating and date before and after, None where there is no rating."""

    @property
    def before_rating(self) -> int | None: ...
    @property
    def before_at(self) -> int | None: ...
    @property
    def after_rating(self) -> int | None: ...
    @property
    def after_at(self) -> int | None: ...
    @property
    def landed(self) -> bool: ...
    @property
    def answered(self) -> bool: ...
    @property
    def refused(self) -> bool: ...


class Standing(StrEnum):
    """What undo finds on a title."""

    TAKE_BACK = "take back"
    LEFT = "left"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a title should have: a rating and its date, or None for none. The date is None where Simkl gave none."""

    standing: Standing
    rating: int | None
    rated_at: int | None


def take_back(changes: Sequence[Changed], theirs: Theirs | None, *, force: bool) -> Wish:
    """Walk a title's changes backwards, the oldest first in `changes`.

    What stands there is a change's `after`: it is taken back. It is its `before`, value and date, and its batch has no
    answer, nor was it ever read back: it never arrived. Anything else is the person's: stop there, unless `force` goes
    on.
    """
    rating = theirs.rating if theirs is not None else None
    rated_at = theirs.rated_at if theirs is not None else None
    taken: Changed | None = None
    for change in reversed(changes):
        if change.refused or (taken is not None and not change.answered and _same(change, taken)):
            continue  # it never was, or is the one just taken back: sent again because its answer was lost
        if _stands(change, rating, rated_at) or force:
            rating, rated_at, taken = change.before_rating, change.before_at, change
        elif not (change.answered or change.landed) and (rating, rated_at) == (change.before_rating, change.before_at):
            continue
        else:
            return Wish(Standing.TAKE_BACK if taken is not None else Standing.LEFT, rating, rated_at)
    unmoved = (theirs.rating, theirs.rated_at) == (rating, rated_at) if theirs is not None else rating is None
    return Wish(Standing.TAKE_BACK if taken is not None and not unmoved else Standing.UNCHANGED, rating, rated_at)


def _stands(change: Changed, rating: int | None, rated_at: int | None) -> bool:
    if rating != change.after_rating:
        return False
    if rating is None or rated_at is None or change.after_at is None:
        return True
    return abs(rated_at - change.after_at) <= (0 if change.landed else TOLERANCE)


def _same(change: Changed, other: Changed) -> bool:
    return (change.before_rating, change.before_at, change.after_rating, change.after_at) == (
        other.before_rating, other.before_at, other.after_rating, other.after_at,
    )  # fmt: skip
