"""Undo's walk over a title's changes: what it takes back, what it skips, and where it stops."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from importer.readback.takeback import TOLERANCE, Standing, Wish, take_back

from importer.model import AccountRating, Kind


@dataclass(frozen=True, slots=True)
class Step:
    """One change, read back and answered unless said otherwise."""

    before_rating: int | None
    before_at: int | None
    after_rating: int | None
    after_at: int | None
    landed: bool = True
    answered: bool = True
    refused: bool = False


FIRST = Step(None, None, 7, 100)
SECOND = Step(7, 100, 9, 200)


def _on(rating: int | None, rated_at: int | None = None) -> AccountRating | None:
    return None if rating is None else AccountRating(1, Kind.MOVIE, "Heat", 1995, (), rating, rated_at)


@pytest.mark.parametrize(
    ("steps", "there", "wish"),
    [
        ([FIRST], _on(7, 100), Wish(Standing.TAKE_BACK, None, None)),
        ([FIRST, SECOND], _on(9, 200), Wish(Standing.TAKE_BACK, None, None)),
        ([SECOND], _on(9, 200), Wish(Standing.TAKE_BACK, 7, 100)),
        ([FIRST, SECOND], _on(9, 201), Wish(Standing.LEFT, 9, 201)),
        ([FIRST, SECOND], _on(5, 200), Wish(Standing.LEFT, 5, 200)),
        ([FIRST, SECOND], None, Wish(Standing.LEFT, None, None)),
        ([SECOND], _on(7, 100), Wish(Standing.LEFT, 7, 100)),
    ],
    ids=["none before", "to the first", "to the one before", "rated anew", "changed", "removed", "set back"],
)
def test_what_stands_as_a_change_left_it_is_taken_back(steps: list[Step], there: AccountRating | None, wish: Wish) -> None:
    """Value and date both; anything else is the person's."""
    assert take_back(steps, there, force=False) == wish


def test_what_never_arrived_is_passed_over() -> None:
    """No answer, never read back, and the title as it was before: on to the change before it."""
    lost = Step(7, 100, 9, 200, landed=False, answered=False)
    assert take_back([FIRST, lost], _on(7, 100), force=False) == Wish(Standing.TAKE_BACK, None, None)
    assert take_back([lost], _on(7, 100), force=False) == Wish(Standing.UNCHANGED, 7, 100)
    assert take_back([lost], _on(9, 200), force=False) == Wish(Standing.TAKE_BACK, 7, 100)


def test_what_was_read_back_did_arrive_although_nobody_answered() -> None:
    """Removed since, it was the person who removed it."""
    assert take_back([Step(None, None, 7, 100, answered=False)], None, force=False).standing is Standing.LEFT


def test_a_refused_change_wrote_nothing() -> None:
    """It is passed over whatever stands there."""
    refused = Step(7, 100, 9, 200, refused=True)
    assert take_back([FIRST, refused], _on(7, 100), force=False) == Wish(Standing.TAKE_BACK, None, None)


def test_the_person_in_between_stops_the_walk_where_it_is() -> None:
    """The last change stands and is taken back to what the person had made before it, no further."""
    later = Step(5, 150, 9, 200)
    assert take_back([FIRST, later], _on(9, 200), force=False) == Wish(Standing.TAKE_BACK, 5, 150)


def test_force_goes_all_the_way() -> None:
    """Whatever stands there, the first change's before is what the title gets."""
    for there in (None, _on(3, 1), _on(9, 200)):
        assert take_back([SECOND], there, force=True) == Wish(Standing.TAKE_BACK, 7, 100)
    assert take_back([FIRST], None, force=True).standing is Standing.UNCHANGED


def test_a_date_that_was_never_read_back_may_come_back_in_another_time_zone() -> None:
    """What was read back must match to the second."""
    vague = Step(None, None, 7, 100_000, landed=False)
    assert take_back([vague], _on(7, 100_000 + TOLERANCE), force=False).standing is Standing.TAKE_BACK
    assert take_back([vague], _on(7, 100_001 + TOLERANCE), force=False).standing is Standing.LEFT
    assert take_back([vague], _on(7, None), force=False).standing is Standing.TAKE_BACK


def test_a_rating_put_back_by_the_run_itself_is_unchanged() -> None:
    """A wrong match overwrote it, the read-back posted it back: nothing is left to take back."""
    overwrote, put_back = Step(4, 10, 9, 200), Step(9, 200, 4, 10)
    assert take_back([overwrote, put_back], _on(4, 10), force=False) == Wish(Standing.UNCHANGED, 4, 10)


def test_a_change_sent_twice_is_one_change() -> None:
    """Its first answer was lost: the walk takes both back at once, and goes on to the change before."""
    twice = Step(7, 100, 9, 200, answered=False)
    assert take_back([FIRST, twice, SECOND], _on(9, 200), force=False) == Wish(Standing.TAKE_BACK, None, None)
