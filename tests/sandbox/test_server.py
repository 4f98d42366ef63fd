"""Serving and shutting down."""

from __future__ import annotations

import ast
import asyncio
import threading
import time
from pathlib import Path

import aiohttp
import anyio.from_thread
import pytest

import importer.sandbox
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve


async def test_it_shuts_down_at_once_while_answers_are_held_back(play):
    """Stalls, drips and idle connections do not keep the server up."""
    async with play(faults=["stall"]) as caller:
        held = [asyncio.create_task(caller.get("/sync/activities")) for _ in range(3)]
        while len(caller.sandbox.log) < 3:  # noqa: ASYNC110 - nothing is set when a request comes in
            await asyncio.sleep(0.001)
        started = time.monotonic()
    assert time.monotonic() - started < 30  # a server that waits for its answers gives them a minute
    for task in held:
        with pytest.raises((aiohttp.ClientError, asyncio.CancelledError)):
            await task


async def test_one_sandbox_can_be_served_again(play):
    """The account and the log outlive the server."""
    sandbox = Sandbox(pace=0)
    for _ in range(2):
        async with play(sandbox) as caller:
            assert (await caller.get("/sync/activities")).status == 200
    assert len(sandbox.log) == 2


async def test_a_given_port_is_taken(play):
    """The address holds the port that was asked for, on loopback."""
    async with serve(Sandbox()) as url:
        port = int(url.rpartition(":")[2])
        assert url == f"http://127.0.0.1:{port}"
    async with serve(Sandbox(), port) as url:
        assert url.endswith(f":{port}")


def test_it_runs_in_a_blocking_portal_beside_sync_code():
    """Tests without a loop serve it from a thread of its own."""
    with anyio.from_thread.start_blocking_portal() as portal:
        with portal.wrap_async_context_manager(serve(Sandbox())) as url:
            assert url.startswith("http://127.0.0.1:")
        assert threading.active_count() > 1


def test_it_imports_nothing_of_the_program_it_judges():
    """Only its own modules, aiohttp, orjson and the standard library."""
    for path in Path(importer.sandbox.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not name.startswith(("importer", "adapters")) or name.startswith("importer.sandbox"), (
                    path,
                    name,
                )
