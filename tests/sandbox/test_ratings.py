"""POST /sync/ratings: what is stored, and what is answered."""

from __future__ import annotations

from time import process_time

import pytest

MATRIX = {"title": "The Matrix", "year": 1999, "rating": 9, "rated_at": "2026-05-15T20:00:00Z"}
NOBODY = {"title": "A Film Nobody Filed", "year": 2001, "rating": 7}


async def test_a_rating_is_stored_to_the_second(play):
    """Value and date are on the account, the answer is 201."""
    async with play() as caller:
        reply = await caller.rate({**MATRIX, "rated_at": "2026-05-15T22:00:00.750+02:00"})
        assert reply.status == 201
        rating = caller.sandbox.rated("The Matrix", 1999)
        assert (rating.rating, rating.rated_at) == (9, "2026-05-15T20:00:00Z")


async def test_a_rating_without_a_date_is_given_now(play):
    """`rated_at` is by default the moment of the request."""
    async with play(clock=lambda: 1_000_000_000.9) as caller:
        await caller.rate({"title": "The Matrix", "year": 1999, "rating": 9})
        assert caller.sandbox.rated("The Matrix").rated_at == "2001-09-09T01:46:40Z"


async def test_rating_again_overwrites(play):
    """The last rating of a title stands."""
    async with play() as caller:
        for value in (9, 4):
            await caller.rate({**MATRIX, "rating": value})
        assert caller.sandbox.rated("The Matrix").rating == 4
        assert len(caller.sandbox.account.ratings) == 1


async def test_the_echo_is_what_was_sent_and_its_type(play):
    """Order, ids, dates and the types of values as they were sent, then the type; anime counts as a show."""
    async with play() as caller:
        sent = {**MATRIX, "year": "1999", "ids": {"imdb": "tt0133093", "tmdb": 603}}
        anime = {"ids": {"mal": "199"}, "rating": 8, "rated_at": "2026-05-15T20:00:00Z"}
        echoes = (await caller.rate(sent, anime=[anime])).echoed
        assert echoes == [{**sent, "type": "movie"}, {**anime, "type": "show"}]
        assert list(echoes[0]) == [*sent, "type"]


async def test_statuses_say_where_the_title_is_filed(play):
    """Films are completed, films to come planned, series watched, what has one episode completed."""
    async with play() as caller:
        caller.sandbox.catalog.add("show", "One Night", 2020, episodes=1)
        shows = [{"title": "Breaking Bad", "rating": 9}, {"title": "One Night", "year": 2020, "rating": 5}]
        anime = [{"ids": {"mal": 199}, "rating": 10}, {"ids": {"mal": 9253}, "rating": 10}]
        reply = await caller.rate(MATRIX, {"title": "The Film of Tomorrow", "rating": 5}, shows=shows, anime=anime)
        said = [status["response"] for status in reply.json["added"]["statuses"]]
        lists = ["completed", "plantowatch", "watching", "completed", "completed", "watching"]
        assert said == [{"status": name} for name in lists]


@pytest.mark.parametrize("status", ["plantowatch", "completed", "dropped"])
async def test_a_title_on_a_list_stays_there(play, status):
    """Only a title that is on no list is filed by a rating."""
    async with play() as caller:
        film = caller.sandbox.catalog.find("movie", "The Matrix")
        caller.sandbox.account.put_on_list(film, status)
        (said,) = (await caller.rate(MATRIX)).json["added"]["statuses"]
        assert said["response"]["status"] == caller.sandbox.account.library[film.simkl] == status


async def test_answers_know_no_anime_key(play):
    """Anime counts under shows, found or not, whichever key it was sent under."""
    async with play() as caller:
        lost = {"ids": {"mal": 999999999}, "title": "An Anime Nobody Filed", "rating": 3}
        for section in ("shows", "anime"):
            body = (await caller.rate(**{section: [{"ids": {"mal": 5114}, "rating": 9}, lost]})).json
            assert body["not_found"] == {"movies": [], "shows": [{**lost, "type": "show"}]}
            assert {key: body["added"][key] for key in ("movies", "shows")} == {"movies": 0, "shows": 1}
            assert "anime" not in body["added"]


async def test_what_is_not_found_comes_back_as_sent(play):
    """An unknown title is in not_found under its type, with its rating and that type."""
    async with play() as caller:
        reply = await caller.rate(MATRIX, NOBODY)
        assert reply.json["not_found"] == {"movies": [{**NOBODY, "type": "movie"}], "shows": []}
        assert len(reply.echoed) == 1


@pytest.mark.parametrize("value", [0, 11, -1, 5.5, 10.0, "8", None, True])
async def test_a_rating_outside_1_to_10_is_not_found(play, value):
    """Out of range is answered with 201 and an entry in not_found; nothing is stored."""
    async with play() as caller:
        reply = await caller.rate({**MATRIX, "rating": value})
        assert (reply.status, reply.echoed) == (201, [])
        assert reply.missing == [{**MATRIX, "rating": value, "type": "movie"}]
        assert caller.sandbox.rated("The Matrix") is None
        assert [violation.kind for violation in caller.sandbox.content_violations] == ["bad-rating"]


@pytest.mark.parametrize("date", ["2026-13-01T00:00:00Z", "yesterday", "2026-05-15", "2026-05-15T20:00:00", 5, ""])
async def test_one_malformed_date_fails_the_whole_batch(play, date):
    """A bad `rated_at` is 400 for all, and nothing is written."""
    async with play() as caller:
        reply = await caller.rate(MATRIX, {**NOBODY, "rated_at": date})
        assert reply.status == 400
        assert not caller.sandbox.account.ratings


@pytest.mark.parametrize("body", [b"", b"{}", b'{"movies":[]}'])
async def test_an_empty_body_is_fine(play, body):
    """Nothing sent is 201 with counts of zero."""
    async with play() as caller:
        reply = await caller.post("/sync/ratings", body)
        assert (reply.status, reply.json["added"]["movies"], reply.missing) == (201, 0, [])


@pytest.mark.parametrize("body", [b"[]", b'{"movies":{}}', b'{"movies":[1]}', b"\xff"])
async def test_a_body_of_another_shape_is_400(play, body):
    """Lists of something else than objects are refused."""
    async with play() as caller:
        assert (await caller.post("/sync/ratings", body)).status == 400


async def test_breaches_of_content_are_noted(play):
    """Slugs and other keys that are no ids, missing dates and look-alikes in one body are on record."""
    async with play() as caller:
        await caller.rate(
            {**MATRIX, "ids": {"imdb": "tt0133093", "slug": "the-matrix", "trakt": 1}},
            {"title": "Matrix", "rating": 8, "ids": {"imdb": "tt0133093"}},
            shows=[{**MATRIX}],
        )
        kinds = [violation.kind for violation in caller.sandbox.content_violations]
        assert kinds == ["bad-id-key", "bad-id-key", "no-rated-at", "alike", "alike"]


async def test_twenty_thousand_ratings_take_seconds(play):
    """Large batches are looked up, not searched."""
    async with play() as caller:
        for start in range(0, 20_000, 5_000):
            begun = process_time()
            reply = await caller.rate(
                *(
                    {"title": f"Film {n}", "year": 2000, "rating": 5, "ids": {"tmdb": 1_000_000 + n}}
                    for n in range(start, start + 5_000)
                )
            )
            assert len(reply.echoed) == 5_000
            assert process_time() - begun < 5
        assert len(caller.sandbox.account.ratings) == 20_000
