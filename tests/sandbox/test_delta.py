"""What changed since a moment: ratings with their removals, and the library."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

DATE = "2026-05-15T20:00:00Z"
START = 1_800_000_000.0


def stamp(seconds):
    return f"2027-01-15T08:00:{seconds:02}Z"


async def rows(caller, path, **query):
    body = (await caller.get(path, params={**caller.query, **query})).json
    return {
        key: {row.get("show", row.get("movie", row.get("anime")))["title"]: row for row in found}
        for key, found in body.items()
    }


@pytest.fixture
def account(play):
    """Serve an account that was filled at second 0; the clock stands at second 10."""

    @asynccontextmanager
    async def filled(*faults):
        now = [START]
        async with play(faults=faults, clock=lambda: now[0]) as caller:
            held = caller.sandbox.account
            for simkl, rating in ((53001, 9), (53002, 8), (17001, 7), (37001, 6)):
                held.rate(simkl, rating, DATE)
            held.put_on_list(53003, "plantowatch")
            now[0] += 10
            yield caller

    return filled


async def test_the_delta_names_what_changed_after_a_stamp(account):
    """Every type in one answer, or one of them; a removed rating is a row with null, other rows are whole."""
    async with account() as caller:
        assert await rows(caller, "/sync/ratings", date_from=stamp(0)) == {}
        held = caller.sandbox.account
        held.rate(53001, 10, DATE)
        held.unrate(53002)
        held.rate(37001, 5, DATE)
        delta = await rows(caller, "/sync/ratings", date_from=stamp(0))
        told = {name: row["user_rating"] for found in delta.values() for name, row in found.items()}
        assert told == {"The Matrix": 10, "Pulp Fiction": None, "Spirited Away": 5}
        removed = delta["movies"]["Pulp Fiction"]
        assert (removed["user_rated_at"], removed["status"]) == (None, "completed")
        assert set(removed) == set(delta["movies"]["The Matrix"])
        assert set(await rows(caller, "/sync/ratings/anime", date_from=stamp(0))) == {"anime"}
        assert await rows(caller, "/sync/ratings/movies", date_from=stamp(10)) == {}


async def test_a_rating_segment_hides_removals(account):
    """Only what is rated so now is named."""
    async with account() as caller:
        caller.sandbox.account.unrate(53002)
        caller.sandbox.account.rate(53001, 10, DATE)
        delta = await rows(caller, "/sync/ratings/movies/9,10", date_from=stamp(0))
        assert set(delta["movies"]) == {"The Matrix"}


async def test_without_a_stamp_the_same_address_is_the_library(account):
    """Unrated titles too, with null."""
    async with account() as caller:
        library = await rows(caller, "/sync/ratings")
        assert library["movies"]["The Godfather"]["user_rating"] is None
        assert {key: len(found) for key, found in library.items()} == {"movies": 3, "shows": 1, "anime": 1}


async def test_what_is_sent_is_in_the_delta_too(account):
    """Writes by ratings and removals; an equal rating counts as a change."""
    async with account() as caller:
        await caller.rate({"ids": {"simkl": 53001}, "rating": 9, "rated_at": DATE})
        await caller.post("/sync/ratings/remove", {"shows": [{"ids": {"simkl": 17001}}, {"ids": {"simkl": 37002}}]})
        delta = await rows(caller, "/sync/ratings", date_from=stamp(0))
        assert {key: list(found) for key, found in delta.items()} == {
            "movies": ["The Matrix"],
            "shows": ["Breaking Bad"],
        }


async def test_a_title_that_left_the_library_is_in_no_delta(account):
    """Only its stamps and a whole read tell of it."""
    async with account() as caller:
        caller.sandbox.account.drop(53001)
        assert await rows(caller, "/sync/ratings", date_from=stamp(0)) == {}
        stamps = (await caller.get("/sync/activities")).json["movies"]
        assert stamps["removed_from_list"] == stamps["rated_at"] == stamp(10)
        assert "The Matrix" not in (await rows(caller, "/sync/ratings"))["movies"]


@pytest.mark.parametrize(("fault", "named"), [(None, False), ("delta-inclusive", True)])
async def test_the_moment_itself_may_be_included(account, fault, named):
    """What changed in the very second of the stamp is in the delta or not; a second later it is out in any case."""
    async with account(*([fault] if fault else [])) as caller:
        assert ("movies" in await rows(caller, "/sync/ratings", date_from=stamp(0))) == named
        assert ("movies" in await rows(caller, "/sync/all-items", date_from=stamp(0))) == named
        assert await rows(caller, "/sync/ratings", date_from=stamp(1)) == {}


@pytest.mark.parametrize("fault", ["delta-removed-dated", "delta-removed-bare"])
async def test_a_removal_takes_other_forms(account, fault):
    """A date beside the null, or no `user_rating` at all."""
    async with account(fault) as caller:
        caller.sandbox.account.unrate(53002)
        row = (await rows(caller, "/sync/ratings", date_from=stamp(0)))["movies"]["Pulp Fiction"]
        assert row["user_rated_at"] == (stamp(10) if fault == "delta-removed-dated" else None)
        assert ("user_rating" in row) == (fault == "delta-removed-dated")


async def test_the_delta_can_lag_where_whole_reads_do_not(account):
    """For some seconds it shows the account as it was."""
    async with account("lagging-delta") as caller:
        await caller.rate({"ids": {"simkl": 53001}, "rating": 3, "rated_at": DATE})
        assert await rows(caller, "/sync/ratings", date_from=stamp(0)) == {}
        assert (await rows(caller, "/sync/ratings"))["movies"]["The Matrix"]["user_rating"] == 3
        caller.sandbox.faults.dials.lag = 0
        assert (await rows(caller, "/sync/ratings", date_from=stamp(0)))["movies"]["The Matrix"]["user_rating"] == 3


async def test_the_delta_of_the_library_names_lists_alone(account):
    """A change of rating is none; a title that a rating files is."""
    async with account() as caller:
        held = caller.sandbox.account
        held.rate(53001, 3, DATE)
        held.rate(53004, 8, DATE)
        held.put_on_list(17001, "dropped")
        delta = await rows(caller, "/sync/all-items", date_from=stamp(0))
        told = {name: row["status"] for found in delta.values() for name, row in found.items()}
        assert told == {"The Shawshank Redemption": "completed", "Breaking Bad": "dropped"}
