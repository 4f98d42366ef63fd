"""What each event of a batch writes: intended, answered, refused, taken back, settled."""

from __future__ import annotations

from typing import Any

from importer.journal import life
from importer.journal.batch import Batch, Work
from importer.journal.change import Answer, Change, Evidence, Question, Role, State, place_of
from importer.journal.changes import changes_of_run
from importer.journal.owed import Debt, DebtState, Why
from importer.model import DAY, NOON, Date, Kind, Origin, Precision

STATES = "SELECT state FROM changes ORDER BY run, batch, n"


def change(run: int, batch: int, n: int, asked: int, **known: Any) -> Change:
    """A row's own change, as it is intended."""
    question = Question(number=asked, kind=Kind.MOVIE, title="Jaws", year=1975, ids=())
    date = Date(100, Precision.SECOND, Origin.RATING)
    made = Change(run, batch, n, f"a:{n}", Role.ROW, question, None, 8, 100, date, 20)
    return Change(**{name: getattr(made, name) for name in Change.__slots__} | known)


def debt(simkl: int, why: Why = Why.UNDO) -> Debt:
    """What an undo owes to a title."""
    return Debt(simkl, Kind.MOVIE, "Jaws", 1975, 6, 60, 60, why, DebtState.DUE, "", 3, 0, 9)


def test_batches_are_numbered_within_their_run(resume: Any) -> None:
    """Whatever runs came after it."""
    for run, batch in ((1, 1), (2, 1), (2, 2)):
        resume.put("batches", run=run, batch=batch)
    assert [life.next_batch(resume.journal, run) for run in (1, 2, 3)] == [2, 3, 1]


def test_a_run_with_an_intended_batch_is_looked_at_again(resume: Any) -> None:
    """Also one that was settled before, and no other run."""
    resume.put("runs", run=1, unsettled=0)
    resume.put("runs", run=2, unsettled=0)
    life.intend(resume.journal, Batch(2, 1, Work.RATE, "movies", b"{}", 20), [change(2, 1, 0, 7)])
    assert resume.read("SELECT unsettled FROM runs ORDER BY run") == [0, 1]


def test_each_member_has_what_the_answer_said_of_it(resume: Any) -> None:
    """What most of them got, and what the others did: a title that is not found is closed, the rest is to be seen."""
    resume.put("runs", run=1)
    life.intend(resume.journal, Batch(1, 1, Work.RATE, "movies", b"{}", 20), [change(1, 1, n, n) for n in range(4)])
    said = [Answer.ADDED, Answer.NOT_FOUND, Answer.ADDED, Answer.UNNAMED]
    life.answer(resume.journal, 1, 1, 201, 30, said)
    assert resume.read("SELECT answer FROM changes ORDER BY n") == [one.value for one in said]
    assert resume.read(STATES) == [State.ANSWERED, State.CLOSED, State.ANSWERED, State.ANSWERED]


def test_not_found_closes_what_was_sent_of_the_same_question_and_never_answered(resume: Any) -> None:
    """Another question of the same key may have arrived, and so may the same one of another key."""
    resume.change(1, 1, 0, "a:0", asked=7, state="intended")
    resume.change(1, 1, 1, "a:0", asked=8, state="intended")
    resume.change(1, 1, 2, "a:1", asked=7, state="intended")
    resume.change(1, 1, 3, "a:0", asked=7, role="give", state="intended")
    resume.put("runs", run=2)
    life.intend(resume.journal, Batch(2, 1, Work.RATE, "movies", b"{}", 20), [change(2, 1, 0, 7)])
    life.answer(resume.journal, 2, 1, 201, 30, [Answer.NOT_FOUND])
    assert resume.read(STATES) == [State.CLOSED, State.INTENDED, State.INTENDED, State.INTENDED, State.CLOSED]


def test_of_a_batch_that_was_refused_nothing_arrived(resume: Any) -> None:
    """Nothing of it is looked for, and no batch beside it is touched."""
    for batch in (1, 2):
        resume.change(1, batch, 0, "a:0", state="intended")
    life.refuse(resume.journal, 1, 2, 400, 30)
    assert resume.read("SELECT answer, state FROM changes ORDER BY batch") == [
        (None, State.INTENDED),
        (Answer.REFUSED, State.CLOSED),
    ]
    assert resume.read("SELECT status, ended FROM batches ORDER BY batch") == [(None, None), (400, 30)]
    resume.put("batches", run=2, batch=3)
    assert life.batch_times(resume.journal, 1) == {1: (0, None), 2: (0, 30)}


def test_an_undo_takes_back_every_change_that_it_covers(resume: Any) -> None:
    """They stay where they are until the title is seen to be taken back."""
    for n in range(3):
        resume.change(1, 1, n, f"a:{n}", simkl=5, state="settled")
    covered = {5: [change(1, 1, 0, 7), change(1, 1, 1, 7)]}
    life.take_back(resume.journal, 3, [debt(5)], covered)
    assert resume.read("SELECT undone, state FROM changes ORDER BY n") == [
        (3, State.SETTLED),
        (3, State.SETTLED),
        (None, State.SETTLED),
    ]
    assert resume.read("SELECT simkl, want_rating, why FROM owed") == [(5, 6, "undo")]


def test_what_an_undo_finds_taken_back_is_taken(resume: Any) -> None:
    """No later undo looks at it, and no import takes it for something that is there."""
    resume.change(1, 1, 0, "a:0", simkl=5, state="settled")
    life.close_taken(resume.journal, [change(1, 1, 0, 7)], 3)
    assert resume.read("SELECT undone, state FROM changes") == [(3, State.TAKEN)]


def test_a_run_is_settled_with_its_last_row(resume: Any) -> None:
    """A row that is seen on a title which is owed something is not settled yet; a payment keeps no run open."""
    for run, (state, role) in enumerate(
        [
            ("intended", "row"),
            ("answered", "row"),
            ("seen", "row"),
            ("settled", "row"),
            ("closed", "row"),
            ("taken", "row"),
            ("answered", "give"),
        ],
        1,
    ):
        resume.change(run, 1, 0, "a:0", state=state, role=role)
    life.settle_runs(resume.journal)
    assert resume.read("SELECT unsettled FROM runs ORDER BY run") == [1, 1, 1, 0, 0, 0, 0]


def test_a_change_keeps_what_is_known_of_it_as_it_is_placed_and_judged() -> None:
    """Also whether its title was on a list before, which only the moment of sending knows."""
    first = change(1, 1, 0, 7, listed=True, answer=Answer.ADDED)
    seen = first.placed(5, Evidence.ID).judged(State.SETTLED, (6, 60), 100)
    assert seen == change(
        1,
        1,
        0,
        7,
        listed=True,
        answer=Answer.ADDED,
        simkl=5,
        evidence=Evidence.ID,
        state=State.SETTLED,
        before=(6, 60),
        seen_at=100,
    )


def test_sending_order_is_that_of_runs_then_of_batches_then_of_members() -> None:
    """And a number in it leads back."""
    places = [(1, 1, 2), (1, 2, 0), (1, 2, 1), (2, 1, 0), (10, 3, 500)]
    orders = [change(*place, asked=7).order for place in places]
    assert orders == sorted(orders)
    assert [place_of(order) for order in orders] == places


def test_only_what_was_refused_or_not_found_was_surely_not_written() -> None:
    """An answer that is lost, or that names a title in neither list, may have been carried out."""
    answers = (None, Answer.ADDED, Answer.UNNAMED, Answer.NOT_FOUND, Answer.REFUSED)
    written = [change(1, 1, 0, 7, answer=answer).written for answer in answers]
    assert written == [True, True, True, False, False]


def test_a_day_stands_at_its_noon_whatever_was_sent_for_it(resume: Any) -> None:
    """A moment stays one; what earlier versions did not say is a moment of the run."""
    for n, (dated, at) in enumerate((("day entry", 5 * DAY + 3), ("second rating", 5 * DAY + 3), (None, 77))):
        resume.change(1, 1, n, f"a:{n}", dated=dated, after_at=at)
    assert [one.date for one in changes_of_run(resume.journal, 1)] == [
        Date(5 * DAY + NOON, Precision.DAY, Origin.ENTRY),
        Date(5 * DAY + 3, Precision.SECOND, Origin.RATING),
        Date(77, Precision.SECOND, Origin.RUN),
    ]
