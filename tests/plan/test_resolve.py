"""What becomes of a title, given what is remembered of it: whether it is asked again, and whose date stands there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Origin, Outcome, Precision, Reason
from importer.plan.again import Retry
from importer.plan.believed import FURTHEST_ZONE, believed
from importer.plan.decide import Rules
from importer.plan.question import question_number
from importer.plan.resolve import only_listed, resolve
from importer.plan.sides import Base, Remembered
from importer.plan.title import Title

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
    ours = Title(n=0, item=row, ids=(), rating=rating, date=date, rated_at=date.value)
    past = Remembered(
        outcome=outcome,
        due=START + DAY,
        asked=question_number(row.kind, row.title, row.year, ()),
        wanted_rating=9,
        wanted=date,
    )
    [got] = resolve([ours], [row], {row.key: past}, lambda *_: None, Rules(START), Retry(START))
    assert got.outcome is (expected or outcome)


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


def test_only_titles_on_a_list_are_sent_where_that_is_asked_for(item: Make, on: On) -> None:
    """The others are skipped, and say why; what was not to be sent keeps its outcome."""
    date = on("2024-05-01")
    rows = [item(key=f"a:{n}", title=f"A{n}", rating=8, date=date) for n in range(3)]
    titles = [Title(n=n, item=row, ids=(), rating=8, date=date, rated_at=date.value) for n, row in enumerate(rows)]
    equal = AccountRating(3, Kind.MOVIE, "A2", 2000, (), 8, date.value)
    planned = resolve(
        titles,
        rows,
        {},
        lambda _number, _kind, _ids, title, _year: equal if title == "A2" else None,
        Rules(START),
        Retry(START),
    )
    told = only_listed(planned, lambda one: one.item.title == "A0")
    assert [(one.outcome, one.reason) for one in told] == [
        (Outcome.PENDING, None),
        (Outcome.SKIPPED, Reason.NOT_LISTED),
        (Outcome.UNCHANGED, None),
    ]
