"""What a title is owed, by what a reading shows of it: a debt is made, paid, or void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from importer.journal.change import Change
from importer.journal.owed import Debt, DebtState, Why
from importer.model import AccountRating
from importer.readback.appearance import stands
from importer.readback.habit import Habit, agrees
from importer.readback.judging import Judgement, is_earlier
from importer.readback.known import Opening
from importer.readback.missing import LAG


def is_paid(debt: Debt, theirs: AccountRating | None, habit: Habit | None) -> bool:
    """Tell whether a reading shows what a title is owed: the rating, and its date as far as it shows one."""
    if theirs is None or debt.rating is None:
        return theirs is None and debt.rating is None
    if theirs.rating != debt.rating:
        return False
    if theirs.rated_at is None or debt.read_at is None or theirs.rated_at == debt.read_at:
        return True
    if debt.store_at is None:
        return False
    if habit is None:  # what was sent for it may come back otherwise, and nobody knows how yet
        return debt.tried_at is not None and agrees(debt.store_at, theirs.rated_at, None)
    return habit.shown(debt.store_at) == theirs.rated_at


def is_behind(debt: Debt, payment: Change | None, now: int) -> bool:
    """Tell whether a reading that shows what a title is owed may be from before the last payment to it, which was of
    something else: that may stand there by now.
    """
    if payment is None or payment.posted + LAG <= now:
        return False
    dated_otherwise = debt.store_at is not None and payment.rated_at != debt.store_at
    return payment.rating != debt.rating or dated_otherwise


def is_void(
    debt: Debt,
    theirs: AccountRating | None,
    placed: Sequence[Change],
    history: Sequence[Change],
    openings: Mapping[int, Opening],
    habit: Habit | None,
) -> bool:
    """Tell whether a title shows something of the person's: neither ours since the debt, nor what stood there earlier.

    `placed` are the open changes on it, `history` what we wrote there before.
    """
    since = (*placed, *(change for change in history if change.order >= debt.since))
    if any(change.written and stands(change, theirs, habit) for change in since):
        return False
    return not is_earlier(theirs, (*history, *placed), openings, habit)


def debt_to(
    theirs: AccountRating, changes: Sequence[Change], judgement: Judgement, earlier: Debt | None, habit: Habit | None
) -> Debt:
    """Return what a title is owed where ours stands and should not, or another one of ours should. `earlier` is what it
    was owed already: the same once more keeps its tries.
    """
    want, stays = judgement.want, judgement.stays
    teller = stays or judgement.winner
    if teller is None:
        raise ValueError(f"nothing was sent to title {theirs.simkl}")
    rating, read_at = want if want is not None else (None, None)
    if stays is not None:
        store_at = stays.rated_at
    else:
        store_at = habit.stored(read_at) if habit is not None and read_at is not None else read_at
    again = earlier is not None and (earlier.rating, earlier.read_at) == (rating, read_at)
    return Debt(
        simkl=theirs.simkl,
        kind=theirs.kind,
        title=theirs.title,
        year=theirs.year,
        rating=rating,
        read_at=read_at,
        store_at=store_at,
        why=Why.GIVE if stays is None else Why.WINNER,
        state=earlier.state if earlier is not None and again else DebtState.DUE,
        key=teller.key,
        run=teller.run,
        since=min(changes[0].order, earlier.since if earlier is not None else changes[0].order),
        upto=max(change.order for change in changes),
        tries=earlier.tries if earlier is not None and again else 0,
        tried_at=earlier.tried_at if earlier is not None else None,
    )
