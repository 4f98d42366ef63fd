"""What a title gets back when its changes are undone. Pure: changes and the account in, one wish out."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby

from importer.journal.change import Change
from importer.model import AccountRating, value
from importer.readback.habit import Habit, agrees
from importer.readback.judging import rank
from importer.readback.known import Standing


class Verdict(StrEnum):
    """What undo makes of a title: TAKE_BACK gives it what it had; LEFT is the person's; UNCHANGED has it already."""

    TAKE_BACK = "take back"
    LEFT = "left"
    UNCHANGED = "unchanged"


@value
class Wish:
    """What a title should have again: a rating and its date, or None for none.

    `covered` are the changes that are taken back by that.
    """

    verdict: Verdict
    want: Standing | None
    covered: tuple[Change, ...]


def wish_for(
    changes: Sequence[Change],
    others: Sequence[Change],
    theirs: AccountRating | None,
    habit: Habit | None,
    *,
    force: bool,
) -> Wish:
    """Walk a title's changes backwards, run by run; `changes` are those in scope, in sending order, `others` are rows
    of the same runs on that title that are not to be taken back.

    What stands there is one of the run's writes: it is taken back. It is what stood there before that run: there is
    nothing to take back, on to the one before. Anything else is the person's: stop there, unless `force` goes on.
    """
    now = standing = None if theirs is None else (theirs.rating, theirs.rated_at)
    covered: list[Change] = []
    idle: list[Change] = []
    layers = [list(layer) for _, layer in groupby(changes, key=lambda change: change.run)]
    for depth, layer in reversed(list(enumerate(layers))):
        if force or any(_wrote(change, now, habit, read=now == standing) for change in layer):
            covered += layer
            now = _beneath(layer, others, habit)
        elif now == _found(layer, habit):
            idle += layer
        elif any(_wrote(change, now, habit, read=now == standing) for below in layers[:depth] for change in below):
            covered += layer  # an earlier run's row was set right after it: of this run nothing stands there any more
        else:
            done = _in_order(covered, idle) if covered else ()
            return Wish(Verdict.TAKE_BACK if covered else Verdict.LEFT, now, done)
    verdict = Verdict.UNCHANGED if now == standing else Verdict.TAKE_BACK
    return Wish(verdict, now, _in_order(covered, idle))


def _in_order(*parts: list[Change]) -> tuple[Change, ...]:
    """Return what is taken back, and what nothing stands of any more: it is done with as well."""
    return tuple(sorted((change for part in parts for change in part), key=lambda change: change.order))


def date_to_send(want: Standing | None, written: Sequence[Change], habit: Habit | None) -> int | None:
    """Return the date to send so that a title reads as it is to read again; None where nobody knows one.

    What one of our own changes had `written` there is sent as it was then: nobody may know yet by how much dates are
    shifted, and where Simkl gives none back, its date is on record all the same.
    """
    if want is None:
        return None
    ours = [change.rated_at for change in written if (change.rating, change.seen_at) == want]
    if ours and ours[-1] is not None:
        return ours[-1]
    if want[1] is None:
        return None
    return habit.stored(want[1]) if habit is not None else want[1]


def _found(layer: Sequence[Change], habit: Habit | None) -> Standing | None:
    """Return what a run had found on a title, none of its own: where the person came in between its parts, what they
    left.
    """
    for n in range(len(layer) - 1, 0, -1):
        before = layer[n].before
        if not any(_wrote(change, before, habit, read=False) for change in layer[:n]):
            return before
    return layer[0].before


def _beneath(layer: Sequence[Change], others: Sequence[Change], habit: Habit | None) -> Standing | None:
    """Return what a title has without these changes of a run: the best of the run's other rows there, else what it had
    before, where that is newer.
    """
    before = _found(layer, habit)
    beside = [change for change in others if change.run == layer[0].run and change.rated_at is not None]
    if not beside:
        return before
    best = max(beside, key=lambda change: rank(change.date, change.order))
    if best.rating is None or best.rated_at is None:
        return before
    if before is not None and not (best.date.true and before[1] is not None and best.rated_at > before[1]):
        return before
    if best.seen_at is not None:
        return best.rating, best.seen_at
    return best.rating, habit.shown(best.rated_at) if habit is not None else best.rated_at


def _wrote(change: Change, there: Standing | None, habit: Habit | None, *, read: bool) -> bool:
    """Tell whether a change wrote what stands there; `read`: as it is read now, and not as another run left it."""
    if there is None or change.rating is None:
        return there is None and change.rating is None
    if change.rating != there[0]:
        return False
    if change.seen_at is not None and there[1] is not None and read:
        return change.seen_at == there[1]
    return there[1] in (change.seen_at, change.rated_at) or agrees(change.rated_at, there[1], habit)
