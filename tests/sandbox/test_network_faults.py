"""Faults of the connection itself."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import aiohttp
import pytest

FILM = {"title": "The Matrix", "year": 1999, "rating": 9}


async def played(caller, fault):
    caller.sandbox.faults.script("POST /sync/ratings", [fault])
    with pytest.raises((aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError)) as caught:
        await caller.rate(FILM)
    return caught.value, caller.sandbox.rated("The Matrix") is not None


@pytest.mark.parametrize(("fault", "writes"), [("reset-before-write", False), ("reset-after-write", True)])
async def test_a_reset_gives_no_answer(play, fault, writes):
    """Not a byte comes back, whether or not the write was done; the next request goes through."""
    async with play() as caller:
        problem, written = await played(caller, fault)
        assert isinstance(problem, aiohttp.ClientConnectionError)
        assert (written, caller.sandbox.log[-1].status) == (writes, 0)
        assert (await caller.rate(FILM)).status == 201


@pytest.mark.parametrize("fault", ["reset-mid-body", "close-mid-body"])
async def test_an_answer_breaks_off(play, fault):
    """Half of the body comes, after the write."""
    async with play() as caller:
        problem, written = await played(caller, fault)
        assert isinstance(problem, (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError))
        assert (written, caller.sandbox.log[-1].status) == (True, 201)
        assert (await caller.rate(FILM)).status == 201


@pytest.mark.parametrize(("fault", "writes"), [("stall", True), ("stall-before-write", False)])
async def test_an_answer_can_be_too_late(play, fault, writes):
    """The client's patience ends first, whether or not the write was done."""
    async with play() as caller:
        waits = []

        async def sleep(seconds):
            waits.append(seconds)
            patience.reschedule(asyncio.get_running_loop().time())
            await asyncio.Event().wait()

        caller.sandbox.sleep = sleep
        caller.sandbox.faults.script("POST /sync/ratings", [fault])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(60) as patience:
                await caller.rate(FILM)
        assert waits == [3600]
        assert (caller.sandbox.rated("The Matrix") is not None) is writes


async def test_a_stall_can_be_outwaited(play):
    """With a short stall the answer comes after all."""
    async with play() as caller:
        caller.sandbox.faults.dials.stall = 0.1
        caller.sandbox.faults.script("POST /sync/ratings", ["stall"])
        reply = await caller.rate(FILM)
        assert (reply.status, reply.seconds >= 0.1) == (201, True)


async def test_an_answer_can_drip(play):
    """The whole body comes, slowly."""
    async with play() as caller:
        caller.sandbox.faults.dials.drip = 0.2
        caller.sandbox.faults.script("POST /sync/ratings", ["slow-drip"])
        reply = await caller.rate(FILM)
        assert (reply.status, reply.json["added"]["movies"], reply.seconds >= 0.2) == (201, 1, True)


@pytest.mark.parametrize(("fault", "bytes_before"), [("reset-after-write", False), ("reset-mid-body", True)])
async def test_resets_are_tcp_resets(play, fault, bytes_before):
    """The peer sees RST at the stated moment, not an orderly end."""
    async with play() as caller:
        caller.sandbox.faults.script("GET /sync/activities", [fault])
        address = urlsplit(caller.url)
        request = (
            f"GET /sync/activities?client_id={caller.sandbox.client_id} HTTP/1.1\r\nHost: x\r\nUser-Agent: raw/1\r\n"
            f"Authorization: Bearer {caller.sandbox.token}\r\n\r\n"
        )
        received = b""
        loop = asyncio.get_running_loop()
        with socket.create_connection((address.hostname, address.port)) as raw:
            raw.setblocking(False)
            await loop.sock_sendall(raw, request.encode())
            ended = None
            while ended is None:
                try:
                    chunk = await asyncio.wait_for(loop.sock_recv(raw, 65536), 60)
                except ConnectionResetError:
                    ended = "reset"
                else:
                    received += chunk
                    ended = None if chunk else "close"
        assert ended == "reset"
        assert (b"200 OK" in received) == bytes_before
        assert not received.endswith(b"}}")


async def test_a_connection_survives_between_requests(play):
    """Without faults connections are kept."""
    async with play() as caller:
        for _ in range(3):
            await caller.get("/sync/activities")
        assert len(caller.session.connector._conns) == 1
