"""Rating scales: exact, monotone, total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.reading.scale import Ratings, Rounding, Scale, exact, half_stars, plain_ratings, ten_points


@pytest.mark.parametrize("step", range(1, 11))
def test_every_half_star_step_is_exact(step: int) -> None:
    """Each of the ten steps doubles to its integer, in every way that sites and spreadsheets write it."""
    stars = Decimal(step) / 2
    for text in (str(stars), f"{stars:.1f}", f"{stars:.2f}", f" {stars} ", f"{stars:.1f}".replace(".", ",")):
        assert half_stars(text) == step
        assert type(half_stars(text)) is int


def test_half_stars_are_monotone() -> None:
    """More stars never make a lower rating."""
    ratings = [rating for tenths in range(101) if (rating := half_stars(f"{tenths / 10}")) is not None]
    assert ratings == sorted(ratings)
    assert ratings == [Decimal(tenths) / 5 for tenths in range(101)]


@given(st.integers(-(10**15), 10**15))
def test_every_integer_is_exact(number: int) -> None:
    """Ten points are taken as they stand, stars doubled, however far out of range."""
    assert ten_points(str(number)) == number
    assert half_stars(str(number)) == 2 * number
    assert ten_points(f"{number}.0") == number


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6))
def test_nothing_is_rounded(value: Decimal) -> None:
    """Whatever digits a site writes, the doubled value has them all; a whole value is an int."""
    rating = half_stars(f"{value:f}")
    assert rating == value * 2
    assert isinstance(rating, int) == (value * 2 == int(value * 2))


def test_values_out_of_range_stay_what_they_are() -> None:
    """Nothing is clamped and 0 stays 0: judging is the pipeline's."""
    assert [half_stars(text) for text in ("0", "5.5", "-1", "3.7")] == [0, 11, -2, Decimal("7.4")]
    assert [ten_points(text) for text in ("0", "11", "8.5")] == [0, 11, Decimal("8.5")]


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "nan", "inf", "-inf", "NaN", "1e1", "★★★½", "٣", "4/5", "1,000", "0x5", ".", "1_0", "--1"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    """Words, float specials, exponents and other alphabets' digits are no ratings."""
    assert half_stars(text) is None
    assert ten_points(text) is None


@given(st.text(max_size=80))
def test_the_scale_is_total(text: str) -> None:
    """No text raises."""
    for scale in (half_stars, ten_points):
        assert isinstance(scale(text), int | Decimal | None)


def test_absurd_lengths_are_safe() -> None:
    """A million digits are no number, at once."""
    assert half_stars("9" * 1_000_000) is None
    assert half_stars("9" * 60) == int("9" * 60) * 2


@pytest.mark.parametrize(
    ("scale", "points"),
    [
        (Scale.FIVE, {"0.5": 1, "2.5": 5, "5": 10, "0": 0, "5.5": 11}),
        (Scale.TEN, {"1": 1, "10": 10, "0": 0, "11": 11}),
        (Scale.POINT_10, {"1": 1, "10": 10}),
        (Scale.HUNDRED, {"10": 1, "100": 10, "0": 0, "110": 11, "73": Decimal("7.3")}),
        (Scale.POINT_100, {"100": 10, "85": Decimal("8.5")}),
        (Scale.POINT_5, {"1": 1, "2": 3, "3": 5, "4": 7, "5": 9, "6": 0, "0": 0, "2.5": 0}),
        (Scale.POINT_3, {"1": 4, "2": 6, "3": 9, "4": 0}),
    ],
)
def test_each_scale_has_its_own_steps(scale: Scale, points: dict[str, object]) -> None:
    """What is no step of AniList's small scales has no place on ours."""
    assert {text: exact(text, scale) for text in points} == points
    assert exact("good", scale) is None


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (None, [Decimal("7.5"), Decimal("8.5"), Decimal("7.3"), Decimal("7.8"), Decimal("0.4"), Decimal("10.4")]),
        (Rounding.UP, [8, 9, 7, 8, 0, Decimal("10.4")]),
        (Rounding.DOWN, [7, 8, 7, 8, 0, Decimal("10.4")]),
        (Rounding.EVEN, [8, 8, 7, 8, 0, Decimal("10.4")]),
    ],
)
def test_a_rating_between_two_points_is_rounded_only_if_the_person_says(
    rounding: Rounding | None, expected: list[object]
) -> None:
    """Halves as told, anything finer to the nearest; above the scale nothing is brought back onto it."""
    ratings = Ratings(Scale.HUNDRED, rounding)
    assert [ratings[text] for text in ("75", "85", "73", "78", "4", "104")] == expected


@pytest.mark.parametrize("scale", Scale)
def test_the_plain_spellings_mean_what_reading_them_comes_to(scale: Scale) -> None:
    """They only save the reading."""
    assert all(exact(text, scale) == value for text, value in plain_ratings(scale).items())


def test_anilists_hundred_points_are_always_rounded_half_up() -> None:
    """As that site shows them, whatever is said; 1 to 4 become 0 and so fall out of range."""
    ratings = Ratings(Scale.POINT_100, Rounding.DOWN)
    assert [ratings[text] for text in ("85", "84", "4", "5", "100")] == [9, 8, 0, 1, 10]


def test_how_many_were_rounded_is_told() -> None:
    """With what was done: halves alone go one way, finer ones to the nearest."""
    halves = Ratings(Scale.TEN, Rounding.DOWN)
    assert halves.remark() == ""
    assert halves["7.5"] == 7
    halves.count_rounded()
    assert halves.remark() == "1 rating lay between two whole numbers and was rounded down"
    finer = Ratings(Scale.HUNDRED, Rounding.UP)
    assert (finer["73"], finer["75"]) == (7, 8)
    for _ in range(1_214):
        finer.count_rounded()
    assert finer.remark() == "1,214 ratings lay between two whole numbers and were rounded to the nearest, halves up"
