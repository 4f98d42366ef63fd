"""Pace, overlap and blocks."""

from __future__ import annotations

import asyncio

from importer.sandbox.dials import Dials
from importer.sandbox.log import Request
from importer.sandbox.throttle import Throttle

FILM = {"title": "The Matrix", "rating": 9}
LONG = 3600.0
"""Seconds of a pace that every request breaks, however slow this machine is."""


def kinds(caller):
    return [violation.kind for violation in caller.sandbox.pace_violations]


async def test_an_early_post_meets_429_with_a_misleading_retry_after(play):
    """Under the pace the answer is rate_limit, with the seconds to something else, and nothing is written."""
    async with play(pace=LONG) as caller:
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
        caller.sandbox.throttle.watched = LONG
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

    async def until_all_are_there(_seconds):
        while len(caller.sandbox.log) < 3:  # noqa: ASYNC110 - nothing is set when a request comes in
            await asyncio.sleep(0.001)

    async with play(latency=1, sleep=until_all_are_there) as caller:
        await asyncio.gather(caller.rate(FILM), caller.rate(FILM), caller.get("/sync/activities"))
        assert sorted(kinds(caller)) == ["overlap", "parallel"]


async def test_a_client_that_went_away_is_no_overlap(play):
    """A POST whose client has died does not count against the next."""
    async with play(faults=["stall:1"]) as caller:
        caller.sandbox.throttle.watched = LONG
        dying = asyncio.create_task(caller.rate(FILM))
        while not caller.sandbox.log:  # noqa: ASYNC110 - nothing is set when a request comes in
            await asyncio.sleep(0.001)
        dying.cancel()
        while caller.sandbox.log[0].ended is None:  # noqa: ASYNC110 - nor when one goes away
            await asyncio.sleep(0.001)
        assert (await caller.rate(FILM)).status == 201
        assert kinds(caller) == ["early-post"]
        assert [entry.status for entry in caller.sandbox.log] == [0, 201]


async def test_eleven_reads_in_a_second_are_too_many(play):
    """Reads have a bucket of ten a second, of their own."""
    async with play(pace=LONG) as caller:
        caller.sandbox.throttle.watched = LONG
        statuses = [(await caller.get("/sync/activities")).status for _ in range(11)]
        assert statuses == [200] * 10 + [429]
        assert kinds(caller) == ["read-rate"]


async def test_an_early_post_can_meet_412(play):
    """With block-412 the early POST is answered as if the client id were wrong."""
    async with play(pace=LONG, faults=["block-412"]) as caller:
        assert [(await caller.rate(FILM)).status for _ in range(2)] == [201, 412]
        assert (await caller.rate(FILM)).error == "client_id_failed"


async def test_a_scripted_block_needs_no_early_post(play):
    """A script can begin the block at any POST; reads go through meanwhile."""
    async with play() as caller:
        caller.sandbox.faults.script("POST /sync/ratings", [None, "block-412"])
        assert [(await caller.rate(FILM)).status for _ in range(3)] == [201, 412, 412]
        assert (await caller.get("/sync/activities")).status == 200
