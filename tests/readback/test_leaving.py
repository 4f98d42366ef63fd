"""What a wrong title is owed once rows are mended that had landed on it: whatever it is owed by then."""

from __future__ import annotations

from typing import Any

import pytest

from importer.journal.owed import Debt, DebtState, Why
from importer.model import Kind
from importer.readback.leaving import debt_left

PERSONS = (2, 1_000)


def _owed(why: Why, key: str, rating: int, read_at: int, since: int, upto: int) -> Debt:
    return Debt(1, Kind.MOVIE, "Heat", 1995, rating, read_at, read_at, why, DebtState.DUE, key, 1, since, upto, 1)


def _left(changes: Any, others: Any, theirs: Any, earlier: Any = None) -> Any:
    debt = debt_left(changes, others, theirs, earlier, None)
    return debt and (debt.why.value, debt.rating, debt.read_at, debt.since, debt.upto)


def test_a_title_gets_back_what_it_had_without_the_row(sent: Any, there: Any, noon: int) -> None:
    """The person's rating, or another row's that lies there; nothing where ours does not stand, or nobody knows it."""
    mine = sent(before=PERSONS)
    assert _left([mine], [], there()) == ("give", *PERSONS, mine.order, mine.order)
    other = sent(key="b", rating=5, rated_at=noon - 9, before=PERSONS)
    later = sent(run=2, before=(5, noon - 9))
    assert _left([later], [other], there()) == ("give", 5, noon - 9, later.order, later.order)
    assert _left([mine], [], there(rating=3)) is None
    assert _left([mine], [], None) is None


def test_a_giving_back_and_an_undo_that_are_owed_already_are_left_as_they_are(sent: Any, there: Any) -> None:
    """What they are to put there lies beneath all of ours."""
    mine = sent(run=2, before=(5, 9))
    for why in (Why.GIVE, Why.UNDO):
        assert _left([mine], [], there(), _owed(why, "b", *PERSONS, 1, mine.order)) is None


def test_a_winner_that_is_owed_to_the_title_stays_owed(sent: Any, there: Any, noon: int) -> None:
    """Nothing of the mended row stands there afterwards: it is taken back with that, and the winner is not."""
    winner = sent(key="b", rating=5, rated_at=noon + 9, before=PERSONS)
    mine = sent(run=2, before=(5, noon + 9))
    debt = _owed(Why.WINNER, "b", 5, noon + 9, winner.order, mine.order)
    left = debt_left([mine], [winner], there(), debt, None)
    assert left is not None
    assert (left.why, left.rating, left.read_at, left.key, left.tries) == (Why.GIVE, 5, noon + 9, "b", 1)
    assert (left.since, left.upto) == (winner.order, mine.order)


def test_a_mended_row_that_is_owed_to_the_title_does_not_come_there_any_more(sent: Any, there: Any, noon: int) -> None:
    """Another row's rating stands there, and stays if it is the best without it; else the person's comes back."""
    other = sent(key="b", rating=5, rated_at=noon - 9, before=PERSONS)
    mine = sent(n=1, before=PERSONS)
    debt = _owed(Why.WINNER, "a:heat", 8, noon, other.order, mine.order)
    standing = there(rating=5, rated_at=noon - 9)
    assert _left([mine], [other], standing, debt) == ("give", 5, noon - 9, other.order, mine.order)
    assert _left([other, mine], [], standing, debt) == ("give", *PERSONS, other.order, mine.order)
    wider = _owed(Why.WINNER, "a:heat", 8, noon, other.order - 1, mine.order + 1)
    assert _left([mine], [other], standing, wider) == ("give", 5, noon - 9, other.order - 1, mine.order + 1)


@pytest.mark.parametrize("both", [False, True])
def test_rows_that_are_mended_together_leave_together(sent: Any, there: Any, noon: int, both: bool) -> None:
    """Neither is what the other leaves behind."""
    mine = sent(before=PERSONS)
    other = sent(key="b", n=1, rating=5, rated_at=noon + 9, before=PERSONS)
    standing = there(rating=5, rated_at=noon + 9)
    left = _left([mine, other], [], standing) if both else _left([other], [mine], standing)
    assert left[:3] == (("give", *PERSONS) if both else ("give", 8, noon))
