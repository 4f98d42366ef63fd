"""Modes that bend what is read back, one by one."""

from __future__ import annotations

import pytest

DATE = "2026-05-15T20:00:00Z"
MATRIX = {"title": "The Matrix", "year": 1999, "rating": 9}
READ = "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10"


@pytest.mark.parametrize(
    ("fault", "body"),
    [("empty-null", b"null"), ("empty-lists", b'{"movies":[]}'), ("empty-list", b"[]")],
)
async def test_an_account_without_ratings_has_several_faces(play, fault, body):
    """No rows are null, [] or empty lists; rows are rows all the same."""
    async with play(faults=[fault]) as caller:
        assert (await caller.get(READ)).content == body
        await caller.rate(MATRIX)
        assert len((await caller.get(READ)).json["movies"]) == 1


@pytest.mark.parametrize(
    ("fault", "date"),
    [
        ("null-rated-at", None),
        ("day-dates", "2026-05-15T00:00:00Z"),
        ("shifted-dates", "2026-05-16T01:00:00Z"),
        ("offset-dates", "2026-05-15T16:00:00-04:00"),
    ],
)
async def test_dates_come_back_changed(play, fault, date):
    """Null, coarser, shifted by hours, or in New York's time; what is stored stays exact."""
    async with play(faults=[fault]) as caller:
        await caller.rate({**MATRIX, "rated_at": DATE})
        (row,) = (await caller.get(READ)).json["movies"]
        assert row["user_rated_at"] == date
        assert caller.sandbox.rated("The Matrix").rated_at == DATE


async def test_rows_can_lack_dates_and_ids(play):
    """Old ratings have no date key; ids may be the service's own alone."""
    async with play(faults=["no-rated-at", "bare-ids"]) as caller:
        await caller.rate({**MATRIX, "rated_at": DATE})
        (row,) = (await caller.get(READ)).json["movies"]
        assert "user_rated_at" not in row
        assert row["movie"]["ids"] == {"simkl": 53001}


async def test_ids_can_stand_under_their_older_keys(play):
    """`simkl_id` for the number, `letterslug` for a Letterboxd slug."""
    async with play(faults=["simkl-id-key", "old-slug-keys"]) as caller:
        await caller.rate(MATRIX)
        (row,) = (await caller.get(READ)).json["movies"]
        assert {"simkl_id", "letterslug"} <= set(row["movie"]["ids"])
        assert not {"simkl", "letterboxd"} & set(row["movie"]["ids"])


@pytest.mark.parametrize(("fault", "stamps_lag"), [("lagging-reads", True), ("lagging-ratings", False)])
async def test_reads_lag_behind_writes(play, fault, stamps_lag):
    """For some seconds the account is seen as it was; activities lag along or not."""
    now = [1_800_000_000.0]
    async with play(faults=[fault], clock=lambda: now[0]) as caller:
        caller.sandbox.faults.dials.lag = 5
        seen = []
        for step in (lambda: caller.rate(MATRIX), lambda: caller.post("/sync/ratings/remove", {"movies": [MATRIX]})):
            now[0] += 100
            await step()
            for wait in (2, 4):
                now[0] += wait
                moved = (await caller.get("/sync/activities")).json["movies"]["rated_at"]
                seen.append((len((await caller.get(READ)).json.get("movies", [])), moved is not None))
        assert seen == [(0, not stamps_lag), (1, True), (1, True), (0, True)]


async def test_activities_can_be_null(play):
    """Stamps that are null prove nothing."""
    async with play(faults=["null-activities"]) as caller:
        await caller.rate(MATRIX)
        body = (await caller.get("/sync/activities")).json
        assert body["all"] is None
        assert set(body["movies"].values()) == {None}


async def test_activities_can_be_of_the_older_form(play):
    """`notinteresting` for dropped, and no word of settings."""
    async with play(faults=["old-activities"]) as caller:
        caller.sandbox.account.put_on_list(53001, "dropped")
        body = (await caller.get("/sync/activities")).json
        assert body["movies"]["notinteresting"] == body["all"]
        assert "dropped" not in body["movies"]
        assert "settings" not in body
