"""What undo gives back: run by run, to what stood there before, and not a step further than what is ours."""

from __future__ import annotations

from typing import Any

import pytest

from importer.model import AccountRating, Kind, Origin, Precision
from importer.readback.habit import Habit
from importer.readback.restoring import Verdict, date_to_send, wish_for

BEFORE = (3, 1_000)


def _wish(changes: Any, theirs: Any, *, others: Any = (), habit: Habit | None = None, force: bool = False) -> Any:
    wish = wish_for(changes, others, theirs, habit, force=force)
    return wish.verdict.value, wish.want, len(wish.covered)


def test_what_one_run_wrote_goes_back_to_what_stood_before(sent: Any, there: Any, noon: int) -> None:
    """Its rating, seen or within a time zone; another rating, another date, or none at all is the person's."""
    change = sent(before=BEFORE)
    assert _wish([change], there()) == ("take back", BEFORE, 1)
    assert _wish([sent()], there()) == ("take back", None, 1)
    assert _wish([change], there(rated_at=noon + 5 * 3600)) == ("take back", BEFORE, 1)
    assert _wish([change], there(rated_at=noon + 5 * 3600), habit=Habit()) == ("left", (8, noon + 5 * 3600), 0)
    assert _wish([change], there(rating=7)) == ("left", (7, noon), 0)
    assert _wish([change], None) == ("left", None, 0)
    assert _wish([sent(before=BEFORE, seen_at=noon + 7)], there(rated_at=noon + 6)) == ("left", (8, noon + 6), 0)
    assert _wish([sent(before=BEFORE, seen_at=noon + 7)], there(rated_at=None)) == ("take back", BEFORE, 1)


def test_force_takes_the_persons_too(sent: Any, there: Any) -> None:
    """Down to what stood before the first run."""
    runs = [sent(before=BEFORE), sent(run=2, rating=5, before=(4, 9))]
    assert _wish(runs, there(rating=1), force=True) == ("take back", BEFORE, 2)


def test_what_has_its_value_already_is_unchanged(sent: Any, there: Any) -> None:
    """Nothing is sent; what never arrived is closed with it."""
    assert _wish([sent(before=BEFORE)], there(rating=3, rated_at=1_000)) == ("unchanged", BEFORE, 1)
    assert _wish([sent(rating=None, rated_at=None, before=None)], None) == ("unchanged", None, 1)


def test_runs_are_walked_backwards_until_something_is_not_ours(sent: Any, there: Any, noon: int) -> None:
    """The second run's before is the first's value: on to what stood before that; an edit between the two stops it."""
    first = sent(before=BEFORE, seen_at=noon)
    second = sent(run=2, rating=5, rated_at=noon + 9, before=(8, noon))
    assert _wish([first, second], there(rating=5, rated_at=noon + 9)) == ("take back", BEFORE, 2)
    shifted = sent(before=BEFORE, seen_at=noon + 3600)
    assert _wish([shifted, second], there(rating=5, rated_at=noon + 9)) == ("take back", BEFORE, 2), "as it was sent"
    edited = sent(run=2, rating=5, rated_at=noon + 9, before=(9, noon + 5))
    assert _wish([first, edited], there(rating=5, rated_at=noon + 9)) == ("take back", (9, noon + 5), 1)
    idle = sent(run=2, rating=5, rated_at=noon + 9, before=(8, noon))
    assert _wish([first, idle], there()) == ("take back", BEFORE, 2), (
        "of the second nothing stands, and it is done with"
    )


def test_what_a_run_took_away_is_its_write_as_long_as_nothing_stands_there(sent: Any, there: Any, noon: int) -> None:
    """What came there since is the person's."""
    runs = [sent(before=BEFORE, seen_at=noon), sent(run=2, rating=None, rated_at=None, before=(8, noon))]
    assert _wish(runs, None) == ("take back", BEFORE, 2)
    assert _wish(runs[1:], there(rating=5)) == ("left", (5, noon), 0)


def test_a_run_over_which_an_earlier_ones_row_was_set_right_is_walked_past(sent: Any, there: Any, noon: int) -> None:
    """Of that run nothing stands there any more: it goes along with the one before."""
    first = sent(before=BEFORE, seen_at=noon)
    later = sent(run=2, rating=5, rated_at=noon + 9, before=(6, 2_000))
    assert _wish([first, later], there()) == ("take back", BEFORE, 2)


def test_two_rows_of_one_run_have_one_before(sent: Any, there: Any, noon: int) -> None:
    """Whichever of them stands there, what the first had found comes back."""
    rows = [sent(before=BEFORE), sent(key="b", n=1, rating=6, rated_at=noon + 3, before=BEFORE)]
    for theirs in (there(), there(rating=6, rated_at=noon + 3)):
        assert _wish(rows, theirs) == ("take back", BEFORE, 2)


@pytest.mark.parametrize("found", [(9, 5_000), None, (8, 19_800 * 86_400 + 43_200)], ids=["edit", "removal", "ours"])
def test_what_the_person_did_between_two_rows_of_one_run_comes_back(
    sent: Any, there: Any, noon: int, found: Any
) -> None:
    """What the later one had found, save where that is what the earlier one wrote."""
    assert noon == 19_800 * 86_400 + 43_200
    rows = [sent(before=BEFORE, seen_at=noon), sent(key="b", n=1, rating=6, rated_at=noon + 3, before=found)]
    want = BEFORE if found == (8, noon) else found
    assert _wish(rows, there(rating=6, rated_at=noon + 3)) == ("take back", want, 2)


def test_a_row_beside_the_named_one_keeps_its_rating(sent: Any, there: Any, noon: int) -> None:
    """--key of the winner: the best of the run's other rows stands then, unless the person's is newer or as good."""
    named = sent(before=None)
    other = sent(key="b", n=1, rating=6, rated_at=noon - 50)
    assert _wish([named], there(), others=[other])[1] == (6, noon - 50)
    assert _wish([named], there(), others=[other], habit=Habit(1, 0))[1] == (6, noon - 50)
    shifted = Habit(1, 3600)
    assert _wish([named], there(rated_at=noon + 3600), others=[other], habit=shifted)[1] == (6, noon - 50 + 3600)
    seen = sent(key="b", n=1, rating=6, rated_at=noon - 50, seen_at=noon - 48)
    assert _wish([named], there(), others=[seen])[1] == (6, noon - 48)
    best = sent(key="c", n=2, rating=2, rated_at=noon - 40)
    assert _wish([named], there(), others=[other, best])[1] == (2, noon - 40)
    assert _wish([named], there(), others=[sent(key="b", run=2, rating=6)])[1] is None, "of another run"
    assert _wish([named], there(), others=[sent(key="b", rating=None, rated_at=None)])[1] is None, "a removal"


@pytest.mark.parametrize(
    ("before", "origin", "stays"),
    [((3, 1_000), Origin.RATING, True), ((3, 1_000), Origin.RUN, False), ((3, None), Origin.RATING, False)],
    ids=["newer than the person's", "a stand-in date", "the person's has no date"],
)
def test_the_persons_rating_below_outranks_a_row_beside_that_is_not_newer(
    sent: Any, there: Any, noon: int, before: tuple[int, int | None], origin: Origin, stays: bool
) -> None:
    """Only a true date that is later than the person's lets the other row stand."""
    other = sent(key="b", n=1, rating=6, rated_at=noon - 50, origin=origin)
    want = (6, noon - 50) if stays else before
    assert _wish([sent(before=before)], there(), others=[other])[1] == want
    older = sent(key="b", n=1, rating=6, rated_at=900)
    assert _wish([sent(before=before)], there(), others=[older])[1] == before


def test_the_date_to_send_is_the_one_that_reads_as_it_was(sent: Any, noon: int) -> None:
    """None for none; our own as it was sent then; the person's less the shift."""
    habit = Habit(1, 3600)
    assert date_to_send(None, [], habit) is None
    assert date_to_send((3, None), [], habit) is None
    assert date_to_send((3, noon), [], habit) == noon - 3600
    assert date_to_send((3, noon), [], None) == noon
    written = [sent(rating=3, rated_at=noon - 5, seen_at=noon), sent(rating=4, rated_at=noon - 9, seen_at=noon)]
    assert date_to_send((3, noon), written, habit) == noon - 5
    assert date_to_send((2, noon), written, habit) == noon - 3600
    dateless = [sent(rating=3, rated_at=noon - 5, seen_at=None)]
    assert date_to_send((3, None), dateless, None) == noon - 5
    assert date_to_send((2, None), dateless, None) is None


def test_a_day_date_is_ours_wherever_the_day_comes_back_as_midnight(sent: Any, there: Any, noon: int) -> None:
    """Coarser dates are no change of the person's."""
    change = sent(before=BEFORE, precision=Precision.DAY)
    verdict, *_ = _wish([change], there(rated_at=noon - 12 * 3600))
    assert verdict == Verdict.TAKE_BACK


def test_our_rating_of_another_moment_tells_no_date(sent: Any, noon: int) -> None:
    """Two writes of one value: the one that was seen with that date."""
    written = [sent(rated_at=noon - 5, seen_at=noon), sent(run=2, rated_at=noon + 90, seen_at=noon + 95)]
    assert date_to_send((8, noon), written, None) == noon - 5
    assert date_to_send((8, noon + 7), written, None) == noon + 7


def test_a_rating_of_the_persons_between_two_runs_is_not_taken_for_what_came_after_it(sent: Any, noon: int) -> None:
    """The later run wrote the same value within a time zone's hours: what lies deeper is not taken back for that."""
    first = sent(rating=5, rated_at=noon - 9 * 86_400, before=BEFORE)
    persons = (8, noon + 3600)
    last = sent(run=2, before=persons, seen_at=noon)
    assert _wish([first, last], _theirs(noon)) == ("take back", persons, 1)


def _theirs(rated_at: int) -> AccountRating:
    return AccountRating(1, Kind.MOVIE, "Heat", 1995, (), 8, rated_at)
