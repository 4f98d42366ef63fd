"""Where ratings landed, told from the account before and after: which title, whose rating, which date."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from importer.journal.sent import Sent

from importer.model import DAY, AccountRating, Date, Ids, Kind, Origin, Precision
from importer.readback.matching import Landing, differing_dates, land
from importer.simkl.account import Account

NOON = 19_800 * DAY + 43_200


def _sent(title: str, year: int, rating: int, at: int = NOON, ids: Ids = (), *, exact: bool = False,
          simkl: int | None = None) -> Sent:  # fmt: skip
    precision = Precision.SECOND if exact else Precision.DAY
    date = Date(at, precision, Origin.RATING)
    return Sent(
        title, Kind.MOVIE, title, year, ids, rating, at, date, simkl, 1, unseen=True, place=0, answered=True, left=False
    )


def _on(simkl: int, title: str, year: int | None, rating: int, at: int | None = NOON, ids: Ids = (),
        kind: Kind = Kind.MOVIE) -> AccountRating:  # fmt: skip
    return AccountRating(simkl, kind, title, year, ids, rating, at)


def _land(sent: Sequence[Sent], after: Sequence[AccountRating], before: Sequence[AccountRating] = ()) -> list[Landing]:
    return land(sent, {theirs.simkl: theirs for theirs in before}, Account(after))


def _places(landings: Sequence[Landing]) -> list[tuple[int | None, bool, bool, bool]]:
    return [(one.there.simkl if one.there else None, one.holds, one.other, one.shared) for one in landings]


@pytest.mark.parametrize(
    ("title", "year"),
    [("Amelie", 2001), ("AMÉLIE", 2001), ("Amélie!", 2001), ("Amélie", 2000), ("Amelie", 2002)],
)
def test_a_spelling_or_a_year_of_one_is_no_finding(title: str, year: int) -> None:
    """Case, accents, punctuation, and a premiere at the turn of the year."""
    assert _places(_land([_sent("Amélie", 2001, 7)], [_on(1, title, year, 7)])) == [(1, True, False, False)]


def test_a_shared_id_vouches_for_another_name() -> None:
    """Simkl may call it whatever it likes."""
    sent = _sent("Spirited Away", 2001, 9, ids=(("imdb", "tt0245429"),))
    there = _on(1, "Sen to Chihiro no Kamikakushi", 2001, 9, ids=(("imdb", "tt0245429"),), kind=Kind.ANIME)
    assert _places(_land([sent], [there])) == [(1, True, False, False)]


def test_wrong_titles_are_traced_by_rating_and_date_and_named() -> None:
    """Exactly the planted ones, among others of the same day and rating that found their place."""
    sent = [_sent("Heat", 1995, 8, NOON), _sent("Alien", 1979, 8, NOON + 1), _sent("Jaws", 1975, 8, NOON + 2)]
    after = [
        _on(1, "Heat", 1995, 8, NOON),
        _on(2, "Aliens of Sorts", 1980, 8, NOON + 1),
        _on(3, "Claws", 1960, 8, NOON + 2),
    ]
    assert _places(_land(sent, after)) == [(1, True, False, False), (2, True, True, False), (3, True, True, False)]


def test_a_rating_nobody_could_see_is_found_by_its_change() -> None:
    """The title had another rating before: it changed, so something landed there."""
    sent = [_sent("The Other Shark", 1976, 9)]
    before = [_on(1, "Jaws", 1975, 4, NOON - DAY), _on(2, "Heat", 1995, 9, NOON)]
    after = [_on(1, "Jaws", 1975, 9, NOON), before[1]]
    assert _places(_land(sent, after, before)) == [(1, True, True, False)]


def test_what_stood_there_before_is_nobodys_landing() -> None:
    """A title that has the rating and the date all along was not written by this run."""
    there = [_on(1, "Jaws", 1975, 9, NOON)]
    assert _places(_land([_sent("The Other Shark", 1976, 9)], there, there)) == [(None, False, False, False)]


def test_collapsing_titles_are_shared_and_the_last_one_holds() -> None:
    """Two rows on one title: both are told of, and of the first that the other's rating stands there."""
    sent = [_sent("Jaws", 1975, 6, NOON - DAY), _sent("The Other Shark", 1976, 9, NOON)]
    found = _land(sent, [_on(1, "Jaws", 1975, 9, NOON)])
    assert _places(found) == [(1, False, False, True), (1, True, True, True)]


def test_two_candidates_for_one_row_are_no_choice() -> None:
    """Nothing is better than a guess."""
    after = [_on(1, "Claws", 1960, 8), _on(2, "Jaws of Life", 1961, 8)]
    assert _places(_land([_sent("Jaws", 1975, 8)], after)) == [(None, False, False, False)]


def test_the_simkl_number_found_before_goes_before_the_name() -> None:
    """A title renamed on Simkl is still that title."""
    sent = [_sent("Heat", 1995, 8, simkl=7)]
    after = [_on(7, "Heat: Director's Cut", 1996, 8), _on(1, "Heat", 1995, 8)]
    assert _places(_land(sent, after)) == [(7, True, False, False)]


def test_missing_dates_are_traced_by_the_rating_alone() -> None:
    """Rows without user_rated_at leave the rating, and that is enough where it leaves one choice."""
    sent = [_sent("Jaws", 1975, 8), _sent("Alien", 1979, 7)]
    after = [_on(1, "Claws", 1960, 8, None), _on(2, "Aliens of Sorts", 1981, 7, None)]
    assert [one.there.simkl if one.there else None for one in _land(sent, after)] == [1, 2]


@pytest.mark.parametrize(
    "shift", [5 * 3600, -14 * 3600, -(NOON % DAY)], ids=["hours ahead", "hours behind", "to midnight"]
)
def test_dates_that_are_all_shifted_alike_are_one_habit(shift: int) -> None:
    """A service that tells the time elsewhere is no finding of a thousand rows."""
    sent = [_sent(f"Film {n}", 2000 + n, 8, NOON + n * DAY, exact=True) for n in range(4)]
    after = [_on(n, f"Film {n}", 2000 + n, 8, NOON + n * DAY + shift) for n in range(4)]
    assert differing_dates(_land(sent, after)) == (set(), True)


def test_coarser_dates_of_different_times_are_one_habit() -> None:
    """Every second is cut off, by another amount each."""
    sent = [_sent(f"Film {n}", 2000 + n, 8, NOON + n * DAY + 7 * n + 5, exact=True) for n in range(4)]
    after = [_on(n, f"Film {n}", 2000 + n, 8, (NOON // DAY + n) * DAY) for n in range(4)]
    assert differing_dates(_land(sent, after)) == (set(), True)


def test_one_date_that_differs_is_a_finding_of_its_row() -> None:
    """The others came back as sent."""
    sent = [_sent(f"Film {n}", 2000 + n, 8, NOON + n * DAY, exact=True) for n in range(4)]
    after = [_on(n, f"Film {n}", 2000 + n, 8, NOON + n * DAY + (n == 2) * 77) for n in range(4)]
    assert differing_dates(_land(sent, after)) == ({"Film 2"}, False)


def test_a_day_only_date_is_right_at_any_time_of_its_day() -> None:
    """And a missing one is no difference."""
    after = [_on(1, "Heat", 1995, 8, NOON + 3600), _on(2, "Jaws", 1975, 7, None)]
    assert differing_dates(_land([_sent("Heat", 1995, 8), _sent("Jaws", 1975, 7)], after)) == (set(), False)
