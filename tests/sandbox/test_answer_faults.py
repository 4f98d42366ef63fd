"""Faults and modes that bend what an answer says, one by one."""

from __future__ import annotations

import pytest

DATE = "2026-05-15T20:00:00Z"
FILMS = [{"title": name, "year": year, "rating": n} for n, (name, year) in enumerate(
    (("The Matrix", 1999), ("Pulp Fiction", 1994), ("Heat", 1995), ("Jaws", 1975)), 5)]  # fmt: skip
LOST = {"title": "A Film Nobody Filed", "year": 2001, "rating": 7, "ids": {"imdb": "tt9999999"}}
READ = "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10"


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


async def test_echo_type_adds_a_type(play):
    """Echoes carry their type."""
    async with play(faults=["echo-type"]) as caller:
        reply = await caller.rate(*FILMS[:1], shows=[{"ids": {"mal": 199}, "rating": 8}])
        assert [echo["type"] for echo in reply.echoed] == ["movie", "show"]


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
        assert reply.missing != lost
        assert sorted(reply.missing, key=lambda item: item["year"]) == lost


@pytest.mark.parametrize(
    ("fault", "entries"),
    [
        ("not-found-typed", [{**LOST, "type": "movie"}]),
        ("not-found-ids-only", [{"ids": LOST["ids"]}]),
        ("not-found-title-only", [{"title": LOST["title"], "year": 2001}]),
        ("not-found-no-ids", [{"title": LOST["title"], "year": 2001, "rating": 7}]),
    ],
)
async def test_not_found_entries_take_other_forms(play, fault, entries):
    """What is left of an entry differs."""
    async with play(faults=[fault]) as caller:
        assert (await caller.rate(LOST)).missing == entries


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


async def test_a_planned_film_can_stay_planned(play):
    """In this mode a rating files on plantowatch and leaves it so."""
    async with play(faults=["status-plan-to-watch"]) as caller:
        for _ in range(2):
            (status,) = (await caller.rate(FILMS[0])).json["added"]["statuses"]
            assert status["response"]["status"] == "plantowatch"


async def test_a_status_can_be_a_new_word(play):
    """A client must get over a status it has never heard of."""
    async with play(faults=["status-unknown"]) as caller:
        (status,) = (await caller.rate(FILMS[0])).json["added"]["statuses"]
        assert status["response"]["status"] == "rewatching"


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
        await caller.rate(FILMS[1])
        assert "Pulp Fiction" in stored(caller)


async def test_names_can_land_on_a_wrong_title(play):
    """A name without ids resolves to another title, for removal as well; ids still win."""
    async with play(faults=["wrong-title"]) as caller:
        await caller.rate(FILMS[0], {"ids": {"imdb": "tt0110912"}, "title": "Pulp Fiction", "rating": 5})
        assert stored(caller) == {"The Matrix: The Other One", "Pulp Fiction"}
        await caller.post("/sync/ratings/remove", {"movies": [FILMS[0]]})
        assert stored(caller) == {"Pulp Fiction"}


@pytest.mark.parametrize(("fault", "body"), [("empty-null", b"null"), ("empty-object", b"{}"), ("empty-list", b"[]")])
async def test_an_account_without_ratings_has_several_faces(play, fault, body):
    """No rows are null, {} or []; rows are rows all the same."""
    async with play(faults=[fault]) as caller:
        assert (await caller.get(READ)).content == body
        await caller.rate(FILMS[0])
        assert len((await caller.get(READ)).json["movies"]) == 1


@pytest.mark.parametrize(
    ("fault", "date"),
    [("null-rated-at", None), ("day-dates", "2026-05-15T00:00:00Z"), ("shifted-dates", "2026-05-16T01:00:00Z")],
)
async def test_dates_come_back_changed(play, fault, date):
    """Null, coarser, or shifted by hours; what is stored stays exact."""
    async with play(faults=[fault]) as caller:
        await caller.rate({**FILMS[0], "rated_at": DATE})
        (row,) = (await caller.get(READ)).json["movies"]
        assert row["user_rated_at"] == date
        assert caller.sandbox.rated("The Matrix").rated_at == DATE


async def test_rows_can_lack_dates_and_ids(play):
    """Old ratings have no date key; ids may be the service's own alone."""
    async with play(faults=["no-rated-at", "bare-ids"]) as caller:
        await caller.rate({**FILMS[0], "rated_at": DATE})
        (row,) = (await caller.get(READ)).json["movies"]
        assert "user_rated_at" not in row
        assert row["movie"]["ids"] == {"simkl": 53001}


@pytest.mark.parametrize(("fault", "stamps_lag"), [("lagging-reads", True), ("lagging-ratings", False)])
async def test_reads_lag_behind_writes(play, fault, stamps_lag):
    """For some seconds the account is seen as it was; activities lag along or not."""
    now = [1_800_000_000.0]
    async with play(faults=[fault], clock=lambda: now[0]) as caller:
        caller.sandbox.faults.dials.lag = 5
        seen = []
        for step in (lambda: caller.rate(FILMS[0]), lambda: caller.post("/sync/ratings/remove", {"movies": FILMS})):
            now[0] += 100
            await step()
            for wait in (2, 4):
                now[0] += wait
                moved = (await caller.get("/sync/activities")).json["movies"]["rated_at"]
                seen.append((len((await caller.get(READ)).json["movies"]), moved is not None))
        assert seen == [(0, not stamps_lag), (1, True), (1, True), (0, True)]


async def test_activities_can_be_null(play):
    """Stamps that are null prove nothing."""
    async with play(faults=["null-activities"]) as caller:
        await caller.rate(FILMS[0])
        body = (await caller.get("/sync/activities")).json
        assert body["all"] is None
        assert set(body["movies"].values()) == {None}
