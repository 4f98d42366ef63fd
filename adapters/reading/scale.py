"""A site's rating scale to the 1-10 scale: exact, never clamped, rounded only where a person or the site says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import Final, TypeAlias

MAX_LENGTH = 64
"""Characters of a rating text; a longer one is no number."""

Rating: TypeAlias = int | Decimal | None


class Scale(StrEnum):
    """What the numbers of a file mean. The names with letters are AniList's, 20 is Kitsu's."""

    FIVE = "5"
    TEN = "10"
    TWENTY = "20"
    HUNDRED = "100"
    POINT_100 = "POINT_100"
    POINT_10_DECIMAL = "POINT_10_DECIMAL"
    POINT_10 = "POINT_10"
    POINT_5 = "POINT_5"
    POINT_3 = "POINT_3"


class Rounding(StrEnum):
    """Where a rating goes that lies between two whole points: halves as it is called, anything else to the nearest."""

    UP = "up"
    DOWN = "down"
    EVEN = "even"


_MODES: Final = {Rounding.UP: ROUND_HALF_UP, Rounding.DOWN: ROUND_HALF_DOWN, Rounding.EVEN: ROUND_HALF_EVEN}
# AniList shows a score of 85 as 9 out of 10 and a 5-point score of 4 as 70 out of 100: its own steps are taken as it
# stores them, so that two exports of one person agree.
_ANILIST: Final = frozenset({Scale.POINT_100, Scale.POINT_10_DECIMAL})
_STEPS: Final = {Scale.POINT_5: {1: 1, 2: 3, 3: 5, 4: 7, 5: 9}, Scale.POINT_3: {1: 4, 2: 6, 3: 9}}

# Digits with a point, or the comma of a re-save in a locale that has decimal commas. ASCII digits only; no exponent.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|[0-9]+,[0-9]{1,2})")
# Enough digits that nothing of MAX_LENGTH characters is ever rounded.
_EXACT = Context(prec=2 * MAX_LENGTH)
_ONE = Decimal(1)
_HALF = Decimal("0.5")
_TENTH = Decimal("0.1")
_HIGHEST = 10

_HALF_STARS: Final[dict[str, int]] = {}
_TEN_POINTS: Final[dict[str, int]] = {}
_TENS: Final[dict[str, int]] = {}
for _step in range(1, 11):
    _HALF_STARS[f"{_step / 2}"] = _step
    _HALF_STARS[f"{_step / 2:g}"] = _step
    _TEN_POINTS[f"{_step}"] = _step
    _TEN_POINTS[f"{_step}.0"] = _step
    _TENS[f"{_step}0"] = _step
_PLAIN: Final = {Scale.FIVE: _HALF_STARS, Scale.TEN: _TEN_POINTS, Scale.HUNDRED: _TENS}


class Ratings(dict[str, Rating]):
    """What the rating texts of one file come to, each worked out once; and how many of its ratings were rounded.

    Without `rounding` a rating between two whole points stays one: the pipeline refuses it. `steps` are what a site's
    own codes mean, where it has no numbers; any other code has no place on the scale.
    """

    def __init__(self, scale: Scale, rounding: Rounding | None = None, steps: Mapping[str, int] | None = None) -> None:
        super().__init__()
        self._steps = steps
        self.scale = scale
        self._rounding = Rounding.UP if scale in _ANILIST else rounding
        self.rounded: set[str] = set()
        self._halves: set[str] = set()
        self._count = 0

    def __missing__(self, text: str) -> Rating:
        value = exact(text, self.scale) if self._steps is None else self._steps.get(text.strip(), 0)
        if isinstance(value, Decimal) and self._rounding is not None and 0 < value < _HIGHEST:
            whole = int(value.quantize(_ONE, _MODES[self._rounding]))
            self.rounded.add(text)
            if value * 2 == int(value * 2):
                self._halves.add(text)
            value = whole
        self[text] = value
        return value

    def count_rounded(self, number: int = 1) -> None:
        """Count a rating that was rounded, or take back one that turned out to be no rating of its own."""
        self._count += number

    def remark(self) -> str:
        """Tell in one sentence how many ratings were rounded; "" where none was."""
        if not self._count:
            return ""
        one = self._count == 1
        how = (
            f"rounded {self._rounding}"
            if self.rounded == self._halves
            else f"rounded to the nearest, halves {self._rounding}"
        )
        site = ", as AniList shows them" if self.scale in _ANILIST else ""
        return (
            f"{self._count:,} rating{'' if one else 's'} lay between two whole numbers and "
            f"{'was' if one else 'were'} {how}{site}"
        )


def plain_ratings(scale: Scale) -> dict[str, int]:
    """The commonest spellings of a scale's whole points, which need no reading."""
    return _PLAIN.get(scale, {})


def exact(text: str, scale: Scale) -> Rating:
    """Bring a rating's text to the 1-10 scale without rounding: an int if it is whole, None if it is no number."""
    match scale:
        case Scale.FIVE:
            return half_stars(text)
        case Scale.TEN | Scale.POINT_10 | Scale.POINT_10_DECIMAL:
            return ten_points(text)
        case Scale.TWENTY:
            return _number(text, _HALF)
        case Scale.HUNDRED | Scale.POINT_100:
            return _number(text, _TENTH)
        case Scale.POINT_5 | Scale.POINT_3:
            step = _number(text, _ONE)
            # What is no step of the scale has no place on it: 0 is out of range.
            return None if step is None else _STEPS[scale].get(step, 0) if isinstance(step, int) else 0


def half_stars(text: str) -> Rating:
    """Stars from 0.5 to 5 in half steps to 1-10: "3.5" is 7, "3.7" is Decimal("7.4"), "5.5" is 11, "abc" is None."""
    rating = _HALF_STARS.get(text)
    return rating if rating is not None else _number(text, Decimal(2))


def ten_points(text: str) -> Rating:
    """Points from 1 to 10 as they are: "7" is 7, "7.0" is 7, "8.5" is Decimal("8.5"), "11" is 11, "abc" is None."""
    rating = _TEN_POINTS.get(text)
    return rating if rating is not None else _number(text, _ONE)


def _number(text: str, factor: Decimal) -> Rating:
    text = text.strip()
    if len(text) > MAX_LENGTH or _NUMBER.fullmatch(text) is None:
        return None
    value = _EXACT.multiply(Decimal(text.replace(",", ".")), factor)
    whole = int(value)
    return whole if whole == value else value
