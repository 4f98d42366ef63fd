"""Where reading back could be taken in: two fits, near days, other spellings, dates that differ by habit or not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from importer.journal.sent import Sent
from importer.model import DAY, Date, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.decide import OnConflict, Rules
from importer.plan.sides import Theirs
from importer.readback.matching import Landing, differing_dates, land
from importer.readback.takeback import Standing, take_back
from importer.readback.verdicts import judge_landings
from importer.simkl.account import Account

NOON = 19_800 * DAY + 43_200
START = NOON + 100 * DAY


def sent(title: str, year: int, rating: int = 8, at: int = NOON, *, exact: bool = False) -> Sent:
    """A rating that was sent and answered, for a title that had none to be seen."""
    date = Date(at, Precision.SECOND if exact else Precision.DAY, Origin.RATING)
    return Sent(
        title, Kind.MOVIE, title, year, (), rating, at, date, None, 1, unseen=True, place=0, answered=True, left=False
    )


def on(simkl: int, title: str, year: int, rating: int = 8, at: int | None = NOON) -> Theirs:
    """A rating on the account."""
    return Theirs(simkl, Kind.MOVIE, title, year, (), rating, at)


def places(rows: Sequence[Sent], after: Sequence[Theirs]) -> list[int | None]:
    """The titles that these rows are told to have landed on."""
    return [one.there.simkl if one.there else None for one in land(rows, {}, Account(after))]


def test_one_changed_title_that_two_rows_fit_belongs_to_neither() -> None:
    """Nothing is better than a guess."""
    assert places([sent("A", 2000), sent("B", 2001)], [on(1, "Zed", 1950)]) == [None, None]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_date_that_came_back_a_day_off_still_tells_its_row(days: int) -> None:
    """A day given in another time zone; another rating next to it is no match."""
    after = [on(1, "Zed", 1950, at=NOON + days * DAY), on(2, "Yps", 1951, rating=7)]
    assert places([sent("A", 2000)], after) == [1]
    assert places([sent("A", 2000)], [on(1, "Zed", 1950, at=NOON + 2 * days * DAY)]) == [None]


@pytest.mark.parametrize("year", [2000, 2001, 2002])
def test_another_spelling_with_a_year_of_one_is_found_whatever_its_date(year: int) -> None:
    """Its rating stands there, and no other row is spelled so."""
    rows = [sent("Amelie!", 2001), sent("Other", 1990)]
    assert places(rows, [on(1, "Amélie", year, at=NOON + 9 * DAY)]) == [1, None]


def back(keys: str, seconds: Sequence[int]) -> list[Landing]:
    """Ratings that came back as many seconds later."""
    rows = [sent(key, 2000, at=NOON + n * DAY, exact=True) for n, key in enumerate(keys)]
    return [
        Landing(row, on(n, row.title, 2000, at=row.rated_at + late), holds=True, other=False, shared=False)
        for n, (row, late) in enumerate(zip(rows, seconds, strict=True))
    ]


def test_a_shift_beyond_every_time_zone_is_no_habit() -> None:
    """Twenty hours are another day, and a finding of each row."""
    assert differing_dates(back("abc", [20 * 3600] * 3)) == ({"a", "b", "c"}, False)


def test_two_dates_are_too_few_for_a_habit() -> None:
    """From three on they are one note."""
    assert differing_dates(back("ab", [3600] * 2)) == ({"a", "b"}, False)
    assert differing_dates(back("abc", [3600] * 3)) == (set(), True)


def test_redate_never_takes_an_equal_rating_of_another_title() -> None:
    """The row has not found its place: that title's own rating and date are given back, and it is a conflict."""
    row = sent("Heat", 1995, exact=True)
    landing = Landing(row, on(1, "Zed", 1950, at=NOON + 3 * DAY), holds=True, other=True, shared=False)
    opened = {1: on(1, "Zed", 1950, at=NOON + 5 * DAY)}
    [verdict], _ = judge_landings([landing], opened, Rules(START, OnConflict.OVERWRITE, redate=True), {})
    assert (verdict.outcome, verdict.reason, verdict.note) == (Outcome.KEPT, Reason.CONFLICT, Note.OTHER_TITLE)
    assert verdict.restore == opened[1]


class Step:
    """A change that was answered and never read back."""

    before_rating, before_at, after_rating, after_at = None, None, 8, NOON
    landed, answered, refused = False, True, False


def test_an_answered_change_that_was_never_read_back_is_ours_in_any_time_zone() -> None:
    """Its date came back five hours later."""
    assert take_back([Step()], on(1, "Heat", 1995, at=NOON + 5 * 3600), force=False).standing is Standing.TAKE_BACK
