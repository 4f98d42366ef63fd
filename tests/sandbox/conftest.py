"""A client for the sandbox's own tests: real sockets, no retry, no pace, every refusal handed back as it came."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import pytest

from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came off the wire; `seconds` is how long it took."""

    status: int
    headers: dict[str, str]
    content: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return orjson.loads(self.content)

    @property
    def error(self) -> object:
        return self.json["error"]

    @property
    def echoed(self) -> list[Any]:
        return [status["request"] for status in self.json["added"]["statuses"]]

    @property
    def missing(self) -> list[Any]:
        return [*self.json["not_found"]["movies"], *self.json["not_found"]["shows"]]


class Caller:
    """Calls one sandbox with good credentials unless told otherwise."""

    def __init__(self, sandbox: Sandbox, url: str, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.url = url
        self.session = session
        self.query = {"client_id": sandbox.client_id, "app-name": "test", "app-version": "1"}
        self.token: str | None = sandbox.token

    async def request(self, method: str, path: str, **options: Any) -> Reply:
        headers = {"User-Agent": "test/1", **options.pop("headers", {})}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        started = time.monotonic()
        query = options.pop("params", self.query)
        async with self.session.request(method, self.url + path, params=query, headers=headers, **options) as response:
            content = await response.read()
            return Reply(response.status, dict(response.headers), content, time.monotonic() - started)

    async def get(self, path: str, **options: Any) -> Reply:
        return await self.request("GET", path, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> Reply:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        return await self.request("POST", path, data=data, **options)

    async def rate(self, *movies: dict[str, Any], params: Any = None, **sections: list[dict[str, Any]]) -> Reply:
        return await self.post("/sync/ratings", {"movies": list(movies), **sections}, params=params or self.query)


Play = Callable[..., AbstractAsyncContextManager[Caller]]


@pytest.fixture
def play() -> Play:
    """Return a context manager that serves a sandbox (given, or made of the options) and yields its caller."""

    @asynccontextmanager
    async def playing(sandbox: Sandbox | None = None, **options: Any) -> AsyncIterator[Caller]:
        timeout = aiohttp.ClientTimeout(total=options.pop("patience", 60))
        sandbox = sandbox or Sandbox(**{"pace": 0, **options})
        async with (
            serve(sandbox) as url,
            aiohttp.ClientSession(timeout=timeout, skip_auto_headers=["User-Agent"]) as session,
        ):
            yield Caller(sandbox, url, session)

    return playing
