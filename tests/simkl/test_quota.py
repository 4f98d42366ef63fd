"""The day's requests: when the day ends, what is left of it, and how many may still go."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.simkl import quota
from importer.simkl.quota import DAILY, KEPT, LEFT, LIMIT, Day, has_zone_data, quota_day, quota_reset, told_number

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


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), (" 500 ", 500), ("999999999", 999_999_999), ("1000000000", None), ("\u0665\u0660", None), ("5.0", None)],
)
def test_a_number_in_a_header_is_one_of_plain_digits_and_no_endless_one(text: str, number: int | None) -> None:
    """Whatever else stands there says nothing."""
    assert told_number({LEFT: text}, LEFT) == number


def test_a_limit_once_told_holds_until_another_is() -> None:
    """Also for an answer that tells only what is left, and on a new day."""
    day = Day().answered(200, told(3, 1_000), NOW).answered(200, {LEFT: "2"}, NOW)
    assert (day.limit, day.left) == (1_000, 2)
    assert day.at(NOW + 86_400) == Day(quota_day(NOW + 86_400), 1_000, None)
    assert day.answered(200, told(1, 500), NOW).limit == 500


def test_the_requests_a_day_are_those_of_the_page() -> None:
    """By plan (/resources/rate-limits)."""
    assert DAILY == {"free": 500, "pro": 1_000, "vip": 10_000}


def test_a_machine_without_time_zones_counts_by_new_yorks_winter(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour late in summer at worst, and doctor says so."""

    class Nowhere(ZoneInfo):
        def __new__(cls, key: str) -> Nowhere:
            raise ZoneInfoNotFoundError(key)

    assert has_zone_data() is True
    monkeypatch.setattr(quota, "ZoneInfo", Nowhere)
    assert has_zone_data() is False
    midnight = datetime(2026, 7, 16, 5, tzinfo=UTC).timestamp()
    assert quota_reset(NOW) == midnight
    assert (quota_day(midnight - 1), quota_day(midnight)) == ("2026-07-15", "2026-07-16")
