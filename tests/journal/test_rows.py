"""The rows of the last runs, and what is open of them for a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.journal import findings, rows, runs
from importer.journal.corrections import give
from importer.journal.row_columns import COLUMNS, record_of, values_of
from importer.journal.runs import Mark, rating_sums
from importer.model import Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.sides import Given
from importer.record import Match, Record

BARE = Record(
    source="letterboxd",
    file="ratings.csv",
    line=2,
    key="a:0",
    kind=None,
    title="Heat",
    year=None,
    ids=(),
    source_rating="",
    rating=None,
    rated_at=None,
    date_from=None,
    outcome=Outcome.REJECTED,
)
"""A row of which nothing is known but its title."""

ALWAYS = {"source", "file", "line", "key", "title", "ids", "source_rating", "outcome", "fresh"}
"""Columns in which every row says something."""

FOUND = {
    "kind": Kind.ANIME,
    "date_from": Origin.ENTRY,
    "precision": Precision.DAY,
    "said_date": "soon",
    "said_kind": "game",
    "reason": Reason.OUT_OF_RANGE,
    "note": Note.OTHER_TITLE,
    "simkl_status": "watching",
    "prior_rating": 7,
    "prior_rated_at": 100,
    "matched": Match("Heat", 1995, 5),
    "batch": 3,
}

TOLD = "SELECT key, outcome FROM rows ORDER BY run, place"


def put(resume: Any, run: int, *told: tuple[str, str], **values: Any) -> None:
    """Rows of one run: keys and outcomes."""
    first = len(resume.read("SELECT 1 FROM rows WHERE run = ?", run))
    for place, (key, outcome) in enumerate(told, first):
        resume.put("rows", run=run, place=place, n=place, key=key, outcome=outcome, **values)


@pytest.mark.parametrize("name", FOUND)
def test_a_record_comes_back_as_it_was_and_what_it_does_not_say_is_null(name: str) -> None:
    """Reports count what stands there: each finding is told alone, and no other column with it."""
    record = replace(BARE, **{name: FOUND[name]})
    told = values_of(record)
    row = (*told, *[None] * (len(COLUMNS.split(", ")) - len(told)))
    assert record_of(row) == record
    columns = zip(COLUMNS.split(", "), row, strict=True)
    said = {column: value for column, value in columns if value is not None and column not in ALWAYS}
    match = {"matched_simkl": 5, "matched_title": "Heat", "matched_year": 1995}
    assert said == (match if name == "matched" else {name: FOUND[name]})


def test_rows_that_lost_their_title_are_duplicates(resume: Any) -> None:
    """If they were left as they were: what was sent, or went wrong, is told as it is. Their keys are too."""
    told = [("a:0", "unchanged"), ("a:1", "kept"), ("a:2", "applied"), ("a:3", "unchanged")]
    for run in (1, 2):
        put(resume, run, *told)
    for key, outcome in told:
        resume.put("items", key=key, outcome=outcome, reason="conflict")
    rows.lose_rows(resume.journal, 2, ["a:0", "a:1", "a:2"])
    now = [("a:0", "duplicate"), ("a:1", "duplicate"), ("a:2", "applied"), ("a:3", "unchanged")]
    assert resume.read(TOLD) == told + now
    assert resume.read("SELECT key, outcome FROM items ORDER BY key") == now
    assert resume.read("SELECT reason FROM items ORDER BY key") == [None, None, "conflict", "conflict"]


def test_rows_whose_title_was_overwritten_are_in_doubt_if_they_were_unchanged(resume: Any) -> None:
    """In that run alone."""
    told = [("a:0", "unchanged"), ("a:1", "kept")]
    for run in (1, 2):
        put(resume, run, *told)
    rows.doubt_rows(resume.journal, 2, ["a:0", "a:1"])
    assert resume.read(TOLD) == [*told, ("a:0", "unconfirmed"), ("a:1", "kept")]


def test_a_mended_row_closes_the_findings_of_older_runs(resume: Any) -> None:
    """Its own is news still, and so is every other key's."""
    for run in (1, 2, 3):
        put(resume, run, ("a:0", "not_found"), ("a:1", "not_found"), fresh=1)
    rows.close_rows(resume.journal, ["a:0"], 3)
    assert resume.read("SELECT key, fresh FROM rows ORDER BY run, place") == [
        *([("a:0", 0), ("a:1", 1)] * 2),
        ("a:0", 1),
        ("a:1", 1),
    ]
    assert [rows.any_fresh(resume.journal, run) for run in (1, 3, 4)] == [True, True, False]


def test_the_row_of_a_key_is_the_one_that_was_sent(resume: Any) -> None:
    """Else one that is to be; a key that is in an export twice has one of each."""
    put(resume, 1, ("a:0", "pending"), ("a:0", "duplicate"), ("a:1", "pending"), ("a:2", "kept"))
    put(resume, 1, ("a:0", "applied"), batch=1)
    assert rows.places_by_key(resume.journal, 1) == {"a:0": 4, "a:1": 2}


def test_tried_rows_were_sent_and_are_no_more_pending(resume: Any) -> None:
    """By their number."""
    put(resume, 1, ("a:0", "applied"), ("a:1", "pending"), ("a:2", "not_found"), batch=1)
    put(resume, 1, ("a:3", "kept"))
    assert [(n, one.key) for n, one in rows.tried_rows(resume.journal, 1).items()] == [(0, "a:0"), (2, "a:2")]


def test_of_older_runs_only_what_was_sent_or_went_wrong_is_kept(resume: Any) -> None:
    """The newest ones are kept whole."""
    for run in range(1, rows.RUNS_KEPT + 2):
        put(resume, run, ("a:0", "unchanged"), ("a:1", "pending"), ("a:2", "rejected"))
        put(resume, run, ("a:3", "kept"), ("a:4", "applied"), batch=1)
    rows.prune_rows(resume.journal)
    kept = [
        resume.read("SELECT key FROM rows WHERE run = ? ORDER BY place", run) for run in range(1, rows.RUNS_KEPT + 2)
    ]
    assert kept == [["a:2", "a:3", "a:4"], *[["a:0", "a:1", "a:2", "a:3", "a:4"]] * rows.RUNS_KEPT]


def test_new_on_the_account_is_what_had_no_rating_before(resume: Any) -> None:
    """Of one outcome and one run."""
    put(resume, 1, ("a:0", "applied"), ("a:1", "applied"), ("a:2", "kept"))
    put(resume, 1, ("a:3", "applied"), prior_rating=4)
    put(resume, 2, ("a:0", "applied"))
    assert rows.count_new(resume.journal, 1, Outcome.APPLIED) == 2


def test_an_answer_speaks_of_the_rows_from_one_place_to_another(resume: Any) -> None:
    """The list that Simkl named with them is told by key."""
    put(resume, 1, *((f"a:{n}", "pending") for n in range(4)))
    rows.answer_rows(resume.journal, 1, 3, 1, 2, outcome=Outcome.APPLIED, status="completed", fresh=False)
    assert resume.read("SELECT outcome, batch FROM rows ORDER BY place") == [
        ("pending", None),
        ("applied", 3),
        ("applied", 3),
        ("pending", None),
    ]
    assert rows.lists_named(resume.journal, 1) == {"a:1": "completed", "a:2": "completed"}
    rows.answer_rows(resume.journal, 1, 4, 2, 2, outcome=Outcome.APPLIED, status="watching", fresh=False)
    assert rows.lists_named(resume.journal, 1) == {"a:1": "completed", "a:2": "watching"}, "the last answer counts"


def test_open_is_what_the_newest_run_says_of_a_key_and_its_last_outcome_bears_out(resume: Any) -> None:
    """The newest run first, then in the order of the export; what only a better value settles is not open here."""
    for run in (1, 2, 3):
        resume.put("runs", run=run, command="run" if run < 3 else "mend")
    put(resume, 1, ("a:0", "not_found"), ("a:1", "not_found"), ("a:2", "not_found"), matched_simkl=9)
    put(resume, 1, ("a:3", "rejected"), reason="no_year")
    put(resume, 1, ("a:4", "rejected"), reason="out_of_range")
    put(resume, 1, ("a:5", "applied"), ("a:6", "kept"), ("a:7", "applied"), note="other_title", matched_simkl=5)
    put(resume, 1, ("a:9", "not_found"), rating=None)
    put(resume, 2, ("a:1", "applied"), ("a:8", "not_found"), ("a:2", "duplicate"))
    put(resume, 3, ("a:0", "applied"))
    for key, outcome in (
        ("a:0", "not_found"),
        ("a:2", "applied"),
        ("a:5", "applied"),
        ("a:6", "unconfirmed"),
        ("a:7", "not_found"),
        ("a:8", "not_found"),
    ):
        resume.put("items", key=key, outcome=outcome)
    found = findings.open_findings(resume.journal)
    assert [(one.run, one.record.key) for one in found] == [(2, "a:8"), (1, "a:0"), (1, "a:3"), (1, "a:5"), (1, "a:6")]
    assert [one.wrong for one in found] == [None, None, None, 5, 5]
    assert findings.keys_on_record(resume.journal, ["a:0", "a:1"]) == {"a:0"}


def test_a_title_that_is_said_to_be_right_is_no_finding_and_ends_nothing_new(resume: Any) -> None:
    """Of that key; another note, and another key's, stays."""
    for key, note in (("a:0", "other_title"), ("a:0", "shared_title"), ("a:1", "other_title")):
        put(resume, 1, (key, "applied"), note=note, fresh=1)
    for job, key in (("one", "a:0"), ("two", "a:1")):
        runs.set_mark(resume.journal, job, Mark(1, None, {}), rating_sums({key: 8}))
    findings.clear_note(resume.journal, "a:0")
    assert resume.read("SELECT note, fresh FROM rows ORDER BY place") == [
        (None, 0),
        ("shared_title", 1),
        ("other_title", 1),
    ]
    assert resume.read("SELECT job FROM marks") == ["two"]


def test_a_mended_row_is_joined_to_the_newest_run_that_still_tells_it_as_open(resume: Any) -> None:
    """Once it is settled, and where that run says something else of it; a later run tells it anew itself."""
    for run, command in ((1, "run"), (2, "run"), (3, "mend"), (4, "mend"), (5, "run")):
        resume.put("runs", run=run, command=command)
    put(resume, 1, ("a:0", "not_found"), ("a:1", "rejected"), ("a:2", "kept"), ("a:3", "not_found"), ("a:4", "kept"))
    put(resume, 1, ("a:5", "applied"), note="other_title")
    put(resume, 1, ("a:7", "not_found"))
    put(resume, 2, ("a:0", "not_found"), ("a:1", "duplicate"))
    put(resume, 3, ("a:0", "not_found"), ("a:7", "not_found"))
    put(resume, 4, ("a:0", "applied"), ("a:1", "applied"), ("a:2", "applied"), ("a:3", "pending"), ("a:4", "kept"))
    put(resume, 4, ("a:5", "applied"), ("a:6", "applied"))
    put(resume, 5, ("a:0", "unchanged"), ("a:6", "not_found"))
    found = {one.key: one for one in findings.unjoined(resume.journal)}
    assert {key: (one.run, one.mended) for key, one in found.items()} == {"a:0": (2, 4), "a:1": (1, 4), "a:5": (1, 4)}
    assert (found["a:5"].before, found["a:5"].now) == (("applied", None, "other_title"), ("applied", None, None))
    for one in found.values():
        findings.join_row(resume.journal, one.mended, one.run, one.key)
    assert findings.unjoined(resume.journal) == []
    assert resume.read("SELECT outcome FROM rows WHERE key = 'a:0' ORDER BY run") == [
        "not_found",
        "applied",
        "not_found",
        "applied",
        "unchanged",
    ]


@pytest.mark.parametrize(
    ("given", "asked", "chosen"),
    [
        (Given(ids=(("imdb", "tt1"),), kind=None, year=None), None, True),
        (Given(ids=(("imdb", "tt1"),), kind=None, year=None), 7, False),
        (Given(ids=(), kind=None, year=1975), None, False),
        (Given(ids=(("imdb", "tt1"),), kind=None, year=None, absent=True), None, False),
        (None, None, False),
    ],
)
def test_chosen_is_a_title_that_a_person_gave_and_that_was_not_asked_for_since(
    resume: Any, given: Given | None, asked: int | None, chosen: bool
) -> None:
    """A year alone is no choice, and neither is that Simkl lacks it."""
    resume.put("runs", run=1)
    put(resume, 1, ("a:0", "not_found"))
    resume.put("items", key="a:0", outcome="not_found")
    give(resume.journal, [("a:0", given)] if given is not None else [])
    resume.journal.write("UPDATE items SET asked = ?", (asked,))
    (found,) = findings.open_findings(resume.journal)
    assert found.given == given
    assert found.chosen == (given if chosen else None)


def test_the_rows_of_a_run_are_replaced_and_no_other_runs(resume: Any) -> None:
    """In the order of the export, whatever order they are sent in."""
    put(resume, 1, ("a:9", "applied"))
    put(resume, 2, ("a:0", "applied"), ("a:1", "kept"))
    told = list(rows.read_rows(resume.journal, 2))
    rows.write_rows(resume.journal, 2, [(1, told[0]), (0, told[1])])
    assert resume.read(TOLD) == [("a:9", "applied"), ("a:0", "applied"), ("a:1", "kept")]
    assert [row.key for row in rows.read_rows(resume.journal, 2)] == ["a:1", "a:0"]
