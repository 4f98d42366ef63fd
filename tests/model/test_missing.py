"""What Simkl accepted and does not show is sent once more by whichever import comes next, as it is on record."""

from __future__ import annotations

from typing import Any

import pytest

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
SENT = (9, "2024-01-02T12:00:00Z")


@pytest.fixture
async def lost(desk: Any) -> Any:
    """A desk whose first import was accepted and is nowhere, and that service is well again."""
    desk.sandbox.faults.turn_on("dropped-items")
    done = await desk.run(desk.letterboxd(HEAT, name="first.csv"))
    assert (done.totals, desk.account()) == ({"read": 1, "unconfirmed": 1}, {})
    desk.sandbox.faults.turn_off()
    desk.wait()
    return desk


async def test_another_export_sends_it_as_it_is_on_record(lost: Any) -> None:
    """With its own rating and date; the row that told of it is applied, and the next run costs nothing."""
    other = lost.letterboxd(ALIEN, name="other.csv")
    done = await lost.run(other)
    assert (done.totals, done.summary.exit, done.summary.open) == ({"read": 1, "applied": 1}, 0, 0)
    assert lost.account()["Heat"] == SENT
    assert "1 rating of earlier imports that Simkl had accepted and does not show: sent once more" in done.told
    assert (await lost.run(other)).requests == []
    again = await lost.run(lost.letterboxd(HEAT, name="first.csv"))
    assert again.totals == {"read": 1, "unchanged": 1}


async def test_a_job_with_nothing_new_sends_it_too(desk: Any) -> None:
    """It may be the only one that comes every night."""
    nightly = desk.letterboxd(ALIEN, name="nightly.csv")
    await desk.run(nightly)
    assert (await desk.run(nightly)).requests == []
    desk.sandbox.faults.turn_on("dropped-items")
    await desk.run(desk.letterboxd(HEAT, name="first.csv"))
    desk.sandbox.faults.turn_off()
    desk.wait()
    done = await desk.run(nightly)
    assert (done.totals, done.posts, desk.account()["Heat"]) == ({"read": 1, "unchanged": 1}, 1, SENT)
    assert (await desk.run(nightly)).requests == []


async def test_it_is_tried_four_times_in_all_and_once_a_day(lost: Any) -> None:
    """Then it is given up; nobody is told again of what he was told."""
    other = lost.letterboxd(ALIEN, name="other.csv")
    posts: list[int] = []
    for _ in range(6):
        lost.sandbox.faults.turn_off()
        lost.sandbox.faults.turn_on("dropped-items")
        done = await lost.run(other, limit=0)
        again = await lost.run(other, limit=0)
        posts.append(done.posts)
        assert (again.posts, int(done.summary.exit)) == (0, 0)
        lost.wait()
    assert posts == [1, 1, 1, 0, 0, 0]
    assert done.summary.open == 0


async def test_the_rows_of_the_call_say_what_is_sent(lost: Any) -> None:
    """A newer export of the same film: its rating, once."""
    done = await lost.run(lost.letterboxd(("Heat", 1995, 3, "2024-06-01"), ALIEN, name="other.csv"))
    assert (done.totals, done.posts) == ({"read": 2, "applied": 2}, 1)
    assert lost.account()["Heat"] == (6, "2024-06-01T12:00:00Z")


async def test_what_the_row_says_otherwise_by_now_is_not_sent(desk: Any) -> None:
    """A later export agrees with what stood there all the time: the lost rating of before is nobody's wish any more."""
    stood = (6, "2020-06-01T12:00:00Z")
    desk.sandbox.account.rate(desk.sandbox.catalog.find("movie", "Heat", 1995), *stood)
    desk.wait()
    desk.sandbox.faults.turn_on("dropped-items")
    assert (await desk.run(desk.letterboxd(HEAT, name="first.csv"))).totals == {"read": 1, "unconfirmed": 1}
    desk.sandbox.faults.turn_off()
    desk.wait()
    later = await desk.run(desk.letterboxd(("Heat", 1995, 3, "2024-06-01"), name="first.csv"))
    assert later.totals == {"read": 1, "unchanged": 1}
    desk.wait()
    done = await desk.run(desk.letterboxd(ALIEN, name="other.csv"))
    assert (done.posts, desk.account()["Heat"]) == (1, stood)


@pytest.mark.parametrize("command", ["undo", "dry run"])
async def test_no_other_command_sends_it(lost: Any, command: str) -> None:
    """An undo and a dry run send no rating of an earlier export; what was taken back is not sent by another job."""
    other = lost.letterboxd(ALIEN, name="other.csv")
    if command == "dry run":
        assert (await lost.dry_run(other)).posts == 0
    else:
        await lost.undo()
        lost.wait()
        await lost.run(other)
    assert "Heat" not in lost.account()
