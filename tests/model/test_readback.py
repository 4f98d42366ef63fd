"""The read-back of a whole run: what it makes of echoes that lie, of late reads, and of ratings nobody could see."""

from __future__ import annotations

from typing import Any

import pytest

from importer.plan.decide import OnConflict

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
SHARK = ("The Other Shark", 1976, 5, "2024-02-02")
KEY = "letterboxd:https://boxd.it/TheOtherShark"


@pytest.mark.parametrize("fault", ["lagging-reads", "lagging-ratings", "no-statuses", "echo-missing", "shuffle"])
async def test_late_reads_and_missing_echoes_are_settled_by_reading_back(open_desk: Any, fault: str) -> None:
    """All is applied, and the next run has nothing to do."""
    async with open_desk(faults=[fault]) as desk:
        desk.wait()
        path = desk.letterboxd(HEAT, ("Alien", 1979, 4, "2024-01-03"), ("Jaws", 1975, 3, "2024-01-04"))
        assert (await desk.run(path)).totals == {"read": 3, "applied": 3}
        desk.version = "2"
        desk.wait()
        assert (await desk.run(path)).totals == {"read": 3, "unchanged": 3}


async def test_what_was_echoed_and_is_not_there_is_sent_once_more_then_daily_and_three_times_in_all(
    open_desk: Any,
) -> None:
    """An answer is not believed; the next run looks again and sends it again, and there is an end to it."""
    async with open_desk(faults=["echo-lie"]) as desk:
        path = desk.letterboxd(HEAT)
        done = await desk.run(path)
        assert (done.posts, done.summary.exit, done.totals) == (1, 3, {"read": 1, "unconfirmed": 1})
        sends = []
        for _ in range(6):
            desk.wait()
            again = await desk.run(path)
            assert (again.summary.exit, again.totals) == (0, {"read": 1, "unconfirmed": 1})
            sends.append(again.posts)
        assert sends == [1, 1, 1, 0, 0, 0]


async def test_what_was_echoed_and_not_there_is_applied_once_a_later_reading_shows_it(open_desk: Any) -> None:
    """Sent again, it is there, and the row is done with."""
    async with open_desk(faults=["echo-lie"]) as desk:
        path = desk.letterboxd(HEAT)
        await desk.run(path)
        desk.sandbox.faults.turn_off()
        again = await desk.run(path)
        assert (again.posts, again.summary.exit, again.totals) == (1, 0, {"read": 1, "applied": 1})
        assert (await desk.run(path)).requests == []


@pytest.mark.parametrize("policy", [OnConflict.NEWER, OnConflict.KEEP])
async def test_a_rating_that_the_rules_keep_is_posted_back_with_its_date(desk: Any, policy: OnConflict) -> None:
    """The row is kept, on another title, status 3; the next run leaves it alone."""
    desk.sandbox.account.rate(53037, 4, desk.iso(-1))
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", 53037)
    before = desk.account()
    path = desk.letterboxd(SHARK)
    done = await desk.run(path, on_conflict=policy)
    assert done.outcomes() == {KEY: ("kept", "conflict", "other_title")}
    assert (done.summary.exit, desk.account()) == (3, before)
    desk.version = "2"
    again = await desk.run(path, on_conflict=policy)
    assert (again.posts, again.summary.exit, desk.account()) == (0, 0, before)


@pytest.mark.parametrize("death", [(2, False), (2, True)], ids=["before the write", "after the write"])
async def test_a_run_killed_before_it_posts_back_does_so_when_it_goes_on(desk: Any, killed: Any, death: Any) -> None:
    """The person's rating is not lost on the way."""
    desk.sandbox.account.rate(53037, 4, desk.iso(-1))
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", 53037)
    before = desk.account()
    path = desk.letterboxd(SHARK)
    with pytest.raises(killed):
        await desk.run(path, kill=death)
    done = await desk.run(path)
    assert done.outcomes() == {KEY: ("kept", "conflict", "other_title")}
    assert desk.account() == before


async def test_what_a_person_rated_while_a_run_was_down_is_decided_when_it_goes_on(desk: Any, killed: Any) -> None:
    """The rating that never arrived is not looked for any more: the row was not sent, and the run is done."""
    path = desk.letterboxd(HEAT)
    with pytest.raises(killed):
        await desk.run(path, kill=(1, False))
    desk.wait()
    heat = desk.sandbox.catalog.find("movie", "Heat", 1995)
    desk.sandbox.account.rate(heat.simkl, 3, desk.iso())
    done = await desk.run(path)
    assert (done.posts, done.summary.exit, done.totals) == (0, 0, {"read": 1, "kept": 1})
    assert {title: rating for title, (rating, _) in desk.account().items()} == {"Heat": 3}


async def test_what_a_killed_run_did_to_another_title_is_found_although_the_row_is_kept_now(
    desk: Any, killed: Any
) -> None:
    """The person rated the right title meanwhile; the wrong one, overwritten unanswered, gets its rating back."""
    desk.sandbox.account.rate(53037, 4, desk.iso(-1))
    right = desk.sandbox.catalog.add("movie", SHARK[0], SHARK[1], {"imdb": "tt7700001"})
    desk.sandbox.catalog.alias(SHARK[0], SHARK[1], "movie", 53037)
    before = desk.account()
    path = desk.letterboxd(SHARK)
    with pytest.raises(killed):
        await desk.run(path, kill=(1, True))
    desk.sandbox.account.rate(right.simkl, 3, desk.iso())
    done = await desk.run(path)
    assert done.outcomes() == {KEY: ("kept", "conflict", "other_title")}
    assert done.summary.exit == 3
    assert {title: found for title, found in desk.account().items() if title in before} == before


async def test_two_rows_on_one_title_are_told_the_same_whether_a_run_was_killed_or_not(desk: Any, killed: Any) -> None:
    """Our own other row is not the account's rating."""
    desk.sandbox.catalog.alias("Shark!", 1975, "movie", 53037)
    path = desk.letterboxd(("Jaws", 1975, 3, "2024-01-03"), ("Shark!", 1975, 4, "2024-01-04"))
    with pytest.raises(killed):
        await desk.run(path, kill=(1, True))
    done = await desk.run(path)
    assert done.outcomes()["letterboxd:https://boxd.it/Jaws"] == ("duplicate", None, "shared_title")
    assert done.totals == {"read": 2, "applied": 1, "duplicate": 1}


async def test_a_row_that_a_later_part_of_the_run_overwrote_is_a_duplicate(desk: Any) -> None:
    """It was read back as applied, the second row of its title had to wait for the service."""
    desk.sandbox.catalog.alias("Shark!", 1975, "movie", 53037)
    path = desk.letterboxd(("Jaws", 1975, 3, "2024-01-03"), ("Shark!", 1975, 4, "2024-01-04"))
    desk.sandbox.faults.script("POST /sync/ratings", [None, *["status-500"] * 6])
    stopped = await desk.run(path, batch_size=1)
    assert (stopped.summary.exit, stopped.totals) == (6, {"read": 2, "applied": 1, "pending": 1})
    done = await desk.run(path, batch_size=1)
    assert done.outcomes()["letterboxd:https://boxd.it/Jaws"] == ("duplicate", None, "shared_title")
    assert done.totals == {"read": 2, "applied": 1, "duplicate": 1}


async def test_what_is_read_back_after_a_lost_answer_has_its_batch(desk: Any) -> None:
    """So that it counts as sent in all that follows: posting back, mending, going on."""
    desk.sandbox.faults.script("POST /sync/ratings", ["reset-after-write"] * 6)
    done = await desk.run(desk.letterboxd(HEAT))
    assert [(row.outcome.value, row.batch) for row in done.rows.values()] == [("applied", 1)]


async def test_dates_that_all_come_back_otherwise_are_one_note(open_desk: Any) -> None:
    """One line for the person, none on a row."""
    async with open_desk(faults=["day-dates"]) as desk:
        rows = [
            {
                "rated_at": f"2024-05-0{n}T07:08:0{n}.000Z",
                "rating": 6,
                "type": "movie",
                "movie": {"title": f"Film {n}", "year": 2000 + n, "ids": {"trakt": n, "imdb": f"tt990000{n}"}},
            }
            for n in range(1, 6)
        ]
        done = await desk.run(desk.trakt(*rows))
        assert (done.summary.exit, done.summary.notes) == (0, {})
        assert "alike" in done.summary.message
