"""A site's rating scale to the 1-10 scale: exact, never rounded, never clamped, and unjudged."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Final

MAX_LENGTH = 64
"""Characters of a rating text; a longer one is no number."""

# Digits with a point, or the comma of a re-save in a locale that has decimal commas. ASCII digits only; no exponent.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|[0-9]+,[0-9]{1,2})")
# Enough digits that nothing of MAX_LENGTH characters is ever rounded.
_EXACT = Context(prec=2 * MAX_LENGTH)

_HALF_STARS: Final[dict[str, int]] = {}
_TEN_POINTS: Final[dict[str, int]] = {}
for _step in range(1, 11):
    _HALF_STARS[f"{_step / 2}"] = _step
    _HALF_STARS[f"{_step / 2:g}"] = _step
    _TEN_POINTS[f"{_step}"] = _step
    _TEN_POINTS[f"{_step}.0"] = _step


def half_stars(text: str) -> int | Decimal | None:
    """Stars from 0.5 to 5 in half steps to 1-10: "3.5" is 7, "3.7" is Decimal("7.4"), "5.5" is 11, "abc" is None."""
    rating = _HALF_STARS.get(text)
    return rating if rating is not None else _number(text, 2)


def ten_points(text: str) -> int | Decimal | None:
    """Points from 1 to 10 as they are: "7" is 7, "7.0" is 7, "8.5" is Decimal("8.5"), "11" is 11, "abc" is None."""
    rating = _TEN_POINTS.get(text)
    return rating if rating is not None else _number(text, 1)


def _number(text: str, factor: int) -> int | Decimal | None:
    text = text.strip()
    if len(text) > MAX_LENGTH or _NUMBER.fullmatch(text) is None:
        return None
    value = _EXACT.multiply(Decimal(text.replace(",", ".")), Decimal(factor))
    whole = int(value)
    return whole if whole == value else value
