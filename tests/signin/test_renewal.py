"""A token renewed in the middle of a run, alone and beside other processes, against the sandbox."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from importer.errors import CredentialsError, ServiceStopError
from importer.machine.clock import Clock
from importer.machine.lock import exclusive
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.sandbox.tokens import DEFAULT_CLIENT
from importer.signin.edge import SignIn
from importer.signin.tokens import FileTokens, Token, load, lock_file, remove, save
from importer.simkl.pace import Pace
from importer.simkl.transport import open_session


class Hour(Clock):
    """The real clock, moved forward by hand, that never waits."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead


class Stage:
    """A sandbox with a signed-in file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Hour()
        self.sandbox = Sandbox(pace=0, clock=self.clock.now)
        access, refresh = self.sandbox.keyring.issue(51, DEFAULT_CLIENT, frozenset({"media:read", "media:write"}))
        now = self.clock.now()
        self.token = Token(DEFAULT_CLIENT, access.value, refresh.value, now + 604_800, now, "device")
        save(path, self.token)

    @asynccontextmanager
    async def tokens(self, count: int = 1) -> AsyncIterator[list[FileTokens]]:
        """So many processes' views of the one file."""
        async with serve(self.sandbox) as url, open_session() as session:
            signin = SignIn(session, self.clock, Pace(self.clock), url, "1", "another-app", timeout=60)
            yield [FileTokens(self.path, self.token, signin) for _ in range(count)]

    @property
    def refreshes(self) -> int:
        return len(self.sandbox.requests("POST", "/oauth2/token"))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A sandbox with a signed-in file."""
    return Stage(tmp_path / "config" / "token.json")


async def test_a_token_is_renewed_before_it_runs_out(stage: Stage) -> None:
    """In the middle of a run, once, by the app that it belongs to; the file holds the new one."""
    async with stage.tokens() as (tokens,):
        assert await tokens.current() == stage.token.access_token
        stage.clock.ahead = 604_600
        fresh = await tokens.current()
        assert fresh == await tokens.current() != stage.token.access_token
    kept = load(stage.path)
    assert kept is not None
    assert (kept.access_token, kept.refresh_token) == (fresh, stage.token.refresh_token)
    assert stage.sandbox.keyring.valid(fresh) is not None
    assert stage.refreshes == 1


async def test_a_refused_token_is_renewed_once_for_all_processes(stage: Stage) -> None:
    """A refresh ends the previous token: whoever comes second takes the first one's result."""
    async with stage.tokens(3) as several:
        stage.sandbox.expire(stage.token.access_token)
        found: list[str | None] = []

        async def renew(tokens: FileTokens) -> None:
            found.append(await tokens.renew())

        async with anyio.create_task_group() as group:
            for tokens in several:
                group.start_soon(renew, tokens)
    assert len(set(found)) == 1
    assert stage.refreshes == 1
    assert stage.sandbox.keyring.valid(str(found[0])) is not None


async def test_another_process_s_renewal_is_seen_without_a_refusal(stage: Stage) -> None:
    """The file tells, before a request is wasted."""
    async with stage.tokens(2) as (first, second):
        fresh = await first.renew()
        assert await second.current() == fresh
    assert stage.refreshes == 1


async def test_a_lock_that_another_process_holds_is_waited_for(stage: Stage) -> None:
    """And the loop goes on meanwhile."""
    free = threading.Event()
    taken = threading.Event()

    def hold() -> None:
        with exclusive(lock_file(stage.path), wait=True):
            taken.set()
            free.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(60)
    async with stage.tokens() as (tokens,), anyio.create_task_group() as group:
        group.start_soon(tokens.renew)
        await anyio.sleep(0.05)
        assert stage.refreshes == 0
        free.set()
    thread.join()
    assert stage.refreshes == 1


async def test_a_failed_renewal_is_put_off_while_the_token_holds(stage: Stage) -> None:
    """Only at its end does the trouble stop the run."""
    stage.sandbox.faults.script("POST /oauth2/token", ["status-503"] * 12)
    async with stage.tokens() as (tokens,):
        stage.clock.ahead = 604_600
        assert await tokens.current() == stage.token.access_token
        tried = stage.refreshes
        assert await tokens.current() == stage.token.access_token
        assert stage.refreshes == tried
        stage.clock.ahead = 604_900
        with pytest.raises(ServiceStopError):
            await tokens.current()


async def test_a_dead_refresh_token_asks_for_a_new_sign_in(stage: Stage) -> None:
    """As does a sign-in that was removed meanwhile."""
    stage.sandbox.faults.script("POST /oauth2/token", ["refresh-refused"])
    async with stage.tokens() as (tokens,):
        with pytest.raises(CredentialsError, match="run out"):
            await tokens.renew()
        remove(stage.path)
        assert await tokens.current() == stage.token.access_token
        with pytest.raises(CredentialsError, match="removed"):
            await tokens.renew()


async def test_a_pin_token_cannot_be_renewed(stage: Stage) -> None:
    """There is no other, unless the person signed in again meanwhile."""
    stage.token = Token(DEFAULT_CLIENT, "p1n", flow="pin")
    save(stage.path, stage.token)
    async with stage.tokens() as (tokens,):
        assert await tokens.current() == "p1n"
        assert await tokens.renew() is None
        save(stage.path, Token(DEFAULT_CLIENT, "an0ther", flow="pin"))
        assert await tokens.renew() == "an0ther"
    assert json.loads(stage.path.read_text())["flow"] == "pin"
