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
            "simkl": 53001,
            "slug": "the-matrix",
            "imdb": "tt0133093",
            "tmdb": "603",
            "letterboxd": "the-matrix",
        }
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
        assert (await caller.get("/sync/ratings/movies/1,2,8")).json == {}
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


@pytest.mark.parametrize(
    "path",
    [
        "/sync/ratings/movies/x",
        "/sync/ratings?date_from=soon",
        "/sync/all-items?date_from=",
        "/sync/all-items/movies/seen",
    ],
)
async def test_reads_of_nonsense_are_refused(play, path):
    """Ratings that are no numbers, stamps that are no dates and lists that do not exist are errors."""
    async with play() as caller:
        assert (await caller.get(path)).error == "wrong_parameter"


async def test_an_unknown_type_asks_for_all_of_them(play):
    """Silently, whatever the word."""
    async with play() as caller:
        await filled(caller)
        rows = (await caller.get(f"/sync/ratings/games/{ALL}")).json
        assert sorted(rows) == ["anime", "movies", "shows"]


async def test_settings_tell_who_it_is(play):
    """The account's identity and plan, by GET and by POST; what changes there moves a stamp of its own."""
    async with play(plan="vip") as caller:
        for method in ("GET", "POST"):
            body = (await caller.request(method, "/users/settings")).json
            assert body["user"]["name"] == "Sandbox"
            assert (body["account"]["id"], body["account"]["type"]) == (51, "vip")
        assert (await caller.get("/sync/activities")).json["settings"]["all"] is None
        caller.sandbox.account.change_settings(timezone="Europe/Rome")
        assert (await caller.get("/users/settings")).json["account"]["timezone"] == "Europe/Rome"
        stamps = (await caller.get("/sync/activities")).json
        assert stamps["settings"]["all"] == stamps["all"] is not None


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
        before = (await caller.get("/sync/activities")).json["tv_shows"]
        caller.sandbox.account.put_on_list(17002, "hold")
        after = (await caller.get("/sync/activities")).json["tv_shows"]
        assert before["rated_at"] == after["rated_at"]
        assert after["hold"] == after["all"] > before["all"]


async def test_activities_have_the_documented_parts(play):
    """Films know no watching and no hold; what never moved is null."""
    async with play() as caller:
        body = (await caller.get("/sync/activities")).json
        films = {"all", "rated_at", "playback", "plantowatch", "completed", "dropped", "removed_from_list"}
        assert set(body["movies"]) == films
        assert set(body["tv_shows"]) == set(body["anime"]) == films | {"watching", "hold"}
        assert {"all", "settings", "custom_lists"} <= set(body)
        assert set(body["movies"].values()) == {None}


async def test_stamps_run_ahead_of_the_clock_only_where_somebody_looked(play):
    """Filling an account leaves its stamps at now; what was read is left behind by the next change."""
    async with play(clock=lambda: 1_800_000_000.0) as caller:
        for simkl in (53001, 53002, 53003):
            caller.sandbox.account.rate(simkl, 8)
        assert (await caller.get("/sync/activities")).json["all"] == "2027-01-15T08:00:00Z"
        caller.sandbox.account.rate(53001, 9)
        assert (await caller.get("/sync/activities")).json["all"] == "2027-01-15T08:00:01Z"
        caller.sandbox.account.age(3600)
        assert (await caller.get("/sync/activities")).json["all"] == "2027-01-15T07:00:01Z"
