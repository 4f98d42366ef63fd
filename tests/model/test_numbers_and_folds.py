"""What random histories found: titles with new numbers, two rows on one title, sends without end, parts of one run."""

from __future__ import annotations

from typing import Any

import pytest

ALIEN, JAWS, HEAT = 53011, 53037, 53036
NEW = 88_000_001


def trakt(number: int, title: str, year: int, rating: int, rated_at: str, **ids: str) -> dict[str, Any]:
    """A row as Trakt writes it."""
    return {
        "rated_at": rated_at,
        "rating": rating,
        "type": "movie",
        "movie": {"title": title, "year": year, "ids": {"trakt": number, **ids}},
    }


def renumber(desk: Any, old: int) -> None:
    """Let Simkl give a title another number, with all that stands on it."""
    known = desk.sandbox.catalog.titles[old]
    desk.sandbox.catalog.add(known.kind, known.title, known.year, {**known.ids, "simkl": NEW}, also=known.names)
    desk.sandbox.merge(old, NEW)
    desk.sandbox.account.touch({known.kind: ("rated_at", "removed_from_list")})


async def test_an_undo_finds_what_it_wrote_under_a_title_s_new_number(desk: Any) -> None:
    """The number changed after all was settled: the rating is taken back all the same."""
    await desk.run(desk.letterboxd(("Alien", 1979, 4, "2024-01-03")))
    desk.wait()
    renumber(desk, ALIEN)
    assert NEW in desk.state()
    done = await desk.undo()
    assert (done.totals["removed"], desk.state()) == (1, {})


async def test_an_undo_leaves_what_the_person_rated_under_a_title_s_new_number(desk: Any) -> None:
    """What changed since names the new number alone: what was read under the old one stands there no more."""
    desk.sandbox.account.rate(HEAT, 5, "2020-01-01T10:00:00Z")
    desk.wait()
    await desk.run(desk.letterboxd(("Alien", 1979, 4, "2024-01-03")))
    desk.wait()
    known = desk.sandbox.catalog.titles[ALIEN]
    desk.sandbox.catalog.add(known.kind, known.title, known.year, {**known.ids, "simkl": NEW})
    desk.sandbox.merge(ALIEN, NEW)
    desk.sandbox.account.rate(NEW, 2, desk.iso())
    mine = desk.state()
    desk.wait()
    done = await desk.undo()
    assert (done.totals, desk.state()) == ({"read": 1, "left": 1}, mine)


async def test_a_row_that_was_never_sent_follows_its_title_s_new_number(desk: Any) -> None:
    """A rating that stood there beforehand is unchanged under the new number too, and a later re-rating is sent."""
    desk.sandbox.account.rate(ALIEN, 8, "2024-01-03T12:00:00Z")
    await desk.run(desk.trakt(trakt(1, "Alien", 1979, 8, "2024-01-03T12:00:00.000Z")))
    desk.wait()
    renumber(desk, ALIEN)
    desk.version = "2"
    done = await desk.run(desk.trakt(trakt(1, "Alien", 1979, 8, "2024-01-03T12:00:00.000Z")))
    assert done.totals == {"read": 1, "unchanged": 1}
    desk.wait()
    await desk.run(desk.trakt(trakt(1, "Alien", 1979, 3, desk.iso(-0.5))))
    assert desk.state()[NEW].rating == 3


async def test_a_rating_is_given_back_although_its_title_got_a_new_number_before_the_row_was_seen(desk: Any) -> None:
    """What stood there stood under the old number: it is no title without a rating."""
    desk.sandbox.account.rate(JAWS, 4, "2025-01-01T10:00:00Z")
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
    await desk.run(desk.letterboxd(("The Other Shark", 1976, 5, "2024-02-02")), verify=False)
    desk.wait()
    renumber(desk, JAWS)
    await desk.undo()
    assert (desk.state()[NEW].rating, desk.state()[NEW].rated_at) == (4, "2025-01-01T10:00:00Z")


async def test_what_the_person_rated_between_two_parts_of_a_run_is_what_it_gives_back(desk: Any, killed: Any) -> None:
    """The run keeps what stood before its first part; a newer rating of the person's counts for what it sends then."""
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
    desk.sandbox.account.rate(JAWS, 4, "2023-01-01T10:00:00Z")
    path = desk.letterboxd(("The Other Shark", 1976, 5, "2024-02-02"))
    with pytest.raises(killed):
        await desk.run(path, kill=(1, False))
    desk.wait()
    desk.sandbox.account.rate(JAWS, 2, "2025-06-16T09:00:00Z")
    done = await desk.run(path)
    assert done.outcomes()["letterboxd:https://boxd.it/TheOtherShark"] == ("kept", "conflict", "other_title")
    assert (desk.state()[JAWS].rating, desk.state()[JAWS].rated_at) == (2, "2025-06-16T09:00:00Z")


async def test_an_unchanged_row_that_loses_its_title_to_another_row_of_the_run_is_a_duplicate(desk: Any) -> None:
    """Simkl takes both for one title: at the end the newer one stands there, and the report does not say otherwise."""
    desk.sandbox.account.rate(JAWS, 8, "2020-01-01T10:00:00Z")
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
    done = await desk.run(
        desk.trakt(
            trakt(1, "Jaws", 1975, 8, "2020-01-01T10:00:00.000Z"),
            trakt(2, "The Other Shark", 1976, 3, "2024-01-01T10:00:00.000Z"),
        )
    )
    assert done.outcomes()["trakt:movie:1"] == ("duplicate", None, None)
    assert done.outcomes()["trakt:movie:2"][0] == "applied"
    assert desk.state()[JAWS].rating == 3


async def test_what_stood_between_two_sends_of_one_row_is_the_other_row_s(open_desk: Any) -> None:
    """A loser that never arrived is sent again after the winner: what the winner had set comes back, not nothing."""
    async with open_desk() as desk:
        desk.sandbox.catalog.alias("Legend of Akira", 1988, "show", 37014)
        older = {
            "rated_at": "2023-01-31T20:00:00.000Z",
            "rating": 1,
            "type": "show",
            "show": {"title": "Legend of Akira", "year": 1988, "ids": {"trakt": 3}},
        }
        rows = (older, trakt(2, "Akira", 1988, 3, "2025-02-15T22:00:00.000Z"))
        desk.sandbox.faults.script("POST /sync/ratings", ["status-503"] * 6)
        await desk.run(desk.trakt(*rows), batch_size=1, verify=False)
        desk.wait()
        desk.sandbox.faults.script("POST /sync/ratings", ["quota"])
        await desk.run(desk.trakt(*rows), batch_size=1)
        desk.wait()
        await desk.run(desk.trakt(*rows), batch_size=1)
        assert desk.state()[37014].rating == 3
        desk.wait()
        await desk.undo(all_runs=True)
        assert desk.state() == {}


async def test_nothing_is_sent_without_end_although_an_older_rating_was_never_seen_either(open_desk: Any) -> None:
    """Re-rated and never stored: the newer one is sent once and three times more, then neither."""
    async with open_desk(faults=["echo-lie"]) as desk:
        await desk.run(desk.letterboxd(("Heat", 1995, 4.5, "2024-01-02")))
        posts = []
        for _ in range(9):
            desk.wait()
            desk.version += "x"
            posts.append((await desk.run(desk.letterboxd(("Heat", 1995, 2, "2024-02-02")))).posts)
        assert (sum(posts), posts[-3:]) == (4, [0, 0, 0])


async def test_a_late_evening_is_known_again_where_only_days_come_back(open_desk: Any) -> None:
    """Midnight of its day may be nearly a day away from what was sent: it is ours all the same, also unlearned."""
    async with open_desk(faults=["day-dates"]) as desk:
        done = await desk.run(desk.trakt(trakt(1, "Alien", 1979, 8, "2024-01-03T23:50:00.000Z", imdb="tt0078748")))
        assert done.totals == {"read": 1, "applied": 1}
        await desk.undo()
        assert desk.state() == {}


async def test_nothing_is_unchanged_that_the_account_is_only_owed(desk: Any) -> None:
    """The person's rating is hidden and could not be given back yet: a row that equals it waits for that."""
    desk.sandbox.account.rate(JAWS, 4, "2025-01-01T10:00:00Z")
    desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
    desk.sandbox.faults.script("POST /sync/ratings", [None, "status-404"])
    shark = trakt(2, "The Other Shark", 1976, 9, "2024-01-01T10:00:00.000Z")
    await desk.run(desk.trakt(shark))
    assert desk.state()[JAWS].rating == 9
    desk.sandbox.faults.script("POST /sync/ratings", ["status-404"])
    row = trakt(1, "Jaws", 1975, 4, "2025-01-01T10:00:00.000Z")
    done = await desk.run(desk.trakt(row, name="other.json"))
    assert done.outcomes()["trakt:movie:1"][0] == "unconfirmed"
    desk.wait()
    done = await desk.run(desk.trakt(row, name="other.json"))
    assert (done.totals, desk.state()[JAWS].rating) == ({"read": 1, "unchanged": 1}, 4)


async def test_one_moment_sent_for_many_rows_teaches_no_shift(open_desk: Any) -> None:
    """Stand-ins share the run's start: cut to a day they look shifted alike, and a dated row must still be found."""
    async with open_desk(faults=["day-dates"]) as desk:
        anime = [(19, "Monster", 8, "0000-00-00"), (6, "Trigun", 7, "0000-00-00"), (20, "Naruto", 6, "0000-00-00")]
        desk.sandbox.catalog.alias("The Other Shark", 1976, "movie", JAWS)
        shark = trakt(2, "The Other Shark", 1976, 9, "2024-01-01T22:10:00.000Z")
        done = await desk.run(desk.mal(*anime), desk.trakt(shark))
        assert done.totals == {"read": 4, "applied": 4}
        await desk.undo()
        assert desk.state() == {}
