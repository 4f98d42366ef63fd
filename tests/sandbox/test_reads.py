"""Reading back: ratings, activities, settings."""

from __future__ import annotations

import pytest

ALL = "1,2,3,4,5,6,7,8,9,10"
DATE = "2026-05-15T20:00:00Z"


async def filled(caller):
    account, find = caller.sandbox.account, caller.sandbox.catalog.find
    account.rate(find("movie", "The Matrix"), 9, DATE)
    account.rate(find("show", "Breaking Bad"), 10, DATE)
    account.rate(find("anime", "Spirited Away"), 8, DATE)
    account.put_on_list(find("movie", "Jaws"), "plantowatch")


async def test_rows_look_as_the_service_gives_them(play):
    """Films nest under movie, series under show; simkl is a number, other ids are text, with a slug."""
    async with play() as caller:
        await filled(caller)
        (row,) = (await caller.get(f"/sync/ratings/movies/{ALL}")).json["movies"]
        assert (row["user_rating"], row["user_rated_at"], row["status"]) == (9, DATE, "completed")
        assert row["movie"]["ids"] == {
            "simkl": 53001, "slug": "the-matrix", "imdb": "tt0133093", "tmdb": "603", "letterslug": "the-matrix",
        }  # fmt: skip
        (row,) = (await caller.get(f"/sync/ratings/shows/{ALL}")).json["shows"]
        assert (row["show"]["title"], row["show"]["year"]) == ("Breaking Bad", 2008)
        assert "anime_type" not in row


async def test_anime_rows_nest_under_show(play):
    """The answer's key is anime, the row's is show, with its anime type beside it."""
    async with play() as caller:
        await filled(caller)
        (row,) = (await caller.get(f"/sync/ratings/anime/{ALL}")).json["anime"]
        assert (row["show"]["ids"]["mal"], row["anime_type"]) == ("199", "movie")


async def test_the_ratings_segment_chooses_and_its_absence_gives_the_library(play):
    """Only the ratings asked for come; without them unrated titles come too, with null."""
    async with play() as caller:
        await filled(caller)
        assert (await caller.get("/sync/ratings/movies/1,2,8")).json == {"movies": []}
        rows = (await caller.get("/sync/ratings/movies")).json["movies"]
        assert {row["movie"]["title"]: row["user_rating"] for row in rows} == {"The Matrix": 9, "Jaws": None}
        everything = (await caller.get("/sync/ratings")).json
        assert {key: len(rows) for key, rows in everything.items()} == {"movies": 2, "shows": 1, "anime": 1}


async def test_old_ratings_may_have_no_date(play):
    """A rating whose date nobody kept comes with null."""
    async with play() as caller:
        await filled(caller)
        caller.sandbox.account.undate(53001)
        (row,) = (await caller.get(f"/sync/ratings/movies/{ALL}")).json["movies"]
        assert row["user_rated_at"] is None


@pytest.mark.parametrize(("path", "status"), [("/sync/ratings/games/1", 404), ("/sync/ratings/movies/x", 400)])
async def test_reads_of_nonsense_are_refused(play, path, status):
    """Unknown types and ratings that are no numbers are errors."""
    async with play() as caller:
        assert (await caller.get(path)).status == status


async def test_settings_tell_who_it_is(play):
    """The account's identity and plan."""
    async with play(plan="vip") as caller:
        body = (await caller.post("/users/settings")).json
        assert body["user"]["name"] == "Sandbox"
        assert (body["account"]["id"], body["account"]["type"]) == (51, "vip")


async def test_activities_move_with_every_write_even_within_a_second(play):
    """Rating, un-rating and edits on the site move the stamps of their kind; removing too; nothing else does."""
    async with play(clock=lambda: 1_800_000_000.0) as caller:
        account = caller.sandbox.account
        seen = [(await caller.get("/sync/activities")).json]
        assert seen[0]["all"] is None
        for edit in (
            lambda: account.rate(53001, 9),
            lambda: account.rate(53001, 8),
            lambda: account.unrate(53001),
            lambda: account.drop(53001),
        ):
            edit()
            seen.append((await caller.get("/sync/activities")).json)
        await caller.rate({"title": "The Matrix", "rating": 9})
        seen.append((await caller.get("/sync/activities")).json)
        moments = [body["movies"]["rated_at"] for body in seen]
        assert len(set(moments)) == len(moments)
        assert moments[1:] == sorted(moments[1:])
        assert {body["tv_shows"]["all"] for body in seen} == {None}
        assert seen[-1]["all"] == seen[-1]["movies"]["all"] == moments[-1]


async def test_a_list_change_leaves_the_rating_stamp(play):
    """Putting a title on a list moves that list's stamp alone."""
    async with play() as caller:
        await filled(caller)
        before = (await caller.get("/sync/activities")).json["movies"]
        caller.sandbox.account.put_on_list(53002, "hold")
        after = (await caller.get("/sync/activities")).json["movies"]
        assert before["rated_at"] == after["rated_at"]
        assert after["hold"] == after["all"] > before["all"]
