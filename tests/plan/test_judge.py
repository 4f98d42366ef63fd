"""What may be sent: range, identity, date and filter, whatever an adapter yields."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Date, Item, Kind, Origin, Outcome, Precision, Reason, Rejected, Skipped, Superseded
from importer.plan.judge import AHEAD, Policy, Undated, judge

Make = Callable[..., Item]
On = Callable[..., Date]
Rules = Callable[..., Policy]

REJECTED, SKIPPED = Outcome.REJECTED, Outcome.SKIPPED


class Ten(IntEnum):
    """A number that only looks like one."""

    TEN = 10


@pytest.mark.parametrize("rating", range(1, 11))
def test_every_whole_rating_from_one_to_ten_is_good(item: Make, on: On, policy: Rules, rating: int) -> None:
    """And keeps its date."""
    date = on("2024-05-01")
    assert judge(item(rating=rating, date=date), policy()) == date


@pytest.mark.parametrize(
    "rating", [0, 11, -1, 100, 7.5, 8.0, Decimal("7.4"), Decimal(8), math.nan, math.inf, True, False, "8", Ten.TEN]
)
def test_what_is_no_whole_number_from_one_to_ten_is_refused(item: Make, policy: Rules, rating: Any) -> None:
    """Never clamped, never rounded, also not what an adapter should never yield."""
    assert judge(item(rating=rating), policy()) == (REJECTED, Reason.OUT_OF_RANGE)


def test_a_text_that_is_no_number_is_told_apart(item: Make, policy: Rules) -> None:
    """Not a number is not out of range."""
    assert judge(item(rating=None, source_rating="good"), policy()) == (REJECTED, Reason.NOT_A_NUMBER)


def test_what_the_adapter_said_of_a_row_stands(item: Make, policy: Rules) -> None:
    """Malformed, unrated, and an earlier entry of a diary."""
    broken = item(rating=99, kind=None)
    assert judge(Rejected(broken, Reason.MALFORMED_ROW), policy()) == (REJECTED, Reason.MALFORMED_ROW)
    assert judge(Skipped(broken, Reason.UNRATED), policy()) == (SKIPPED, Reason.UNRATED)
    assert judge(Superseded(item()), policy()) == (Outcome.DUPLICATE, None)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({}, Reason.UNREADABLE_DATE),
        ({"rating": 11}, Reason.OUT_OF_RANGE),
        ({"rating": None}, Reason.NOT_A_NUMBER),
        ({"year": None}, Reason.NO_YEAR),
        ({"title": ""}, Reason.NO_IDENTITY),
    ],
)
def test_a_date_that_cannot_be_read_is_looked_at_last(
    item: Make, policy: Rules, fault: dict[str, Any], reason: Reason
) -> None:
    """What else is wrong with the row counts first; a row without any other fault is refused for its date."""
    assert judge(Rejected(item(**fault), Reason.UNREADABLE_DATE), policy()) == (REJECTED, reason)


def test_of_several_faults_the_first_of_the_order_counts(item: Make, policy: Rules) -> None:
    """Kind, value, identity, date, filter."""
    rules = policy(undated=Undated.SKIP, only=frozenset({Kind.SHOW}))
    faults = {"kind": None, "rating": 11, "year": None, "date": None}
    mended = {"kind": Kind.MOVIE, "rating": 9, "year": 1995}
    seen = [judge(item(**faults), rules)]
    for field, value in mended.items():
        faults[field] = value
        seen.append(judge(item(**faults), rules))
    assert seen == [
        (SKIPPED, Reason.UNSUPPORTED_KIND),
        (REJECTED, Reason.OUT_OF_RANGE),
        (REJECTED, Reason.NO_YEAR),
        (SKIPPED, Reason.UNDATED),
    ]
    assert judge(item(), policy(only=frozenset({Kind.SHOW}))) == (SKIPPED, Reason.FILTERED)


@pytest.mark.parametrize("title", ["", "  ", "\u00a0"])
def test_neither_id_nor_title_is_no_identity(item: Make, policy: Rules, title: str) -> None:
    """With a year or without."""
    assert judge(item(title=title), policy()) == (REJECTED, Reason.NO_IDENTITY)
    assert judge(item(title=title, year=None), policy()) == (REJECTED, Reason.NO_IDENTITY)


@pytest.mark.parametrize("year", [None, 0])
def test_a_title_alone_is_too_risky(item: Make, policy: Rules, year: int | None) -> None:
    """A remake of the same name would get the rating."""
    assert judge(item(year=year), policy()) == (REJECTED, Reason.NO_YEAR)


def test_an_id_is_identity_enough(item: Make, policy: Rules) -> None:
    """Without title and year."""
    assert isinstance(judge(item(title="", year=None, ids=(("imdb", "tt0113277"),)), policy()), Date)


def test_an_id_that_may_not_be_sent_is_none(item: Make, policy: Rules) -> None:
    """A Trakt number, a slug, or an anime's imdb id alone."""
    assert judge(item(year=None, ids=(("trakt", "7"), ("slug", "heat"))), policy()) == (REJECTED, Reason.NO_YEAR)
    anime = item(kind=Kind.ANIME, title="", ids=(("imdb", "tt1"), ("tmdb", "5")))
    assert judge(anime, policy()) == (REJECTED, Reason.NO_IDENTITY)


def test_undated_watched_takes_the_stand_in_date(item: Make, on: On, policy: Rules) -> None:
    """The default."""
    watched = on("2020-01-02", Origin.WATCHED)
    assert judge(item(date=watched), policy()) == watched


def test_without_any_date_the_start_of_the_run_stands_in(item: Make, policy: Rules) -> None:
    """Labelled as such."""
    rules = policy()
    assert judge(item(), rules) == Date(rules.start, Precision.SECOND, Origin.RUN)


def test_undated_now_passes_the_stand_in_over(item: Make, on: On, policy: Rules) -> None:
    """But never a true date."""
    rules = policy(undated=Undated.NOW)
    assert judge(item(date=on("2020-01-02", Origin.EDITED)), rules) == Date(rules.start, Precision.SECOND, Origin.RUN)
    assert judge(item(date=on("2020-01-02")), rules) == on("2020-01-02")


def test_undated_skip_leaves_the_row_out(item: Make, on: On, policy: Rules) -> None:
    """Also where a stand-in date is there."""
    rules = policy(undated=Undated.SKIP)
    assert judge(item(), rules) == (SKIPPED, Reason.UNDATED)
    assert judge(item(date=on("2020-01-02", Origin.WATCHED)), rules) == (SKIPPED, Reason.UNDATED)
    assert judge(item(date=on("2020-01-02", Origin.ENTRY)), rules) == on("2020-01-02", Origin.ENTRY)


@pytest.mark.parametrize(
    "text",
    [
        "1899-12-31",
        "1899-12-31T23:59:59",
        "0001-01-01",
        "1970-01-01",
        "1970-01-01T00:00:00",
        "1970-01-01T23:59:59",
        "2026-03-03T18:30:01",
        "2026-03-04",
    ],
)
def test_a_date_nobody_can_mean_is_none(item: Make, on: On, policy: Rules, text: str) -> None:
    """Before 1900, the year 1, the epoch's own day, and more than 48 hours ahead."""
    assert judge(item(date=on(text)), policy(undated=Undated.SKIP)) == (SKIPPED, Reason.UNDATED)
    assert judge(item(date=on(text)), policy()) == Date(policy().start, Precision.SECOND, Origin.RUN)


@pytest.mark.parametrize(
    "text",
    [
        "1900-01-01",
        "1900-01-01T00:00:00",
        "1969-12-31",
        "1969-12-31T23:59:59",
        "1970-01-02T00:00:00",
        "1970-01-02",
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
        "2026-03-03T18:30:00",
    ],
)
def test_a_date_that_can_be_meant_stays(item: Make, on: On, policy: Rules, text: str) -> None:
    """Also tomorrow's, as days look from New Zealand."""
    assert judge(item(date=on(text)), policy()) == on(text)


def test_only_takes_the_kind_that_the_export_says(item: Make, policy: Rules) -> None:
    """Several kinds are any of them."""
    rules = policy(only=frozenset({Kind.SHOW, Kind.ANIME}))
    assert judge(item(kind=Kind.MOVIE), rules) == (SKIPPED, Reason.FILTERED)
    assert isinstance(judge(item(kind=Kind.SHOW), rules), Date)
    assert isinstance(judge(item(kind=Kind.ANIME, ids=(("mal", "1"),)), rules), Date)


def test_since_takes_its_own_day(item: Make, on: On, policy: Rules) -> None:
    """And what came after it, at either precision."""
    rules = policy(since=int(datetime(2024, 5, 1, tzinfo=UTC).timestamp()))
    assert judge(item(date=on("2024-05-01")), rules) == on("2024-05-01")
    assert judge(item(date=on("2024-05-01T00:00:00")), rules) == on("2024-05-01T00:00:00")
    for early in ("2024-04-30", "2024-04-30T23:59:59"):
        assert judge(item(date=on(early)), rules) == (SKIPPED, Reason.FILTERED)


def test_both_filters_count_together(item: Make, on: On, policy: Rules) -> None:
    """A row of a kind that is asked for may still be too old, and a new one of another kind."""
    rules = policy(only=frozenset({Kind.MOVIE}), since=int(datetime(2024, 5, 1, tzinfo=UTC).timestamp()))
    assert judge(item(date=on("2024-04-30")), rules) == (SKIPPED, Reason.FILTERED)
    assert judge(item(kind=Kind.SHOW, date=on("2024-05-02")), rules) == (SKIPPED, Reason.FILTERED)
    assert judge(item(date=on("2024-05-02")), rules) == on("2024-05-02")


def test_since_filters_stand_in_dates_out(item: Make, on: On, policy: Rules) -> None:
    """Nobody knows when these ratings were given."""
    rules = policy(since=0)
    for date in (on("2025-01-01", Origin.WATCHED), on("2025-01-01", Origin.EDITED), None):
        assert judge(item(date=date), rules) == (SKIPPED, Reason.FILTERED)


@given(
    rating=st.one_of(st.none(), st.integers(-3, 14), st.decimals(), st.floats(), st.booleans(), st.text()),
    kind=st.none() | st.sampled_from(Kind),
    title=st.text(max_size=3),
    year=st.none() | st.integers(-1, 3000),
    value=st.none() | st.integers(-(10**11), 10**11),
    undated=st.sampled_from(Undated),
)
def test_what_is_good_is_always_sendable(
    item: Make,
    policy: Rules,
    rating: Any,
    kind: Kind | None,
    title: str,
    year: int | None,
    value: int | None,
    undated: Undated,
) -> None:
    """Every row gets a fault or a date in reach, and nothing but a whole 1-10 with an identity gets a date."""
    date = None if value is None else Date(value, Precision.SECOND, Origin.RATING)
    row = item(rating=rating, kind=kind, title=title, year=year, date=date)
    verdict = judge(row, policy(undated=undated))
    if isinstance(verdict, Date):
        assert type(rating) is int
        assert 1 <= rating <= 10
        assert kind is not None
        assert title.strip()
        assert year
        assert verdict.value <= policy().start + AHEAD
    else:
        assert verdict[1] is not None
