"""Serves a sandbox on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from importer.sandbox.app import Sandbox
from importer.sandbox.handler import application

HOST = "127.0.0.1"
_TURNS = 5


@asynccontextmanager
async def serve(sandbox: Sandbox, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends; yields the address, such as "http://127.0.0.1:8017". Port 0 takes a free one.

    At the end every connection is dropped at once, also one whose answer is still being held back.
    """
    runner = web.AppRunner(
        application(sandbox), handle_signals=False, access_log=None, handler_cancellation=True, shutdown_timeout=0.01
    )
    await runner.setup()
    try:
        sock = socket.create_server((HOST, port), reuse_port=False)
        await web.SockSite(runner, sock).start()
        try:
            yield f"http://{HOST}:{sock.getsockname()[1]}"
        finally:
            # A connection taken at the last moment must be known to the runner before the runner drops them all:
            # asyncio leaks the socket of one that is still on its way in when its server closes.
            asyncio.get_running_loop().remove_reader(sock)
            await _settle()
    finally:
        await runner.cleanup()
        await _settle()


async def _settle() -> None:
    # Taking and dropping a connection each end some turns of the loop later, and the loop itself may end right here.
    for _ in range(_TURNS):
        await asyncio.sleep(0)
