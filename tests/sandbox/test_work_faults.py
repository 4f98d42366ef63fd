"""Modes that answer the open questions of a write: which title is meant, what is stored, what moves."""

from __future__ import annotations

import itertools

import pytest

DATE, LATER = "2026-05-15T20:00:00Z", "2026-05-16T20:00:00Z"
MATRIX = {"title": "The Matrix", "year": 1999, "rating": 5}
PULP = {"title": "Pulp Fiction", "year": 1994, "rating": 6}


def stored(caller):
    return {caller.sandbox.catalog.titles[simkl].title for simkl in caller.sandbox.account.ratings}


async def test_the_anime_key_can_be_ignored(play):
    """Items under anime are neither stored nor named; under shows they are."""
    async with play(faults=["ignore-anime"]) as caller:
        anime = [{"ids": {"mal": 199}, "rating": 8}]
        reply = await caller.rate(anime=anime)
        assert (reply.echoed, reply.missing, stored(caller)) == ([], [], set())
        assert len((await caller.rate(shows=anime)).echoed) == 1


@pytest.mark.parametrize(
    ("fault", "landed"),
    [("wrong-kind-not-found", set()), ("wrong-kind-other-title", {"The Matrix: The Series", "Breaking Bad: The Film"})],
)
async def test_a_title_under_the_wrong_kind_goes_astray(play, fault, landed):
    """A film under shows, and a series under movies, are not found or land elsewhere; the right way still works."""
    async with play(faults=[fault]) as caller:
        await caller.rate(
            {"ids": {"imdb": "tt0903747"}, "rating": 5}, shows=[{"ids": {"imdb": "tt0133093"}, "rating": 5}]
        )
        assert stored(caller) == landed
        await caller.rate(PULP)
        assert "Pulp Fiction" in stored(caller)


async def test_names_can_land_on_a_wrong_title(play):
    """A name without ids resolves to another title, for removal as well; ids still win."""
    async with play(faults=["wrong-title"]) as caller:
        await caller.rate(MATRIX, {"ids": {"imdb": "tt0110912"}, "title": "Pulp Fiction", "rating": 5})
        assert stored(caller) == {"The Matrix: The Other One", "Pulp Fiction"}
        await caller.post("/sync/ratings/remove", {"movies": [MATRIX]})
        assert stored(caller) == {"Pulp Fiction"}


async def test_ids_that_nobody_has_shown_to_work_can_lead_nowhere(play):
    """Slugs are found by default; in this mode not, in what is sent and in look-ups; the title beside them decides."""
    async with play(catalog="closed") as caller:
        alien = {"ids": {"letterboxd": "alien"}, "rating": 8}
        query = {**caller.query, "to": "simkl", "letterboxd": "alien"}
        for fault, missing in (([], 0), (["slugs-unknown"], 1)):
            caller.sandbox.faults.turn_on(*fault)
            assert len((await caller.rate(alien)).missing) == missing
            reply = await caller.get("/redirect", params=query, allow_redirects=False)
            assert (reply.headers["Location"] == "//simkl.com") == bool(missing)
        assert (await caller.rate({**alien, "title": "Alien", "year": 1979})).missing == []


async def test_a_film_can_be_filed_as_anime(play):
    """What was sent as a film is an anime film from then on, under its number; it is found by what was sent."""
    async with play(faults=["film-as-anime"]) as caller:
        for value in (5, 6):
            assert len((await caller.rate({**MATRIX, "rating": value})).echoed) == 1
        rows = (await caller.get("/sync/ratings")).json
        ((kind, (row,)),) = rows.items()
        assert (kind, row["show"]["ids"]["simkl"], row["user_rating"]) == ("anime", 53001, 6)
        assert row["anime_type"] == "movie"


async def test_two_names_can_be_one_title(play):
    """What stands in brackets is no other title: both are echoed, the last wins."""
    async with play(faults=["one-title"]) as caller:
        sent = [{"title": f"Heat{cut}", "year": 1995, "rating": n} for n, cut in enumerate(("", " (Uncut)"), 5)]
        assert len((await caller.rate(*sent)).echoed) == 2
        assert caller.sandbox.rated("Heat").rating == 6
        assert stored(caller) == {"Heat"}


@pytest.mark.parametrize(("fault", "left"), [(None, set()), ("ignore-anime-removal", {"Spirited Away"})])
async def test_anime_can_be_ignored_when_it_is_removed(play, fault, left):
    """By the page of removals there is no anime key; whether it works nobody knows."""
    async with play(faults=[fault] if fault else []) as caller:
        anime = [{"ids": {"mal": 199}}]
        await caller.rate(anime=[{**anime[0], "rating": 8}])
        reply = await caller.post("/sync/ratings/remove", {"anime": anime})
        assert (stored(caller), reply.json["deleted"]["shows"]) == (left, 0 if fault else 1)


@pytest.mark.parametrize(
    ("fault", "keys", "last"),
    [
        (None, ("shows", "movies"), 5),
        (None, ("movies", "shows"), 8),
        ("movies-first", ("shows", "movies"), 8),
        ("movies-first", ("movies", "shows"), 8),
        ("shows-first", ("movies", "shows"), 5),
        ("shows-first", ("shows", "movies"), 5),
    ],
)
async def test_the_order_of_work_decides_who_is_last(play, fault, keys, last):
    """By default a body is worked off as it stands there; the echoes come in its order whatever happens."""
    async with play(faults=[fault] if fault else []) as caller:
        items = {
            "movies": [{"ids": {"imdb": "tt0133093"}, "rating": 5}],
            "shows": [{"ids": {"imdb": "tt0133093"}, "rating": 8}],
        }
        reply = await caller.post("/sync/ratings", {key: items[key] for key in keys})
        assert caller.sandbox.rated("The Matrix").rating == last
        assert [echo["type"] for echo in reply.echoed] == [key.removesuffix("s") for key in keys]


@pytest.mark.parametrize(
    ("fault", "status", "echoes", "rating"),
    [
        (None, 201, 2, 8),
        ("duplicates-first", 201, 2, 5),
        ("duplicates-once", 201, 1, 5),
        ("duplicates-refused", 400, 0, None),
    ],
)
async def test_duplicates_in_one_body(play, fault, status, echoes, rating):
    """The last wins, the first wins, the second is ignored, or the whole body is refused."""
    async with play(faults=[fault] if fault else []) as caller:
        reply = await caller.rate(MATRIX, {**MATRIX, "rating": 8})
        stands = caller.sandbox.rated("The Matrix")
        assert (reply.status, stands and stands.rating) == (status, rating)
        assert (len(reply.echoed) if status == 201 else 0) == echoes


@pytest.mark.parametrize(
    ("fault", "counted", "echoed", "date"),
    [
        (None, 1, 1, LATER),
        ("equal-uncounted", 0, 1, LATER),
        ("equal-silent", 0, 0, LATER),
        ("equal-keeps-date", 1, 1, DATE),
    ],
)
async def test_a_rating_that_stands_already(play, fault, counted, echoed, date):
    """It is counted, echoed and dated anew, or one of these not; a changed one is all of it."""
    async with play(faults=[fault] if fault else []) as caller:
        await caller.rate({**MATRIX, "rated_at": DATE})
        reply = await caller.rate({**MATRIX, "rated_at": LATER})
        assert (reply.json["added"]["movies"], len(reply.echoed)) == (counted, echoed)
        assert caller.sandbox.rated("The Matrix").rated_at == date
        changed = await caller.rate({**MATRIX, "rating": 9, "rated_at": LATER})
        assert (changed.json["added"]["movies"], len(changed.echoed)) == (1, 1)


async def test_sent_dates_can_be_ignored(play):
    """Then a rating is dated when it arrives."""
    async with play(faults=["dates-ignored"], clock=lambda: 1_000_000_000.0) as caller:
        await caller.rate({**MATRIX, "rated_at": DATE})
        assert caller.sandbox.rated("The Matrix").rated_at == "2001-09-09T01:46:40Z"


async def test_rating_a_planned_film_can_complete_it(play):
    """As one page says; by all others it stays where it is."""
    for faults, status in (([], "plantowatch"), (["planned-completed"], "completed")):
        async with play(faults=faults) as caller:
            caller.sandbox.account.put_on_list(53001, "plantowatch")
            (said,) = (await caller.rate(MATRIX)).json["added"]["statuses"]
            assert said["response"] == {"status": status}


@pytest.mark.parametrize(
    ("fault", "watched"),
    [(None, None), ("watched-when-rated", DATE), ("watched-now", "2001-09-09T01:46:40Z")],
)
async def test_a_completed_film_can_get_a_watch_date(play, fault, watched):
    """None, that of the rating, or now; a series that is filed as watching gets none."""
    async with play(faults=[fault] if fault else [], clock=lambda: 1_000_000_000.0) as caller:
        await caller.rate({**MATRIX, "rated_at": DATE}, shows=[{"ids": {"tvdb": 81189}, "rating": 9, "rated_at": DATE}])
        library = (await caller.get("/sync/all-items")).json
        assert library["movies"][0]["last_watched_at"] == watched
        assert library["shows"][0]["last_watched_at"] is None


@pytest.mark.parametrize(
    ("fault", "moves"), [(None, [True, True]), ("frozen-stamps", [False, False]), ("same-second-stamps", [True, False])]
)
async def test_stamps_can_stand_still(play, fault, moves):
    """A write moves no stamp at all, or not a second time within one second."""
    async with play(faults=[fault] if fault else [], clock=lambda: 1_800_000_000.0) as caller:
        seen = [(await caller.get("/sync/activities")).json["movies"]["rated_at"]]
        for value in (5, 6):
            await caller.rate({**MATRIX, "rating": value})
            seen.append((await caller.get("/sync/activities")).json["movies"]["rated_at"])
        assert [before != after for before, after in itertools.pairwise(seen)] == moves
