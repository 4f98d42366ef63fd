"""What stands on a title and is ours is told from the person's, also where Simkl gives back no dates."""

from __future__ import annotations

from typing import Any

import pytest

from importer.plan.decide import OnConflict

JAWS = 53037
HEAT = ("Heat", 1995, 4, "2024-01-02")
HEAT_ANEW = ("Heat", 1995, 5, "2024-05-06")


@pytest.mark.parametrize("fault", ["", "null-rated-at"], ids=["with dates", "without dates"])
async def test_a_rating_of_ours_that_an_undo_gives_back_is_ours_still(desk: Any, fault: str) -> None:
    """It gets its own date again, and the next import sends the newer rating over it, as the undo said."""
    if fault:
        desk.sandbox.faults.turn_on(fault)
    await desk.run(desk.letterboxd(HEAT))
    first = desk.account()
    desk.wait()
    await desk.run(desk.letterboxd(HEAT_ANEW))
    desk.wait()
    undone = await desk.undo()
    assert (undone.totals, desk.account()) == ({"read": 1, "restored": 1}, first)
    assert "time of this undo" not in undone.summary.message
    desk.wait()
    done = await desk.run(desk.letterboxd(HEAT_ANEW))
    assert done.totals == {"read": 1, "applied": 1}
    assert desk.account()["Heat"][0] == 10


async def test_an_unconfirmed_rating_is_overwritten_by_the_undo_of_its_title(desk: Any) -> None:
    """What stands there then is not the person's doing: nothing is left open, and the next import sends it anew."""
    await desk.run(desk.letterboxd(HEAT))
    desk.wait()
    desk.sandbox.faults.turn_on("dropped-items")
    dropped = await desk.run(desk.letterboxd(HEAT_ANEW))
    assert dropped.totals == {"read": 1, "unconfirmed": 1}
    desk.sandbox.faults.turn_off()
    undone = await desk.undo(all_runs=True)
    assert (undone.totals, undone.summary.open, desk.account()) == ({"read": 1, "removed": 1}, 0, {})
    assert "cannot be told" not in undone.summary.message
    desk.wait()
    done = await desk.run(desk.letterboxd(HEAT_ANEW))
    assert (done.totals, desk.account()["Heat"][0]) == ({"read": 1, "applied": 1}, 10)


async def test_a_row_of_the_same_rating_that_is_found_later_takes_none_away(desk: Any) -> None:
    """Two spellings of one film in one batch: the second is recognised by the second reading alone, without dates."""
    desk.sandbox.faults.turn_on("null-rated-at")
    catalog = desk.sandbox.catalog
    catalog.alias("Jaws!", 1976, "movie", JAWS)
    alien = catalog.find("movie", "Alien", 1979)
    catalog.alias("Legend", 1979, "movie", alien.simkl)
    desk.sandbox.account.rate(alien, 2, "2015-01-01T00:00:00Z")
    film = {"title": "Jaws!", "year": 1976, "ids": {"trakt": 9}}
    older = desk.trakt({"rated_at": "2024-01-03T00:00:00Z", "rating": 8, "type": "movie", "movie": film})
    path = desk.letterboxd(("Legend", 1979, 5, "2024-01-04"), ("Jaws", 1975, 4, "2024-01-05"))
    first = await desk.run(older, path)
    assert first.summary.owed == 0
    desk.wait()
    desk.version = "2"
    again = await desk.run(path)
    assert (again.posts, desk.account()["Jaws"][0], desk.account()["Alien"][0]) == (0, 8, 2)


def _film(desk: Any, rating: int, at: str, *, name: str = "trakt.json") -> Any:
    ids = {"trakt": 9, "imdb": "tt0073195"}
    film = {"title": "Jaws", "year": 1975, "ids": ids}
    return desk.trakt({"rated_at": at, "rating": rating, "type": "movie", "movie": film}, name=name)


@pytest.mark.parametrize("policy", list(OnConflict))
@pytest.mark.parametrize("fault", ["", "null-rated-at"], ids=["with dates", "without dates"])
async def test_between_two_jobs_the_merge_rule_decides(desk: Any, fault: str, policy: OnConflict) -> None:
    """Whatever --on-conflict and whatever dates come back: what stands there is ours, and the newer row wins."""
    if fault:
        desk.sandbox.faults.turn_on(fault)
    await desk.run(desk.letterboxd(("Jaws", 1975, 3, "2024-02-02")))
    desk.wait()
    older = await desk.run(_film(desk, 9, "2024-01-01T00:00:00Z"), on_conflict=policy)
    assert (older.totals, older.posts) == ({"read": 1, "duplicate": 1}, 0)
    assert desk.account()["Jaws"][0] == 6
    desk.wait()
    newer = await desk.run(_film(desk, 10, "2024-03-03T00:00:00Z", name="later.json"), on_conflict=policy)
    assert newer.totals == {"read": 1, "applied": 1}
    assert desk.account()["Jaws"][0] == 10
    desk.wait()
    desk.version = "2"
    again = await desk.run(desk.letterboxd(("Jaws", 1975, 3, "2024-02-02")))
    assert (again.posts, desk.account()["Jaws"][0]) == (0, 10)


@pytest.mark.parametrize("policy", [OnConflict.NEWER, OnConflict.KEEP])
async def test_the_winner_of_two_jobs_is_held_against_the_persons_rating_below(desk: Any, policy: OnConflict) -> None:
    """One run overwrote it as it was told to; a row that was told to keep it does not come in after that one."""
    desk.sandbox.account.rate(JAWS, 2, "2025-01-01T00:00:00Z")
    await desk.run(desk.letterboxd(("Jaws", 1975, 3, "2024-02-02")), on_conflict=OnConflict.OVERWRITE)
    desk.sandbox.faults.turn_on("null-rated-at")
    desk.wait()
    desk.version = "2"
    done = await desk.run(_film(desk, 10, "2024-03-03T00:00:00Z"), on_conflict=policy)
    assert (done.totals, desk.account()["Jaws"][0]) == ({"read": 1, "kept": 1}, 6)


async def test_a_question_that_a_merged_row_asked_alone_is_not_forgotten(desk: Any) -> None:
    """Simkl files the film as anime: alone, its name finds it by where it led, also after it was merged with another
    row that needed nothing to be sent."""
    catalog = desk.sandbox.catalog
    akira = catalog.find("anime", "Akira", 1988)
    desk.sandbox.catalog.alias("Akira", 1988, "movie", akira.simkl)
    film = {"title": "Akira", "year": 1988, "ids": {"trakt": 7}}

    def rated(rating: int, at: str) -> Any:
        return desk.trakt({"rated_at": at, "rating": rating, "type": "movie", "movie": film})

    score = desk.mal((47, "Akira", 9, "0000-00-00"))
    for paths in ([score], [rated(8, "2024-02-02T00:00:00Z")]):
        await desk.run(*paths)
        desk.wait()
    await desk.run(rated(8, "2024-02-02T00:00:01Z"), score)
    desk.wait()
    done = await desk.run(rated(6, "2024-06-02T00:00:00Z"))
    assert (done.totals, desk.account()["Akira"][0]) == ({"read": 1, "applied": 1}, 6)


async def test_a_title_that_a_person_accepts_gets_what_its_row_says_now_also_without_dates(desk: Any) -> None:
    """What stands there is the row's own earlier rating: with the title accepted, that is what both agreed on."""
    desk.sandbox.faults.turn_on("null-rated-at")
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
    row = ("The Other Shark", 1976, 3, "2024-02-02")
    await desk.run(desk.letterboxd(row))
    desk.wait()
    newer = desk.letterboxd((*row[:2], 5, "2024-05-05"))
    kept = await desk.run(newer)
    assert (kept.totals, desk.account()["Jaws"][0]) == ({"read": 1, "kept": 1}, 6)
    desk.wait()
    (rejected,) = desk.rejects()
    rejected["simkl"] = JAWS
    done = await desk.run(desk.generic(rejected, name="rejects.csv"))
    assert (done.totals, desk.account()["Jaws"][0]) == ({"read": 1, "applied": 1}, 10)


async def test_a_row_that_was_overwritten_in_its_own_batch_is_not_what_stands_later(desk: Any) -> None:
    """The person rates the title as the losing row had it: that is the person's, and no other row goes over it.

    Nobody knows that the losing row arrived: it is sent once more, and given up for what the person has.
    """
    desk.sandbox.catalog.alias("Jaws!", 1976, "movie", JAWS)
    film = {"title": "Jaws!", "year": 1976, "ids": {"trakt": 9}}
    older = desk.trakt({"rated_at": "2024-01-03T00:00:00Z", "rating": 2, "type": "movie", "movie": film})
    newer = desk.letterboxd(("Jaws", 1975, 4, "2024-02-02"))
    await desk.run(older, newer)
    assert desk.account()["Jaws"][0] == 8
    desk.wait()
    desk.sandbox.account.rate(JAWS, 2, desk.iso())
    persons = desk.state()
    posts = []
    for _ in range(5):
        desk.wait()
        posts.append((await desk.run(newer)).posts)
        assert desk.state() == persons
    assert posts == [2, 0, 0, 0, 0]


@pytest.mark.parametrize("dates", ["shifted-dates", "null-rated-at"])
async def test_what_was_not_read_back_is_found_under_the_titles_other_name(desk: Any, dates: str) -> None:
    """Before a row is called nowhere the other names of what changed are asked for: the person's rating comes back."""
    desk.sandbox.faults.turn_on(dates)
    french = ("Le Fabuleux Destin d'Amélie Poulain", 2001)
    desk.sandbox.catalog.alias(*french, "movie", 53009)
    desk.sandbox.account.rate(53009, 3, "2025-01-02T03:04:05Z")
    path = desk.letterboxd((*french, 5, "2024-01-02"))
    await desk.run(path, verify=False)
    assert desk.account()["Amélie"][0] == 10
    desk.wait()
    done = await desk.run(desk.letterboxd(("Heat", 1995, 3, "2024-01-02"), name="other.csv"))
    assert (desk.account()["Amélie"][0], done.summary.open) == (3, 0)


async def test_a_row_that_lost_to_one_that_needed_no_sending_is_not_sent_again(desk: Any) -> None:
    """The person's rating is the other row's, which is newer: whatever its date becomes by giving it back, it stays."""
    desk.sandbox.faults.turn_on("shifted-dates")
    desk.sandbox.catalog.alias("Jaws!", 1976, "movie", JAWS)
    desk.sandbox.account.rate(JAWS, 8, "2024-06-02T00:00:00Z")
    await desk.run(desk.letterboxd(("Jaws", 1975, 4, "2024-02-02")))
    film = {"title": "Jaws!", "year": 1976, "ids": {"trakt": 9}}
    older = desk.trakt({"rated_at": "2024-01-03T00:00:00Z", "rating": 2, "type": "movie", "movie": film})
    posts = []
    for n in range(3):
        desk.wait()
        desk.version = str(n)
        posts.append((await desk.run(older, on_conflict=OnConflict.OVERWRITE)).posts)
    assert posts[1:] == [0, 0]
    assert desk.account()["Jaws"][0] == 8


async def test_a_row_that_another_jobs_better_row_lies_beside_is_not_sent_over_the_persons(desk: Any) -> None:
    """The better row was rated over by the person and is kept: the older one has nothing to say there."""
    desk.sandbox.catalog.alias("Jaws!", 1976, "movie", JAWS)
    film = {"title": "Jaws!", "year": 1976, "ids": {"trakt": 9}}
    older = desk.trakt({"rated_at": "2024-01-03T00:00:00Z", "rating": 4, "type": "movie", "movie": film})
    newer = desk.letterboxd(("Jaws", 1975, 4, "2024-02-02"))
    await desk.run(older)
    desk.wait()
    await desk.run(newer)
    assert desk.account()["Jaws"][0] == 8
    desk.wait()
    desk.sandbox.account.rate(JAWS, 2, desk.iso())
    desk.wait()
    await desk.run(newer)
    desk.wait()
    done = await desk.run(older, on_conflict=OnConflict.OVERWRITE)
    assert (done.posts, desk.account()["Jaws"][0]) == (0, 2)


async def test_a_row_that_was_given_a_number_is_not_taken_for_its_namesake(desk: Any) -> None:
    """Simkl has two films of that name and year; the person rated the other one alike."""
    other = desk.sandbox.catalog.add("movie", "Solaris", 1972, {"imdb": "tt7700001"})
    meant = desk.sandbox.catalog.add("movie", "Solaris, Restored", 1973, {"imdb": "tt7700002"})
    desk.sandbox.catalog.alias("Solyaris", 1972, "movie", 53011)
    await desk.run(desk.letterboxd(("Solyaris", 1972, 4, "2024-01-02")))
    (row,) = desk.rejects()
    desk.sandbox.account.rate(other, 8, "2020-01-01T00:00:00Z")
    desk.wait()
    await desk.run(desk.generic({**row, "title": "Solaris", "simkl": meant.simkl}, name="rejects.csv"))
    assert desk.account()["Solaris, Restored"] == (8, "2024-01-02T12:00:00Z")
    assert desk.account()["Solaris"] == (8, "2020-01-01T00:00:00Z")


async def test_what_an_undo_is_done_with_is_not_taken_back_once_more_by_force(desk: Any) -> None:
    """Of the second run nothing stood there any more: --force must not bring back what the first one had put there."""
    for title, year in (("The Other Shark", 1976), ("Shark Again", 1977)):
        desk.sandbox.catalog.alias(title, year, "movie", JAWS)
    desk.sandbox.account.rate(JAWS, 2, "2015-01-02T03:04:05Z")
    persons = desk.state()
    shark = ("The Other Shark", 1976, 4, "2024-02-02")
    await desk.run(desk.letterboxd(shark))
    desk.wait()
    await desk.run(desk.letterboxd(shark, ("Shark Again", 1977, 3, "2024-01-01")))
    assert desk.account()["Jaws"] == (8, "2024-02-02T12:00:00Z")
    desk.wait()
    await desk.undo(all_runs=True)
    assert desk.state() == persons
    desk.wait()
    again = await desk.undo(all_runs=True, force=True)
    assert (again.posts, desk.state()) == (0, persons)


async def test_a_row_that_says_a_newer_date_now_is_a_rival_by_that_date(desk: Any) -> None:
    """It needed no sending, for the person had rated the title so: an older row of another job is not sent over it
    day by day, whatever the date becomes by giving it back."""
    desk.sandbox.faults.turn_on("shifted-dates")
    desk.sandbox.catalog.alias("Jaws!", 1976, "movie", JAWS)
    film = {"title": "Jaws!", "year": 1976, "ids": {"trakt": 9}}
    await desk.run(desk.letterboxd(("Jaws", 1975, 3, "2024-02-02")))
    desk.wait()
    desk.sandbox.account.rate(JAWS, 10, "2025-06-01T00:00:00Z")
    desk.wait()
    await desk.run(desk.letterboxd(("Jaws", 1975, 5, "2025-06-02")))
    older = desk.trakt({"rated_at": "2024-05-05T00:00:00Z", "rating": 4, "type": "movie", "movie": film})
    posts: list[int] = []
    for n in range(3):
        desk.wait()
        desk.version = str(n)
        posts.append((await desk.run(older, on_conflict=OnConflict.OVERWRITE)).posts)
    assert posts[1:] == [0, 0]
    assert desk.account()["Jaws"][0] == 10


async def test_an_own_write_that_shows_late_is_ours_although_nobody_saw_it(desk: Any) -> None:
    """The older of two rows on one title, sent right before the newer one, is what Simkl shows at last."""
    desk.sandbox.catalog.alias("Jaws!", 1976, "movie", JAWS)
    film = {"title": "Jaws!", "year": 1976, "ids": {"trakt": 9}}
    older = desk.trakt({"rated_at": "2024-01-03T00:00:00Z", "rating": 4, "type": "movie", "movie": film})
    newer = desk.letterboxd(("Jaws", 1975, 4, "2024-02-02"))
    await desk.run(older, newer)
    assert desk.account()["Jaws"][0] == 8
    desk.wait()
    desk.sandbox.account.rate(JAWS, 4, "2024-01-03T00:00:00Z")
    desk.wait()
    done = await desk.run(newer)
    assert (done.totals, desk.account()["Jaws"]) == ({"read": 1, "unchanged": 1}, (8, "2024-02-02T12:00:00Z"))
