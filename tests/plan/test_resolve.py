"""What becomes of a title, given what is remembered of it: whether it is asked again, and whose date stands there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Origin, Outcome, Precision
from importer.plan.decide import Rules
from importer.plan.resolve import FURTHEST_ZONE, Retry, believed, question_number, resolve
from importer.plan.sides import Base, Ours, Remembered

Make = Callable[..., Item]
On = Callable[..., Date]

DAY_ZERO = 19_800 * DAY
START = DAY_ZERO + 100 * DAY


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNCONFIRMED])
@pytest.mark.parametrize(("rating", "expected"), [(9, None), (8, Outcome.PENDING)], ids=["same", "another"])
def test_what_was_refused_is_sent_again_once_the_row_says_another_rating(
    item: Make, on: On, outcome: Outcome, rating: int, expected: Outcome | None
) -> None:
    """The same question with the same rating waits; with another one it is a new wish."""
    date = on("2024-05-01")
    row = item(rating=rating, date=date)
    ours = Ours(0, row, (), rating, date, date.value, ())
    past = Remembered(
        None, None, outcome, None, START + DAY, question_number(row.kind, row.title, row.year, ()), 9, date
    )
    [got] = resolve([ours], [row], {row.key: past}, lambda *_: None, Rules(START), Retry(START))
    assert got.decision.outcome is (expected or outcome)


@pytest.mark.parametrize("hours", [-13, 13])
def test_a_run_date_told_in_another_time_zone_is_no_date_of_the_persons(hours: int) -> None:
    """It is ours, and it is a stand-in: nobody knows when the rating was given."""
    said = Date(DAY_ZERO + NOON, Precision.SECOND, Origin.RUN)
    base = Base(8, said, 8, None)
    there = AccountRating(1, Kind.MOVIE, "A", 2000, (), 8, DAY_ZERO + NOON + hours * 3600)
    assert believed(there, {1: [base]}) is None


def test_a_date_further_off_than_any_time_zone_is_the_persons() -> None:
    """Of another day, and by more than fourteen hours."""
    said = Date(DAY_ZERO + NOON, Precision.SECOND, Origin.RUN)
    there = AccountRating(1, Kind.MOVIE, "A", 2000, (), 8, said.value + FURTHEST_ZONE + 1)
    assert believed(there, {1: [Base(8, said, 8, None)]}) == Date(there.rated_at or 0, Precision.SECOND, Origin.RATING)
