"""Look-ups in the catalogue, beside the account's own requests, and a library that takes several of these."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from aiohttp import web

from importer.errors import InterruptedRunError
from importer.machine import clock as clocks
from importer.machine.clock import Clock
from importer.model import Kind
from importer.record import Requests
from importer.simkl.account import read_library
from importer.simkl.answer import NoAnswerError
from importer.simkl.client import Client
from importer.simkl.lookup import Lead, look_up, where_leads
from importer.simkl.transport import LOOK_UPS


async def test_pages_of_the_catalogue_are_asked_for_a_few_at_a_time(service: type[Any]) -> None:
    """Without waiting for a turn, and without counting: neither as a request nor as one of the day's."""

    async def say(_request: web.Request) -> web.Response:
        while told.most_inside < LOOK_UPS:  # noqa: ASYNC110 - the service rings no bell
            await anyio.sleep(0.001)
        return web.json_response({"title": "Heat", "ids": {"simkl": 5}}, headers={"X-RateLimit-Remaining": "0"})

    told = service(say)
    async with told.client(Clock(1.0)) as client, anyio.create_task_group() as tasks:
        for n in range(12):
            tasks.start_soon(look_up, client, Kind.MOVIE, n)
    assert len(told.asked) == 12
    assert told.most_inside == LOOK_UPS > 1
    assert client.requests == Requests()
    assert client.left_today is None
    assert client.pace.used == 0


async def test_told_to_stop_every_look_up_in_flight_ends_in_time(
    service: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the last one alone; and they are not asked again."""
    monkeypatch.setattr(clocks, "LAST_FLIGHT", 0.1)

    async def say(_request: web.Request) -> web.Response:
        await over.wait()
        return web.json_response([])

    over, clock, told = anyio.Event(), Clock(0.0), service(say)
    ended: list[int] = []

    async def look(client: Client, n: int) -> None:
        with pytest.raises(InterruptedRunError):
            await look_up(client, Kind.MOVIE, n)
        ended.append(n)

    async with told.client(clock) as client, anyio.create_task_group() as tasks:
        for n in range(LOOK_UPS):
            tasks.start_soon(look, client, n)
        while told.inside < LOOK_UPS:  # noqa: ASYNC110 - the service rings no bell
            await anyio.sleep(0.005)
        clock.stop(2)
        with anyio.fail_after(60):
            while len(ended) < LOOK_UPS:  # noqa: ASYNC110
                await anyio.sleep(0.005)
        over.set()
    assert len(told.asked) == LOOK_UPS


async def test_an_unknown_id_has_no_page(service: type[Any]) -> None:
    """It is an answer like any other, and no trouble."""
    told = service(lambda _: web.json_response([]))
    async with told.client() as client:
        assert await look_up(client, Kind.SHOW, 99) is None
    assert [request.path for request in told.asked] == ["/tv/99"]


@pytest.mark.parametrize("status", [301, 302])
@pytest.mark.parametrize("wants_token", [False, True])
async def test_a_redirect_tells_where_an_id_leads_and_is_not_followed(
    service: type[Any], status: int, wants_token: bool
) -> None:
    """Without the token; with it, at the account's pace, once Simkl wants one: pages differ."""

    def say(request: web.Request) -> web.Response:
        if wants_token and "Authorization" not in request.headers:
            return web.json_response({"error": "user_token_required"}, status=401)
        known = request.query.get("imdb") == "tt1"
        place = "https://simkl.com/movies/472214/inception" if known else "//simkl.com"
        return web.Response(status=status, headers={"Location": place})

    told = service(say)
    async with told.client() as client:
        assert await where_leads(client, Kind.MOVIE, "imdb", "tt1") == Lead(Kind.MOVIE, 472_214)
        assert await where_leads(client, Kind.MOVIE, "imdb", "tt2") is None
        assert client.requests == Requests()
        assert client.pace.used == 0  # nobody counts them, with a token or without
    assert len(told.asked) == (3 if wants_token else 2)
    assert {request.path for request in told.asked} == {"/redirect"}
    assert told.asked[-1].headers.get("Authorization") == ("Bearer t0ken" if wants_token else None)


async def test_a_look_up_that_gets_no_answer_says_so(service: type[Any]) -> None:
    """As any other read does."""
    told = service(lambda _: web.json_response({"error": "id_err"}, status=404))
    async with told.client() as client:
        with pytest.raises(NoAnswerError):
            await look_up(client, Kind.MOVIE, 5)
        with pytest.raises(NoAnswerError):
            await where_leads(client, Kind.MOVIE, "imdb", "tt1")


async def test_a_library_too_large_for_one_answer_is_read_list_by_list(service: type[Any]) -> None:
    """The error has a name; any other one is no answer."""

    def say(request: web.Request) -> web.Response:
        if request.path == "/sync/all-items/movies":
            return web.json_response({"error": "max_items"}, status=400)
        rows = [{"status": "completed", "movie": {"title": "Heat", "ids": {"simkl": 5}}}]
        return web.json_response({"movies": rows if request.path.endswith("/completed") else []})

    told = service(say)
    async with told.client() as client:
        [listed] = await read_library(client, Kind.MOVIE, "2026-01-09T00:00:09Z")
    assert (listed.simkl, listed.status) == (5, "completed")
    assert [request.path.rpartition("/")[2] for request in told.asked] == [
        "movies",
        "plantowatch",
        "completed",
        "dropped",
    ]
    assert {request.query["date_from"] for request in told.asked} == {"2026-01-09T00:00:09Z"}
    told = service(lambda _: web.json_response({"error": "wrong_parameter"}, status=400))
    async with told.client() as client:
        with pytest.raises(NoAnswerError):
            await read_library(client, Kind.MOVIE)
    assert len(told.asked) == 1
