"""What a reading writes of each row: into its changes, its last row, its key, and of where its question led."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.journal.asks import wrong_questions
from importer.journal.change import Change, Evidence, Question, State
from importer.journal.changes import changes_of_run
from importer.journal.items import remembered
from importer.journal.landing import Finding, land
from importer.model import AccountRating, Date, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.sides import Base, Kept

THERE = AccountRating(5, Kind.MOVIE, "Jaws there", 1975, (), 8, 160)
BASE = Base(8, Date(100, Precision.SECOND, Origin.RATING), 8, 160)


def sent(resume: Any, **row: Any) -> Change:
    """One change that was answered, its row and its key."""
    resume.put("items", key="a:0", asked=7, outcome="unconfirmed", due=900)
    resume.put("rows", **{"run": 1, "place": 0, "n": 0, "key": "a:0", "batch": 1} | row)
    resume.change(1, 1, 0, "a:0", asked=7)
    (change,) = changes_of_run(resume.journal, 1)
    return change.placed(5, Evidence.ID).judged(State.SETTLED, (6, 60), 160)


def landed(resume: Any, finding: Finding, **how: Any) -> None:
    """Land one finding."""
    land(
        resume.journal,
        [finding.change],
        [finding],
        how.get("led", ()),
        how.get("wrong", ()),
        lambda *_: how.get("listed"),
    )


def test_a_change_lands_on_its_title_with_what_stood_there(resume: Any) -> None:
    """Value for value."""
    change = sent(resume)
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE), listed=True)
    assert resume.read("SELECT simkl, evidence, before_rating, before_at, seen_at, state, listed FROM changes") == [
        (5, "id", 6, 60, 160, "settled", 1)
    ]


def test_whether_a_title_was_on_a_list_is_told_once(resume: Any) -> None:
    """After our own write it is on one: what was known first counts."""
    change = sent(resume)
    resume.journal.write("UPDATE changes SET listed = 0")
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE), listed=True)
    assert resume.read("SELECT listed FROM changes") == [0]
    again = change.judged(State.SETTLED, None, None)
    landed(resume, Finding(again, Outcome.APPLIED, there=THERE))
    assert resume.read("SELECT before_rating, before_at, seen_at, listed FROM changes") == [(None, None, None, 0)]


@pytest.mark.parametrize(("state", "undone"), [(State.SEEN, 0), (State.SETTLED, 0), (State.CLOSED, 1)])
def test_what_lands_after_its_run_was_taken_back_is_there_for_the_next_undo(
    resume: Any, state: State, undone: int
) -> None:
    """What is closed without a title is not."""
    change = sent(resume).judged(state, None, None)
    resume.journal.write("UPDATE runs SET undone = 1")
    resume.put("runs", run=2, undone=1)
    landed(resume, Finding(change, Outcome.UNCONFIRMED))
    assert resume.read("SELECT undone FROM runs ORDER BY run") == [undone, 1]


def test_a_row_keeps_what_stood_there_where_a_reading_no_more_knows_it(resume: Any) -> None:
    """And takes it from the reading that does."""
    change = sent(resume, prior_rating=4, prior_rated_at=40)
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE))
    assert resume.read("SELECT prior_rating, prior_rated_at FROM rows") == [(4, 40)]
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE, prior=(3, 30)))
    assert resume.read("SELECT prior_rating, prior_rated_at FROM rows") == [(3, 30)]


@pytest.mark.parametrize(
    ("before", "was", "outcome", "now", "told"),
    [
        ("unconfirmed", 1, Outcome.UNCONFIRMED, False, 1),
        ("unconfirmed", 0, Outcome.UNCONFIRMED, True, 1),
        ("unconfirmed", 0, Outcome.UNCONFIRMED, False, 0),
        ("unconfirmed", 1, Outcome.APPLIED, False, 0),
        ("applied", 0, Outcome.UNCONFIRMED, True, 1),
    ],
)
def test_a_finding_stays_news_of_its_run_as_long_as_it_is_the_same(
    resume: Any, before: str, was: int, outcome: Outcome, now: bool, told: int
) -> None:
    """Another outcome is news, or none, by itself."""
    change = sent(resume, outcome=before, fresh=was)
    landed(resume, Finding(change, outcome, there=THERE, fresh=now))
    assert resume.read("SELECT fresh FROM rows") == [told]


def test_findings_of_several_runs_each_go_to_the_rows_of_their_own(resume: Any) -> None:
    """One export grew between them: a key stands at another place in each."""
    change = sent(resume)
    for run, place, key in ((1, 1, "a:1"), (2, 0, "a:1"), (2, 1, "a:0")):
        resume.put("rows", run=run, place=place, n=place, key=key, batch=1, outcome="unconfirmed")
    other = replace(change, run=2, key="a:1")
    resume.change(2, 1, 0, "a:1", asked=7)
    findings = [Finding(change, Outcome.APPLIED), Finding(other, Outcome.DUPLICATE)]
    land(resume.journal, [change, other], findings, (), (), lambda *_: None)
    assert resume.read("SELECT run, key, outcome FROM rows ORDER BY run, place") == [
        (1, "a:0", "applied"),
        (1, "a:1", "unconfirmed"),
        (2, "a:1", "duplicate"),
        (2, "a:0", "unconfirmed"),
    ]


def test_a_row_that_is_to_be_sent_again_was_not_sent(resume: Any) -> None:
    """Every other row has the batch of its change; one that was sent since keeps the later one."""
    change = sent(resume, batch=None, outcome="pending")
    landed(resume, Finding(change, Outcome.PENDING))
    assert resume.read("SELECT outcome, batch FROM rows") == [("pending", None)]
    landed(resume, Finding(change, Outcome.KEPT, reason=Reason.CONFLICT, note=Note.OTHER_TITLE, there=THERE))
    assert resume.read("SELECT outcome, reason, note, batch, matched_simkl FROM rows") == [
        ("kept", "conflict", "other_title", 1, 5)
    ]
    resume.journal.write("UPDATE rows SET batch = 4")
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE))
    assert resume.read("SELECT outcome, batch, note FROM rows") == [("applied", 4, None)]


def test_a_key_leads_to_the_title_if_it_still_asks_the_same(resume: Any) -> None:
    """What another question led to is remembered by the question; a base is written, and stays where there is none."""
    change = sent(resume)
    resume.put("items", key="a:1", asked=9, simkl=11)
    other = Change(**{name: getattr(change, name) for name in Change.__slots__} | {"key": "a:1"})
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE, base=BASE))
    landed(resume, Finding(other, Outcome.APPLIED, there=THERE, base=BASE))
    assert resume.read("SELECT simkl, outcome, due, said_rating, account_at FROM items ORDER BY key") == [
        (5, "applied", None, 8, 160),
        (11, "applied", None, 8, 160),
    ]
    landed(resume, Finding(change, Outcome.KEPT, reason=Reason.CONFLICT, due=950))
    assert resume.read("SELECT simkl, outcome, reason, due, said_rating FROM items WHERE key = 'a:0'") == [
        (5, "kept", "conflict", 950, 8)
    ]


def test_where_questions_led_is_noted_if_they_are_not_the_ones_of_these_rows(resume: Any) -> None:
    """Those stand with their keys. A title that a question does not name is noted of every one."""
    change = sent(resume)
    assert change.question is not None
    older = Question(number=8, kind=Kind.MOVIE, title="Jaws", year=None, ids=())
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE), led=[(change.question, 5), (older, 5)])
    assert resume.read("SELECT asked, simkl, wrong FROM asks") == [(8, 5, 0)]
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE), wrong=[(change.question, 5)])
    assert wrong_questions(resume.journal) == {7: 5}


@pytest.mark.parametrize("standing", [(3, 30), (3, None), None])
def test_what_a_reading_kept_is_remembered_with_what_stood_there(
    resume: Any, standing: tuple[int, int | None] | None
) -> None:
    """Also where that was no rating at all."""
    change = sent(resume)
    landed(resume, Finding(change, Outcome.KEPT, reason=Reason.CONFLICT, kept=Kept(5, standing, 8, 100)))
    assert remembered(resume.journal)["a:0"].kept == Kept(5, standing, 8, 100)
    landed(resume, Finding(change, Outcome.APPLIED, there=THERE))
    assert remembered(resume.journal)["a:0"].kept is None
