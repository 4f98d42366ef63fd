"""Ratings that have no row of their own, for what they rate has no place on Simkl: seasons, episodes, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def rated_parts(one: str, more: str, ratings: Iterable[object]) -> Iterator[str]:
    """Tell in one sentence how many such things are rated; nothing where none is. 0 and null are no ratings."""
    count = sum(bool(rating) and not isinstance(rating, list | dict) for rating in ratings)
    if count == 1:
        yield f"the rating of 1 {one} has no place on Simkl and is left out"
    elif count:
        yield f"the ratings of {count:,} {more} have no place on Simkl and are left out"
