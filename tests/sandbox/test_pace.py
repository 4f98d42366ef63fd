"""Pace, overlap, blocks and the daily quota."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from importer.sandbox.log import Request
from importer.sandbox.quota import new_york, seconds_to_reset
from importer.sandbox.schedule import Dials
from importer.sandbox.throttle import Throttle

FILM = {"title": "The Matrix", "rating": 9}


def kinds(caller):
    return [violation.kind for violation in caller.sandbox.pace_violations]


async def test_an_early_post_meets_429_with_a_misleading_retry_after(play):
    """Under the pace the answer is rate_limit, with the seconds to something else, and nothing is written."""
    async with play(pace=5) as caller:
        assert (await caller.post("/users/settings")).status == 200
        reply = await caller.rate(FILM)
        assert (reply.status, reply.error) == (429, "rate_limit")
        assert int(reply.headers["Retry-After"]) > 1000
        assert not caller.sandbox.account.ratings


def replies(moments, pace, *always, block=2.0):
    """Play POSTs at these seconds against a throttle and tell the status of each refusal, None where it passes."""
    throttle = Throttle(pace, Dials(block=block))
    told = []
    for n, moment in enumerate(moments, 1):
        entry = Request(n, "POST", "/sync/ratings", (), "test/1", True, started=moment, ended=moment)
        throttle.enter(entry, "token")
        refusal = throttle.refusal(entry, "token", frozenset(always), frozenset())
        throttle.leave(entry, "token")
        told.append(refusal and refusal.status)
    return told


def test_hits_during_a_block_prolong_it():
    """Each hit doubles the block, counted from itself; patience ends it."""
    assert replies([0, 0.5, 1.4, 3.3, 7.4, 8.5], 1.0) == [None, 429, 429, 429, None, None]


def test_a_412_block_begins_with_an_early_post_and_grows():
    """In this mode the refusal is 412 and the block starts at its dial's length."""
    assert replies([0, 0.5, 2.4, 6.3, 14.4], 1.0, "block-412", block=2.0) == [None, 412, 412, 412, None]


async def test_breaches_are_noted_even_where_they_are_not_refused(play):
    """With pace 0 early POSTs go through and are on record."""
    async with play() as caller:
        for _ in range(2):
            assert (await caller.rate(FILM)).status == 201
        assert kinds(caller) == ["early-post"]


async def test_a_patient_client_has_no_violation(play):
    """POSTs a second apart, and reads between them, breach nothing."""
    async with play(pace=1) as caller:
        sent = {**FILM, "rated_at": "2026-05-15T20:00:00Z"}
        assert (await caller.rate(sent)).status == 201
        await caller.get("/sync/activities")
        await asyncio.sleep(1.02)
        assert (await caller.rate(sent)).status == 201
        assert caller.sandbox.violations == []


async def test_overlapping_calls_are_noted(play):
    """Two POSTs at once are an overlap, a read beside a POST is parallel."""
    async with play(latency=0.1) as caller:
        await asyncio.gather(caller.rate(FILM), caller.rate(FILM), caller.get("/sync/activities"))
        assert sorted(kinds(caller)) == ["overlap", "parallel"]


async def test_a_client_that_went_away_is_no_overlap(play):
    """A POST whose client has died does not count against the next."""
    async with play(faults=["stall:1"]) as caller:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(caller.rate(FILM), 0.1)
        for _ in range(100):
            if caller.sandbox.log[0].ended is not None:
                break
            await asyncio.sleep(0.02)
        assert (await caller.rate(FILM)).status == 201
        assert kinds(caller) == ["early-post"]
        assert [entry.status for entry in caller.sandbox.log] == [0, 201]


async def test_overlap_lock_refuses_the_second_of_two_posts(play):
    """With the lock an overlapping POST meets 400 rate_limit."""
    async with play(latency=0.1, faults=["overlap-lock"]) as caller:
        replies = await asyncio.gather(caller.rate(FILM), caller.rate(FILM))
        assert sorted(reply.status for reply in replies) == [201, 400]
        assert "rate_limit" in [reply.json.get("error") for reply in replies]


async def test_eleven_reads_in_a_second_are_too_many(play):
    """Reads have a bucket of ten a second, of their own."""
    async with play(pace=1) as caller:
        statuses = [(await caller.get("/sync/activities")).status for _ in range(11)]
        assert statuses == [200] * 10 + [429]
        assert kinds(caller) == ["read-rate"]


async def test_an_early_post_can_meet_412(play):
    """With block-412 the early POST is answered as if the client id were wrong."""
    async with play(pace=5, faults=["block-412"]) as caller:
        assert [(await caller.rate(FILM)).status for _ in range(2)] == [201, 412]
        assert (await caller.rate(FILM)).error == "client_id_failed"


async def test_a_scripted_block_needs_no_early_post(play):
    """A script can begin the block at any POST; reads go through meanwhile."""
    async with play() as caller:
        caller.sandbox.faults.script("POST /sync/ratings", [None, "block-412"])
        assert [(await caller.rate(FILM)).status for _ in range(3)] == [201, 412, 412]
        assert (await caller.get("/sync/activities")).status == 200


async def test_the_write_lock_plays_once_and_can_last(play):
    """The lock is 400 RATE_LIMIT for one POST, or for as long as its dial says."""
    async with play(faults=["write-lock"]) as caller:
        replies = [await caller.rate(FILM) for _ in range(2)]
        assert [reply.status for reply in replies] == [400, 201]
        assert replies[0].error == "RATE_LIMIT"
        caller.sandbox.faults.dials.lock = 0.5
        caller.sandbox.faults.script("POST /sync/ratings", ["write-lock"])
        assert [(await caller.rate(FILM)).status for _ in range(2)] == [400, 400]
        await asyncio.sleep(0.52)
        assert (await caller.rate(FILM)).status == 201


async def test_the_quota_counts_by_account_and_new_york_day(play):
    """The quota is one for all tokens of an account and starts anew at midnight in New York."""
    now = [datetime(2026, 7, 1, 3, 0, tzinfo=UTC).timestamp()]
    async with play(quota=2, clock=lambda: now[0]) as caller:
        sandbox = caller.sandbox
        sandbox.add_token("second")
        sandbox.add_token("theirs", sandbox.add_account("Somebody"))
        for caller.token, status in ((sandbox.token, 200), ("second", 200), (sandbox.token, 429), ("theirs", 200)):
            reply = await caller.get("/sync/activities")
            assert reply.status == status
        caller.token = sandbox.token
        reply = await caller.rate(FILM)
        assert (reply.error, sandbox.account.ratings) == ("user_limit_exceeded", {})
        assert 3600 <= int(reply.headers["Retry-After"]) <= 3601
        now[0] += 3601
        assert (await caller.get("/sync/activities")).status == 200


@pytest.mark.parametrize(
    ("moment", "wall"),
    [("2026-03-08T06:59:59", 1), ("2026-03-08T07:00:00", 3), ("2026-11-01T05:59:59", 1), ("2026-11-01T06:00:00", 1),
     ("2026-01-10T12:00:00", 7), ("2026-07-10T12:00:00", 8)],
)  # fmt: skip
def test_the_wall_clock_of_new_york_knows_summer_time(moment, wall):
    """The hour is right around both changes."""
    clock = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    assert new_york(clock).hour == wall
    assert 0 < seconds_to_reset(clock) <= 86_401


async def test_each_plan_has_its_quota(play):
    """Free accounts have 500 requests a day."""
    async with play() as caller:
        caller.sandbox.account.spent = (new_york(caller.sandbox.clock()).date().isoformat(), 499)
        assert [(await caller.get("/sync/activities")).status for _ in range(2)] == [200, 429]
