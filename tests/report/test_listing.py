"""Rows in words: what happens to each, both sides with their dates, and what needs somebody first."""

from __future__ import annotations

import pytest

from importer.model import Kind, Note, Origin, Outcome, Reason
from importer.record import Match, TakenBack
from importer.report.fates import View
from importer.report.listing import Look, gathered, listed, row_line
from importer.report.safe import many
from importer.report.screen import plain
from importer.report.steps import Commands, what_now
from importer.report.text import text_lines
from importer.report.words import stand_ins

SEVEN = {"prior_rating": 7, "prior_rated_at": 1_614_686_400}
UNSENT = {"matched": None, "batch": None}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "Heat (1995)  9  rated 2021-03-04"),
        (SEVEN, "Heat (1995)  7 → 9  replaces your 7 of 2021-03-02; rated 2021-03-04"),
        ({"prior_rating": 7}, "Heat (1995)  7 → 9  replaces your 7, which had no date; rated 2021-03-04"),
        ({**SEVEN, "prior_rating": 9}, "Heat (1995)  9  corrects the date of your 9 of 2021-03-02; rated 2021-03-04"),
        (
            {**SEVEN, "date_from": Origin.WATCHED},
            "Heat (1995)  7 → 9  replaces your 7 of 2021-03-02; watched 2021-03-04, no rating date",
        ),
        ({"date_from": Origin.EDITED}, "Heat (1995)  9  last edited 2021-03-04, no rating date"),
        ({"date_from": Origin.RUN}, "Heat (1995)  9  imported 2021-03-04, no rating date"),
        ({"date_from": Origin.ENTRY}, "Heat (1995)  9  rated 2021-03-04"),
        ({"outcome": Outcome.UNCHANGED}, "Heat (1995)  9  was on Simkl already, just so; rated 2021-03-04"),
        (
            {"outcome": Outcome.KEPT, "reason": Reason.CONFLICT, **SEVEN},
            "Heat (1995)  7  keeps your 7 of 2021-03-02; the export says 9, rated 2021-03-04",
        ),
        (
            {"outcome": Outcome.KEPT, "reason": Reason.OLDER_EXPORT, **SEVEN},
            (
                "Heat (1995)  7  keeps your 7 of 2021-03-02; the export says 9, rated 2021-03-04; "
                "the export is older than what was imported"
            ),
        ),
        (
            {"outcome": Outcome.KEPT, "reason": Reason.CHANGED_ON_SIMKL, "matched": None},
            "Heat (1995)  –  you removed it on Simkl; the export says 9, rated 2021-03-04",
        ),
        (
            {"outcome": Outcome.NOT_FOUND, **UNSENT},
            "Heat (1995)  9  Simkl does not know the title; rated 2021-03-04  ratings.csv:2",
        ),
        (
            {"outcome": Outcome.REJECTED, "reason": Reason.OUT_OF_RANGE, "source_rating": "5.5", "rating": 11},
            "Heat (1995)  5.5  ratings.csv:2",
        ),
        (
            {"outcome": Outcome.SKIPPED, "reason": Reason.UNRATED, "source_rating": "", "rating": None},
            "Heat (1995)  –  no rating in the export",
        ),
        ({"outcome": Outcome.DUPLICATE}, "Heat (1995)  9  another row for the same title was taken"),
        ({"note": Note.SHARED_TITLE}, "Heat (1995)  9  two rows are one title on Simkl; rated 2021-03-04"),
        (
            {"note": Note.OTHER_TITLE, "matched": Match("Heat Wave", 2022, 5)},
            "Heat (1995)  9  is on “Heat Wave” (2022), another title; rated 2021-03-04  ratings.csv:2",
        ),
        ({"title": "", "year": None}, "letterboxd:https://boxd.it/1  9  rated 2021-03-04"),
    ],
)
def test_a_row_says_what_happens_to_it(record, changes, line):
    """With the date of each rating that it names; a stand-in is told as one."""
    assert plain([row_line(record(**changes), View.DONE, None)]) == f"  {line}\n"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"outcome": TakenBack.RESTORED, "rating": 7, "prior_rating": 9}, "9 → 7  your 7 of 2021-03-04 is back"),
        (
            {"outcome": TakenBack.REMOVED, "rating": None, "prior_rating": 9, "rated_at": None},
            "9 → –  rating taken off again",
        ),
        ({"outcome": TakenBack.LEFT, "rating": 7, "prior_rating": 4}, "4  changed by you since: left as it is"),
        (
            {"outcome": TakenBack.UNLISTED, "rating": None, "prior_rating": 9},
            "9 → –  also taken off the list it was put onto",
        ),
        ({"outcome": Outcome.UNCHANGED, "rating": 7, "prior_rating": 7}, "7  had its prior rating already"),
        ({"outcome": Outcome.PENDING, "rating": 7, "prior_rating": 9}, "9 → 7  still to be taken back"),
        (
            {"outcome": Outcome.UNCONFIRMED, "rating": 7, "prior_rating": 9, "file": ""},
            "9 → 7  sent, but not there on reading back",
        ),
    ],
)
def test_a_row_of_an_undo_says_what_is_back(record, changes, line):
    """What stood there before the undo, and what the title has again."""
    assert plain([row_line(record(**changes), View.UNDO, None)]) == f"  Heat (1995)  {line}\n"


def test_a_title_alone_is_shortened_where_the_terminal_is_narrow(record):
    """What happens to it stays whole, whatever that takes."""
    one = record(title="The Assassination of Jesse James by the Coward Robert Ford", **SEVEN)
    (line,) = plain([row_line(one, View.DONE, 80)]).splitlines()
    assert len(line) == 80
    assert line.endswith("…  (1995)  7 → 9  replaces your 7 of 2021-03-02; rated 2021-03-04".replace("…  ", "… "))
    assert "replaces your 7 of 2021-03-02; rated 2021-03-04" in plain([row_line(one, View.DONE, 20)])


def test_what_needs_somebody_comes_first_and_the_most_frequent_before_that(mixed, summarise):
    """Then what changes a rating, then the rest; every row is counted, also those not shown."""
    groups = gathered(mixed, Look(View.DONE, None, 3))
    assert list(groups) == [
        *("out_of_range", "no_year", "not_found", "unconfirmed", "failed", "other_title"),
        *("kept", "pending", "applied", "unchanged", "duplicate", "skipped"),
    ]
    assert sum(group.rows for group in groups.values()) == len(mixed)
    text = plain(listed(groups, summarise(mixed)))
    assert "The rating is off the 1-10 scale (412)\n" in text
    assert text.count("  ratings.csv:2\n") == 3 + 5
    assert "  and 409 more rows\n" in text
    assert "  to send the export's instead, add --on-conflict overwrite\n" in text


def test_a_row_on_another_title_has_the_command_that_takes_it_back(record, summarise):
    """Whole, for its own key; none where nothing of it was sent."""
    one = record(note=Note.OTHER_TITLE, key="generic:movie:it's:1995")
    groups = gathered([one, record(note=Note.OTHER_TITLE, batch=None)], Look(View.DONE, 40, None, ("--profile", "bo")))
    text = plain(listed(groups, summarise([one])))
    assert text.count("undo") == 1 + 0
    assert """    simkl-import undo --key 'generic:movie:it'"'"'s:1995' --profile bo\n""" in text


@pytest.mark.parametrize(
    ("dates", "line"),
    [
        ({}, ""),
        ({"rating": 5, "entry": 2}, ""),
        (
            {"rating": 3, "run": 109},
            "109 of 112 ratings have no rating date: all get the day of the import; --undated skip leaves them out",
        ),
        (
            {"run": 1, "rating": 1_110},
            "1 of 1,111 ratings has no rating date: it gets the day of the import; --undated skip leaves it out",
        ),
        (
            {"rating": 1_050, "watched": 40, "edited": 1, "run": 22},
            (
                "63 of 1,113 ratings have no rating date: 40 get the day the title was watched, 1 gets the day of the "
                "last edit, 22 get the day of the import; --undated skip leaves them out"
            ),
        ),
    ],
)
def test_stand_in_dates_are_told_in_one_line(dates, line):
    """How many there are of which origin, and how to leave them out."""
    assert stand_ins(dates) == line


@pytest.mark.parametrize(("number", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1_056, "1,056 rows")])
def test_numbers_have_separators_and_one_is_one(number, words):
    """In every locale."""
    assert many(number, "row") == words


def test_the_hint_of_what_stopped_a_run_comes_before_how_to_go_on(record, summarise):
    """Unless it says that itself."""
    pending = [record(outcome=Outcome.PENDING)]

    def said(hint, **changes):
        return plain(what_now(summarise(pending, hint=hint, **changes), None, Commands())).splitlines()

    assert said("sign in again: simkl-import login") == [
        "Sign in again: simkl-import login",
        "To go on, give the same run command again.",
    ]
    assert said("run the same command then: it goes on") == ["Run the same command then: it goes on"]
    assert said("run the same command") == ["To go on, give the same run command again."]
    assert said("", dry_run=True) == ["To send this, give the same run command without --dry-run."]
    assert said("", command="undo") == ["To go on, give the same undo command again."]
    assert said("", command="undo", dry_run=True) == ["To do this, give the same undo command without --dry-run."]


def test_a_text_report_has_numbers_rows_and_steps(mixed, record, summarise):
    """All rows in a pipe; on a terminal some of each section, and how to see the rest."""
    whole = plain(text_lines(summarise(mixed), mixed))
    assert whole.count("\n  Heat") == len(mixed)
    assert "--outcome NAME" not in whole
    some = plain(text_lines(summarise(mixed), mixed, 80, 20))
    assert "  and 1,081 more rows\n" in some
    assert "All rows of an outcome: simkl-import report --outcome NAME\n" in some
    show = record(kind=Kind.SHOW, outcome=Outcome.APPLIED)
    assert plain(text_lines(summarise([show]), [show])).endswith("  Heat (1995)  9  rated 2021-03-04\n")
