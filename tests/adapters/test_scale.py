"""Rating scales: exact, monotone, total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.reading.scale import half_stars, ten_points


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
