"""Sends answers, whole or broken, down to TCP resets."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from aiohttp import web

from importer.sandbox.answers import Answer, Delivery

_PIECES = 10  # of a dripping body
_FLIGHT = 0.02  # seconds for the first half to leave before the connection is broken


async def send(
    request: web.Request, answer: Answer, drip: float, clock: float, sleep: Callable[[float], Awaitable[None]]
) -> web.StreamResponse:
    """Send the answer, dated `clock`; `drip` is the number of seconds a dripping body takes, `sleep` waits them."""
    if answer.delivery is Delivery.RESET:
        reset(request)
        return web.Response()
    headers = {"Date": formatdate(clock, usegmt=True), **dict(answer.headers)}
    if answer.body or answer.content_type != "application/json":
        headers["Content-Type"] = f"{answer.content_type}; charset=utf-8"
    if answer.delivery is Delivery.WHOLE:
        return web.Response(status=answer.status, body=answer.body, headers=headers)
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    if answer.delivery is Delivery.DRIP:
        step = max(1, len(answer.body) // _PIECES)
        starts = range(0, len(answer.body), step)
        for start in starts:
            await response.write(answer.body[start : start + step])
            await sleep(drip / min(_PIECES, len(starts)))
        await response.write_eof()
        return response
    await response.write(answer.body[: len(answer.body) // 2])
    await asyncio.sleep(_FLIGHT)
    if answer.delivery is Delivery.RESET_MID_BODY:
        reset(request)
    elif request.transport is not None:
        request.transport.close()
    return response


def reset(request: web.Request) -> None:
    """Break the connection with a TCP reset instead of an orderly end."""
    transport = request.transport
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        # Lingering for 0 seconds makes the kernel send RST on close.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
