"""The page served for real on loopback, before a real sandbox, and a visitor who speaks to it without a browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from importer.machine.places import Places, host_of
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.web.hub import Hub
from importer.web.keys import Keys
from importer.web.page import Page
from importer.web.server import Server, serving
from importer.web.settings import Settings

SAMPLES = Path(__file__).parents[2] / "samples"
LETTERBOXD = SAMPLES / "letterboxd" / "letterboxd-sample-2026-03-01-20-15-utc.zip"

RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5
2024-05-01,Ronin,1998,https://boxd.it/1AJq,4
2024-05-02,Alien,1979,https://boxd.it/2awY,5
2024-05-03,Collateral,2004,https://boxd.it/28UY,0.5
"""

FOREVER = 60.0
"""Seconds that a test waits for what must come, whatever the machine's speed."""


@dataclass
class Answer:
    """What the server said."""

    status: int
    body: bytes
    headers: Any

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        import orjson

        return orjson.loads(self.body)


class Visitor:
    """Somebody with the page's address. `cookie` and `token` are None until they have entered."""

    def __init__(self, http: aiohttp.ClientSession, port: int, keys: Keys) -> None:
        self.http = http
        self.port = port
        self.keys = keys
        self.cookie: str | None = None
        self.token: str | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def root(self) -> str:
        return f"/{self.keys.path}/"

    async def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        data: Any = None,
        sent: bool = True,
    ) -> Answer:
        """Make a request; `sent` with all that the page itself would send along."""
        found: dict[str, str] = {}
        if sent:
            if self.cookie:
                found["Cookie"] = f"page={self.cookie}"
            if self.token:
                found["X-Page-Token"] = self.token
            if method == "POST":
                found["Origin"] = self.origin
        found |= headers or {}
        async with self.http.request(
            method, self.origin + path, headers=found, data=data, allow_redirects=False
        ) as answer:
            return Answer(answer.status, await answer.read(), answer.headers)

    async def enter(self) -> Answer:
        """Come in by the key, and read the token out of the page."""
        answer = await self.ask(self.keys.entrance)
        found = re.search(r"page=([^;]+)", answer.headers.get("Set-Cookie", ""))
        if found is not None:
            self.cookie = found[1]
            shown = await self.ask(self.root)
            token = re.search(r'name="page-token" content="([^"]+)"', shown.text)
            assert token is not None
            self.token = token[1]
        return answer

    async def do(self, action: str, **fields: Any) -> Answer:
        """Do what a button does."""
        import orjson

        return await self.ask(f"{self.root}do/{action}", method="POST", data=orjson.dumps(fields))

    async def give(self, path: str, data: Any, group: str = "one") -> Answer:
        """Give a file."""
        headers = {"X-File-Path": quote(path), "X-File-Group": group}
        return await self.ask(f"{self.root}files", method="POST", headers=headers, data=data)

    async def rows(self, table: str, **query: str) -> Any:
        """Return a window of a table."""
        asked = "&".join(f"{name}={quote(value)}" for name, value in query.items())
        return (await self.ask(f"{self.root}rows/{table}?{asked}")).json

    async def part(self, step: str) -> str:
        """Return the HTML of a step."""
        found = (await self.ask(f"{self.root}sections")).json
        return next(str(one["html"]) for one in found["sections"] if one["id"] == step)


class Stage:
    """A sandbox, the page's state, and its visitor."""

    def __init__(self, box: Sandbox, page: Page, visitor: Visitor, home: Path) -> None:
        self.box = box
        self.page = page
        self.visitor = visitor
        self.home = home

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(FOREVER):
            while not holds():  # noqa: ASYNC110 (of the page's state there is no event)
                await asyncio.sleep(0.01)

    def hold_from_the_first_post(self) -> None:
        """Hold Simkl's answers back from the next POST of ratings on until the work was told to stop: however slow this
        machine is, that comes in time.
        """

        def held() -> bool:
            sent = any((one.method, one.path) == ("POST", "/sync/ratings") for one in self.box.log[begin:])
            return sent and not self.page.under_way.live()["stopping"]

        async def wait(_seconds: float) -> None:
            while held():  # noqa: ASYNC110 (of the page's state there is no event)
                await asyncio.sleep(0.01)

        begin = len(self.box.log)

        self.box.sleep, self.box.latency = wait, 1.0

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self.until(lambda: self.page.under_way.doing is None)

    async def do(self, action: str, **fields: Any) -> None:
        """Do what a button does, and wait until it is done."""
        answer = await self.visitor.do(action, **fields)
        assert answer.status == 200, answer.text
        await self.idle()

    async def give(self, *files: tuple[str, bytes]) -> None:
        """Give files, and wait until they are read."""
        for path, data in files:
            answer = await self.visitor.give(path, data)
            assert answer.status == 200, answer.text
        await self.do("read")

    async def imported(self, *files: tuple[str, bytes], **options: Any) -> None:
        """Import files from the first step to the last."""
        await self.give(*files)
        await self.do("look-ahead", **options)
        await self.do("go")


@pytest.fixture
def box() -> Sandbox:
    """The service; a test may have asked for faults.

    Between two polls nobody waits, and yet they spend a code's time: its codes hold for more of them than there can be.
    """
    sandbox = Sandbox(pace=0, plan="vip")
    sandbox.auth.code_seconds, sandbox.auth.interval = 10**9, 0
    return sandbox


@pytest.fixture
def environment(box: Sandbox) -> dict[str, str]:
    """The variables of a person who is signed in."""
    return {"SIMKL_CLIENT_ID": box.client_id, "SIMKL_ACCESS_TOKEN": box.token}


@pytest.fixture
def scale() -> float:
    """Nobody waits, save where a wait is the point."""
    return 0.0


@pytest.fixture
async def stage(box: Sandbox, environment: dict[str, str], scale: float, tmp_path: Path) -> AsyncIterator[Stage]:
    """The page, served, and a visitor who is in."""
    home = tmp_path / "home"
    folder = tmp_path / "uploads"
    folder.mkdir()
    hub, keys = Hub(), Keys()
    async with serve(box) as url:
        page = Page(Settings(Places(home, home / "state"), url, host_of(url), scale, environment), folder, hub)
        async with serving(Server(page, keys), 0) as port, aiohttp.ClientSession() as http:
            await page.open()
            visitor = Visitor(http, port, keys)
            await visitor.enter()
            try:
                yield Stage(box, page, visitor, home)
            finally:
                await page.close()
