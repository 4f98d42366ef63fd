"""What the client asks and reads, against the look-alike: an independent reading of the same pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from importer.machine.clock import Clock
from importer.model import Kind
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.simkl.account import read_delta, read_library, read_stamps
from importer.simkl.client import Client
from importer.simkl.lookup import Lead, look_up, search, where_leads
from importer.simkl.pace import Pace
from importer.simkl.reads import SETTINGS, Removal, parse_settings
from importer.simkl.token import FixedToken
from importer.simkl.transport import open_session

MATRIX, RELOADED, SERIES = 53001, 53002, 17001


@asynccontextmanager
async def speaking(sandbox: Sandbox) -> AsyncIterator[Client]:
    """A client that speaks to a sandbox."""
    clock = Clock(0.0)
    async with serve(sandbox) as url, open_session() as session:
        yield Client(session, url, "1", sandbox.client_id, FixedToken(sandbox.token), clock, Pace(clock), timeout=60)


async def test_the_account_is_told_without_a_body_or_a_write() -> None:
    """And says how much is left of the day."""
    sandbox = Sandbox(pace=0, quota=500)
    async with speaking(sandbox) as client:
        account = await client.get(SETTINGS, parse_settings)
        assert (account.id, account.name, account.plan) == (51, "Sandbox", "free")
        assert account.timezone
        assert client.left_today is None  # a brand-new token's first answer does not say
        await read_stamps(client)
        assert (client.left_today, client.limit_today) == (498, 500)
    assert [(entry.method, entry.raw) for entry in sandbox.log] == [("GET", b"")] * 2


async def test_what_changed_since_a_stamp_is_read_in_one_request() -> None:
    """Ratings and removals of all kinds; the stamp is what the activities said."""
    now = [1_800_000_000.0]
    sandbox = Sandbox(pace=0, clock=lambda: now[0])
    sandbox.account.rate(MATRIX, 9)
    sandbox.account.rate(SERIES, 7)
    now[0] += 10
    async with speaking(sandbox) as client:
        stamps = await read_stamps(client)
        assert stamps.newest is not None
        now[0] += 10
        sandbox.account.rate(RELOADED, 8)
        sandbox.account.unrate(SERIES)
        delta = await read_delta(client, stamps.newest)
        moved = await read_stamps(client)
    assert [(one.simkl, one.kind, one.rating) for one in delta.rated] == [(RELOADED, Kind.MOVIE, 8)]
    assert delta.removed == (Removal(SERIES, Kind.SHOW),)
    assert moved.of(Kind.SHOW) != stamps.of(Kind.SHOW)
    assert moved.of(Kind.ANIME) == stamps.of(Kind.ANIME)


@pytest.mark.parametrize("faults", [[], ["max-items"]])
async def test_the_library_tells_ratings_and_lists_at_once(faults: list[str]) -> None:
    """Whole, or list by list where it is too large for one answer."""
    sandbox = Sandbox(pace=0, faults=faults)
    sandbox.faults.dials.max_items = 2
    sandbox.account.rate(MATRIX, 9, "2026-05-15T20:00:00Z")
    sandbox.account.put_on_list(RELOADED, "plantowatch")
    sandbox.account.put_on_list(53003, "dropped")
    sandbox.account.put_on_list(SERIES, "watching", watched_at="2026-05-15T20:00:00Z", episodes=3)
    async with speaking(sandbox) as client:
        films = {one.simkl: one for one in await read_library(client, Kind.MOVIE)}
        [series] = await read_library(client, Kind.SHOW)
    assert {simkl: one.status for simkl, one in films.items()} == {
        MATRIX: "completed",
        RELOADED: "plantowatch",
        53003: "dropped",
    }
    rating = films[MATRIX].rating
    assert rating is not None
    assert (rating.rating, rating.rated_at) == (9, 1_778_875_200)
    assert films[RELOADED].rating is None
    assert (series.status, series.episodes, series.watched_at) == ("watching", 3, 1_778_875_200)
    assert len(sandbox.log) == (2 if not faults else 5)


async def test_titles_are_looked_up_by_page_id_and_name() -> None:
    """Pages carry no token; a redirect gets one where Simkl wants it; a search is a request like any other."""
    sandbox = Sandbox(pace=0, catalog="closed")
    async with speaking(sandbox) as client:
        page = await look_up(client, Kind.MOVIE, 53009)
        assert page is not None
        assert (page.title, page.year) == ("Amélie", 2001)
        assert "Le Fabuleux Destin d'Amélie Poulain" in page.other_titles
        assert await look_up(client, Kind.MOVIE, 1) is None
        assert await where_leads(client, Kind.MOVIE, "imdb", "tt0211915") == Lead(Kind.MOVIE, 53009)
        assert await where_leads(client, Kind.MOVIE, "imdb", "tt9999999") is None
        assert client.requests.get == 0
        found = await search(client, Kind.MOVIE, "The Matrix", 1999)
        assert (found[0].simkl, found[0].kind) == (MATRIX, Kind.MOVIE)
        assert await search(client, Kind.SHOW, "Nothing of this name", None) == ()
        assert client.requests.get == 2
    assert not sandbox.violations
