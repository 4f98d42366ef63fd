"""Any doubt keeps a title on its list."""

from __future__ import annotations

from typing import Any

import pytest

from importer.model import Kind
from importer.readback.unlisting import Doubt, Sent, doubt_about
from importer.simkl.library import Listed


def _row(rating: Any = None, **fields: Any) -> Listed:
    plain: dict[str, Any] = {"status": "completed", "watched_at": None, "added_at": None, "episodes": 0}
    return Listed(simkl=1, kind=Kind.MOVIE, title="Heat", year=1995, ids=(), rating=rating, **{**plain, **fields})


@pytest.mark.parametrize(
    ("fields", "batch", "row", "doubt"),
    [
        ({}, {}, {}, None),
        ({"listed": None}, {}, {}, Doubt.UNKNOWN),
        ({"listed": True}, {}, {}, Doubt.BEFORE),
        ({}, {"status": None}, {}, Doubt.UNKNOWN),
        ({}, {}, {"status": "watching"}, Doubt.MOVED),
        ({}, {}, {"episodes": 1}, Doubt.WATCHED),
        ({}, {}, {"watched_at": 5}, Doubt.WATCHED),
        ({"seen_at": 5}, {}, {"watched_at": 5}, None),
        ({}, {}, {"watched_at": 150}, None),
        ({}, {}, {"watched_at": 99}, Doubt.WATCHED),
        ({}, {}, {"watched_at": 201}, Doubt.WATCHED),
        ({}, {"ended": None}, {"watched_at": 150}, Doubt.WATCHED),
    ],
)
def test_each_condition_is_asked_for_by_itself(
    sent: Any, fields: dict[str, Any], batch: dict[str, Any], row: dict[str, Any], doubt: Doubt | None
) -> None:
    """Unlisted before, the list that our answer named, nothing watched but by our own rating."""
    change = sent(**{"listed": False, **fields})
    told = Sent(**{"status": "completed", "began": 100, "ended": 200, **batch})
    assert doubt_about(_row(**row), [change], {change.order: told}, None) is doubt


def test_a_rating_must_be_ours_or_none(sent: Any, there: Any, noon: int) -> None:
    """And a watch date may be the date of the rating."""
    change = sent(listed=False)
    told = {change.order: Sent("completed", 100, 200)}
    assert doubt_about(_row(there()), [change], told, None) is None
    assert doubt_about(_row(there(rating=3)), [change], told, None) is Doubt.RATED
    assert doubt_about(_row(watched_at=noon), [change], told, None) is None


def test_the_first_of_several_changes_tells_what_was_before(sent: Any) -> None:
    """A later one found the title on the list that the first had put it onto."""
    first, second = sent(listed=False), sent(run=2, listed=True)
    told = {one.order: Sent("completed", 100, 200) for one in (first, second)}
    assert doubt_about(_row(), [first, second], told, None) is None
    assert doubt_about(_row(), [second], told, None) is Doubt.BEFORE


def test_of_several_ratings_of_ours_one_stands_there(sent: Any, there: Any, noon: int) -> None:
    """The others were overwritten by ourselves."""
    first, second = sent(listed=False, rating=3, rated_at=noon - 9), sent(run=2, listed=True)
    told = {one.order: Sent("completed", 100, 200) for one in (first, second)}
    assert doubt_about(_row(there()), [first, second], told, None) is None
    assert doubt_about(_row(there(rating=4)), [first, second], told, None) is Doubt.RATED
