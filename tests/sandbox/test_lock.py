"""The write lock: one write of a person at a time, over all their apps; and answers that take their time."""

from __future__ import annotations

import asyncio

import pytest

from importer.sandbox.app import Sandbox
from importer.sandbox.lock import WriteLock

FILM = {"title": "The Matrix", "rating": 9}


class Waiting:
    """A clock for the lock that is moved by its waits, and keeps them."""

    def __init__(self):
        self.moment = 100.0
        self.waits = []

    async def sleep(self, seconds):
        self.waits.append(round(seconds, 3))
        self.moment += seconds


def held(waiting, **options):
    """Return a sandbox that waits by this clock, in the seconds of the service, and finds no POST too early."""
    sandbox = Sandbox(pace=0, sleep=waiting.sleep, **options)
    sandbox.lock = WriteLock(1.0, sandbox.faults.dials, waiting.sleep, lambda: waiting.moment)
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
    """For 20 s, then 400 in one of its spellings; nothing is written, and the next one goes through at once."""
    waiting = Waiting()
    async with play(held(waiting, faults=[fault])) as caller:
        reply = await caller.rate(FILM)
        assert (reply.status, reply.error, reply.json.get("code")) == (400, error, code)
        assert not caller.sandbox.account.ratings
        assert (await caller.rate(FILM)).status == 201
        assert waiting.waits == [20]


async def test_a_held_write_can_go_through(play):
    """The other app's write ends in time: ours is late and done."""
    waiting = Waiting()
    async with play(held(waiting, faults=["write-held"])) as caller:
        assert [(await caller.rate(FILM)).status for _ in range(2)] == [201, 201]
        assert waiting.waits == [10]


async def test_another_app_can_hold_the_lock_for_as_long_as_a_test_says(play):
    """Every write of that person meanwhile is held and refused, in every app; reads and other people are free."""
    waiting = Waiting()
    async with play(held(waiting)) as caller:
        sandbox = caller.sandbox
        sandbox.add_token("second")
        sandbox.add_token("theirs", sandbox.add_account("Somebody"))
        sandbox.hold_writes(50)
        assert (await caller.get("/sync/activities")).status == 200
        statuses = []
        for caller.token in (sandbox.token, "theirs", "second", "second"):
            statuses.append((await caller.post("/sync/ratings/remove", {})).status)
        assert (statuses, waiting.waits) == ([400, 201, 400, 201], [20, 20, 10])


async def test_the_lock_can_last_beyond_its_first_refusal(play):
    """For as long as the dial says; without a pace nobody is held, the refusal comes at once."""
    waiting = Waiting()
    sandbox = Sandbox(pace=0, faults=["write-lock"])
    sandbox.lock = WriteLock(0.0, sandbox.faults.dials, waiting.sleep, lambda: waiting.moment)
    sandbox.faults.dials.lock = 30
    async with play(sandbox) as caller:
        assert [(await caller.rate(FILM)).status for _ in range(2)] == [400, 400]
        waiting.moment += 31
        assert (await caller.rate(FILM)).status == 201


@pytest.mark.parametrize(("patience", "statuses"), [(60.0, [201, 201]), (0.02, [201, 400])])
async def test_an_overlapping_write_waits_for_the_other(play, patience, statuses):
    """With this mode the second of two writes is held until the first has ended, and refused where that takes long."""
    answers = []

    async def until_the_other_is_there(_seconds):
        # Where the second one is to be refused, the first lasts until it is.
        answers.append(len(sandbox.log))
        while len(sandbox.log) < 2 or (400 in statuses and len(answers) < 2):  # noqa: ASYNC110 - no bell is rung
            await asyncio.sleep(0.001)

    sandbox = Sandbox(pace=0, latency=1, sleep=until_the_other_is_there, faults=["overlap-lock"])
    sandbox.lock = WriteLock(patience / 20, sandbox.faults.dials, asyncio.sleep)
    async with play(sandbox) as caller:
        replies = await asyncio.gather(caller.rate(FILM), caller.rate(FILM))
        assert sorted(reply.status for reply in replies) == statuses
        assert [violation.kind for violation in sandbox.pace_violations] == ["overlap"]


async def test_a_client_that_goes_away_while_it_is_held_writes_nothing(play):
    """Whoever gives up before the lock is free has sent nothing."""
    held, free = asyncio.Event(), asyncio.Event()

    async def until_it_is_free(_seconds):
        held.set()
        await free.wait()

    sandbox = Sandbox(pace=0)
    sandbox.lock = WriteLock(1.0, sandbox.faults.dials, until_it_is_free)
    async with play(sandbox) as caller:
        sandbox.hold_writes(10)
        going = asyncio.create_task(caller.rate(FILM))
        await held.wait()
        going.cancel()
        while sandbox.log[0].ended is None:  # noqa: ASYNC110 - nothing is set when a client goes away
            await asyncio.sleep(0.001)
        free.set()
        assert (await caller.get("/sync/activities")).status == 200
        assert not sandbox.account.ratings


@pytest.mark.parametrize("options", [{"faults": ["slow-items"]}, {"item_seconds": 0.012}])
async def test_an_answer_takes_its_time_for_each_item(play, options):
    """By a fault or by an option, in step with the batch; removals too, reads not."""
    waiting = Waiting()
    async with play(held(waiting, **options)) as caller:
        await caller.rate(*({"title": f"Film {n}", "rating": 5} for n in range(50)))
        await caller.post("/sync/ratings/remove", {"movies": [FILM]})
        await caller.get("/sync/ratings")
        assert waiting.waits == [0.6, 0.012]


async def test_every_wait_is_asked_of_whoever_was_given_for_it(play):
    """The pace scales the lock; latency, items and a dripping body wait by the same hand."""
    waiting = Waiting()
    options = {"latency": 0.3, "item_seconds": 0.5, "faults": ["write-held", "slow-drip"]}
    async with play(Sandbox(pace=0.1, sleep=waiting.sleep, **options)) as caller:
        assert (await caller.rate(FILM)).status == 201
    assert waiting.waits[:2] == [1, 0.8]
    assert 1 <= sum(waiting.waits[2:]) <= 1.2
