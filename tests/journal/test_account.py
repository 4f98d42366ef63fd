"""The account as it was read last, and as it was before each run's first write."""

from __future__ import annotations

from typing import Any

from importer.journal import account
from importer.model import AccountRating, Kind

OPENING = "SELECT simkl, rating, rated_at FROM opening WHERE run = ? ORDER BY simkl"


def rated(simkl: int, rating: int = 8, rated_at: int | None = 100) -> AccountRating:
    """One rating of the account."""
    return AccountRating(simkl, Kind.MOVIE, "Jaws", 1975, (("imdb", "tt1"),), rating, rated_at)


def test_an_account_is_replaced_or_what_changed_is_put_into_it(resume: Any) -> None:
    """What is removed goes, what changed is there once."""
    account.replace_account(resume.journal, [rated(5)])
    account.replace_account(resume.journal, [rated(6), rated(7)])
    account.merge_account(resume.journal, [rated(7, 4), rated(8)], [6])
    assert list(account.load_account(resume.journal)) == [rated(7, 4), rated(8)]


def test_how_the_account_was_read_is_forgotten_with_one_word(resume: Any) -> None:
    """The next command then reads it again."""
    assert account.kept_reading(resume.journal) is None
    for stamp in (1, 2):
        account.keep_reading(resume.journal, {"since": stamp})
    assert account.kept_reading(resume.journal) == {"since": 2}
    account.stale_account(resume.journal)
    assert account.kept_reading(resume.journal) is None


def test_what_is_on_a_list_is_not_known_before_the_lists_were_read(resume: Any) -> None:
    """An empty library is known to be empty."""
    account.replace_listed(resume.journal, [(5, Kind.SHOW, "Jaws", None, (), "watching")])
    assert account.listed_numbers(resume.journal) is None
    account.keep_reading(resume.journal, {"since": 1, "lists": None})
    assert account.listed_numbers(resume.journal) is None
    account.keep_reading(resume.journal, {"since": 1, "lists": 0})
    assert account.listed_numbers(resume.journal) == {5}
    account.replace_listed(resume.journal, [])
    assert account.listed_numbers(resume.journal) == frozenset()


def test_a_runs_opening_is_the_account_before_its_first_write(resume: Any) -> None:
    """A run that goes on takes what the person did since, and never its own writes for theirs."""
    resume.put("runs", run=1)
    account.replace_account(resume.journal, [rated(5), rated(6), rated(7), rated(8)])
    account.keep_opening(resume.journal, 1)
    account.replace_account(resume.journal, [rated(5), rated(6, 8, 300), rated(7, 3, 200), rated(9, 2, 200)])
    account.keep_opening(resume.journal, 1, lambda rating, _: rating == 3)
    assert resume.read(OPENING, 1) == [(5, 8, 100), (6, 8, 300), (7, 8, 100), (9, 2, 200)]
    assert account.opening_ratings(resume.journal, 1) == (
        {simkl: (rating, at) for simkl, rating, at in resume.read(OPENING, 1)},
        True,
    )


def test_what_stood_on_a_title_is_told_by_run(resume: Any) -> None:
    """As far as it is kept; the first run that kept anything saw the account before all."""
    resume.put("runs", run=1)
    assert account.first_opening(resume.journal) is None
    for run, opening in ((2, "touched"), (3, "whole")):
        resume.put("runs", run=run, opening=opening)
        resume.put("opening", run=run, simkl=5, rating=run)
    resume.put("opening", run=3, simkl=6, rating=3)
    assert account.openings_of(resume.journal, [5]) == {2: {5: (2, None)}, 3: {5: (3, None)}}
    assert account.first_opening(resume.journal) == 2
    assert account.opening_ratings(resume.journal, 2) == ({5: (2, None)}, False)


def test_the_first_opening_stays_whole_and_that_of_a_run_that_is_still_to_be_found(resume: Any) -> None:
    """For a month; of the others the touched titles stay."""
    old, now = 1, account.OPENING_KEPT + 100
    for run, started, state in ((1, old, "settled"), (2, now, "settled"), (3, now, "answered"), (4, old, "answered")):
        resume.put("runs", run=run, opening="whole", started=started)
        resume.change(run, 1, 0, "a:0", simkl=5, state=state)
        for simkl in (5, 6):
            resume.put("opening", run=run, simkl=simkl)
    account.trim_openings(resume.journal, now)
    assert [resume.read("SELECT simkl FROM opening WHERE run = ?", run) for run in (1, 2, 3, 4)] == [
        [5, 6],
        [5],
        [5, 6],
        [5],
    ]
    assert resume.read("SELECT opening FROM runs ORDER BY run") == ["whole", "touched", "whole", "touched"]
