"""GET /sync/all-items: lists and ratings in one answer."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

DATE, NOW = "2026-05-15T20:00:00Z", "2027-01-15T08:00:00Z"


@pytest.fixture
def library(play):
    """Return a context manager that serves a filled account under a clock that stands."""

    @asynccontextmanager
    async def filled(**options):
        async with play(clock=lambda: 1_800_000_000.0, **options) as caller:
            account = caller.sandbox.account
            account.rate(53001, 9, DATE)
            account.put_on_list(53003, "plantowatch")
            account.put_on_list(17001, "watching", watched_at="2026-01-02T03:04:05Z", episodes=12)
            account.rate(37001, 8, DATE)
            yield caller

    return filled


async def test_every_row_carries_list_and_rating(library):
    """A film, a series in the middle of it, and an anime under its own key; times are those of list and watching."""
    async with library() as caller:
        body = (await caller.get("/sync/all-items")).json
        (anime,), (show,) = body["anime"], body["shows"]
        films = {row["movie"]["title"]: row for row in body["movies"]}
        wanted = ("status", "user_rating", "user_rated_at", "last_watched_at", "added_to_watchlist_at")
        told = {name: tuple(row[key] for key in wanted) for name, row in films.items()}
        assert told == {
            "The Matrix": ("completed", 9, DATE, None, NOW),
            "The Godfather": ("plantowatch", None, None, None, NOW),
        }
        assert tuple(show[key] for key in wanted) == ("watching", None, None, "2026-01-02T03:04:05Z", NOW)
        assert (show["watched_episodes_count"], show["total_episodes_count"]) == (12, 62)
        assert (anime["anime"]["ids"]["mal"], anime["anime_type"], anime["status"]) == ("199", "movie", "completed")


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("/shows", {"shows": 1}),
        ("/movies/plantowatch", {"movies": 1}),
        ("/movies/hold", {}),
        ("/games/completed", {"movies": 1, "anime": 1}),
    ],
)
async def test_type_and_list_narrow_it(library, path, counts):
    """An unknown type asks for all of them."""
    async with library() as caller:
        body = (await caller.get(f"/sync/all-items{path}")).json
        assert {key: len(rows) for key, rows in body.items()} == counts


@pytest.mark.parametrize(
    ("extended", "ids"), [("ids_only", {"simkl", "slug", "imdb", "tmdb", "letterboxd"}), ("simkl_ids_only", {"simkl"})]
)
async def test_it_can_be_shrunk_to_ids(library, extended, ids):
    """Rows hold the ids, or the number alone, and nothing else."""
    async with library() as caller:
        body = (await caller.get("/sync/all-items/movies", params={**caller.query, "extended": extended})).json
        row = next(row for row in body["movies"] if row["movie"]["ids"]["simkl"] == 53001)
        assert row.keys() == {"movie"}
        assert row["movie"].keys() == {"ids"}
        assert set(row["movie"]["ids"]) == ids


async def test_too_many_items_have_to_be_asked_for_by_list(library):
    """`max_items` for the whole, an answer for each list."""
    async with library(faults=["max-items"]) as caller:
        caller.sandbox.faults.dials.max_items = 1
        refused = await caller.get("/sync/all-items/movies")
        assert (refused.status, refused.error) == (400, "max_items")
        assert (await caller.get("/sync/all-items/shows")).status == 200
        assert len((await caller.get("/sync/all-items/movies/completed")).json["movies"]) == 1


@pytest.mark.parametrize(("faults", "keys"), [([], ("show", "anime")), (["anime-rows-swapped"], ("anime", "show"))])
async def test_anime_nests_under_either_key(library, faults, keys):
    """In ratings under show and in the library under anime, or the other way round."""
    async with library(faults=faults) as caller:
        rows = [
            (await caller.get(path)).json["anime"][0] for path in ("/sync/ratings/anime/8", "/sync/all-items/anime")
        ]
        assert [key in row for key, row in zip(keys, rows, strict=True)] == [True, True]
        assert [row["anime_type"] for row in rows] == ["movie", "movie"]


async def test_two_titles_can_turn_out_to_be_one(library):
    """The old number leads to the new title in what is sent, on pages and by ids, and the rating goes along."""
    async with library() as caller:
        sandbox = caller.sandbox
        twin = sandbox.catalog.add("movie", "Matrix Twin", 1999, {"imdb": "tt7700001"})
        sandbox.merge(53001, twin.simkl)
        assert sandbox.account.ratings[twin.simkl].rating == 9
        assert (await caller.get("/movies/53001")).json["title"] == "Matrix Twin"
        for n, ids in enumerate(({"simkl": 53001}, {"imdb": "tt0133093"}), 3):
            await caller.rate({"ids": ids, "rating": n})
            assert sandbox.account.ratings[twin.simkl].rating == n
        assert 53001 not in sandbox.account.library


async def test_some_numbers_are_merged_from_the_start(play):
    """For a demo: the catalogue has old numbers of its own."""
    async with play() as caller:
        await caller.rate({"ids": {"simkl": 53901}, "rating": 4})
        assert caller.sandbox.rated("The Matrix").rating == 4
