"""`undo --unlist`: only what a rating of ours put onto a list leaves the library, and nothing in doubt."""

from __future__ import annotations

from typing import Any

import pytest

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
HEAT_ID, ALIEN_ID = 53036, 53011
KEY = "letterboxd:https://boxd.it/Heat"


def _unlistings(desk: Any) -> list[bytes]:
    return [entry.raw for entry in desk.sandbox.log if entry.path == "/sync/history/remove"]


async def test_what_our_rating_put_onto_a_list_leaves_it_and_what_was_there_stays(desk: Any) -> None:
    """By simkl id alone; a title that the person had on a list before stays there, and that is said."""
    desk.sandbox.account.put_on_list(ALIEN_ID, "completed")
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    undone = await desk.undo(unlist=True)
    assert undone.totals == {"read": 2, "removed": 1, "unlisted": 1}
    assert desk.sandbox.account.library == {ALIEN_ID: "completed"}
    assert desk.account() == {}
    assert _unlistings(desk) == [b'{"movies":[{"ids":{"simkl":%d}}]}' % HEAT_ID]
    assert "1 title stays on a list: 1 on a list before the import" in undone.summary.message
    assert undone.summary.exit == 0


async def test_without_the_switch_titles_stay_and_the_command_is_told(desk: Any) -> None:
    """That command then works although the run is taken back by now, and so does a key's."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    undone = await desk.undo()
    assert "2 titles stay on a list" in undone.summary.message
    assert "simkl-import undo --run 1 --unlist" in undone.summary.message
    assert len(desk.sandbox.account.library) == 2
    desk.wait()
    by_key = await desk.undo(KEY, unlist=True)
    assert (by_key.totals, list(desk.sandbox.account.library)) == ({"read": 1, "unlisted": 1}, [ALIEN_ID])
    desk.wait()
    by_run = await desk.undo(run=1, unlist=True)
    assert (by_run.totals, desk.sandbox.account.library) == ({"read": 2, "unlisted": 1, "unchanged": 1}, {})
    desk.wait()
    assert (await desk.undo(run=1, unlist=True)).posts == 0


def _moved(desk: Any) -> None:
    desk.sandbox.account.put_on_list(HEAT_ID, "plantowatch")


def _watched(desk: Any) -> None:
    desk.sandbox.account.put_on_list(HEAT_ID, "completed", watched_at=desk.iso())


def _rated(desk: Any) -> None:
    desk.sandbox.account.rate(HEAT_ID, 2, desk.iso())


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (_moved, "1 on another list by now"),
        (_watched, "1 watched, as far as Simkl tells"),
        (_rated, "1 with a rating that is not this import's"),
    ],
)
async def test_what_the_person_did_with_the_title_since_keeps_it(desk: Any, edit: Any, why: str) -> None:
    """Moved, watched or rated: it stays, and the reason is said."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    edit(desk)
    library = dict(desk.sandbox.account.library)
    undone = await desk.undo(unlist=True)
    assert (undone.totals.get("unlisted"), _unlistings(desk)) == (None, [])
    assert desk.sandbox.account.library == library
    assert why in undone.summary.message


@pytest.mark.parametrize("fault", ["watched-when-rated", "watched-now"])
async def test_a_watch_date_that_our_rating_made_is_no_watching(open_desk: Any, fault: str) -> None:
    """Our date, or one within our batch."""
    async with open_desk(faults=[fault]) as desk:
        await desk.run(desk.letterboxd(HEAT))
        desk.wait()
        assert (await desk.undo(unlist=True)).totals == {"read": 1, "unlisted": 1}


@pytest.mark.parametrize("fault", ["no-statuses", "status-500-after-write"])
async def test_where_no_answer_named_the_list_the_title_stays(desk: Any, fault: str) -> None:
    """Nobody knows then which list our rating put it onto."""
    desk.sandbox.faults.script("POST /sync/ratings", [fault])
    if fault == "status-500-after-write":
        desk.sandbox.faults.script("POST /sync/ratings", [fault] * 9)
    await desk.run(desk.letterboxd(HEAT))
    desk.sandbox.faults.turn_off()
    desk.wait()
    undone = await desk.undo(unlist=True)
    assert (undone.totals, _unlistings(desk)) == ({"read": 1, "removed": 1}, [])
    assert "1 of which nobody knows" in undone.summary.message


async def test_a_run_that_did_not_read_back_knows_all_the_same_what_was_listed(desk: Any) -> None:
    """Its lists were read before it sent anything, and the undo's own settlement takes that up."""
    await desk.run(desk.letterboxd(HEAT), verify=False)
    desk.wait()
    assert (await desk.undo(unlist=True)).totals == {"read": 1, "unlisted": 1}


async def test_a_dry_run_tells_and_takes_nothing_off(desk: Any) -> None:
    """Also of a run that is taken back already."""
    await desk.run(desk.letterboxd(HEAT))
    assert (await desk.undo(unlist=True, dry_run=True)).totals == {"read": 1, "pending": 1}
    await desk.undo()
    dry = await desk.undo(run=1, unlist=True, dry_run=True)
    assert (dry.totals, dry.posts, len(desk.sandbox.account.library)) == ({"read": 1, "pending": 1}, 0, 1)


@pytest.mark.parametrize("written", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("post", [1, 2])
async def test_a_killed_one_is_gone_on_with_by_a_plain_undo(desk: Any, killed: Any, post: int, written: bool) -> None:
    """At its removal or at its unlisting: the next undo does the rest, and nothing twice."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    with pytest.raises(killed):
        await desk.undo(unlist=True, kill=(post, written))
    desk.wait()
    again = await desk.undo()
    assert (again.summary.exit, desk.account(), desk.sandbox.account.library) == (0, {}, {})
    assert (await desk.undo()).posts == 0


async def test_a_refused_unlisting_is_told_with_the_command_that_tries_again(desk: Any) -> None:
    """Status 3; the title stays on its list until then."""
    await desk.run(desk.letterboxd(HEAT))
    desk.sandbox.faults.script("POST /sync/history/remove", ["status-404"] * 4)
    undone = await desk.undo(unlist=True)
    assert (undone.summary.exit, undone.totals) == (3, {"read": 1, "failed": 1})
    assert "not taken back yet: Heat; simkl-import undo --run 1 --unlist tries it again" in undone.summary.message
    desk.sandbox.faults.turn_off()
    desk.wait()
    assert (await desk.undo(run=1, unlist=True)).totals == {"read": 1, "unlisted": 1}


async def test_a_title_that_a_later_run_rated_stays_when_only_the_first_is_taken_back(desk: Any) -> None:
    """Its rating is not of the run in scope."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    await desk.run(desk.letterboxd((*HEAT[:2], 2, "2025-02-02")))
    undone = await desk.undo(run=1, unlist=True)
    assert (undone.totals, desk.account()) == ({"read": 1, "left": 1}, {"Heat": (4, "2025-02-02T12:00:00Z")})
    assert (await desk.undo(all_runs=True, unlist=True)).totals == {"read": 1, "unlisted": 1}
