"""Nothing new costs nothing, and what counts as new; a stopped run and its going on are one run."""

from __future__ import annotations

from typing import Any

import pytest

from importer.journal.gone import count_gone
from importer.plan.decide import OnConflict
from importer.send.snapshot import trust_stamps

HEAT = ("Heat", 1995, 4.5, "2024-01-02")
ALIEN = ("Alien", 1979, 4, "2024-01-03")
JAWS = ("Jaws", 1975, 3, "2024-01-04")


async def test_an_unchanged_source_makes_no_request(desk: Any) -> None:
    """Same bytes, same options, same version, however often and however late."""
    path = desk.letterboxd(HEAT, ALIEN)
    await desk.run(path)
    for _ in range(3):
        desk.wait(20)
        again = await desk.run(path)
        assert (again.requests, again.totals) == ([], {"read": 2, "unchanged": 2})


@pytest.mark.parametrize(
    "options", [{"redate": True}, {"on_conflict": OnConflict.KEEP}, {"limit": 5}, {"since": 1}], ids=str
)
async def test_another_option_is_not_unchanged(desk: Any, options: dict[str, Any]) -> None:
    """What decides is asked anew."""
    path = desk.letterboxd(HEAT)
    await desk.run(path)
    assert (await desk.run(path, **options)).requests
    assert not (await desk.run(path)).requests


async def test_other_bytes_and_another_version_are_not_unchanged(desk: Any) -> None:
    """Even where they say the same."""
    await desk.run(desk.letterboxd(HEAT))
    assert (await desk.run(desk.letterboxd(HEAT, ALIEN))).totals == {"read": 2, "applied": 1, "unchanged": 1}
    path = desk.letterboxd(HEAT, ALIEN)
    assert not (await desk.run(path)).requests
    desk.version = "2"
    assert (await desk.run(path)).requests


async def test_a_title_that_comes_onto_a_list_later_is_rated_then(desk: Any) -> None:
    """What --listed-only leaves hangs on the account: nothing else than looking tells. Once all is rated, nothing is
    asked.
    """
    path = desk.letterboxd(HEAT, ALIEN)
    heat, alien = (desk.sandbox.catalog.find("movie", title, year).simkl for title, year, *_ in (HEAT, ALIEN))
    desk.sandbox.account.put_on_list(alien, "plantowatch")
    assert (await desk.run(path, listed_only=True)).totals == {"read": 2, "applied": 1, "skipped": 1}
    for _ in range(2):  # the first of them also reads what the run itself had changed
        desk.wait()
        still = await desk.run(path, listed_only=True)
    assert (still.totals, still.requests) == (
        {"read": 2, "unchanged": 1, "skipped": 1},
        [("GET", "/sync/activities")],  # which tells that no list has moved
    )
    desk.sandbox.account.put_on_list(heat, "plantowatch")
    desk.wait()
    assert (await desk.run(path, listed_only=True)).outcomes()["letterboxd:https://boxd.it/Heat"][0] == "applied"
    desk.wait()
    assert not (await desk.run(path, listed_only=True)).requests


async def test_an_account_without_a_rating_before_is_read_whole_once_alone(desk: Any) -> None:
    """The first ratings ever set a stamp that was null: it has moved, and what changed since is enough later on."""
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    desk.wait()
    await desk.run(desk.letterboxd(HEAT, ALIEN, JAWS))
    desk.wait()
    seen = len(desk.sandbox.log)
    done = await desk.run(desk.letterboxd(HEAT, ALIEN, ("Jaws", 1975, 5, desk.iso(-0.5)[:10])))
    assert done.totals == {"read": 3, "applied": 1, "unchanged": 2}
    assert _read(desk, seen)
    assert all(_read(desk, seen))


def _read(desk: Any, since: int) -> list[bool]:
    """Tell of each reading of the ratings, from a place in the log on, whether it asked for what changed alone."""
    asked = [entry for entry in desk.sandbox.log[since:] if entry.path == "/sync/ratings" and entry.method == "GET"]
    return ["date_from" in entry.query for entry in asked]


async def test_an_account_that_was_distrusted_by_mistake_is_trusted_once_a_write_moves_its_stamps(desk: Any) -> None:
    """As an earlier version left every account that had no rating before: read whole once more, and then no longer."""
    await desk.run(desk.letterboxd(HEAT))
    with desk.journal.transaction():
        trust_stamps(desk.journal, trusted=False)
    desk.wait()
    seen = len(desk.sandbox.log)
    await desk.run(desk.letterboxd(HEAT, ALIEN))
    assert _read(desk, seen) == [False, False]  # before the POST and after it
    desk.wait()
    seen = len(desk.sandbox.log)
    assert (await desk.run(desk.letterboxd(HEAT, ALIEN, JAWS))).totals == {"read": 3, "applied": 1, "unchanged": 2}
    assert _read(desk, seen)
    assert all(_read(desk, seen))


async def test_stamps_that_no_write_moves_are_never_trusted(desk: Any) -> None:
    """However often something is written, and also where the person's own ratings move them between two runs."""
    desk.sandbox.faults.turn_on("frozen-stamps")
    films = [HEAT]
    await desk.run(desk.letterboxd(*films))
    for film in (ALIEN, JAWS, ("Speed", 1994, 3, "2024-01-05")):
        desk.wait()
        if film is JAWS:
            own = desk.sandbox.catalog.add("movie", "Ran", 1985, {})
            desk.sandbox.account.rate(own.simkl, 7, desk.iso())
            desk.wait()
        films.append(film)
        seen = len(desk.sandbox.log)
        assert (await desk.run(desk.letterboxd(*films))).totals["applied"] == 1
        assert _read(desk, seen) == [False, False]  # before the POST and after it


async def test_a_limit_first_and_all_of_it_later(desk: Any) -> None:
    """The newest first, the rest when asked for; what the limit left out is new the next time."""
    path = desk.letterboxd(HEAT, ALIEN, JAWS)
    first = await desk.run(path, limit=1)
    assert first.totals == {"read": 3, "applied": 1, "skipped": 2}
    assert list(desk.account()) == ["Jaws"]
    assert (await desk.run(path, limit=1)).totals == {"read": 3, "applied": 1, "unchanged": 1, "skipped": 1}
    assert (await desk.run(path)).totals == {"read": 3, "applied": 1, "unchanged": 2}
    assert not (await desk.run(path)).requests


async def test_another_source_with_another_rating_ends_the_mark(desk: Any) -> None:
    """The first source has something to say again; one with the same ratings changes nothing for it."""
    first = desk.letterboxd(HEAT, ALIEN)
    await desk.run(first)
    await desk.run(desk.letterboxd(HEAT, name="thin.csv"))
    assert not (await desk.run(first)).requests
    await desk.run(desk.letterboxd(("Heat", 1995, 1, "2025-01-02"), name="new.csv"))
    assert (await desk.run(first)).rows["letterboxd:https://boxd.it/Heat"].reason == "older_export"


async def test_an_undo_ends_the_mark(desk: Any) -> None:
    """The same export is sent again."""
    path = desk.letterboxd(HEAT)
    await desk.run(path)
    await desk.undo()
    assert (await desk.run(path)).totals == {"read": 1, "applied": 1}


async def test_what_is_due_is_asked_again_and_only_then(open_desk: Any) -> None:
    """A title that Simkl does not know: silence for a week, then one question; and at once where it is asked for."""
    async with open_desk(catalog="closed") as desk:
        path = desk.letterboxd(HEAT, ("Nobody Knows It", 1950, 3, "2024-01-04"))
        assert (await desk.run(path)).summary.exit == 3
        desk.wait(6)
        assert not (await desk.run(path)).requests
        assert (await desk.run(path, retry_not_found=True)).posts == 1
        desk.wait(8)
        due = await desk.run(path)
        assert (due.posts, due.summary.exit) == (1, 0)
        other = desk.letterboxd(HEAT, ALIEN, name="other.csv")
        await desk.run(other)
        desk.wait(8)
        assert not (await desk.run(other)).requests


async def test_a_stopped_run_and_its_going_on_are_one_run_with_one_report(desk: Any, killed: Any) -> None:
    """One number, one start, each row once; what arrived before the kill is applied and not sent again."""
    path = desk.letterboxd(HEAT, ALIEN, JAWS)
    start = desk.clock.now()
    with pytest.raises(killed):
        await desk.run(path, batch_size=1, kill=(3, True))
    desk.wait()
    done = await desk.run(path, batch_size=1)
    assert (done.summary.run, done.summary.started) == (1, int(start))
    assert done.totals == {"read": 3, "applied": 3}
    assert done.posts == 0
    assert sorted(row.batch for row in done.rows.values()) == [1, 2, 3]


async def test_a_rejected_row_of_a_stopped_run_is_a_finding_when_it_goes_on(desk: Any) -> None:
    """The stop was told first; the row is told with the end."""
    path = desk.letterboxd(HEAT, ("Alien", 1979, 5.5, "2024-01-03"))
    desk.sandbox.faults.script("POST /sync/ratings", ["status-500"] * 6)
    assert (await desk.run(path)).summary.exit == 6
    assert (await desk.run(path)).summary.exit == 3
    desk.version = "2"
    assert (await desk.run(path)).summary.exit == 0


async def test_what_a_run_has_tried_takes_no_place_of_its_limit_when_it_goes_on(desk: Any) -> None:
    """Not even once it is worth another try."""
    desk.sandbox.catalog.mode = "closed"
    desk.sandbox.faults.script("POST /sync/ratings", ["status-500"] * 6)
    rows = [
        {
            "rated_at": f"2024-0{n}-02T00:00:00.000Z",
            "rating": 9,
            "type": "movie",
            "movie": {"title": title, "year": 1979, "ids": ids},
        }
        for n, title, ids in ((1, "Alien", {"trakt": 1, "imdb": "tt0078748"}), (2, "Nowhere", {"trakt": 2}))
    ]
    path = desk.trakt(*rows)
    assert (await desk.run(path, limit=2, batch_size=1)).totals == {"read": 2, "not_found": 1, "pending": 1}
    desk.wait(8)
    assert (await desk.run(path, limit=2, batch_size=1)).totals == {"read": 2, "not_found": 1, "applied": 1}


async def test_what_was_never_sent_is_not_gone(desk: Any, killed: Any) -> None:
    """A stopped run had meant to; Simkl never had these ratings, and keeps none."""
    with pytest.raises(killed):
        await desk.run(desk.letterboxd(HEAT, ALIEN, JAWS), batch_size=1, kill=(2, False))
    await desk.run(desk.letterboxd(HEAT))
    assert count_gone(desk.journal) == 1


async def test_a_stand_in_date_is_recorded_once(desk: Any, killed: Any) -> None:
    """However often a run is killed before Simkl hears of it, and by whatever run it is sent in the end."""
    path = desk.mal((19, "Monster", 8, "0000-00-00"))
    start = desk.iso()
    for _ in range(2):
        with pytest.raises(killed):
            await desk.run(path, kill=(1, False))
        desk.wait()
    later = desk.iso()
    await desk.run(desk.mal((19, "Monster", 8, "0000-00-00"), (6, "Trigun", 7, "0000-00-00")))
    assert desk.account() == {"Monster": (8, start), "Trigun": (7, later)}


async def test_two_trackers_never_fight_over_one_title(desk: Any) -> None:
    """Run in turns, night after night, nobody's rating moves any more."""
    letterboxd = desk.letterboxd(HEAT)
    trakt = desk.trakt(
        {
            "rated_at": "2024-05-06T07:08:09.000Z",
            "rating": 6,
            "type": "movie",
            "movie": {"title": "Heat", "year": 1995, "ids": {"trakt": 1, "imdb": "tt0113277"}},
        }
    )
    await desk.run(letterboxd)
    await desk.run(trakt)
    assert desk.account() == {"Heat": (6, "2024-05-06T07:08:09Z")}
    for version in "23":
        desk.wait()
        desk.version = version
        for path in (letterboxd, trakt):
            assert (await desk.run(path)).posts == 0
    assert desk.account() == {"Heat": (6, "2024-05-06T07:08:09Z")}
