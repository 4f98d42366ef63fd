"""The desk to mend at, without a terminal: what a page builds on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from importer.errors import LockedError, ResumeFileError, UsageError
from importer.events import Event, Told
from importer.machine.clock import Clock
from importer.machine.lock import exclusive
from importer.machine.places import Places
from importer.model import Command, Item, Kind
from importer.run.access import Access
from importer.run.job import Options
from importer.run.mend import desk as desks
from importer.run.mend.choices import Absent, ChoiceState, Picked, Skip, Typed
from importer.run.mend.desk import Desk, DeskTarget, open_desk
from importer.run.reading import Export
from importer.run.session import Session
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.signin.credentials import Credentials
from importer.signin.tokens import Token

HEAT, SAMURAI = 53036, 53041


class Account:
    """An account on a look-alike whose last run told of two rows that need a person."""

    def __init__(self, sandbox: Sandbox, access: Access) -> None:
        self.sandbox = sandbox
        self.access = access
        self.told: list[str] = []

    def listen(self, event: Event) -> None:
        """Keep what a person would read."""
        if isinstance(event, Told):
            self.told.append(event.text)

    def place(self, **options: Any) -> DeskTarget:
        """Where its findings are mended."""
        return DeskTarget(self.access, **options)

    @asynccontextmanager
    async def desk(self, **options: Any) -> AsyncIterator[Desk]:
        """An open desk."""
        async with open_desk(self.place(**options), Clock(0.0), self.listen) as desk:
            yield desk

    async def run(self, *rows: tuple[str, str, int | None, int]) -> Any:
        """Import rows, each a key, a title, a year and a rating."""
        items = [
            Item(
                key=key,
                kind=Kind.MOVIE,
                title=title,
                year=year,
                ids=(),
                source_rating=str(rating),
                rating=rating,
                date=None,
                file="rows.csv",
                line=n,
            )
            for n, (key, title, year, rating) in enumerate(rows, 1)
        ]
        export = Export("rows.csv", "test", str(rows), lambda: iter(items))
        with Session(self.access) as session:
            return (await session.import_exports([export], Options(), Clock(0.0), self.listen)).summary

    @property
    def rated(self) -> dict[int, int]:
        """What stands there."""
        return {simkl: one.rating for simkl, one in self.sandbox.account.ratings.items()}


ROWS = (("t:samu", "Seven Samurais", 1954, 9), ("t:heat", "Heat", None, 6))


@pytest.fixture
async def account(tmp_path: Path) -> AsyncIterator[Account]:
    """An account with two findings."""
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(pace=0, catalog="closed")
        url = await stack.enter_async_context(serve(sandbox))
        signed_in = Credentials(sandbox.client_id, Token(sandbox.client_id, sandbox.token), None)
        found = Account(sandbox, Access(url, "sandbox", signed_in, Places(tmp_path, tmp_path / "state"), alone=True))
        await found.run(*ROWS)
        yield found


async def _send(desk: Desk, **options: Any) -> Any:
    with ExitStack() as stack:
        session = await desk.hold(stack)
        return (await desk.send(session, Options(command=Command.MEND, **options))).summary


async def test_findings_are_searched_for_chosen_and_sent(account: Account) -> None:
    """Each choice is on disk at once: another desk sends it."""
    async with account.desk() as desk:
        samurai, heat = await desk.findings()
        assert (samurai.record.key, heat.record.key) == ("t:samu", "t:heat")
        ranking = await desk.search(heat)
        assert ranking.suggestion is not None
        assert await desk.remember(heat, Picked(ranking.suggestion)) is ChoiceState.KEPT
        assert await desk.remember(samurai, Typed("simkl", "1", (Kind.MOVIE,))) is ChoiceState.UNKNOWN
        assert await desk.remember(samurai, Typed("simkl", str(SAMURAI), tuple(Kind))) is ChoiceState.KEPT
        assert account.rated == {}
    async with account.desk() as desk:
        assert await desk.findings() == []
        assert len(desk.unsent()) == 2
        assert (await _send(desk)).totals["applied"] == 2
        assert desk.unsent() == []
    assert account.rated == {SAMURAI: 9, HEAT: 6}


async def test_the_account_is_free_while_a_desk_is_open(account: Account) -> None:
    """A run goes on, and what it settled or changed is not chosen for any more."""
    async with account.desk() as desk:
        samurai, heat = await desk.findings()
        title = await desk.title_of(Typed("simkl", str(SAMURAI), (Kind.MOVIE,)), Kind.MOVIE)
        assert title is not None
        await account.run(("t:samu", "The Eight Samurais", 1954, 9), ("t:heat", "Heat", None, 6))
        assert await desk.remember(samurai, Picked(title)) is ChoiceState.SETTLED
        assert await desk.remember(heat, Skip()) is ChoiceState.KEPT
        samurai, _ = await desk.findings()
        assert await desk.remember(samurai, Picked(title)) is ChoiceState.KEPT
        assert (await _send(desk)).totals["applied"] == 1
    assert account.rated == {SAMURAI: 9}


async def test_while_a_run_holds_the_account_nothing_is_written(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings can still be read and searched for; a choice is refused, and no desk is opened."""
    monkeypatch.setattr(desks, "SHORT", 0.0)
    async with account.desk() as desk:
        samurai, heat = await desk.findings()
        with exclusive(account.access.lock_file(account.access.known_owner())):
            assert (await desk.search(heat)).suggestion is not None
            with pytest.raises(LockedError):
                await desk.remember(samurai, Absent(), 0)
            with pytest.raises(LockedError):
                async with account.desk():
                    pass
        assert await desk.remember(samurai, Absent(), 0) is ChoiceState.KEPT
        assert [one.record.key for one in await desk.findings()] == ["t:heat"]
        assert await desk.forget(["t:samu"])
        assert len(await desk.findings()) == 2
        with pytest.raises(UsageError):
            await desk.forget(["t:none"])


async def test_a_dry_run_writes_nothing(account: Account) -> None:
    """What was chosen is pending, and forgotten with the desk."""
    async with account.desk(dry_run=True) as desk:
        _, heat = await desk.findings()
        ranking = await desk.search(heat)
        assert await desk.remember(heat, Picked(ranking.candidates[0])) is ChoiceState.KEPT
        assert (await _send(desk, dry_run=True)).totals["pending"] == 1
        assert desk.unsent() == []
    assert account.rated == {}


async def test_without_a_resume_file_there_is_nothing_to_mend(account: Account, tmp_path: Path) -> None:
    """The error says so, and nothing is made."""
    with pytest.raises(ResumeFileError):
        async with account.desk(resume_file=tmp_path / "none.sqlite"):
            pass
    assert not (tmp_path / "none.sqlite").exists()
