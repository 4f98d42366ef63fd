"""A service made of answers: for what a client is told that no look-alike says of its own accord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from importer.machine.clock import Clock
from importer.simkl.client import Client
from importer.simkl.pace import Pace
from importer.simkl.token import FixedToken
from importer.simkl.transport import open_session


class Service:
    """A service that answers each request as `say` tells, and keeps what it was asked."""

    def __init__(self, say: Callable[[web.Request], web.Response | Awaitable[web.Response]]) -> None:
        self.asked: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.inside = self.most_inside = 0
        self._say = say

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self.bodies.append(await request.read())
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            answer = self._say(request)
            return answer if isinstance(answer, web.Response) else await answer
        finally:
            self.inside -= 1

    @asynccontextmanager
    async def client(self, clock: Clock | None = None, **options: Any) -> AsyncIterator[Client]:
        """A client that speaks to it."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        clock = clock or Clock(0.0)
        try:
            async with open_session() as session:
                token = options.pop("tokens", None) or FixedToken("t0ken")
                yield Client(session, f"http://{host}:{port}", "1.2", "cl1ent", token, clock, Pace(clock), **options)
        finally:
            await runner.cleanup()


@pytest.fixture
def service() -> type[Service]:
    """What makes such a service."""
    return Service
