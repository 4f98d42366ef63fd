"""Every registered fault changes what a client sees of one and the same course of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from importer.sandbox.app import Sandbox
from importer.sandbox.faults import FAULTS
from importer.sandbox.lock import WriteLock

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
DATE = "2026-05-15T20:00:00Z"
_MATRIX = {"title": "The Matrix", "year": 1999, "rating": 9, "rated_at": DATE}
_PULP, _JAWS = {"ids": {"imdb": "tt0110912"}}, {"ids": {"imdb": "tt0073195"}}
_FIRST = {
    "shows": [{**_PULP, "rating": 4, "rated_at": DATE}],
    "movies": [
        {**_PULP, "rating": 6},
        {**_MATRIX, "rating": 2},
        _MATRIX,
        {"title": "Jaws", "year": 1975, "rating": 11, "rated_at": DATE},
        {"title": "A Film Nobody Filed", "year": 2001, "rating": 7, "ids": {"imdb": "tt9999999"}},
        {"title": "A Film Nobody Filed", "rating": 7},
        {"title": "Poison", "rating": 3},
        {"title": "Breaking Bad", "ids": {"imdb": "tt0903747"}, "rating": 3},
        {"title": "Heat (Uncut)", "year": 1995, "rating": 3},
        {"title": "The Godfather", "year": 1972, "rating": 10, "rated_at": "1996-05-17T18:45:33Z"},
        {"ids": {"letterboxd": "alien"}, "rating": 8},
        *({"title": f"Film {n}", "rating": 5} for n in range(5)),
    ],
    "anime": [{"ids": {"mal": 199}, "rating": 8}],
}
_SECOND = {
    "movies": [{**_MATRIX, "rated_at": "2026-06-15T20:00:00Z"}, {**_JAWS, "rating": 6}],
    "shows": [{**_JAWS, "rating": 7}],
}
_GONE = {"movies": [{"ids": {"simkl": 53001}}], "anime": [{"ids": {"mal": 199}}]}
_FILMS = "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10"
# In each of these seconds something is written: the sandbox's clock stands, its stamps do not.
_THIRD, _LONG_AGO = "2027-01-15T08:00:02Z", "2027-01-15T07:00:00Z"
_NEEDS = {"block-412": {"pace": 30}}


async def seen(call):
    """Tell what came of a call: status, chosen headers and body, or how it broke."""
    try:
        reply = await call
    except (aiohttp.ClientError, TimeoutError) as problem:
        return type(problem).__name__
    told = [reply.headers.get(name) for name in ("Retry-After", "X-RateLimit-Remaining", "Date", "Location")]
    return reply.status, told, reply.content


async def calls(caller) -> AsyncIterator[object]:
    """Do what a client may do with an account and tell it, one by one."""
    post, get, sandbox = caller.post, caller.get, caller.sandbox
    yield await seen(get("/sync/activities", params={"client_id": sandbox.client_id}))
    yield await seen(get(_FILMS))
    yield await seen(post("/sync/ratings", _FIRST))
    yield await seen(get("/sync/activities"))
    yield await seen(get(_FILMS))
    yield await seen(post("/sync/ratings", _SECOND))
    for path in ("/sync/activities", "/sync/all-items", f"/sync/ratings?date_from={_THIRD}"):
        yield await seen(get(path))
    yield await seen(post("/sync/ratings/remove", _GONE))
    for path in ("/sync/ratings", f"/sync/ratings?date_from={_LONG_AGO}", "/search/tv?q=the&extended=full"):
        yield await seen(get(path))
    for told in await asyncio.gather(*(seen(post("/sync/ratings", {})) for _ in range(2))):
        yield told
    for caller.token, path in (
        (None, "/movies/53009"),
        (None, "/redirect?to=simkl&imdb=tt0133093"),
        (sandbox.token, "/redirect?to=simkl&imdb=tt0133093"),
        (sandbox.token, "/redirect?to=simkl&title=Alien&year=1979&type=movie"),
    ):
        yield await seen(get(path, allow_redirects=False))


async def signing_in(caller) -> AsyncIterator[object]:
    """Sign in and refresh, and tell it."""
    caller.token = None
    form = {"client_id": caller.sandbox.client_id}
    code = await caller.request("POST", "/oauth2/device", data={**form, "scope": "media:read media:write"})
    form |= {"grant_type": GRANT, "device_code": code.json["device_code"]}
    yield await seen(caller.request("POST", "/oauth2/token", data=form))
    caller.sandbox.auth.approve_after = 0
    yield await seen(caller.request("POST", "/oauth2/token", data=form))
    form |= {"grant_type": "refresh_token", "refresh_token": next(iter(caller.sandbox.keyring.refresh_tokens), "")}
    yield await seen(caller.request("POST", "/oauth2/token", data=form))


async def lived(play, *faults, pace=0):
    """Return the story, with every wait in it, and the log."""
    waits, together = [], []

    async def sleep(seconds):
        waits.append(round(seconds, 3))
        if sandbox.log[-1].body == {}:
            # Two of these are sent at once: the first lasts until the second has its answer, too.
            together.append(seconds)
            while sandbox.log[-2].body != {} or len(together) < 2:  # noqa: ASYNC110 - no bell is rung
                await asyncio.sleep(0.001)

    sandbox = Sandbox(pace=pace, latency=0.5, clock=lambda: 1_800_000_000.0, sleep=sleep)
    dials = sandbox.faults.dials
    sandbox.lock = WriteLock(0.0005, dials, sleep)
    sandbox.auth.interval = 0
    sandbox.account.put_on_list(53003, "plantowatch")
    dials.size_limit, dials.bytes_limit, dials.max_items = 5, 500, 2
    sandbox.faults.turn_on(*faults)
    async with play(sandbox) as caller:
        told = [told async for told in calls(caller)]
        return [*told, *[told async for told in signing_in(caller)], waits], sandbox.log


@pytest.fixture(scope="module")
def plain():
    """The stories without faults, by what they need, each lived once."""
    return {}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_shows(play, plain, fault):
    """Played all the time, it is in the log, and the story told differs from the one without faults."""
    needs = _NEEDS.get(fault, {})
    if str(needs) not in plain:
        plain[str(needs)], _ = await lived(play, **needs)
    told, log = await lived(play, fault, **needs)
    assert told != plain[str(needs)]
    assert any(fault in (entry.fault or "").split("+") for entry in log)


async def test_without_faults_the_story_is_always_the_same(play):
    """Two runs without faults do not differ: what the other tests see is the fault."""
    stories = [(await lived(play))[0] for _ in range(2)]
    assert stories[0] == stories[1]
    statuses = [status for status, *_ in stories[0][:-1]]
    assert statuses == [
        *(200, 200, 201, 200, 200, 201),
        *(200, 200, 200),
        201,
        *(200, 200, 200),
        *(201, 201),
        *(200, 401, 301, 301),
        *(400, 200, 200),
    ]
