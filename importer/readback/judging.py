"""What becomes of the changes on one title, and what the title should have: the rules of every read-back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from importer.journal.change import Change, Role, State
from importer.journal.owed import Debt, Why
from importer.model import AccountRating, Date, Outcome, Precision, Reason
from importer.plan.decide import Rules, decide
from importer.plan.sides import Base
from importer.readback.habit import Habit, agrees
from importer.readback.matching import Opening, Standing, stands

Rank = tuple[bool, int, bool, int, int]
"""What the merge rule compares: dated beats undated, then the newer date, on one day seconds, then the later row."""


class Found(StrEnum):
    """What a reading shows of the changes on a title."""

    OURS = "ours"
    LATER = "a later write of ours"
    STALE = "what stood there before"
    THEIRS = "the person's"


@dataclass(frozen=True, slots=True)
class Rival:
    """A row of this call that was not sent because its title has its rating, or keeps another one."""

    key: str
    date: Date
    n: int


@dataclass(frozen=True, slots=True)
class Title:
    """One title that changes were placed on.

    `changes` are those that are open, `history` what we wrote there before, both in sending order. `openings` tell what
    stood there before each run, `rules` by which options each run sent. `bases` are the bases of its keys. `debt` is
    what it is owed already; `rivals` are rows of this call that lie on it and were not sent. `cleared` is when
    a payment of ours took its rating away last.
    """

    simkl: int
    standing: AccountRating | None
    changes: Sequence[Change]
    history: Sequence[Change]
    openings: Mapping[int, Opening]
    rules: Callable[[int], Rules]
    bases: Mapping[str, Base]
    believed: Callable[[AccountRating], Date | None]
    habit: Habit | None
    right: bool = True
    debt: Debt | None = None
    rivals: Sequence[Rival] = ()
    cleared: int | None = None


@dataclass(frozen=True, slots=True)
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
    """How a row compares with another of the same title (contract, merging)."""
    exact = date.precision is Precision.SECOND
    return (date.true, date.day, exact, date.value if exact else 0, order)


def judge(title: Title) -> Judgement:
    """Tell whose rating stands on a title, and whose should."""
    prior, known, befores = _prior(title)
    if not _ours_stands(title):
        found = _not_ours(title, prior)
        return Judgement(found, prior, known, befores=befores)
    latest = {change.key: change for change in title.changes}
    standing = _settled_since(title)
    if standing is not None:
        earlier = latest.get(standing.key)
        latest[standing.key] = standing if earlier is None or earlier.order < standing.order else earlier
    for change in _winner_to_be(title):
        latest.setdefault(change.key, change)
    winner = max(latest.values(), key=lambda change: rank(change.date, change.order))
    best = rank(winner.date, winner.order)
    top = _top(title, prior)
    outcome, reason = Outcome.PENDING, None
    if winner is standing:
        wins = True  # it was held against what stood there before when it was settled
    elif top is not None and top.key != winner.key:
        # The prior is another row's rating of ours: the merge rule alone decides between the two of us.
        wins = best >= rank(top.date, top.order) or top.key in latest
        below = _below(title, top)
        if wins and below is not None:
            outcome, reason = _decided(_without_own_bases(title), winner, below)
            wins = outcome is not Outcome.KEPT
        elif not wins:
            outcome = Outcome.DUPLICATE
    elif any(rank(rival.date, rival.n) > best for rival in title.rivals if rival.key not in latest):
        wins, outcome = False, Outcome.DUPLICATE
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


def _ours_stands(title: Title) -> bool:
    if any(stands(change, title.standing, title.habit) for change in title.changes):
        return True
    debt = title.debt
    if debt is None or debt.why is Why.UNDO:  # what undo takes back stands there still, and was settled as what it is
        return False
    return any(
        change.written and change.order >= debt.since and stands(change, title.standing, title.habit)
        for change in title.history
    )


def _settled_since(title: Title) -> Change | None:
    """The row of ours that was sent after the first open one, was settled before it, and stands there: it competes."""
    if title.standing is None or title.debt is not None:
        return None
    found = [
        change
        for change in title.history
        if change.order > title.changes[0].order
        and change.state is State.SETTLED
        and change.role is Role.ROW
        and stands(change, title.standing, title.habit)
    ]
    return found[-1] if found else None


def _not_ours(title: Title, prior: Standing | None) -> Found:
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
    """Whether a reading shows what stood there earlier: it is stale then, and closes nothing."""
    if theirs is None:
        return False
    if any(change.written and stands(change, theirs, habit) for change in history):
        return True
    return any(opening.ratings.get(theirs.simkl) == value_of(theirs) for opening in openings.values())


def value_of(theirs: AccountRating | None) -> Standing | None:
    """A rating and its date alone."""
    return None if theirs is None else (theirs.rating, theirs.rated_at)


def _prior(title: Title) -> tuple[Standing | None, bool, dict[int, Standing | None]]:
    """What stood on a title before our open changes, whether that is known, and what stood there before each run.

    Not simply what stood before the first change: the person may have edited since.

    The openings of the runs that wrote it are walked, the oldest first: what is not one of our own earlier writes
    counts.
    """
    first = title.changes[0]
    owing = _owing(title)
    if owing:
        return owing[0].before, True, {change.run: _before(title, change, owing[0].before) for change in title.changes}
    same_run = _last_in_run(title, first)
    if same_run is not None:
        prior, known = _left_by(title, same_run), True
    else:
        opening = title.openings.get(first.run)
        known = opening is not None and opening.knows(title.simkl)
        prior = opening.ratings.get(title.simkl) if opening is not None else None
    befores = {first.run: _before(title, first, prior)}
    for last, change in pairwise(title.changes):
        opening = title.openings.get(change.run)
        if change.run != last.run and opening is not None and opening.knows(title.simkl):
            there = opening.ratings.get(title.simkl)
            earlier = [one for one in title.changes if one.order < change.order]
            befores[change.run] = _before(title, change, there)
            if not any(_is_value(one, there, title.habit) for one in earlier):
                prior, known = there, True
        befores.setdefault(change.run, _before(title, change, prior))
        between = _last_in_run(title, change)
        if between is not None and between.order > last.order:  # another row of ours, settled since
            prior, known = _left_by(title, between), True
    return prior, known, befores


def _owing(title: Title) -> list[Change]:
    """The changes because of which a title is owed something, in sending order."""
    debt = title.debt
    if debt is None or debt.why is Why.UNDO:
        return []
    return [
        change
        for change in title.history
        if change.role is Role.ROW and change.state is State.SEEN and debt.since <= change.order <= debt.upto
    ]


def _winner_to_be(title: Title) -> list[Change]:
    """The row whose rating is owed to a title, and that competes with what came after it."""
    debt = title.debt
    if debt is None or debt.why is not Why.WINNER:
        return []
    return [change for change in _owing(title) if change.key == debt.key][-1:]


def _last_in_run(title: Title, first: Change) -> Change | None:
    """What an earlier part of the same run left on the title."""
    earlier = [
        change
        for change in title.history
        if change.run == first.run
        and change.order < first.order
        and change.state in (State.SEEN, State.SETTLED)
        and change.role in (Role.ROW, Role.WINNER)
    ]
    return earlier[-1] if earlier else None


def _left_by(title: Title, change: Change) -> Standing | None:
    """What stood on the title after an earlier change of the same run: its rating, unless the person's came since.

    A run that goes on reads the account anew. What that shows is neither what stood before the change nor ours then.
    """
    opening = title.openings.get(change.run)
    if opening is not None and opening.knows(title.simkl):
        there = opening.ratings.get(title.simkl)
        ours = any(_is_value(one, there, title.habit) for one in (*title.history, *title.changes) if one.written)
        if there != change.before and not ours:
            return there
    return _written(change)


def _before(title: Title, change: Change, prior: Standing | None) -> Standing | None:
    """What a title had before the first write of a run: what an undo of that run gives back."""
    same_run = _last_in_run(title, change)
    return same_run.before if same_run is not None else prior


def _written(change: Change) -> Standing | None:
    if change.rating is None:
        return None
    return change.rating, change.seen_at if change.seen_at is not None else change.rated_at


def _is_value(change: Change, there: Standing | None, habit: Habit | None) -> bool:
    if there is None or change.rating is None:
        return there is None and change.rating is None
    return change.rating == there[0] and agrees(change.rated_at, there[1], habit)


def _top(title: Title, prior: Standing | None) -> Change | None:
    """Whose rating of ours the prior is: derived from what we wrote there, never stored beside it."""
    if prior is None:
        return None
    for change in reversed(title.history):
        if change.state not in (State.SEEN, State.SETTLED) or change.role not in (Role.ROW, Role.WINNER):
            continue
        if change.order > title.changes[-1].order:
            continue
        if change.rating == prior[0] and prior[1] in (change.seen_at, change.rated_at):
            return change
    return None


def _below(title: Title, top: Change) -> Standing | None:
    """The rating of the person's that lies beneath all of ours."""
    below = top.before
    for change in reversed(title.history):
        if change.order < top.order and below is not None and _is_value(change, below, title.habit):
            below = change.before
    return below


def _without_own_bases(title: Title) -> Title:
    """A title whose rows are held against what lies below all of ours: when one agreed with our own rating, that tells
    nothing of the person's.
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
    title: Title, winner: Change, prior: Standing | None, own: Change | None = None
) -> tuple[Outcome, Reason | None]:
    """What the table of the three sides says, by the options of the run that sent it; PENDING if the row's rating wins.

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
            theirs = AccountRating(
                simkl=title.simkl,
                kind=question.kind,
                title=question.title,
                year=question.year,
                ids=question.ids,
                rating=prior[0],
                rated_at=prior[1],
            )
    rules = title.rules(winner.run)
    # Whatever a row says of its date, it says nothing of another title's.
    fair = rules if title.right or not rules.redate else replace(rules, redate=False)
    said = _Said(winner.rating, winner.date, winner.rated_at)
    base = title.bases.get(winner.key)
    if base is None:
        base = next((title.bases[change.key] for change in title.changes if change.key in title.bases), None)
    if base is None and own is not None and prior is not None:
        base = Base(prior[0], own.date, *prior)
    decision = decide(said, base, theirs, title.believed(theirs) if theirs is not None else None, fair)
    return decision.outcome, decision.reason


@dataclass(frozen=True, slots=True)
class _Said:
    rating: int
    date: Date
    rated_at: int


def _as_read(change: Change, title: Title) -> Standing | None:
    """What is to be read where a change's rating stands."""
    if change.rating is None or change.rated_at is None:
        return None
    if stands(change, title.standing, title.habit) and title.standing is not None:
        return change.rating, title.standing.rated_at
    return change.rating, title.habit.shown(change.rated_at) if title.habit is not None else change.rated_at


def _same(theirs: AccountRating | None, want: Standing | None, habit: Habit | None, *, tolerant: bool) -> bool:
    if theirs is None or want is None:
        return theirs is None and want is None
    if theirs.rating != want[0]:
        return False
    if theirs.rated_at is None or want[1] is None or theirs.rated_at == want[1]:
        return True
    return tolerant and habit is None and agrees(want[1], theirs.rated_at, None)
