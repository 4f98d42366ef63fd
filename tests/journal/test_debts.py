"""What titles are owed: when it is due, and what becomes of it and of the rows because of which it is owed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.journal import owed, paying
from importer.journal.changes import changes_of_run
from importer.journal.owed import Debt, DebtState, Why
from importer.journal.trial import Borrowed, borrow, hand_back
from importer.model import DAY, Kind

NOW = 100 * DAY + 500
DEBT = Debt(5, Kind.MOVIE, "Jaws", 1975, 6, 60, 61, Why.GIVE, DebtState.DUE, "", 1, 0, 9)
ROWS = "SELECT outcome, reason FROM rows ORDER BY run, place"
ITEMS = "SELECT outcome, reason, due FROM items ORDER BY key"
STATES = "SELECT state FROM changes ORDER BY run, batch, n"


def lost(resume: Any, n: int, **change: Any) -> None:
    """A row whose title is owed something because of it."""
    resume.put("items", key=f"a:{n}", outcome="unconfirmed", due=900)
    resume.put("rows", run=1, place=n, n=n, key=f"a:{n}", outcome="unconfirmed", batch=1)
    resume.change(1, 1, n, f"a:{n}", **{"simkl": 5, "state": "seen", "evidence": "id"} | change)


@pytest.mark.parametrize(
    ("tries", "tried_at", "due"),
    [
        (0, None, True),
        (0, NOW, True),
        (1, NOW, True),
        (2, NOW, False),
        (2, NOW - 501, True),
        (2, NOW - 499, False),
        (4, NOW - 501, True),
        (2, None, True),
    ],
)
def test_a_debt_is_due_at_once_and_then_once_a_day(tries: int, tried_at: int | None, due: bool) -> None:
    """A day of UTC, not twenty-four hours; what is stuck is due no more."""
    debt = replace(DEBT, tries=tries, tried_at=tried_at)
    assert owed.is_due(debt, NOW) is due
    assert not owed.is_due(replace(debt, state=DebtState.STUCK), NOW)


def test_a_debt_is_stuck_after_the_last_try(resume: Any) -> None:
    """Not before, and that is written."""
    debt = DEBT
    states = []
    for n in range(owed.MOST_TRIES):
        debt = owed.tried(debt, n)
        states.append(debt.state)
    assert states == [DebtState.DUE] * (owed.MOST_TRIES - 1) + [DebtState.STUCK]
    owed.owe(resume.journal, [DEBT, replace(DEBT, simkl=6)])
    paying.note_tries(resume.journal, [debt])
    assert owed.debts(resume.journal) == {5: debt, 6: replace(DEBT, simkl=6)}


def test_what_a_live_test_has_to_put_back_counts_like_a_debt(resume: Any) -> None:
    """Also where nothing else is owed."""
    assert (owed.any_due(resume.journal), owed.count_debts(resume.journal)) == (False, (0, 0))
    one = Borrowed(simkl=7, kind=Kind.MOVIE, title="Heat", year=1995, rating=None, rated_at=None, listed=False, run=1)
    stuck = replace(one, simkl=8, tries=owed.MOST_TRIES)
    borrow(resume.journal, [stuck])
    assert (owed.any_due(resume.journal), owed.count_debts(resume.journal)) == (False, (0, 1))
    borrow(resume.journal, [one])
    assert (owed.any_due(resume.journal), owed.count_debts(resume.journal)) == (True, (1, 1))
    owed.owe(resume.journal, [DEBT, replace(DEBT, simkl=6, state=DebtState.STUCK)])
    assert (owed.any_due(resume.journal), owed.count_debts(resume.journal)) == (True, (2, 2))
    hand_back(resume.journal, [7, 8])
    assert (owed.any_due(resume.journal), owed.count_debts(resume.journal)) == (True, (1, 1))
    owed.drop_debts(resume.journal, [5])
    assert (owed.any_due(resume.journal), owed.count_debts(resume.journal)) == (False, (0, 1))


def test_a_stuck_debt_is_named_by_its_key_or_by_the_last_row_that_lies_there(resume: Any) -> None:
    """A payment is no row."""
    for n in range(2):
        resume.change(1, 1, n, f"a:{n}", simkl=5)
    for n in (2, 3):
        resume.change(2, 1, n, f"a:{n}", simkl=5)
    resume.change(2, 1, 4, "", simkl=5, role="give")
    stuck = replace(DEBT, state=DebtState.STUCK)
    owed.owe(
        resume.journal, [stuck, replace(stuck, simkl=6), replace(stuck, simkl=7, key="a:9"), replace(DEBT, simkl=8)]
    )
    assert [(one.simkl, one.key) for one in owed.stuck_debts(resume.journal)] == [(5, "a:3"), (6, ""), (7, "a:9")]


@pytest.mark.parametrize("undone", [None, 2])
def test_what_a_later_rows_title_is_owed_counts_as_what_stood_there(resume: Any, undone: int | None) -> None:
    """And what hid it is told by the new row; what an undo was to take back is taken."""
    lost(resume, 0, undone=undone)
    lost(resume, 1, state="settled", undone=undone)
    lost(resume, 2, simkl=6)
    resume.put("opening", run=2, simkl=5, rating=8, rated_at=100)
    owed.owe(resume.journal, [DEBT, replace(DEBT, simkl=6)])
    paying.supersede(resume.journal, 2, [DEBT])
    assert resume.read("SELECT simkl, rating, rated_at FROM opening WHERE run = 2") == [(5, 6, 60)]
    first = "settled" if undone is None else "taken"
    assert resume.read(STATES) == [first, first if undone else "settled", "seen"]
    assert list(owed.debts(resume.journal)) == [6]


def test_a_title_that_is_owed_no_rating_had_none(resume: Any) -> None:
    """And one that is owed a winner had what stood there: that is no rating of the person's."""
    for simkl in (5, 6):
        resume.put("opening", run=2, simkl=simkl, rating=8)
    paying.supersede(resume.journal, 2, [replace(DEBT, rating=None), replace(DEBT, simkl=6, why=Why.WINNER)])
    assert resume.read("SELECT simkl, rating FROM opening") == [(6, 8)]


@pytest.mark.parametrize(
    ("why", "paid", "state", "first", "second"),
    [
        (Why.GIVE, True, "taken", ("kept", "conflict"), ("kept", "conflict")),
        (Why.GIVE, False, "settled", ("kept", "changed_on_simkl"), ("kept", "changed_on_simkl")),
        (Why.WINNER, True, "settled", ("applied", None), ("duplicate", None)),
        (Why.WINNER, False, "settled", ("kept", "changed_on_simkl"), ("kept", "changed_on_simkl")),
    ],
)
def test_rows_are_told_as_what_their_titles_debt_came_to(
    resume: Any, why: Why, paid: bool, state: str, first: tuple[str, str | None], second: tuple[str, str | None]
) -> None:
    """A rating that was given back leaves nothing for an undo; a debt that is void was the person's change."""
    debt = replace(DEBT, why=why, key="a:0")
    owed.owe(resume.journal, [debt])
    for n in range(2):
        lost(resume, n)
    paying.close_debts(resume.journal, [(debt, paid)])
    assert resume.read(STATES) == [state, state]
    assert resume.read(ROWS) == [first, second]
    assert resume.read(ITEMS) == [(*first, None), (*second, None)]
    assert owed.debts(resume.journal) == {}


def test_a_row_is_told_why_it_was_kept(resume: Any) -> None:
    """By the reason that its key has already."""
    lost(resume, 0)
    resume.journal.write("UPDATE items SET reason = 'older_export'")
    paying.close_debts(resume.journal, [(DEBT, True)])
    assert resume.read(ROWS) == [("kept", "older_export")]


def test_only_rows_that_were_sent_and_are_still_owing_are_told_anew(resume: Any) -> None:
    """Of the run that sent them."""
    lost(resume, 0)
    for place, (run, outcome, batch) in enumerate(
        ((1, "applied", 1), (1, "unconfirmed", None), (2, "unconfirmed", 1)), 5
    ):
        resume.put("rows", run=run, place=place, n=place, key="a:0", outcome=outcome, batch=batch)
    paying.close_debts(resume.journal, [(DEBT, True)])
    assert resume.read("SELECT outcome FROM rows ORDER BY place") == ["kept", "applied", "unconfirmed", "unconfirmed"]


def test_a_later_row_rests_on_what_the_one_before_had_hidden(resume: Any) -> None:
    """Once that is given back; one that found something else there rests on that."""
    lost(resume, 0, before_rating=6, before_at=60, after_rating=8, after_at=100, seen_at=110)
    later = {"simkl": 5, "state": "settled"}
    resume.change(2, 1, 0, "a:1", **later, before_rating=8, before_at=110)
    resume.change(2, 1, 1, "a:2", **later, before_rating=8, before_at=100)
    resume.change(2, 1, 2, "a:3", **later, before_rating=7, before_at=110)
    resume.change(2, 1, 3, "a:4", **later | {"simkl": 6}, before_rating=8, before_at=110)
    paying.close_debts(resume.journal, [(DEBT, True)])
    found = [one.before for one in changes_of_run(resume.journal, 2)]
    assert found == [(6, 60), (8, 100), (7, 110), (8, 110)]


def test_a_debt_that_a_later_row_of_ours_has_outdone_leaves_losers(resume: Any) -> None:
    """They stay for an undo; what is told otherwise already stays so, and a payment is no row."""
    for n in range(3):
        lost(resume, n)
    lost(resume, 3, role="give")
    resume.journal.write("UPDATE items SET outcome = 'applied' WHERE key = 'a:1'")
    resume.journal.write("UPDATE rows SET batch = NULL WHERE key = 'a:1'")
    resume.journal.write("UPDATE rows SET outcome = 'kept' WHERE key = 'a:2'")
    owed.owe(resume.journal, [DEBT, replace(DEBT, simkl=6)])
    paying.supersede_debts(resume.journal, [DEBT])
    assert resume.read(STATES) == ["settled", "settled", "settled", "seen"]
    assert resume.read(ROWS) == [("duplicate", None), ("unconfirmed", None), ("kept", None), ("unconfirmed", None)]
    assert resume.read(ITEMS) == [
        ("duplicate", None, None),
        ("applied", None, 900),
        ("duplicate", None, None),
        ("unconfirmed", None, 900),
    ]
    assert list(owed.debts(resume.journal)) == [6]


def test_titles_are_marked_as_owing_by_their_changes(resume: Any) -> None:
    """And by no other of the same batch."""
    for n in range(2):
        lost(resume, n, state="settled")
    paying.mark_owing(resume.journal, list(changes_of_run(resume.journal, 1))[:1])
    assert resume.read(STATES) == ["seen", "settled"]
