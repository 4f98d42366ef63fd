"""Runs on record, the marks of jobs with nothing new, questions that are kept, and what a person gave."""

from __future__ import annotations

from typing import Any

import pytest

from importer.journal import asks, corrections, runs
from importer.journal.change import Question
from importer.journal.owner import owner_of, set_owner
from importer.journal.runs import UNKNOWN, Mark, State, rating_sums
from importer.model import Kind
from importer.plan.sides import Given

GIVEN = Given(ids=(("imdb", "tt1"),), kind=Kind.MOVIE, year=1975, told=3, closed=4)


@pytest.mark.parametrize(
    ("command", "job", "state", "found"),
    [
        ("run", "job", "stopped", True),
        ("run", "job", "running", True),
        ("run", "job", "finished", False),
        ("run", "other", "stopped", False),
        ("undo", "job", "stopped", False),
    ],
)
def test_the_same_command_of_the_same_job_goes_on(resume: Any, command: str, job: str, state: str, found: bool) -> None:
    """Where it was stopped or killed; a live test in between is no matter of any import."""
    resume.put("runs", run=1, command=command, job=job, state=state)
    resume.put("runs", run=2, command="doctor", job="job", state="finished")
    run = runs.unfinished(resume.journal, "run", "job")
    assert (run and run.number) == (1 if found else None)
    last = runs.last_run(resume.journal)
    assert last is not None
    assert last.number == 1


def test_the_exports_of_a_run_are_told_as_a_person_knows_them(resume: Any) -> None:
    """By the last part of each path, also of a folder; those of another run are not its own."""
    resume.put("runs", run=1, sources='[{"path":"/a/one.zip"},{"path":"/b/two/"}]')
    resume.put("runs", run=2, sources='[{"path":"three.csv"}]')
    assert [runs.names_of_exports(resume.journal, run) for run in (1, 2, 3)] == [["one.zip", "two"], ["three.csv"], []]


def test_another_run_since_is_not_gone_past(resume: Any) -> None:
    """What was stopped before it is not continued; an undo is, whatever came after it."""
    resume.put("runs", run=1, command="undo", state="stopped")
    resume.put("runs", run=2, command="run", state="stopped")
    resume.put("runs", run=3, command="mend", state="finished")
    last = runs.last_run(resume.journal)
    assert last is not None
    assert last.number == 3
    assert runs.unfinished(resume.journal, "run", "job") is None
    undo = runs.unfinished_undo(resume.journal)
    assert undo is not None
    assert undo.number == 1


def test_a_run_that_goes_on_has_not_ended(resume: Any) -> None:
    """And one that was taken back is continued by nothing."""
    for number in (1, 2):
        resume.put("runs", run=number, state="stopped", ended=50)
    runs.end(resume.journal, 1, State.STOPPED, 60, {"exit": 4})
    runs.end(resume.journal, 1, State.STOPPED, 60, {"exit": 3})
    assert [run.summary for run in runs.all_runs(resume.journal, 9)] == [None, {"exit": 3}]
    runs.resume(resume.journal, 1)
    runs.close(resume.journal, 2)
    found = {run.number: (run.state, run.started, run.ended) for run in runs.all_runs(resume.journal, 9)}
    assert found == {1: (State.RUNNING, 0, None), 2: (State.FINISHED, 0, 50)}
    assert runs.undone_runs(resume.journal) == {2}


def test_a_mark_goes_once_another_job_gives_one_of_its_keys_another_rating(resume: Any) -> None:
    """Not for the same rating, and not for other keys; a rating that nobody knows is another one."""

    def left(ratings: dict[str, object], but: str = "") -> list[str]:
        resume.journal.write("DELETE FROM marks")
        for job, key in (("one", "a:0"), ("two", "a:1")):
            runs.set_mark(resume.journal, job, Mark(1, None, {}), rating_sums({key: 8, "a:2": 5}))
        runs.unmark(resume.journal, rating_sums(ratings), but)
        return sorted(resume.read("SELECT job FROM marks"))

    assert left({"a:0": 8, "a:2": 5}) == ["one", "two"]
    assert left({"a:9": 1}) == ["one", "two"]
    assert left({"a:0": 7}) == ["two"]
    assert left({"a:0": 7}, but="one") == ["one", "two"]
    assert left({"a:1": UNKNOWN}) == ["one"]
    assert left({"a:2": 4, "a:0": 8}) == []


def test_the_oldest_marks_go_first(resume: Any) -> None:
    """By their runs."""
    for run in range(runs.MARKS_KEPT + 2):
        runs.set_mark(resume.journal, f"job {run}", Mark(run, None, {"run": run}), [])
    assert runs.find_mark(resume.journal, "job 1") is None
    assert runs.find_mark(resume.journal, "job 2") == Mark(2, None, {"run": 2})
    assert resume.read("SELECT count(*) FROM marks") == [runs.MARKS_KEPT]


def question(number: int) -> Question:
    """A question by its number."""
    return Question(number=number, kind=Kind.SHOW, title="Jaws", year=1975, ids=())


def test_a_question_that_led_astray_is_not_forgotten_for_leading_there_again(resume: Any) -> None:
    """Until a person says that the title is right; what has no number is no question."""
    asks.note_wrong(resume.journal, [(question(7), 5)])
    asks.note_led(resume.journal, [(question(7), 6), (question(8), 9), (question(0), 9)])
    assert resume.read("SELECT asked, simkl, wrong FROM asks ORDER BY asked") == [(7, 6, 1), (8, 9, 0)]
    led = asks.where_questions_led(resume.journal, [(9, 11), (10, None), (None, 12)])
    assert led == asks.Led({9: 11, 7: 6, 8: 9}, {7: 6}, frozenset({(Kind.SHOW, "Jaws", 1975)}))
    asks.accept(resume.journal, [7])
    assert asks.wrong_questions(resume.journal) == {}


def test_what_a_key_asked_is_kept_before_it_asks_something_else(resume: Any) -> None:
    """A rejected row asked nothing, and what is known of a question already stays."""
    resume.put("asks", asked=9, simkl=5, wrong=1)
    for key, asked, outcome in (
        ("a:0", 7, "applied"),
        ("a:1", 8, "rejected"),
        ("a:2", 9, "applied"),
        ("a:3", None, "kept"),
        ("a:4", 10, "applied"),
    ):
        resume.put("items", key=key, asked=asked, outcome=outcome, simkl=6)
    asks.keep_questions(resume.journal, ["a:0", "a:1", "a:2", "a:3"])
    assert resume.read("SELECT asked, simkl, wrong FROM asks ORDER BY asked") == [(7, 6, 0), (9, 5, 1)]


SETTLED = {"simkl": 5, "asked": 7, "said_rating": 8, "account_rating": 8, "due": 900}
KNOWN = "SELECT simkl, asked, said_rating, account_rating, due FROM items ORDER BY key"


def test_what_a_person_gives_replaces_what_was_found(resume: Any) -> None:
    """Given once more it is nothing new, and what came of it stays."""
    for key in ("a:0", "a:1"):
        resume.put("items", key=key, **SETTLED)
    corrections.give(resume.journal, [("a:0", GIVEN)])
    assert resume.read(KNOWN) == [(None, None, None, None, 900), (5, 7, 8, 8, 900)]
    assert corrections.given(resume.journal) == {"a:0": GIVEN}
    resume.journal.write("UPDATE items SET asked = 9, simkl = 6 WHERE key = 'a:0'")
    corrections.give(resume.journal, [("a:0", GIVEN)])
    assert resume.read("SELECT simkl, asked FROM items WHERE key = 'a:0'") == [(6, 9)]


def test_what_a_person_gave_is_taken_back_with_what_came_of_it(resume: Any) -> None:
    """Its jobs have something new then; where nothing was given, nothing is taken back."""
    for key in ("a:0", "a:1"):
        resume.put("items", key=key, **SETTLED)
        runs.set_mark(resume.journal, key, Mark(1, None, {}), rating_sums({key: 8}))
    corrections.keep_absent(resume.journal, "a:0", Given(ids=(), kind=None, year=None, absent=True))
    assert resume.read(KNOWN)[0] == (5, 7, 8, 8, corrections.NEVER)
    taken = [corrections.take_correction_back(resume.journal, key) for key in ("a:0", "a:1", "a:2")]
    assert taken == [True, False, False]
    assert resume.read(KNOWN) == [(None,) * 5, (5, 7, 8, 8, 900)]
    assert corrections.given(resume.journal) == {}
    assert resume.read("SELECT job FROM marks") == ["a:1"]


def test_unsent_is_what_was_given_for_a_row_that_lies_on_a_title(resume: Any) -> None:
    """And was not asked for since; that Simkl lacks a title is never asked."""
    for n, (given, asked, state) in enumerate(
        [(GIVEN, None, "settled"), (GIVEN, 7, "settled"), (GIVEN, None, "taken"), (None, None, "settled")]
    ):
        resume.put("items", key=f"a:{n}")
        corrections.give(resume.journal, [(f"a:{n}", given)] if given else [])
        resume.journal.write("UPDATE items SET asked = ? WHERE key = ?", (asked, f"a:{n}"))
        resume.change(1, 1, n, f"a:{n}", simkl=5, state=state)
    resume.put("items", key="a:9", asked=7)
    absent = Given(ids=(), kind=None, year=None, told=7, absent=True)
    corrections.keep_absent(resume.journal, "a:9", absent)
    resume.change(1, 1, 9, "a:9", simkl=5, state="seen")
    assert corrections.unsent(resume.journal) == {"a:0": GIVEN, "a:9": absent}


def test_what_was_put_off_comes_last_again(resume: Any) -> None:
    """Each key once, in the order in which it was put off."""
    for key in ("a:0", "a:1", "a:0"):
        corrections.note_skipped(resume.journal, key)
    assert corrections.skipped_keys(resume.journal) == ["a:1", "a:0"]


def test_a_rating_that_is_none_is_another_one_than_any(resume: Any) -> None:
    """Whatever an export says in its place."""
    (plain,) = rating_sums({"a:0": 8})
    others = [rating_sums({"a:0": said})[0] for said in (None, "8", 8.0, True, 0, 16, -1)]
    assert {one ^ plain for one in others} == {8}
    assert rating_sums({"a:1": 3, "a:0": 8}) == rating_sums({"a:0": 8, "a:1": 3})


def test_the_accounts_name_is_remembered(resume: Any) -> None:
    """The newest one; nobody has told it at first."""
    told = [owner_of(resume.journal)]
    for name in ("Ann", "Bea"):
        set_owner(resume.journal, name)
        told.append(owner_of(resume.journal))
    assert told == ["", "Ann", "Bea"]
