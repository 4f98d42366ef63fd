"""Faults and modes that bend what an answer says, one by one."""

from __future__ import annotations

import pytest

DATE = "2026-05-15T20:00:00Z"
FILMS = [
    {"title": name, "year": year, "rating": n}
    for n, (name, year) in enumerate((("The Matrix", 1999), ("Pulp Fiction", 1994), ("Heat", 1995), ("Jaws", 1975)), 5)
]
LOST = {"title": "A Film Nobody Filed", "year": 2001, "rating": 7, "rated_at": DATE, "ids": {"imdb": "tt9999999"}}
UNTITLED = {"title": "A Film Nobody Filed", "rating": 4, "rated_at": DATE}
READ = "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10"


def without(key, item):
    return {**{name: value for name, value in item.items() if name != key}, "type": "movie"}


def names(items):
    return [item["title"] for item in items]


def stored(caller):
    return {caller.sandbox.catalog.titles[simkl].title for simkl in caller.sandbox.account.ratings}


async def test_strict_app_wants_name_and_version(play):
    """Without app-name or app-version a call is refused."""
    async with play(faults=["strict-app"]) as caller:
        assert (await caller.get("/sync/activities")).status == 200
        caller.query.pop("app-version")
        assert (await caller.get("/sync/activities")).status == 400


async def test_status_200_is_success_too(play):
    """Older pages print 200."""
    async with play(faults=["status-200"]) as caller:
        assert (await caller.rate(*FILMS)).status == 200
        assert (await caller.post("/sync/ratings/remove", {"movies": FILMS})).status == 200


@pytest.mark.parametrize(
    ("fault", "echo"),
    [
        ("echo-untyped", ["title", "year", "ids", "rating", "rated_at"]),
        ("echo-reordered", ["type", "rated_at", "rating", "ids", "year", "title"]),
        ("echo-millis", ["title", "year", "ids", "rating", "rated_at", "type"]),
    ],
)
async def test_echoes_take_other_forms(play, fault, echo):
    """Without their type, with keys (those of the ids too) in another order, or with milliseconds."""
    async with play(faults=[fault]) as caller:
        sent = {"title": "Jaws", "year": 1975, "ids": {"imdb": "tt0073195", "tmdb": 578}, "rating": 5, "rated_at": DATE}
        (told,) = (await caller.rate(sent)).echoed
        assert list(told) == echo
        assert list(told["ids"]) == (["tmdb", "imdb"] if fault == "echo-reordered" else ["imdb", "tmdb"])
        assert told["rated_at"] == ("2026-05-15T20:00:00.000Z" if fault == "echo-millis" else DATE)


async def test_a_response_can_say_more_than_a_status(play):
    """What stands beside the status is for nobody to stumble over."""
    async with play(faults=["response-extras"]) as caller:
        reply = await caller.rate(FILMS[0], shows=[{"ids": {"mal": 199}, "rating": 8}])
        film, anime = (status["response"] for status in reply.json["added"]["statuses"])
        assert (film["status"], film["simkl_type"], "anime_type" in film) == ("completed", "movie", False)
        assert (anime["simkl_type"], anime["anime_type"]) == ("anime", "movie")


async def test_anime_can_have_a_key_of_its_own(play):
    """Counts and misses under anime, for a client to get over."""
    async with play(faults=["anime-key"]) as caller:
        lost = {"ids": {"mal": 999999999}, "rating": 3}
        body = (await caller.rate(anime=[{"ids": {"mal": 5114}, "rating": 9}, lost])).json
        assert (body["added"]["shows"], body["added"]["anime"]) == (0, 1)
        assert body["not_found"] == {"movies": [], "shows": [], "anime": [{**lost, "type": "show"}]}


@pytest.mark.parametrize(
    ("fault", "echoed", "kept"),
    [
        ("echo-missing", ["Pulp Fiction", "Heat"], {"The Matrix", "Pulp Fiction", "Heat", "Jaws"}),
        ("echo-lie", ["The Matrix", "Pulp Fiction", "Heat", "Jaws"], {"Pulp Fiction", "Heat"}),
        ("dropped-items", ["Pulp Fiction", "Heat"], {"Pulp Fiction", "Heat"}),
    ],
)
async def test_every_third_item_is_told_wrongly(play, fault, echoed, kept):
    """Items are stored in silence, echoed for nothing, or lost in silence."""
    async with play(faults=[fault]) as caller:
        reply = await caller.rate(*FILMS)
        assert (names(reply.echoed), reply.missing, stored(caller)) == (echoed, [], kept)


@pytest.mark.parametrize(
    ("fault", "counts", "statuses"),
    [("no-statuses", 4, None), ("empty-statuses", 4, 0), ("zero-counts", 0, 4), ("full-counts-no-statuses", 5, None)],
)
async def test_counts_and_statuses_do_not_prove_each_other(play, fault, counts, statuses):
    """Either may be missing, empty or wrong, while everything is stored."""
    async with play(faults=[fault]) as caller:
        added = (await caller.rate(*FILMS, LOST)).json["added"]
        assert added["movies"] == counts
        assert (len(added["statuses"]) if "statuses" in added else None) == statuses
        assert len(stored(caller)) == 4


async def test_shuffle_changes_the_order_alone(play):
    """The same entries come in an order that is not the sent one."""
    async with play(faults=["shuffle"]) as caller:
        films = [{"title": f"Film {n}", "rating": 5} for n in range(30)]
        lost = [{**LOST, "year": 1950 + n} for n in range(30)]
        reply = await caller.rate(*films, *lost)
        assert names(reply.echoed) != names(films)
        assert sorted(names(reply.echoed)) == sorted(names(films))
        assert names(reply.missing) == names(lost)
        assert [item["year"] for item in reply.missing] != [item["year"] for item in lost]
        assert sorted(item["year"] for item in reply.missing) == [item["year"] for item in lost]


@pytest.mark.parametrize(
    ("fault", "entries"),
    [
        ("not-found-untyped", [LOST, UNTITLED]),
        ("not-found-title-untyped", [{**LOST, "type": "movie"}, UNTITLED]),
        ("not-found-unrated", [without("rating", LOST), without("rating", UNTITLED)]),
        ("not-found-undated", [without("rated_at", LOST), without("rated_at", UNTITLED)]),
        ("not-found-ids-only", [{"ids": LOST["ids"]}, {"title": UNTITLED["title"]}]),
        ("not-found-title-only", [{"title": LOST["title"], "year": 2001}, {"title": UNTITLED["title"]}]),
        ("not-found-no-ids", [without("ids", LOST), without("ids", UNTITLED)]),
    ],
)
async def test_not_found_entries_take_other_forms(play, fault, entries):
    """What is left of an entry differs, for one that was sent with ids and for one without."""
    async with play(faults=[fault]) as caller:
        assert (await caller.rate(LOST, UNTITLED)).missing == entries


async def test_a_stray_not_found_entry_matches_nothing_sent(play):
    """An entry nobody sent stands beside the others."""
    async with play(faults=["not-found-stray"]) as caller:
        reply = await caller.rate(*FILMS)
        assert len(reply.echoed) == 4
        assert reply.missing
        assert not {*names(reply.missing)} & {*names(FILMS)}


async def test_out_of_range_can_be_silent(play):
    """The item is in neither list and not stored."""
    async with play(faults=["range-silent"]) as caller:
        reply = await caller.rate({**FILMS[0], "rating": 11})
        assert (reply.status, reply.echoed, reply.missing, stored(caller)) == (201, [], [], set())


async def test_a_rating_can_file_on_plantowatch(play):
    """In this mode a rating files on plantowatch, and a film stays there."""
    async with play(faults=["status-plan-to-watch"]) as caller:
        for _ in range(2):
            (status,) = (await caller.rate(FILMS[0])).json["added"]["statuses"]
            assert status["response"]["status"] == "plantowatch"


async def test_a_status_can_be_a_new_word(play):
    """A client must get over a status it has never heard of."""
    async with play(faults=["status-unknown"]) as caller:
        (status,) = (await caller.rate(FILMS[0])).json["added"]["statuses"]
        assert status["response"]["status"] == "rewatching"
