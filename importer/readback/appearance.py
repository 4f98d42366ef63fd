"""How a change of ours looks when it is read back, and whether a rating that is read can be it. Pure."""

from __future__ import annotations

from importer.journal.change import Change
from importer.model import DAY, FURTHEST_ZONE, AccountRating, Precision
from importer.readback.habit import Habit, agrees


def stands(change: Change, theirs: AccountRating | None, habit: Habit | None) -> bool:
    """Tell whether what stands on a title can be what a change wrote there."""
    if theirs is None:
        return change.rating is None
    if change.rating != theirs.rating:
        return False
    if change.seen_at is not None and theirs.rated_at is not None:
        return change.seen_at == theirs.rated_at
    return agrees(change.rated_at, theirs.rated_at, habit)


def shown_between(change: Change, habit: Habit | None) -> tuple[int, int] | None:
    """Return the first and last date that a change can be shown with: one if it was seen or the habit is known."""
    if change.seen_at is not None:
        return change.seen_at, change.seen_at
    sent = change.rated_at
    if sent is None:
        return None
    if habit is not None:
        return habit.shown(sent), habit.shown(sent)
    return min(sent - FURTHEST_ZONE, sent // DAY * DAY), sent + FURTHEST_ZONE


def date_fits(change: Change, back: int) -> bool:
    """Tell whether a date that is read is the one that was sent, as exactly as its row knows it."""
    sent = change.rated_at or 0
    return back // DAY == sent // DAY if change.date.precision is Precision.DAY else back == sent
