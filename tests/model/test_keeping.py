"""What stays on record and for how long, what an undo forgets and when, and what is read anew."""

from __future__ import annotations

from typing import Any

import pytest

from importer.journal.account import opening
from importer.journal.rows import read_rows
from importer.journal.runs import State, find_run

HEAT = ("Heat", 1995, 3, "2020-01-01")
JAWS = ("Jaws", 1975, 2, "2021-01-01")


def film(n: int) -> tuple[str, int, int, str]:
    """The nth other film of an export."""
    return (f"Film {n}", 1990, 3, "2020-01-01")


def rate(desk: Any, title: str, year: int, rating: int, at: str | None = None) -> None:
    """The person rates a film on Simkl."""
    desk.sandbox.account.rate(desk.sandbox.catalog.find("movie", title, year), rating, at)


def told(desk: Any, run: int) -> dict[str, str]:
    """The rows of a run that are still on record."""
    return {row.title: row.outcome.value for row in read_rows(desk.journal, run)}


async def test_one_key_is_taken_back_to_the_run_before(desk: Any) -> None:
    """Of the runs that rated it, the last one alone."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.run(desk.letterboxd(("Heat", 1995, 4, "2021-01-01")))
    desk.wait()
    await desk.undo("letterboxd:https://boxd.it/Heat")
    assert desk.account() == {"Heat": (6, "2020-01-01T12:00:00Z")}


async def test_a_killed_undo_has_forgotten_what_it_was_taking_back(desk: Any, killed: Any) -> None:
    """Another import then sends it: its removal is not taken for the person's own."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    with pytest.raises(killed):
        await desk.undo(kill=(1, True))
    assert desk.account() == {}
    desk.wait()
    await desk.run(desk.letterboxd(HEAT, JAWS))
    assert desk.account().keys() == {"Heat", "Jaws"}


async def test_a_run_that_was_taken_back_is_not_gone_on_with(desk: Any, killed: Any) -> None:
    """It was killed half-way, then undone: it is over, and the same import is a run of its own."""
    export = desk.letterboxd(*map(film, range(4)))
    with pytest.raises(killed):
        await desk.run(export, kill=(2, False), batch_size=2)
    desk.wait()
    await desk.undo()
    stopped = find_run(desk.journal, 1)
    assert stopped is not None
    assert stopped.state is State.FINISHED
    desk.wait()
    again = await desk.run(export, batch_size=2)
    assert (again.summary.run, again.totals) == (3, {"read": 4, "applied": 4})


async def test_rows_that_were_sent_stay_on_record_for_good_and_all_rows_of_five_runs(desk: Any) -> None:
    """What was skipped goes with the sixth later run that tried something."""
    unrated = ("Unrated", 1990, "", "2020-01-01")
    for n in range(5):
        await desk.run(desk.letterboxd(HEAT, unrated, *map(film, range(n))))
        desk.wait()
    assert told(desk, 1) == {"Heat": "applied", "Unrated": "skipped"}
    for n in range(5, 7):
        await desk.run(desk.letterboxd(HEAT, *map(film, range(n))))
        desk.wait()
    assert told(desk, 1) == {"Heat": "applied"}


async def test_of_a_later_runs_opening_snapshot_the_titles_that_it_touched_are_kept(desk: Any) -> None:
    """The first run's is kept whole."""
    rate(desk, "Jaws", 1975, 9, "2018-01-01T00:00:00Z")
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    rate(desk, "Alien", 1979, 5, "2018-01-01T00:00:00Z")
    await desk.run(desk.letterboxd(HEAT, JAWS))
    assert [one.title for one in opening(desk.journal, 1)] == ["Jaws"]
    assert [one.title for one in opening(desk.journal, 2)] == ["Jaws"]


async def test_where_simkl_tells_no_stamps_the_account_is_read_every_time(desk: Any) -> None:
    """What the person rated since is seen, and kept."""
    desk.sandbox.faults.turn_on("null-activities")
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    rate(desk, "Jaws", 1975, 9)
    await desk.run(desk.letterboxd(HEAT, ("Jaws", 1975, 2, "2019-01-01")))
    assert desk.account()["Jaws"][0] == 9
