"""What becomes of the changes on one title, and what the title should have: the rules of every read-back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum

from importer.journal.change import Change, Role, State
from importer.journal.owed import Why
from importer.model import AccountRating, Date, Outcome, Precision, Reason, value
from importer.plan.decide import decide
from importer.plan.sides import Base
from importer.readback.appearance import stands
from importer.readback.beneath import is_value, prior_of, rating_below, row_on_top, winner_to_be
from importer.readback.habit import Habit, agrees
from importer.readback.known import Opening, Standing
from importer.readback.naming import as_asked
from importer.readback.title import JudgedTitle, value_of

Rank = tuple[bool, int, bool, int, int]
"""What the merge rule compares: dated beats undated, then the newer date, on one day seconds, then the later row."""


class Found(StrEnum):
    """What a reading shows of the changes on a title."""

    OURS = "ours"
    LATER = "a later write of ours"
    STALE = "what stood there before"
    THEIRS = "the person's"


@value
class Judgement:
    """What a title should have: `want` (None: no rating) where it is known, and why its best row wins or does not.

    `prior` is what stood there before our open changes, as far as that is known. `winner` is the best of its rows;
    `wins` tells that its rating is to stand; `outcome` and `reason` are what the rules say of it. `stays` is the
    change whose rating `want` is, None where that is the person's.
    """

    found: Found
    prior: Standing | None = None
    prior_known: bool = True
    winner: Change | None = None
    wins: bool = False
    outcome: Outcome = Outcome.APPLIED
    reason: Reason | None = None
    want: Standing | None = None
    equal: bool = True
    stays: Change | None = None
    befores: Mapping[int, Standing | None] = field(default_factory=dict)


def rank(date: Date, order: int) -> Rank:
    """Return how a row compares with another of the same title (contract, merging)."""
    exact = date.precision is Precision.SECOND
    return (date.true, date.day, exact, date.value if exact else 0, order)


def judge(title: JudgedTitle) -> Judgement:
    """Tell whose rating stands on a title, and whose should."""
    prior, known, befores = prior_of(title)
    if not _ours_stands(title):
        found = _not_ours(title, prior)
        return Judgement(found, prior, known, befores=befores)
    latest = {change.key: change for change in title.changes}
    settled = _settled_since(title)
    for change in settled:
        earlier = latest.get(change.key)
        latest[change.key] = change if earlier is None or earlier.order < change.order else earlier
    for change in winner_to_be(title):
        latest.setdefault(change.key, change)
    latest = _still_said(title, latest)
    winner = max(latest.values(), key=lambda change: rank(change.date, change.order))
    best = rank(winner.date, winner.order)
    top = row_on_top(title, prior)
    outcome, reason = Outcome.PENDING, None
    if winner in settled:
        wins = True  # it was held against what stood there before when it was settled
    elif any(rank(rival.date, rival.n) > best for rival in title.rivals if rival.key not in latest):
        wins, outcome = False, Outcome.DUPLICATE
    elif top is not None and top.key != winner.key:
        # The prior is another row's rating of ours: the merge rule alone decides between the two of us.
        wins = best >= rank(top.date, top.order) or top.key in latest
        below = rating_below(title, top)
        if wins and below is not None:
            outcome, reason = _decided(_without_own_bases(title), winner, below)
            wins = outcome is not Outcome.KEPT
        elif not wins:
            outcome = Outcome.DUPLICATE
    else:
        outcome, reason = _decided(title, winner, prior, top) if known else (Outcome.PENDING, None)
        wins = outcome is Outcome.PENDING
    stays = winner if wins else top
    want = _as_read(winner, title) if wins else prior
    return Judgement(
        found=Found.OURS,
        prior=prior,
        prior_known=known,
        winner=winner,
        wins=wins,
        outcome=Outcome.APPLIED if wins else outcome,
        reason=reason,
        want=want,
        equal=not known or _same(title.standing, want, title.habit if wins else None, tolerant=wins),
        stays=stays,
        befores=befores,
    )


def _still_said(title: JudgedTitle, latest: dict[str, Change]) -> dict[str, Change]:
    """Leave out open changes of rows that say another date by now and needed no sending: those are rivals. Where that
    leaves none, what stands is judged as it is, and the next run sends what the row says.
    """
    said = {rival.key: rival.date for rival in title.rivals if rival.key in title.unsent}
    left = {
        key: change
        for key, change in latest.items()
        if change not in title.changes or said.get(key, change.date) == change.date
    }
    return left or latest


def _ours_stands(title: JudgedTitle) -> bool:
    if any(stands(change, title.standing, title.habit) for change in title.changes):
        return True
    debt = title.debt
    if debt is None or debt.why is Why.UNDO:  # what undo takes back stands there still, and was settled as what it is
        return False
    return any(
        change.written and change.order >= debt.since and stands(change, title.standing, title.habit)
        for change in title.history
    )


def _settled_since(title: JudgedTitle) -> list[Change]:
    """Return the rows of ours that were sent after the first open one and settled before it, and that stand there or
    are to: they compete with what shows only now.
    """
    if title.debt is not None:
        return []
    return [
        change
        for change in title.history
        if change.order > title.changes[0].order
        and change.state is State.SETTLED
        and change.role is Role.ROW
        and (_is_agreed(title, change) or (title.standing and stands(change, title.standing, title.habit)))
    ]


def _is_agreed(title: JudgedTitle, change: Change) -> bool:
    """Tell whether a row's rating is what the account had last, as far as the openings of later runs tell: no edit of
    the person's came after it.
    """
    base = title.bases.get(change.key)
    if base is None or (base.said_rating, base.account_rating) != (change.rating, change.rating):
        return False
    written = [one for one in (*title.history, *title.changes) if one.written]
    later = (
        opening.ratings.get(title.simkl)
        for run, opening in title.openings.items()
        if run > change.run and opening.knows(title.simkl)
    )
    return all(any(is_value(one, there, title.habit) for one in written) for there in later)


def _not_ours(title: JudgedTitle, prior: Standing | None) -> Found:
    first = title.changes[0]
    later = (
        change for change in title.history if change.order > first.order and change.state in (State.SEEN, State.SETTLED)
    )
    if title.standing is not None and any(stands(change, title.standing, title.habit) for change in later):
        return Found.LATER
    there = value_of(title.standing)
    if there == prior:
        return Found.STALE
    answered = any(change.answer is not None for change in title.changes)
    if answered and there is None and title.cleared is not None and title.cleared >= title.changes[-1].posted:
        return Found.STALE
    if answered and is_earlier(title.standing, title.history, title.openings, title.habit):
        return Found.STALE
    return Found.THEIRS


def is_earlier(
    theirs: AccountRating | None, history: Sequence[Change], openings: Mapping[int, Opening], habit: Habit | None
) -> bool:
    """Tell whether a reading shows what stood there earlier: it is stale then, and closes nothing."""
    if theirs is None:
        return False
    if any(change.written and stands(change, theirs, habit) for change in history):
        return True
    return any(opening.ratings.get(theirs.simkl) == value_of(theirs) for opening in openings.values())


def _without_own_bases(title: JudgedTitle) -> JudgedTitle:
    """Return a title whose rows are held against what lies below all of ours: when one agreed with our own rating, that
    tells nothing of the person's.
    """
    written = [change for change in title.history if change.state in (State.SEEN, State.SETTLED)]
    bases = {
        key: base
        for key, base in title.bases.items()
        if not any(
            one.rating == base.account_rating and base.account_rated_at in (None, one.seen_at) for one in written
        )
    }
    return replace(title, bases=bases)


def _decided(
    title: JudgedTitle, winner: Change, prior: Standing | None, own: Change | None = None
) -> tuple[Outcome, Reason | None]:
    """Return what the table of the three sides says, by the options of the run that sent it; PENDING if the row's
    rating wins.

    `own` is what the row itself had put there before: without a base of its own, that is what both agreed on.
    """
    if winner.rating is None or winner.rated_at is None:
        return Outcome.PENDING, None
    theirs: AccountRating | None = None
    if prior is not None:
        question = winner.question
        if title.standing is not None:
            theirs = replace(title.standing, rating=prior[0], rated_at=prior[1])
        elif question is not None:
            theirs = as_asked(question, title.simkl, *prior)
    rules = title.rules(winner.run)
    # Whatever a row says of its date, it says nothing of another title's.
    fair = rules if title.right or not rules.redate else replace(rules, redate=False)
    said = _Said(winner.rating, winner.date, winner.rated_at)
    base = title.bases.get(winner.key)
    if base is None:
        base = next((title.bases[change.key] for change in title.changes if change.key in title.bases), None)
    if base is None and own is not None and prior is not None:
        base = Base(prior[0], own.date, *prior)
    return decide(said, base, theirs, title.believed(theirs) if theirs is not None else None, fair)


@value
class _Said:
    rating: int
    date: Date
    rated_at: int


def _as_read(change: Change, title: JudgedTitle) -> Standing | None:
    """Return what is to be read where a change's rating stands."""
    if change.rating is None or change.rated_at is None:
        return None
    if stands(change, title.standing, title.habit) and title.standing is not None:
        return change.rating, title.standing.rated_at
    if change.seen_at is not None:  # it stood there before, so it is known how it reads
        return change.rating, change.seen_at
    return change.rating, title.habit.shown(change.rated_at) if title.habit is not None else change.rated_at


def _same(theirs: AccountRating | None, want: Standing | None, habit: Habit | None, *, tolerant: bool) -> bool:
    if theirs is None or want is None:
        return theirs is None and want is None
    if theirs.rating != want[0]:
        return False
    if theirs.rated_at is None or want[1] is None or theirs.rated_at == want[1]:
        return True
    return tolerant and habit is None and agrees(want[1], theirs.rated_at, None)
