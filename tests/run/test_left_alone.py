"""What is remembered of a row that was not sent: what is new of it, and nothing where it is on record so already."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.sides import Base, Remembered
from importer.plan.title import Title
from importer.run import ending

AT = 20_000 * DAY + NOON
DATE = Date(AT, Precision.DAY, Origin.RATING)
BEFORE, NOW = (Date(AT + days * DAY, Precision.SECOND, Origin.RUN) for days in (3, 9))
THERE = AccountRating(5, Kind.MOVIE, "Heat", 1995, (), 9, AT)
BASE = Base(9, DATE, 9, AT)
UNCHANGED = Title(
    n=0,
    item=Item("a:1", Kind.MOVIE, "Heat", 1995, (), "9", 9, DATE, "f", 1),
    ids=(),
    rating=9,
    date=DATE,
    rated_at=AT,
    asked=7,
    theirs=THERE,
    outcome=Outcome.UNCHANGED,
)
KEPT = replace(UNCHANGED, theirs=replace(THERE, rating=3), outcome=Outcome.KEPT, reason=Reason.CONFLICT)
WRONG = replace(KEPT, theirs=None, note=Note.OTHER_TITLE)


def past(outcome: Outcome, **fields: Any) -> Remembered:
    """What is on record of the row: it was sent as an 8 of the day before, and found on the title 5."""
    sent: dict[str, Any] = {"simkl": 5, "wanted_rating": 8, "wanted": replace(DATE, value=AT - DAY)}
    return Remembered(outcome=outcome, **{**sent, **fields})


@pytest.mark.parametrize(
    ("title", "known"),
    [
        (UNCHANGED, past(Outcome.APPLIED, base=BASE)),
        (UNCHANGED, past(Outcome.UNCHANGED, base=BASE)),
        (replace(UNCHANGED, date=NOW), past(Outcome.APPLIED, base=replace(BASE, said_date=BEFORE))),
        (KEPT, past(Outcome.KEPT)),
        (replace(KEPT, theirs=None), past(Outcome.KEPT, simkl=6)),
        (WRONG, past(Outcome.KEPT, wanted_rating=9)),
        (replace(UNCHANGED, outcome=Outcome.SKIPPED), None),
        (replace(UNCHANGED, outcome=Outcome.NOT_FOUND, theirs=None), past(Outcome.NOT_FOUND)),
    ],
)
def test_what_is_on_record_so_is_not_written_again(title: Title, known: Remembered | None) -> None:
    """Also where the run's start stands in for a date: the one that was said first stays."""
    assert ending._unsent(title, known) is None


@pytest.mark.parametrize(
    ("date", "known", "said"),
    [
        (DATE, None, DATE),
        (DATE, past(Outcome.KEPT, base=BASE), DATE),
        (DATE, past(Outcome.UNCONFIRMED, base=BASE), DATE),
        (DATE, past(Outcome.APPLIED, base=BASE, simkl=6), DATE),
        (DATE, past(Outcome.APPLIED, base=replace(BASE, account_rated_at=9)), DATE),
        (NOW, past(Outcome.APPLIED), NOW),
        (NOW, past(Outcome.APPLIED, base=BASE), NOW),
        (NOW, past(Outcome.KEPT, base=replace(BASE, said_date=BEFORE)), BEFORE),
        (NOW, past(Outcome.APPLIED, base=replace(BASE, said_date=BEFORE, said_rating=8)), NOW),
        (NOW, past(Outcome.APPLIED, base=replace(BASE, said_date=None)), NOW),
        (DATE, past(Outcome.APPLIED, base=replace(BASE, said_date=BEFORE)), DATE),
    ],
)
def test_a_row_and_the_account_agree_on_what_stands_there(date: Date, known: Remembered | None, said: Date) -> None:
    """What is on record of its sending stays: above all a date that was a run's own."""
    found = ending._unsent(replace(UNCHANGED, date=date), known)
    assert found is not None
    assert (found.outcome, found.asked, found.simkl) == (Outcome.UNCHANGED, 7, 5)
    assert found.base == Base(9, said, 9, AT)
    assert (found.wanted_rating, found.wanted) == ((known.wanted_rating, known.wanted) if known else (None, None))


@pytest.mark.parametrize("known", [None, past(Outcome.APPLIED), past(Outcome.KEPT, simkl=6), past(Outcome.UNCHANGED)])
def test_what_is_kept_is_remembered_where_it_was_not_or_on_another_title(known: Remembered | None) -> None:
    """With the reason why."""
    found = ending._unsent(KEPT, known)
    assert found is not None
    assert (found.outcome, found.reason, found.simkl, found.base) == (Outcome.KEPT, "conflict", 5, None)
    assert found.wanted_rating == (known.wanted_rating if known else None)


@pytest.mark.parametrize("known", [None, past(Outcome.APPLIED, wanted_rating=9), past(Outcome.KEPT, wanted_rating=8)])
def test_of_a_row_that_leads_to_a_wrong_title_it_is_remembered_what_it_says(known: Remembered | None) -> None:
    """And no title: it is told again only once it says something else."""
    found = ending._unsent(WRONG, known)
    assert found is not None
    assert (found.outcome, found.simkl, found.wanted_rating, found.wanted) == (Outcome.KEPT, None, 9, DATE)
