"""The write lock: one write of a person at a time, over all their apps."""

from __future__ import annotations

import asyncio

import pytest

from importer.sandbox.app import Sandbox
from importer.sandbox.lock import WriteLock

FILM = {"title": "The Matrix", "rating": 9}
SCALE = 0.01  # 20 s of the service are 0.2 s here


def locked(**options):
    """Return a sandbox whose lock has a scale, while no POST is ever too early."""
    sandbox = Sandbox(pace=0, **options)
    sandbox.lock = WriteLock(SCALE, sandbox.faults.dials, asyncio.sleep)
    return sandbox


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ("write-lock", "rate_limit", None),
        ("write-lock-upper", "RATE_LIMIT", None),
        ("write-lock-code", "rate_limit", 400),
    ],
)
async def test_a_write_is_held_and_then_refused(play, fault, error, code):
    """For 20 s of the service, then 400 in one of its spellings; nothing is written, and the next one goes through."""
    async with play(locked(faults=[fault])) as caller:
        reply = await caller.rate(FILM)
        assert (reply.status, reply.error, reply.json.get("code")) == (400, error, code)
        assert 0.2 <= reply.seconds < 2
        assert not caller.sandbox.account.ratings
        assert (await caller.rate(FILM)).status == 201


async def test_a_held_write_can_go_through(play):
    """The other app's write ends in time: ours is late and done."""
    async with play(locked(faults=["write-held"])) as caller:
        reply = await caller.rate(FILM)
        assert (reply.status, reply.seconds >= 0.1) == (201, True)


async def test_another_app_can_hold_the_lock_for_as_long_as_a_test_says(play):
    """Every write of that person meanwhile is held and refused, in every app; reads and other people are free."""
    async with play(locked()) as caller:
        sandbox = caller.sandbox
        sandbox.add_token("second")
        sandbox.add_token("theirs", sandbox.add_account("Somebody"))
        sandbox.hold_writes(0.5)
        assert (await caller.get("/sync/activities")).seconds < 0.2
        statuses = []
        for caller.token in (sandbox.token, "theirs", "second"):
            statuses.append((await caller.post("/sync/ratings/remove", {})).status)
        assert statuses == [400, 201, 400]
        assert (await caller.rate(FILM)).status == 201


async def test_the_lock_can_last_beyond_its_first_refusal(play):
    """Without a scale nobody is held: the refusal comes at once, for as long as the dial says."""
    async with play(faults=["write-lock"]) as caller:
        caller.sandbox.faults.dials.lock = 0.3
        assert [(await caller.rate(FILM)).status for _ in range(2)] == [400, 400]
        await asyncio.sleep(0.32)
        assert (await caller.rate(FILM)).status == 201


@pytest.mark.parametrize(("latency", "statuses"), [(0.05, [201, 201]), (0.5, [201, 400])])
async def test_an_overlapping_write_waits_for_the_other(play, latency, statuses):
    """With this mode the second of two writes is held until the first has ended, and refused where that takes long."""
    async with play(locked(faults=["overlap-lock"], latency=latency)) as caller:
        replies = await asyncio.gather(caller.rate(FILM), caller.rate(FILM))
        assert sorted(reply.status for reply in replies) == statuses
        assert max(reply.seconds for reply in replies) >= min(2 * latency, 0.2)


async def test_a_client_that_goes_away_while_it_is_held_writes_nothing(play):
    """Whoever gives up before the lock is free has sent nothing."""
    async with play(locked(faults=["write-held"]), patience=0.05) as caller:
        with pytest.raises(TimeoutError):
            await caller.rate(FILM)
        await asyncio.sleep(0.1)
        assert not caller.sandbox.account.ratings


async def test_an_answer_takes_its_time_for_each_item(play):
    """By a fault or by an option, in step with the batch."""
    films = [{"title": f"Film {n}", "rating": 5} for n in range(8)]
    for options in ({"faults": ["slow-items"]}, {"item_seconds": 0.012}):
        async with play(**options) as caller:
            assert (await caller.rate(*films)).seconds >= 0.09
            assert (await caller.rate(*films[:1])).seconds < 0.09


async def test_a_test_can_keep_the_waits(play):
    """The waits of a sandbox are asked of whoever was given for it."""
    waits = []

    async def sleep(seconds):
        waits.append(round(seconds, 3))

    async with play(Sandbox(pace=1, latency=0.3, item_seconds=0.5, faults=["write-held"], sleep=sleep)) as caller:
        assert (await caller.rate(FILM)).seconds < 0.3
    assert waits == [10, 0.8]
