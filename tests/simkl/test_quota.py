"""The day's requests: when the day ends, what is left of it, and how many may still go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.simkl.quota import KEPT, LEFT, LIMIT, Day, quota_day, quota_reset

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC).timestamp()


def told(left: object, limit: object = 500) -> dict[str, str]:
    """The headers of a counted answer."""
    return {LIMIT: str(limit), LEFT: str(left)}


@pytest.mark.parametrize(
    ("moment", "reset"),
    [
        ("2026-01-15T12:00:00", "2026-01-16T05:00:00"),
        ("2026-07-15T03:59:59", "2026-07-15T04:00:00"),
        ("2026-03-08T12:00:00", "2026-03-09T04:00:00"),
        ("2026-11-01T12:00:00", "2026-11-02T05:00:00"),
    ],
)
def test_the_day_ends_at_midnight_in_new_york(moment: str, reset: str) -> None:
    """In summer and in winter, and on the days between them."""
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    end = datetime.fromisoformat(reset).replace(tzinfo=UTC).timestamp()
    assert quota_reset(now) == end
    assert quota_day(end - 1) == quota_day(now) != quota_day(end)


def test_what_simkl_says_rules() -> None:
    """Up and down: other apps draw on it too, and exempt requests do not."""
    day = Day()
    for left in (486, 480, 484, 0):
        day = day.answered(200, told(left), NOW)
        assert (day.left, day.limit) == (left, 500)


@pytest.mark.parametrize("headers", [{}, {LEFT: ""}, {LEFT: "-1"}, {LEFT: "many"}, {LEFT: "9" * 20}, {LIMIT: "500"}])
def test_an_answer_that_does_not_say_leaves_it_unknown(headers: dict[str, str]) -> None:
    """Never 0: a brand-new token's first answer has no headers, and a PIN sign-in's never has any."""
    day = Day().answered(200, headers, NOW)
    assert (day.left, day.may(0), day.may(KEPT)) == (None, None, None)


def test_a_request_whose_answer_was_lost_counts_and_is_never_the_last() -> None:
    """Only Simkl itself says that nothing is left; a refused request is not counted."""
    day = Day().answered(200, told(3), NOW)
    counts = []
    for status in (0, 429, 502, 0, 0):
        day = day.answered(status, {}, NOW)
        counts.append(day.left)
    assert counts == [2, 2, 1, 1, 1]


def test_a_new_day_begins_unknown() -> None:
    """What was left of yesterday says nothing of today."""
    day = Day().answered(200, told(0), NOW)
    tomorrow = quota_reset(NOW)
    assert day.at(tomorrow - 1).left == 0
    assert day.at(tomorrow).left is None
    assert day.answered(200, {}, tomorrow).left is None
    assert day.answered(200, told(499), tomorrow).left == 499


@given(st.integers(0, 2_000), st.integers(0, 10))
def test_so_many_may_go_that_those_kept_remain(left: int, kept: int) -> None:
    """None is below nothing, and the last one goes with 1 left where none is kept."""
    may = Day("", 500, left).may(kept)
    assert may is not None
    assert may == (left - kept if left > kept else 0)
    assert Day("", 500, 1).may(0) == 1
