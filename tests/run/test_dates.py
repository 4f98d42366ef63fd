"""What a reading tells of how Simkl gives dates back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.journal.change import Change, Evidence, Role, State
from importer.model import AccountRating, Date, Kind, Origin, Precision
from importer.run.settlement.dates import pairs_of
from importer.simkl.account import Account

AT = 1_700_000_000
HOUR = 3600
SENT = Change(
    run=1,
    batch=1,
    n=0,
    key="letterboxd:1",
    role=Role.ROW,
    question=None,
    sent_simkl=5,
    rating=8,
    rated_at=AT,
    date=Date(AT, Precision.SECOND, Origin.RATING),
    posted=AT + 9,
    state=State.ANSWERED,
    simkl=5,
    evidence=Evidence.ID,
)
THERE = AccountRating(5, Kind.MOVIE, "Heat", 1995, (), 8, AT + HOUR)


def test_dates_are_paired_as_sent_and_as_read_and_each_pair_counts_once() -> None:
    """Of two rows with one date the second tells nothing more."""
    other, theirs = replace(SENT, n=1, simkl=6, evidence=Evidence.NAME), replace(THERE, simkl=6)
    assert list(pairs_of([SENT, other], Account((THERE, theirs)))) == [(AT, AT + HOUR)]


@pytest.mark.parametrize(
    ("change", "theirs"),
    [
        ({"simkl": None, "evidence": None}, {}),
        ({"simkl": 6}, {}),
        ({"evidence": Evidence.MOMENT}, {}),
        ({"evidence": Evidence.SET}, {}),
        ({"evidence": None}, {}),
        ({"rating": None, "rated_at": None}, {}),
        ({}, {"rating": 7}),
        ({}, {"rated_at": None}),
        ({}, {"rated_at": AT + 50 * HOUR}),
    ],
)
def test_what_is_not_surely_the_rating_that_was_sent_tells_nothing(
    change: dict[str, Any], theirs: dict[str, Any]
) -> None:
    """A row that was found by its date would prove itself."""
    assert list(pairs_of([replace(SENT, **change)], Account((replace(THERE, **theirs),)))) == []
