"""What an undo tells, and how it ends: its parts, its summary, its rows, and the run that the next one goes on with."""

from __future__ import annotations

from typing import Any

import pytest

from importer.events import Phase
from importer.journal.rows import read_rows
from importer.journal.runs import State, all_runs, find_run
from importer.journal.trial import Borrowed, borrow
from importer.model import Kind

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
PSYCHO = ("Psycho", 1960, 3, "2024-01-05")
SHARK = ("The Other Shark", 1976, 4, "2024-02-02")
JAWS = 53037
KEY = "letterboxd:https://boxd.it/{}"
REMOVE, RATE = "POST /sync/ratings/remove", "POST /sync/ratings"


def _find(desk: Any, title: str, year: int) -> Any:
    return desk.sandbox.catalog.find("movie", title, year)


def _state(desk: Any, number: int) -> State:
    run = find_run(desk.journal, number)
    assert run is not None
    return run.state


def _rows(desk: Any, number: int) -> dict[str, str]:
    return {row.title: row.outcome.value for row in read_rows(desk.journal, number)}


async def test_each_part_of_the_work_is_told_when_it_begins(desk: Any) -> None:
    """And none where there is nothing to do of it: a progress line would stand still."""
    done = await desk.run(desk.letterboxd(HEAT, ALIEN))
    assert done.phases == [Phase.READING, Phase.SENDING, Phase.CHECKING]
    assert (await desk.undo(KEY.format("Heat"))).phases == [Phase.ACCOUNT, Phase.SENDING]
    assert (await desk.undo(unlist=True)).phases == [Phase.ACCOUNT, Phase.SENDING, Phase.SENDING]
    assert (await desk.undo()).phases == [Phase.ACCOUNT]
    assert (await desk.undo(run=1, unlist=True)).phases == [Phase.ACCOUNT]


async def test_a_dry_run_leaves_no_run_and_says_what_it_is(desk: Any) -> None:
    """Also of what an earlier undo still owes, and of taking off the lists."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.sandbox.faults.script(REMOVE, ["status-404"] * 8)
    first = await desk.undo(KEY.format("Alien"))
    desk.sandbox.faults.turn_off()
    runs = len(all_runs(desk.journal, 99))
    dry = await desk.undo(all_runs=True, unlist=True, dry_run=True)
    assert (dry.summary.dry_run, dry.summary.exit, dry.posts) == (True, 0, 0)
    plain = await desk.undo(dry_run=True)
    assert (plain.totals, plain.posts) == ({"read": 1, "pending": 1}, 0)
    assert len(all_runs(desk.journal, 99)) == runs
    assert _state(desk, first.summary.run) is State.STOPPED
    assert len(desk.account()) == 2


@pytest.mark.parametrize("fault", ["status-503", "quota"])
async def test_an_undo_that_is_stopped_says_why_and_what_to_do(desk: Any, fault: str) -> None:
    """And goes on as the same run, with the titles that are left, under the time when it began."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    desk.sandbox.faults.script(REMOVE, [fault] * 20)
    stopped = await desk.undo()
    assert stopped.totals == {"read": 2, "pending": 2}
    assert stopped.summary.exit not in (0, 3)
    assert stopped.summary.hint
    assert (stopped.summary.resume_at is not None) is (fault == "quota")
    assert stopped.summary.message.startswith("2 titles could not be") is (fault == "status-503")
    assert stopped.summary.owed == 2
    assert _state(desk, stopped.summary.run) is State.STOPPED
    assert set(_rows(desk, stopped.summary.run).values()) == {"pending"}
    desk.sandbox.faults.turn_off()
    desk.wait()
    again = await desk.undo()
    assert f"going on with the undo that is not complete (run {stopped.summary.run})" in again.told
    assert (again.totals, again.summary.exit, again.summary.owed) == ({"read": 2, "removed": 2}, 0, 0)
    assert (again.summary.run, again.summary.started) == (stopped.summary.run, stopped.summary.started)
    assert _state(desk, again.summary.run) is State.FINISHED
    assert desk.account() == {}


async def test_an_undo_that_is_stopped_while_it_pays_what_is_owed_begins_nothing(desk: Any) -> None:
    """What an earlier one owes goes first; the day's last request went into that."""
    _rate = desk.sandbox.account.rate
    _rate(_find(desk, "Alien", 1979), 3, "2019-05-06T07:08:09Z")
    await desk.run(desk.letterboxd(ALIEN))
    desk.wait()
    await desk.run(desk.letterboxd(HEAT, name="other.csv"))
    desk.sandbox.faults.script(RATE, ["status-404"] * 8)
    owing = await desk.undo(run=1)
    assert owing.totals == {"read": 1, "failed": 1}
    desk.sandbox.faults.turn_off()
    desk.wait()
    desk.sandbox.faults.script(RATE, ["quota"] * 8)
    stopped = await desk.undo(run=2, unlist=True)
    assert stopped.totals == {"read": 1, "pending": 1}
    assert stopped.summary.exit not in (0, 3)
    assert "Heat" in desk.account()
    assert desk.sandbox.account.library
    assert [run.number for run in all_runs(desk.journal, 99) if run.command == "undo"] == [owing.summary.run]


async def test_the_same_rows_named_again_go_on_with_their_undo(desk: Any) -> None:
    """Refused once more it says so by their names; once they are given back that is no finding."""
    desk.sandbox.account.rate(_find(desk, "Alien", 1979), 3, "2019-05-06T07:08:09Z")
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.sandbox.faults.script(RATE, ["status-404"] * 8)
    first = await desk.undo(KEY.format("Alien"))
    desk.wait()
    again = await desk.undo(KEY.format("Alien"))
    assert (again.totals, again.summary.exit) == ({"read": 1, "failed": 1}, 3)
    assert "not taken back yet: Alien;" in again.summary.message
    desk.sandbox.faults.turn_off()
    desk.wait()
    last = await desk.undo(KEY.format("Alien"))
    assert (last.totals, last.summary.exit) == ({"read": 1, "restored": 1}, 0)
    assert {first.summary.run, again.summary.run, last.summary.run} == {2}
    assert [run.command for run in all_runs(desk.journal, 99)] == ["undo", "run"]
    assert desk.account()["Heat"] == (9, "2024-01-02T12:00:00Z")


async def test_what_is_tried_in_vain_often_enough_ends_its_undo(desk: Any) -> None:
    """It is told as stuck from then on, and no undo goes on with it."""
    await desk.run(desk.letterboxd(HEAT))
    desk.sandbox.faults.script(REMOVE, ["status-404"] * 99)
    told = []
    for _ in range(7):
        told.append(await desk.undo())
        desk.wait()
    numbers = [(one.summary.owed, one.summary.stuck) for one in told]
    assert numbers[0] == (1, 0)
    assert (0, 1) in numbers
    assert _state(desk, told[0].summary.run) is State.FINISHED


async def test_a_plain_undo_goes_on_with_the_switches_that_were_given_before_or_now(desk: Any, killed: Any) -> None:
    """--force of the first holds for what that had not begun; --unlist of the second for all."""
    desk.sandbox.account.rate(_find(desk, "Alien", 1979), 3, "2019-05-06T07:08:09Z")
    before = desk.state()
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    desk.sandbox.account.rate(_find(desk, "Alien", 1979), 1, desk.iso())
    with pytest.raises(killed):
        await desk.undo(force=True, kill=(1, False))
    desk.wait()
    again = await desk.undo(unlist=True)
    assert again.totals == {"read": 2, "restored": 1, "unlisted": 1}
    assert desk.state() == before


async def test_force_that_is_given_now_counts_for_an_undo_that_is_gone_on_with(desk: Any) -> None:
    """What was left before is taken back too."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    desk.sandbox.account.rate(_find(desk, "Heat", 1995), 1, desk.iso())
    desk.sandbox.faults.script(REMOVE, ["status-404"] * 8)
    first = await desk.undo()
    assert first.totals == {"read": 2, "left": 1, "failed": 1}
    desk.sandbox.faults.turn_off()
    desk.wait()
    again = await desk.undo(force=True)
    assert (again.totals, desk.account()) == ({"read": 2, "removed": 2}, {})
    assert again.summary.run == first.summary.run


async def test_what_was_accepted_and_never_seen_is_news_once(open_desk: Any) -> None:
    """It stays open, and the undo that told of it is on record, so that the next one has nothing to say."""
    async with open_desk(faults=["no-rated-at"]) as desk:
        desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
        await desk.run(desk.letterboxd(SHARK, HEAT), verify=False)
        desk.wait()
        one = await desk.undo(KEY.format("Heat"))
        assert one.totals == {"read": 1, "removed": 1}
        undone = await desk.undo()
        assert (undone.totals, undone.summary.exit) == ({"read": 1, "unconfirmed": 1}, 3)
        assert (undone.summary.open, undone.summary.run is not None) == (1, True)
        named = await desk.undo(run=1)
        assert (named.totals, named.summary.exit) == ({"read": 1, "unconfirmed": 1}, 0)
        assert (await desk.undo()).summary.message == "nothing to take back"


async def test_what_an_undo_finds_of_an_import_is_news_of_that(desk: Any) -> None:
    """The run had not read back: its row is on another title, which nobody has been told."""
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
    await desk.run(desk.letterboxd(SHARK, HEAT), verify=False)
    desk.wait()
    undone = await desk.undo(KEY.format("Heat"))
    assert (undone.totals, undone.summary.exit) == ({"read": 1, "removed": 1}, 3)
    assert (await desk.undo()).summary.exit == 0


async def test_what_a_live_test_left_is_put_back_before_an_undo_judges_it(desk: Any) -> None:
    """The rating that it took away is ours: it stands there again, and is then taken back like the others."""
    await desk.run(desk.letterboxd(HEAT))
    heat = _find(desk, "Heat", 1995)
    rating, at = 9, 1_704_196_800
    with desk.journal.transaction():
        borrow(desk.journal, [Borrowed(heat.simkl, Kind.MOVIE, "Heat", 1995, rating, at, listed=True, run=1)])
    desk.sandbox.account.unrate(heat)
    undone = await desk.undo()
    assert (undone.totals, desk.account()) == ({"read": 1, "removed": 1}, {})


async def test_an_earlier_rating_of_ours_comes_back_with_the_date_that_was_sent(open_desk: Any) -> None:
    """Also where Simkl gives no date back: that one is on record, and is not the time of the undo."""
    async with open_desk(faults=["no-rated-at"]) as desk:
        await desk.run(desk.letterboxd(HEAT))
        desk.wait()
        await desk.run(desk.letterboxd((*HEAT[:2], 2, "2025-01-02")))
        desk.wait()
        undone = await desk.undo()
        assert undone.totals == {"read": 1, "restored": 1}
        assert desk.account() == {"Heat": (9, "2024-01-02T12:00:00Z")}
        assert "time of this undo" not in undone.summary.message


async def test_a_shifted_date_does_not_drift_when_it_is_given_back(open_desk: Any) -> None:
    """It is sent so that it reads as it did."""
    async with open_desk(faults=["shifted-dates"]) as desk:
        desk.sandbox.account.rate(_find(desk, "Alien", 1979), 3, "2019-05-06T07:08:09Z")
        before = desk.state()
        others = (("Jaws", 1975, 3, "2024-01-07"), PSYCHO, HEAT)
        await desk.run(desk.letterboxd(*others, ALIEN))
        desk.wait()
        await desk.undo()
        assert desk.state() == before


async def test_what_the_person_took_away_already_is_done_with(desk: Any) -> None:
    """It is unchanged, and no later undo offers it again."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    desk.sandbox.account.unrate(_find(desk, "Heat", 1995))
    undone = await desk.undo(KEY.format("Heat"), KEY.format("Alien"))
    assert undone.totals == {"read": 2, "removed": 1, "unchanged": 1}
    assert (await desk.undo()).totals == {}


async def test_every_title_of_an_undo_is_one_row_of_its_report(desk: Any) -> None:
    """What is only taken off its list too, and each once."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    await desk.undo(KEY.format("Heat"))
    both = await desk.undo(run=1, unlist=True)
    assert both.totals == {"read": 2, "unlisted": 2}
    rows = list(read_rows(desk.journal, both.summary.run))
    assert sorted((row.title, row.outcome.value) for row in rows) == [("Alien", "unlisted"), ("Heat", "unlisted")]


async def test_what_has_left_the_library_by_itself_is_no_matter_of_unlisting(desk: Any) -> None:
    """It was taken back before, and is told as unchanged."""
    await desk.run(desk.letterboxd(HEAT))
    await desk.undo()
    desk.wait()
    desk.sandbox.account.drop(_find(desk, "Heat", 1995))
    undone = await desk.undo(run=1, unlist=True)
    assert (undone.totals, undone.posts) == ({"read": 1, "unchanged": 1}, 0)


async def test_one_title_that_could_not_be_taken_back_is_told_as_one(desk: Any) -> None:
    """The sentence is right for one as well."""
    await desk.run(desk.letterboxd(HEAT))
    desk.sandbox.faults.script(REMOVE, ["status-503"] * 20)
    assert (await desk.undo()).summary.message.startswith("1 title could not be taken back yet")


async def test_an_undo_that_is_stopped_takes_nothing_off_the_library(desk: Any) -> None:
    """That would take the rating along, which is still to be given back."""
    await desk.run(desk.letterboxd(HEAT))
    desk.sandbox.faults.script(REMOVE, ["quota"] * 20)
    stopped = await desk.undo(unlist=True)
    assert (stopped.totals, len(desk.account())) == ({"read": 1, "pending": 1}, 1)
    assert ("POST", "/sync/history/remove") not in stopped.requests
