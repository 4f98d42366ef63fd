"""The moment a rating is sent with, and the order of sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from importer.model import Date, Item, Origin
from importer.plan.draft import draft
from importer.plan.judge import Policy, Undated
from importer.plan.rank import sending_order

Make = Callable[..., Item]
On = Callable[..., Date]
Rules = Callable[..., Policy]


def moments(rows: list[Item], policy: Policy) -> list[str]:
    """What each title is sent with, in input order."""
    found = draft(rows, policy, {}, {})
    return [
        datetime.fromtimestamp(ours.rated_at, UTC).strftime("%Y-%m-%d %H:%M:%S") for ours in found.titles(policy.start)
    ]


def films(item: Make, *dates: Date | None) -> list[Item]:
    """A film for each date."""
    return [item(key=f"letterboxd:{n}", title=f"Film {n}", date=date) for n, date in enumerate(dates)]


def test_a_day_is_noon_and_the_rank_among_its_rows(item: Make, on: On, policy: Rules) -> None:
    """In file order, each day for itself."""
    rows = films(item, on("2024-05-01"), on("2024-05-02"), on("2024-05-01"), on("2024-05-01"))
    assert moments(rows, policy()) == [
        "2024-05-01 12:00:00",
        "2024-05-02 12:00:00",
        "2024-05-01 12:00:01",
        "2024-05-01 12:00:02",
    ]


def test_a_known_second_is_sent_as_it_is(item: Make, on: On, policy: Rules) -> None:
    """And takes no rank."""
    rows = films(item, on("2024-05-01T23:59:59"), on("2024-05-01"), on("2024-05-01T00:00:00"), on("2024-05-01"))
    assert moments(rows, policy()) == [
        "2024-05-01 23:59:59",
        "2024-05-01 12:00:00",
        "2024-05-01 00:00:00",
        "2024-05-01 12:00:01",
    ]


def test_only_rows_that_remain_after_merging_take_a_rank(item: Make, on: On, policy: Rules) -> None:
    """Duplicates, refused and filtered rows leave no gap."""
    first, twin, third = films(item, on("2024-05-01"), on("2024-05-01"), on("2024-05-01"))
    refused = item(key="letterboxd:x", rating=11, title="Refused", date=on("2024-05-01"))
    rows = [first, item(key=first.key, title=first.title, date=first.date), refused, third, twin]
    assert moments(rows, policy()) == ["2024-05-01 12:00:00", "2024-05-01 12:00:01", "2024-05-01 12:00:02"]


def test_more_ratings_than_seconds_share_the_last_one(item: Make, on: On, policy: Rules) -> None:
    """12:59:59, so that a day stays within its hour."""
    found = moments(films(item, *[on("2024-05-01")] * 3_602), policy())
    assert found[3_598:] == ["2024-05-01 12:59:58"] + ["2024-05-01 12:59:59"] * 3


def test_a_day_whose_noon_is_ahead_is_the_start_of_the_run(item: Make, on: On, policy: Rules) -> None:
    """Today's before noon, and New Zealand's tomorrow; a moment ahead would be no date at all."""
    start = int(datetime(2026, 3, 1, 6, tzinfo=UTC).timestamp())
    rows = films(item, on("2026-03-01"), on("2026-03-02"), on("2026-02-28"), on("2026-03-01"))
    assert moments(rows, policy(start=start)) == [
        "2026-03-01 06:00:00",
        "2026-03-01 06:00:00",
        "2026-02-28 12:00:00",
        "2026-03-01 06:00:00",
    ]


def test_a_day_whose_noon_has_just_passed_keeps_its_order(item: Make, on: On, policy: Rules) -> None:
    """Although its later ranks are seconds ahead."""
    start = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
    rows = films(item, on("2026-03-01"), on("2026-03-01"))
    assert moments(rows, policy(start=start)) == ["2026-03-01 12:00:00", "2026-03-01 12:00:01"]


def test_days_before_the_epoch_stand_at_noon_too(item: Make, on: On, policy: Rules) -> None:
    """Negative seconds are seconds."""
    assert moments(films(item, on("1955-05-05"), on("1955-05-05")), policy()) == [
        "1955-05-05 12:00:00",
        "1955-05-05 12:00:01",
    ]


def test_what_has_no_date_gets_the_start_of_the_run(item: Make, on: On, policy: Rules) -> None:
    """As does everything that stands in, where that was asked for."""
    rows = films(item, None, on("2020-01-01", Origin.WATCHED))
    assert moments(rows, policy()) == ["2026-03-01 18:30:00", "2020-01-01 12:00:00"]
    assert moments(rows, policy(undated=Undated.NOW)) == ["2026-03-01 18:30:00"] * 2


def test_stand_in_dates_go_first_and_then_the_oldest(item: Make, on: On, policy: Rules) -> None:
    """So that the newest true rating wins where Simkl folds two items into one."""
    dates: list[Any] = [on("2024-05-01"), None, on("2020-05-01"), on("2021-05-01", Origin.WATCHED), on("2024-05-01")]
    found = draft(films(item, *dates), policy(), {}, {}).titles(policy().start)
    order = sorted(found, key=lambda ours: sending_order(ours.date, ours.rated_at, ours.n))
    assert [ours.n for ours in order] == [3, 1, 2, 0, 4]
