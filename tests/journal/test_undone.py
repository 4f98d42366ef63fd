"""What an undo leaves on record once a title is seen to be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.journal.owed import Debt, DebtState, Why
from importer.journal.undone import end_undo_debts, reopen_unproven
from importer.model import AccountRating, Kind

DEBT = Debt(5, Kind.MOVIE, "Jaws", 1975, 6, 60, 61, Why.UNDO, DebtState.DUE, "", 4, 0, 9, tried_at=500)
CHANGES = "SELECT state, undone FROM changes ORDER BY run, batch, n"


@pytest.mark.parametrize("paid", [True, False])
def test_what_an_undo_covered_is_taken_or_as_if_it_had_not_begun(resume: Any, paid: bool) -> None:
    """Where the person has changed it since, a later undo may be told to; nothing of another undo or title is."""
    for n, (simkl, undone, role) in enumerate(
        [(5, 4, "row"), (5, 3, "row"), (5, None, "row"), (6, 4, "row"), (5, 4, "give")]
    ):
        resume.change(1, 1, n, f"a:{n}", simkl=simkl, undone=undone, role=role, state="settled")
    end_undo_debts(resume.journal, [(DEBT, paid)])
    assert resume.read(CHANGES) == [
        ("taken", 4) if paid else ("settled", None),
        ("settled", 3),
        ("settled", None),
        ("settled", 4),
        ("settled", 4),
    ]


@pytest.mark.parametrize("paid", [True, False])
def test_what_stays_rests_on_what_lay_below_the_rows_that_are_taken_back(resume: Any, paid: bool) -> None:
    """It had found one of ours there: the next undo must not give that back. What came before it stays as it is."""
    ours = {"simkl": 5, "state": "settled"}
    for run, n, undone, seen_at, rating, before in (
        (1, 0, None, 10, 3, (9, 50)),
        (1, 1, 4, None, 7, (2, 5)),
        (2, 0, 4, 40, 8, (7, 30)),
        (2, 1, None, 50, 9, (8, 40)),
        (3, 0, None, 60, 4, (9, 50)),
        (3, 1, None, 70, 4, None),
    ):
        rated = {"after_rating": rating, "after_at": 30, "before_rating": before and before[0]}
        before_at = before and before[1]
        resume.change(run, 1, n, f"a:{run}{n}", undone=undone, seen_at=seen_at, before_at=before_at, **rated, **ours)
    resume.change(3, 1, 2, "a:other", simkl=6, state="settled", before_rating=8, before_at=40)
    end_undo_debts(resume.journal, [(DEBT, paid)])
    found = resume.read("SELECT before_rating, before_at FROM changes ORDER BY run, batch, n")
    resting = (2, 5) if paid else (8, 40)
    assert found == [(9, 50), (2, 5), (7, 30), resting, (9, 50), (None, None), (8, 40)]


@pytest.mark.parametrize(
    ("how", "closed"),
    [
        ({"simkl": 5}, True),
        ({"sent_simkl": 5}, True),
        ({"asked": 7}, True),
        ({"asked": 8}, True),
        ({"asked": 9}, False),
        ({"simkl": 6}, False),
        ({"simkl": 5, "batch": 2}, False),
        ({"simkl": 5, "role": "give"}, False),
        ({"simkl": 5, "run": 3}, False),
    ],
)
def test_what_was_sent_before_and_never_seen_is_overwritten_by_the_undo(
    resume: Any, how: dict[str, Any], closed: bool
) -> None:
    """Wherever its question is known to lead; what was sent after the last try may still be there."""
    resume.put("batches", run=1, batch=1, started=500)
    resume.put("batches", run=1, batch=2, started=501)
    resume.put("runs", run=3, unsettled=0)
    resume.put("asks", asked=7, simkl=5)
    resume.put("items", key="b:1", asked=8, simkl=5)
    resume.put("items", key="a:0", outcome="unconfirmed", reason="other", due=900)
    resume.change(**{"run": 1, "batch": 1, "n": 0, "key": "a:0"} | how)
    end_undo_debts(resume.journal, [(DEBT, True)])
    assert resume.read("SELECT state FROM changes") == ["closed" if closed else "answered"]
    now = ("pending", None, None) if closed else ("unconfirmed", "other", 900)
    assert resume.read("SELECT outcome, reason, due FROM items WHERE key = 'a:0'") == [now]


def test_only_what_is_unconfirmed_is_to_be_sent_anew(resume: Any) -> None:
    """And nothing is overwritten by an undo that was not paid, or that never tried."""
    resume.put("items", key="a:0", outcome="kept")
    resume.put("items", key="a:1", outcome="unconfirmed")
    for n in range(2):
        resume.change(1, 1, n, f"a:{n}", simkl=5)
    end_undo_debts(resume.journal, [(DEBT, False)])
    end_undo_debts(resume.journal, [(replace(DEBT, tried_at=None), True)])
    assert resume.read(CHANGES) == [("answered", None)] * 2
    end_undo_debts(resume.journal, [(DEBT, True)])
    assert resume.read(CHANGES) == [("closed", None)] * 2
    assert resume.read("SELECT outcome FROM items ORDER BY key") == ["kept", "pending"]


@pytest.mark.parametrize(
    ("change", "agrees"),
    [
        ({"seen_at": 60}, True),
        ({"seen_at": 99, "after_at": 61}, True),
        ({"seen_at": 99}, False),
        ({"seen_at": 60, "after_rating": 7}, False),
        ({"seen_at": 60, "state": "seen"}, False),
    ],
)
def test_a_row_of_ours_agrees_again_with_the_rating_that_is_given_back(
    resume: Any, change: dict[str, Any], agrees: bool
) -> None:
    """If that is its own: else the next import would take it for the person's."""
    resume.put("items", key="a:0", simkl=5)
    resume.change(
        **{"run": 1, "batch": 1, "n": 0, "key": "a:0", "simkl": 5, "after_rating": 6, "state": "settled"} | change
    )
    end_undo_debts(resume.journal, [(DEBT, True)])
    bases = resume.read("SELECT said_rating, said_precision, said_origin, account_rating, account_at FROM items")
    assert bases == [(6, "second", "rating", 6, 60) if agrees else (None,) * 5]


def test_the_last_such_row_agrees_again_and_none_that_has_a_base(resume: Any) -> None:
    """Nor one that is on another title by now."""
    for n, (simkl, said) in enumerate([(5, None), (5, 3), (9, None), (5, None)]):
        resume.put("items", key=f"a:{n}", simkl=simkl, said_rating=said)
    own = {"simkl": 5, "after_rating": 6, "seen_at": 60, "state": "settled"}

    def bases(*keys: int) -> list[Any]:
        for n in keys:
            resume.change(1, 1, n, f"a:{n}", **own)
        end_undo_debts(resume.journal, [(DEBT, True)])
        return list(resume.read("SELECT said_rating FROM items ORDER BY key"))

    assert bases(0, 1) == [None, 3, None, None]
    assert bases(2) == [None, 3, None, None]
    assert bases(3) == [None, 3, None, 6]


def test_what_an_undo_of_an_earlier_version_closed_unproven_is_offered_again(resume: Any) -> None:
    """Once, and only where our own value stands there still."""
    account = {
        simkl: AccountRating(simkl, Kind.MOVIE, "Jaws", 1975, (), rating, at)
        for simkl, rating, at in ((5, 8, 100), (6, 7, 100), (7, 8, 101))
    }
    for run, simkl, seen_at, role in (
        (1, 5, 100, "row"),
        (2, 6, 100, "row"),
        (3, 7, 100, "row"),
        (4, 8, 100, "row"),
        (5, 5, None, "row"),
        (6, 5, 100, "give"),
    ):
        resume.put("runs", run=run, undone=1)
        resume.change(run, 1, 0, "a:0", simkl=simkl, seen_at=seen_at, role=role, state="taken", undone=9)
    reopen_unproven(resume.journal, account)
    assert resume.read("SELECT sum(undone = 9) FROM changes") == [6]
    resume.put("meta", name="unproven undo", value="1")
    reopen_unproven(resume.journal, account)
    assert resume.read("SELECT run FROM changes WHERE state = 'settled' AND undone IS NULL") == [1]
    assert resume.read("SELECT run FROM runs WHERE undone = 0") == [1]
    resume.journal.write("UPDATE changes SET state = 'taken', undone = 9")
    reopen_unproven(resume.journal, account)
    assert resume.read("SELECT count(*) FROM changes WHERE state = 'settled'") == [0]
