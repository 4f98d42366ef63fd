"""What is learned of the service: numbers that change, titles that vanish, dates that come back otherwise."""

from __future__ import annotations

from typing import Any

from importer.journal import moved
from importer.journal.gone import count_gone, set_gone
from importer.model import Kind


def test_a_new_number_is_written_wherever_the_old_one_stood(resume: Any) -> None:
    """Not one table is left with it, and nothing of another title is touched."""
    for simkl in (5, 9):
        resume.change(1, 1, simkl, f"a:{simkl}", simkl=simkl, sent_simkl=simkl)
        resume.put("items", key=f"a:{simkl}", simkl=simkl)
        resume.put("asks", asked=simkl, simkl=simkl)
        resume.put("rows", run=1, place=simkl, n=simkl, key=f"a:{simkl}", matched_simkl=simkl)
        resume.put("owed", simkl=simkl)
        resume.put("opening", run=1, simkl=simkl)
        resume.put("listed", simkl=simkl)
        resume.put("moved", simkl=simkl + 100, now=simkl)
    moved.rename_title(resume.journal, 5, 6)
    for column, table in (
        ("simkl", "changes"),
        ("sent_simkl", "changes"),
        ("simkl", "items"),
        ("simkl", "asks"),
        ("matched_simkl", "rows"),
        ("simkl", "owed"),
        ("simkl", "opening"),
        ("simkl", "listed"),
    ):
        assert resume.read(f"SELECT {column} FROM {table} ORDER BY 1") == [6, 9], (column, table)
    assert moved.moved_titles(resume.journal) == {5: 6, 105: 6, 109: 9}


def test_where_both_numbers_are_on_record_the_new_ones_values_count(resume: Any) -> None:
    """And nothing stays under the old one."""
    for simkl, rating in ((5, 3), (6, 4)):
        resume.put("owed", simkl=simkl, want_rating=rating)
        resume.put("opening", run=1, simkl=simkl, rating=rating)
        resume.put("listed", simkl=simkl, title=f"{rating}")
    moved.rename_title(resume.journal, 5, 6)
    assert resume.read("SELECT simkl, want_rating FROM owed") == [(6, 4)]
    assert resume.read("SELECT simkl, rating FROM opening") == [(6, 4)]
    assert resume.read("SELECT simkl, title FROM listed") == [(6, "4")]


def test_a_title_that_was_looked_for_in_vain_has_no_other_number(resume: Any) -> None:
    """It was the person who took its rating away."""
    moved.note_looked_for(resume.journal, [5])
    resume.put("moved", simkl=6, now=7)
    assert moved.moved_titles(resume.journal) == {6: 7}


def test_vanished_are_titles_of_ours_that_the_account_lacks(resume: Any) -> None:
    """Rows that are on a title, keys that were settled, and what stood there before a run that is still open."""
    resume.put("account", simkl=1)
    resume.change(1, 1, 0, "a:0", simkl=1, state="settled")
    resume.change(1, 1, 1, "a:1", simkl=2, state="settled")
    resume.change(1, 1, 2, "a:2", simkl=3, state="taken")
    resume.change(1, 1, 3, "a:3", simkl=4, state="settled", role="give")
    resume.put("items", key="a:1", simkl=2, kind="anime")
    resume.put("items", key="a:4", simkl=5, kind="show", said_rating=8)
    resume.put("items", key="a:5", simkl=6)
    resume.put("opening", run=1, simkl=7, kind="show")
    resume.put("runs", run=2, unsettled=0)
    resume.put("opening", run=2, simkl=8)
    resume.change(1, 1, 4, "a:6", simkl=9, state="seen")
    resume.put("moved", simkl=9, now=9)
    found = moved.vanished_titles(resume.journal, 20)
    assert sorted(found, key=lambda one: one[1]) == [(Kind.ANIME, 2), (Kind.SHOW, 5), (Kind.SHOW, 7)]
    assert len(moved.vanished_titles(resume.journal, 2)) == 2


def test_a_title_that_is_back_is_looked_for_again_once_it_is_gone_again(resume: Any) -> None:
    """One that is still gone was looked for, and a new number stays known."""
    moved.note_looked_for(resume.journal, [5, 6])
    resume.put("moved", simkl=7, now=8)
    for simkl in (5, 7):
        resume.put("account", simkl=simkl)
    moved.forget_looked_for(resume.journal)
    assert resume.read("SELECT simkl, now FROM moved ORDER BY simkl") == [(6, 6), (7, 8)]


def test_how_dates_come_back_is_kept(resume: Any) -> None:
    """The newest word counts."""
    assert moved.kept_habit(resume.journal) is None
    for habit in ((60, 0), (1, -3600)):
        moved.keep_habit(resume.journal, *habit)
        assert moved.kept_habit(resume.journal) == habit


def test_what_is_gone_is_replaced_for_the_sites_of_these_exports(resume: Any) -> None:
    """Other sites keep theirs, whatever their name sorts like."""
    set_gone(resume.journal, 1, ["imdb", "imdb2", "mal"], ["imdb:1", "imdb2:1", "mal:1"])
    set_gone(resume.journal, 2, ["imdb"], ["imdb:2"])
    assert resume.read("SELECT key, run FROM gone ORDER BY key") == [("imdb2:1", 1), ("imdb:2", 2), ("mal:1", 1)]
    assert count_gone(resume.journal) == 3
