"""How the page's server comes to its end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from importer.cli import web
from importer.errors import InterruptedRunError
from importer.machine.clock import Clock


async def test_its_own_button_ends_it(stage: Any) -> None:
    """The answer still comes."""
    ending = asyncio.create_task(web._until_it_ends(Clock(), stage.page))
    answer = await stage.visitor.do("end")
    assert answer.status == 200
    async with asyncio.timeout(60):
        await ending


async def test_it_ends_by_itself_when_nobody_needs_it(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not while a page is connected, and not while something is under way."""
    monkeypatch.setattr(web, "IDLE", 0.05)
    monkeypatch.setattr(web, "_LOOK", 0.01)
    with stage.page.hub.stream():
        ending = asyncio.create_task(web._until_it_ends(Clock(), stage.page))
        done, _ = await asyncio.wait({ending}, timeout=0.5)
        assert not done
    async with asyncio.timeout(60):
        await ending


async def test_a_signal_ends_it(stage: Any) -> None:
    """As soon as it may."""
    clock = Clock()
    ending = asyncio.create_task(web._until_it_ends(clock, stage.page))
    await asyncio.sleep(0)
    clock.stop(2)
    with pytest.raises(InterruptedRunError):
        await ending


async def test_what_is_under_way_is_stopped_and_waited_for(stage: Any) -> None:
    """The batch in flight is on record when it has ended."""
    await stage.give(
        ("r.csv", b"Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5\n")
    )
    await stage.do("look-ahead")
    stage.hold_from_the_first_post()
    await stage.visitor.do("go")
    await stage.until(lambda: any(one.path == "/sync/ratings" and one.method == "POST" for one in stage.box.log))
    await stage.page.close()
    assert stage.page.under_way.doing is None
    assert stage.page.reports.result is not None
    assert (
        stage.page.reports.result.summary.totals["applied"] + stage.page.reports.result.summary.totals.get("pending", 0)
        == 1
    )
