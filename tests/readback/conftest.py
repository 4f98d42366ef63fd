"""What the tests of the read-back share: makers of changes, of ratings on the account, and of what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from importer.journal.change import Answer, Change, Question, Role, State
from importer.model import DAY, NOON, AccountRating, Date, Kind, Origin, Precision
from importer.readback.known import Known, Opening
from importer.simkl.account import Account

T = 19_800 * DAY + NOON
"""A noon, in seconds since the epoch."""


@pytest.fixture(scope="session")
def noon() -> int:
    """A noon, in seconds since the epoch."""
    return T


@pytest.fixture(scope="session")
def ask() -> Callable[..., Question]:
    """A maker of questions."""

    def make(title: str = "Heat", year: int | None = 1995, number: int = 7, **fields: Any) -> Question:
        return Question(number, fields.get("kind", Kind.MOVIE), title, year, fields.get("ids", ()))

    return make


@pytest.fixture(scope="session")
def sent(ask: Callable[..., Question]) -> Callable[..., Change]:
    """A maker of changes: an 8 of noon by the key "a:heat", answered as added, that differ in what is given."""

    def make(**fields: Any) -> Change:
        at = fields.get("rated_at", T)
        how = fields.pop("precision", Precision.SECOND), fields.pop("origin", Origin.RATING)
        plain: dict[str, Any] = {
            "run": 1,
            "batch": 1,
            "n": 0,
            "key": "a:heat",
            "role": Role.ROW,
            "question": ask(),
            "sent_simkl": None,
            "rating": 8,
            "rated_at": at,
            "date": Date(at or 0, *how),
            "posted": T + DAY,
            "answer": Answer.ADDED,
            "state": State.ANSWERED,
        }
        return Change(**{**plain, **fields})

    return make


@pytest.fixture(scope="session")
def there() -> Callable[..., AccountRating]:
    """A maker of ratings on the account: Heat, an 8 of noon, by the number 1."""

    def make(
        simkl: int = 1,
        rating: int = 8,
        rated_at: int | None = T,
        title: str = "Heat",
        year: int | None = 1995,
        **fields: Any,
    ) -> AccountRating:
        return AccountRating(
            simkl, fields.get("kind", Kind.MOVIE), title, year, fields.get("ids", ()), rating, rated_at
        )

    return make


@pytest.fixture(scope="session")
def known() -> Callable[..., Known]:
    """A maker of what is known: the ratings as read, and those before run 1 as (rating, date) by number."""

    def make(*ratings: AccountRating, before: Any = None, whole: bool = True, **fields: Any) -> Known:
        openings = {1: Opening(before or {}, whole)}
        plain: dict[str, Any] = {"account": Account(ratings), "openings": openings, "led": {}, "habit": None}
        return Known(**{**plain, **fields})

    return make
