"""Whether a title may be taken off the library: only where a rating of ours put it there and nothing came since. Pure.

Conditions: all that a person could mind is held against what is on record; any doubt leaves the title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from importer.journal.change import Change
from importer.model import value
from importer.readback.appearance import stands
from importer.readback.habit import Habit
from importer.simkl.library import Listed


class Doubt(StrEnum):
    """Why a title stays on its list, in words that follow a number of titles."""

    BEFORE = "on a list before the import"
    UNKNOWN = "of which nobody knows whether they were on one before"
    MOVED = "on another list by now"
    RATED = "with a rating that is not this import's"
    WATCHED = "watched, as far as Simkl tells"


@value
class Sent:
    """What is on record of a change's batch: the list that its answer named, and when it began and ended."""

    status: str | None
    began: int
    ended: int | None


def doubt_about(row: Listed, changes: Sequence[Change], sent: Mapping[int, Sent], habit: Habit | None) -> Doubt | None:
    """Return why a title must stay on its list, None where it may go.

    `row` is its library row read anew, `changes` are those of ours there that are taken back, in sending order, and
    `sent` is what is on record of each by its number in sending order.
    """
    first = changes[0]
    if first.listed is not False:
        return Doubt.UNKNOWN if first.listed is None else Doubt.BEFORE
    status = sent[first.order].status
    if status is None:
        return Doubt.UNKNOWN
    if row.status != status:
        return Doubt.MOVED
    if row.rating is not None and not any(stands(change, row.rating, habit) for change in changes):
        return Doubt.RATED
    if row.episodes or not _explained(row.watched_at, changes, sent):
        return Doubt.WATCHED
    return None


def _explained(watched_at: int | None, changes: Sequence[Change], sent: Mapping[int, Sent]) -> bool:
    """Tell whether a watch date can come from our rating: there is none, it is our date, or from within our batch."""
    if watched_at is None:
        return True
    for change in changes:
        if watched_at in (change.rated_at, change.seen_at):
            return True
        batch = sent[change.order]
        if batch.ended is not None and batch.began <= watched_at <= batch.ended:
            return True
    return False
