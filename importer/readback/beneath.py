"""What lies beneath our open changes on a title: what stood there before, and which row of ours had put it there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from importer.journal.change import Change, Role, State
from importer.journal.owed import Why
from importer.readback.appearance import shown_between
from importer.readback.habit import Habit, agrees
from importer.readback.known import Opening, Standing
from importer.readback.title import JudgedTitle


def prior_of(title: JudgedTitle) -> tuple[Standing | None, bool, dict[int, Standing | None]]:
    """Return what stood on a title before our open changes, whether that is known, and what stood there before each
    run.

    Not simply what stood before the first change: the person may have edited since.

    The openings of the runs that wrote it are walked, the oldest first: what is not one of our own earlier writes
    counts.
    """
    first = title.changes[0]
    owing = _owing(title)
    if owing:
        prior = _below_owing(title, owing)
        return prior, True, {change.run: _before(title, change, prior) for change in title.changes}
    same_run = _last_in_run(title, first)
    if same_run is not None:
        prior, known = _left_by(title, same_run), True
    else:
        opening = title.openings.get(first.run)
        known = opening is not None and opening.knows(title.simkl)
        prior = _opened_with(title, opening, first) if opening is not None else None
    befores = {first.run: _before(title, first, prior)}
    for last, change in pairwise(title.changes):
        opening = title.openings.get(change.run)
        if change.run != last.run and opening is not None and opening.knows(title.simkl):
            there = _opened_with(title, opening, change)
            earlier = [one for one in title.changes if one.order < change.order]
            befores[change.run] = _before(title, change, there)
            if not any(is_value(one, there, title.habit) for one in earlier):
                prior, known = there, True
        befores.setdefault(change.run, _before(title, change, prior))
        between = _last_in_run(title, change)
        if between is not None and between.order > last.order:  # another row of ours, settled since
            prior, known = _left_by(title, between), True
    return prior, known, befores


def _opened_with(title: JudgedTitle, opening: Opening, change: Change) -> Standing | None:
    """Return what stood on the title before the run of a change. A rating of ours that an undo has taken back since is
    none: what lay below it counts.
    """
    taken = [
        one
        for one in title.history
        if one.state is State.TAKEN and one.undone is not None and one.undone > change.run > one.run
    ]
    return _without(taken, opening.ratings.get(title.simkl), title.habit)


def _without(changes: Sequence[Change], there: Standing | None, habit: Habit | None) -> Standing | None:
    """Return what would stand where `there` does, had these changes of ours, given in sending order, never been."""
    for one in reversed(changes):
        if there is not None and is_value(one, there, habit):
            there = one.before
    return there


def _owing(title: JudgedTitle) -> list[Change]:
    """Return the changes because of which a title is owed something, in sending order."""
    debt = title.debt
    if debt is None or debt.why is Why.UNDO:
        return []
    return [
        change
        for change in title.history
        if change.role is Role.ROW and change.state is State.SEEN and debt.since <= change.order <= debt.upto
    ]


def _below_owing(title: JudgedTitle, owing: Sequence[Change]) -> Standing | None:
    """Return what lies beneath the changes because of which a title is owed something: what is to be given back, else
    what the last of them found there that was none of ours.
    """
    debt = title.debt
    if debt is not None and debt.why is Why.GIVE:
        return None if debt.rating is None else (debt.rating, debt.read_at)
    prior = owing[0].before
    for change in owing[1:]:
        earlier = [one for one in title.history if one.order < change.order]
        if not any(is_value(one, change.before, title.habit) for one in earlier):
            prior = change.before
    return prior


def winner_to_be(title: JudgedTitle) -> list[Change]:
    """Return the row whose rating is owed to a title, and that competes with what came after it."""
    debt = title.debt
    if debt is None or debt.why is not Why.WINNER:
        return []
    return [change for change in _owing(title) if change.key == debt.key][-1:]


def _last_in_run(title: JudgedTitle, first: Change) -> Change | None:
    """Return what an earlier part of the same run left on the title."""
    earlier = [
        change
        for change in title.history
        if change.run == first.run
        and change.order < first.order
        and change.state in (State.SEEN, State.SETTLED)
        and change.role in (Role.ROW, Role.WINNER)
    ]
    return earlier[-1] if earlier else None


def _left_by(title: JudgedTitle, change: Change) -> Standing | None:
    """Return what stood on the title after an earlier change of the same run: its rating, unless the person's came
    since.
    """
    return title.openings[change.run].ratings.get(title.simkl) if _edited_since(title, change) else _written(change)


def _before(title: JudgedTitle, change: Change, prior: Standing | None) -> Standing | None:
    """Return what a title had before the first write of a run, or when the person came in between: what an undo gives
    back.
    """
    same_run = _last_in_run(title, change)
    if same_run is None:
        return prior
    return _left_by(title, same_run) if _edited_since(title, same_run) else same_run.before


def _edited_since(title: JudgedTitle, change: Change) -> bool:
    """Tell whether the person rated the title, or took its rating away, after an earlier part of the same run wrote
    there.

    A run that goes on reads the account anew. What that shows is neither what stood before the change nor ours then.
    """
    opening = title.openings.get(change.run)
    if opening is None or not opening.knows(title.simkl):
        return False
    there = opening.ratings.get(title.simkl)
    ours = any(is_value(one, there, title.habit) for one in (*title.history, *title.changes) if one.written)
    return there != change.before and not ours


def _written(change: Change) -> Standing | None:
    if change.rating is None:
        return None
    return change.rating, change.seen_at if change.seen_at is not None else change.rated_at


def is_value(change: Change, there: Standing | None, habit: Habit | None) -> bool:
    """Tell whether what stood on a title is what a change wrote, as far as its date tells."""
    if there is None or change.rating is None:
        return there is None and change.rating is None
    return change.rating == there[0] and agrees(change.rated_at, there[1], habit)


def row_on_top(title: JudgedTitle, prior: Standing | None) -> Change | None:
    """Whose rating of ours the prior is: derived from what we wrote there, never stored beside it."""
    if prior is None:
        return None
    for change in reversed(title.history):
        if change.state not in (State.SEEN, State.SETTLED) or change.role not in (Role.ROW, Role.WINNER):
            continue
        if change.order > title.changes[-1].order:
            continue
        if change.rating != prior[0]:
            continue
        between = shown_between(change, title.habit)
        shows = between is not None and prior[1] is not None and between[0] <= prior[1] <= between[1]
        if shows or prior[1] in (change.seen_at, change.rated_at):
            return change
    return None


def rating_below(title: JudgedTitle, top: Change) -> Standing | None:
    """Return the rating of the person's that lies beneath all of ours."""
    return _without([one for one in title.history if one.order < top.order], top.before, title.habit)
