"""What an undo owes to a title, and how it is reported."""

from __future__ import annotations

import pytest

from importer.journal.change import Change, Role
from importer.journal.owed import DebtState, Why
from importer.model import AccountRating, Date, Kind, Origin, Precision
from importer.readback.restoring import Verdict, Wish
from importer.record import Match, TakenBack
from importer.run.wishes import UndoneTitle, debt_of, record_of

FIRST = Change(
    run=1,
    batch=1,
    n=0,
    key="letterboxd:1",
    role=Role.ROW,
    question=None,
    sent_simkl=5,
    rating=8,
    rated_at=100,
    date=Date(100, Precision.SECOND, Origin.RATING),
    posted=200,
)
LAST = Change(
    run=2,
    batch=1,
    n=3,
    key="imdb:1",
    role=Role.ROW,
    question=None,
    sent_simkl=5,
    rating=9,
    rated_at=300,
    date=Date(300, Precision.SECOND, Origin.RATING),
    posted=400,
)
THERE = AccountRating(5, Kind.MOVIE, "Heat", 1995, (("imdb", "tt0113277"),), 9, 301)


def undone(want: tuple[int, int | None] | None, theirs: AccountRating | None = THERE) -> UndoneTitle:
    """A title of two runs that is to have this again."""
    wish = Wish(Verdict.TAKE_BACK, want, (FIRST, LAST))
    return UndoneTitle(
        simkl=5, kind=Kind.MOVIE, name="Heat", year=1995, ids=(), changes=(FIRST, LAST), theirs=theirs, wish=wish
    )


@pytest.mark.parametrize(("want", "rating", "at"), [((3, 60), 3, 60), ((3, None), 3, None), (None, None, None)])
def test_a_title_is_owed_what_it_is_to_have_again_from_its_first_change_to_its_last(
    want: tuple[int, int | None] | None, rating: int | None, at: int | None
) -> None:
    """Under the date that is to be read there; the one that is sent for it may be another."""
    debt = debt_of(undone(want), 7, 61)
    assert (debt.simkl, debt.rating, debt.read_at, debt.store_at) == (5, rating, at, 61)
    assert (debt.why, debt.state, debt.run, debt.key) == (Why.UNDO, DebtState.DUE, 7, "")
    assert (debt.since, debt.upto) == (FIRST.order, LAST.order)
    record = record_of(undone(want), TakenBack.RESTORED)
    assert (record.rating, record.rated_at) == (rating, at)


@pytest.mark.parametrize(("theirs", "prior"), [(THERE, (9, 301)), (None, (None, None))])
def test_a_report_tells_what_stood_there_by_the_last_row(
    theirs: AccountRating | None, prior: tuple[int | None, int | None]
) -> None:
    """Which is the one whose rating it was."""
    record = record_of(undone((3, 60), theirs), TakenBack.RESTORED)
    assert (record.prior_rating, record.prior_rated_at) == prior
    assert (record.source, record.key, record.matched) == ("imdb", "imdb:1", Match("Heat", 1995, 5))
