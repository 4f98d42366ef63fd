"""What a run tells beforehand: how much is sent, what it puts onto lists, and where Simkl differs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Origin, Outcome, Precision, Reason
from importer.plan.title import Title
from importer.run.forecast import MANY, earlier_import, forecast

Make = Callable[..., Title]
DATE = Date(20_000 * DAY + NOON, Precision.DAY, Origin.RATING)


@pytest.fixture
def title() -> Make:
    """A maker of decided titles; `there` is Simkl's rating of it, None where it has none."""

    def make(
        kind: Kind = Kind.MOVIE, outcome: Outcome = Outcome.PENDING, there: int | None = None, at: int | None = None
    ) -> Title:
        item = Item("a:1", kind, "Heat", 1995, (), "9", 9, DATE, "f", 1)
        theirs = None if there is None else AccountRating(1, kind, "Heat", 1995, (), there, at)
        reason = Reason.CONFLICT if outcome is Outcome.KEPT else None
        return Title(
            n=0,
            item=item,
            ids=(),
            rating=9,
            date=DATE,
            rated_at=DATE.value,
            asked=1,
            theirs=theirs,
            outcome=outcome,
            reason=reason,
        )

    return make


def test_it_tells_ratings_requests_and_lists_in_narrow_lines(title: Make) -> None:
    """With the day's quota, where it is known."""
    titles = [title()] * 12_345 + [title(Kind.SHOW)] * 2 + [title(Kind.ANIME)]
    lines = list(forecast(titles, 51, 123, 1_000))
    assert lines == [
        "To send: 12,348 ratings in 51 requests (123 of today's 1,000 are used)",
        "A rating puts a title that is on none of your Simkl lists onto one:",
        "  up to 12,345 movies onto Completed (not yet released: Plan to Watch)",
        "  up to 2 shows onto Watching",
        "  up to 1 anime onto Watching",
    ]
    assert max(map(len, lines)) <= 80


def test_one_is_one(title: Make) -> None:
    """No "1 ratings"."""
    lines = list(forecast([title()], 1, 0, None))
    assert lines[0] == "To send: 1 rating in 1 request"
    assert lines[2].startswith("  up to 1 movie onto")


def test_it_tells_who_wins_where_simkl_differs(title: Make) -> None:
    """Equal ratings are no difference, and a title rated there is on a list."""
    titles = [
        title(there=3),
        title(there=4),
        title(outcome=Outcome.KEPT, there=5),
        title(outcome=Outcome.UNCHANGED, there=9),
    ]
    lines = list(forecast(titles, 1, 0, None))
    assert lines == [
        "To send: 2 ratings in 1 request",
        "3 ratings not as on Simkl: the export's is sent for 2, Simkl's is kept for 1",
    ]


def test_nothing_to_do_needs_no_words(title: Make) -> None:
    """A run with nothing new is silent."""
    assert list(forecast([title(outcome=Outcome.UNCHANGED, there=9)], 0, 5, 500)) == []


def test_many_ratings_of_one_day_look_like_an_earlier_import(title: Make) -> None:
    """Only where the export says other days, and only from a number on that nobody rates in a day."""
    other = 20_500 * DAY
    imported = [title(outcome=Outcome.UNCHANGED, there=9, at=other)] * MANY
    hint = earlier_import(imported)
    assert hint is not None
    assert "--on-conflict overwrite --redate" in hint
    assert max(map(len, hint.splitlines())) <= 80
    assert earlier_import(imported[1:]) is None
    assert earlier_import([title(outcome=Outcome.UNCHANGED, there=9, at=DATE.value)] * MANY) is None
    assert earlier_import([title(outcome=Outcome.KEPT, there=8, at=other)] * MANY) is None, "not what was imported"
    assert earlier_import([]) is None
