"""Every registered fault changes what a client sees of one and the same course of events."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from importer.sandbox.app import Sandbox
from importer.sandbox.faults import FAULTS

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SLOW = {"stall", "stall-before-write", "slow-drip"}  # once is enough
_BODY = {
    "movies": [
        {"title": "The Matrix", "year": 1999, "rating": 9, "rated_at": "2026-05-15T20:00:00Z"},
        {"title": "Jaws", "year": 1975, "rating": 11},
        {"title": "A Film Nobody Filed", "year": 2001, "rating": 7, "ids": {"imdb": "tt9999999"}},
        {"title": "Poison", "rating": 3},
        {"title": "Breaking Bad", "ids": {"imdb": "tt0903747"}, "rating": 3},
        *({"title": f"Film {n}", "rating": 5} for n in range(5)),
    ],
    "anime": [{"ids": {"mal": 199}, "rating": 8}],
}


async def seen(call):
    """Tell what came of a call: status, chosen headers and body, or how it broke."""
    try:
        reply = await call
    except (aiohttp.ClientError, TimeoutError) as problem:
        return type(problem).__name__
    return reply.status, reply.headers.get("Retry-After"), reply.content, reply.seconds > 0.25


async def course(caller):
    """Live through everything a client may do, and tell it."""
    post, get = caller.post, caller.get
    told = [
        await seen(get("/sync/ratings/movies/1,9")),
        await seen(get("/sync/activities", params={"client_id": caller.sandbox.client_id})),
        await seen(post("/sync/ratings", _BODY)),
        await seen(get("/sync/ratings/movies/1,9")),
        await seen(get("/sync/activities")),
        await seen(post("/sync/ratings/remove", {"movies": [{"ids": {"simkl": 53001}}]})),
        await seen(get("/sync/ratings")),
    ]
    told += await asyncio.gather(*(seen(post("/sync/ratings", {})) for _ in range(2)))
    caller.token = None
    form = {"client_id": caller.sandbox.client_id}
    code = await caller.request("POST", "/oauth2/device", data=form)
    form |= {"grant_type": GRANT, "device_code": code.json["device_code"]}
    told.append(await seen(caller.request("POST", "/oauth2/token", data=form)))
    caller.sandbox.auth.approve_after = 0
    paired = await seen(caller.request("POST", "/oauth2/token", data=form))
    form |= {"grant_type": "refresh_token", "refresh_token": next(iter(caller.sandbox.keyring.refresh_tokens), "")}
    return [*told, paired, await seen(caller.request("POST", "/oauth2/token", data=form))]


async def lived(play, *faults, pace=0):
    sandbox = Sandbox(pace=pace, latency=0.002, clock=lambda: 1_800_000_000.0)
    sandbox.auth.interval = 0
    dials = sandbox.faults.dials
    dials.stall, dials.drip, dials.size_limit = 0.3, 0.3, 5
    sandbox.faults.turn_on(*(f"{name}:1" if name in _SLOW else name for name in faults))
    async with play(sandbox) as caller:
        return await course(caller), sandbox.log


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_shows(play, fault):
    """Played all the time, it is in the log, and the story told differs from the one without faults."""
    pace = 30 if fault == "block-412" else 0
    plain, _ = await lived(play, pace=pace)
    told, log = await lived(play, fault, pace=pace)
    assert told != plain
    assert any(fault in (entry.fault or "").split("+") for entry in log)


async def test_without_faults_the_story_is_always_the_same(play):
    """Two runs without faults do not differ: what the other tests see is the fault."""
    stories = [(await lived(play))[0] for _ in range(2)]
    assert stories[0] == stories[1]
    statuses = [status for status, *_ in stories[0]]
    assert statuses == [200, 200, 201, 200, 200, 201, 200, 201, 201, 400, 200, 200]
