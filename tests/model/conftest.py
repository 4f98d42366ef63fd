"""A person's desk for whole histories: exports on disk, an account on loopback, a resume file, a clock that obeys."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, closing, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import aiohttp
import pytest

from adapters import ADAPTERS
from importer.errors import ImporterError
from importer.events import Event, Listen, Phase, PhaseBegan, Told, Warned
from importer.exports import open_exports
from importer.journal.file import memory_journal
from importer.journal.rows import read_rows
from importer.journal.runs import last_import
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.machine.places import Places
from importer.model import value
from importer.record import Record, Summary
from importer.report.rejects import write_rejects
from importer.run import session
from importer.run.access import Access, Owner
from importer.run.job import Options
from importer.run.scope import Scope
from importer.sandbox.account import Rating
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.signin.credentials import Credentials
from importer.signin.tokens import Token
from importer.simkl.answer import Answer, T
from importer.simkl.client import Client
from importer.simkl.pace import Pace
from importer.simkl.token import FixedToken

START = int(datetime(2025, 6, 15, 9, 30, 7, tzinfo=UTC).timestamp())
DAY = 86_400


class KilledError(BaseException):
    """The process is gone: nothing may catch it."""


class Hours(Clock):
    """A clock that stands still but for what the test and the waits add."""

    def __init__(self) -> None:
        super().__init__(scale=1)
        self.moment = float(START)

    def now(self) -> float:
        return self.moment

    def monotonic(self) -> float:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.check()
        self.moment += seconds


class Watch:
    """Keeps what the person is told, and which parts of the work begin."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.phases: list[Phase] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, Told | Warned):
            self.told.append(event.text)
        if isinstance(event, PhaseBegan):
            self.phases.append(event.phase)


class MortalClient(Client):
    """A client whose process dies at its n-th POST from now, before or after Simkl has written it."""

    death: tuple[int, bool] | None = None

    async def post(
        self, path: str, body: bytes, *, splittable: bool, read: Callable[[bytes], T], kept: int = 0
    ) -> Answer[T]:
        if self.death is not None:
            left, after = self.death
            if left == 1 and not after:
                raise KilledError
            if left == 1:
                await super().post(path, body, splittable=splittable, read=read)
                raise KilledError
            self.death = (left - 1, after)
        return await super().post(path, body, splittable=splittable, read=read, kept=kept)


@value
class DeskAccess(Access):
    """The account of a desk: its resume file is kept in memory and locked by nobody; its process may die at a POST."""

    session: aiohttp.ClientSession = field(kw_only=True)
    kept: Journal = field(kw_only=True)
    kill: tuple[int, bool] | None = None

    def known_owner(self) -> Owner:
        return Owner(51, "Sandbox", "free")

    def has_put_onto_lists(self, owner: Owner) -> bool:
        return True

    def lock(self, owner: Owner | None) -> AbstractContextManager[None]:
        return nullcontext()

    def journal(
        self, owner: Owner, path: Path | None, *, dry_run: bool, checked: bool = False
    ) -> AbstractContextManager[Journal]:
        return closing(self.kept.copy()) if dry_run else nullcontext(self.kept)

    @asynccontextmanager
    async def client(self, owner: Owner | None, clock: Clock, patience: float, listen: Listen) -> AsyncIterator[Client]:
        token = FixedToken(self.credentials.token.access_token)
        client = MortalClient(
            self.session, self.url, "1", self.credentials.client_id, token, clock, Pace(clock), listen=listen
        )
        client.death = self.kill
        yield client


@dataclass(frozen=True)
class Done:
    """What a command came to. `requests` are the method and path of all that was asked."""

    summary: Summary
    rows: dict[str, Record]
    requests: list[tuple[str, str]]
    told: list[str]
    phases: list[Phase]

    @property
    def posts(self) -> int:
        return sum(method == "POST" for method, _ in self.requests)

    @property
    def totals(self) -> dict[str, int]:
        return {name: count for name, count in (self.summary.totals or {}).items() if count}

    def outcomes(self) -> dict[str, tuple[str, str | None, str | None]]:
        return {
            key: (row.outcome.value, row.reason and row.reason.value, row.note and row.note.value)
            for key, row in self.rows.items()
        }


@dataclass
class Desk:
    """One person; every command is a new process as far as the resume file can tell."""

    folder: Path
    sandbox: Sandbox
    clock: Hours
    url: str
    session: aiohttp.ClientSession
    journal: Journal = field(init=False)
    version: str = "1"

    def __post_init__(self) -> None:
        self.journal = memory_journal("51@sandbox", self.folder / "resume.sqlite")

    def wait(self, days: float = 1) -> None:
        """Let time go by."""
        self.clock.moment += int(days * DAY)

    def iso(self, days: float = 0) -> str:
        """A moment so many days from now as Simkl writes it."""
        return datetime.fromtimestamp(int(self.clock.moment + days * DAY), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    async def run(self, *paths: Path, kill: tuple[int, bool] | None = None, **options: Any) -> Done:
        """Import exports. `kill` is the POST, from 1, at which the process dies, and whether it was written."""
        exports = [export for export, _ in open_exports(paths, ADAPTERS, None)]
        chosen = Options(**options)
        watch = Watch()
        before = len(self.sandbox.log)
        with self._session(kill, dry_run=chosen.dry_run) as held:
            done = await held.import_exports(exports, chosen, self.clock, watch)
            return Done(
                done.summary, self._rows(held.journal, done.summary), self._asked(before), watch.told, watch.phases
            )

    async def dry_run(self, *paths: Path, **options: Any) -> Done:
        """Decide everything, change nothing."""
        before, writes = list(self.journal.rows("SELECT * FROM items")), self.sandbox.writes
        done = await self.run(*paths, dry_run=True, **options)
        assert list(self.journal.rows("SELECT * FROM items")) == before
        assert self.sandbox.writes == writes
        return done

    async def undo(
        self,
        *keys: str,
        run: int | None = None,
        all_runs: bool = False,
        force: bool = False,
        unlist: bool = False,
        dry_run: bool = False,
        kill: tuple[int, bool] | None = None,
    ) -> Done:
        """Take changes back."""
        watch = Watch()
        before = len(self.sandbox.log)
        with self._session(kill, dry_run=dry_run) as held:
            done = await held.undo(Scope(run, all_runs, keys, force, unlist), self.clock, watch)
        return Done(done.summary, {}, self._asked(before), watch.told, watch.phases)

    def rejects(self) -> list[dict[str, str]]:
        """The rows of `report --format rejects`."""
        run = last_import(self.journal)
        assert run is not None
        stream = BytesIO()
        write_rejects(read_rows(self.journal, run.number), stream)
        return list(csv.DictReader(stream.getvalue().decode("utf-8-sig").splitlines()))

    def account(self) -> dict[str, tuple[int, str | None]]:
        """The account's ratings and dates by title."""
        return {
            self.sandbox.catalog.titles[simkl].title: (rating.rating, rating.rated_at)
            for simkl, rating in self.sandbox.account.ratings.items()
        }

    def state(self) -> dict[int, Rating]:
        """All ratings by simkl number."""
        return dict(self.sandbox.account.ratings)

    def letterboxd(self, *rows: tuple[str, int | str, float | str, str], name: str = "ratings.csv") -> Path:
        """An export: (title, year, stars, day) a film; its short URI is made from its title and names it for good."""
        uri = "https://boxd.it/{}"
        lines = [(day, title, year, uri.format(_short(title)), stars) for title, year, stars, day in rows]
        return self.table(name, ("Date", "Name", "Year", "Letterboxd URI", "Rating"), lines)

    def trakt(self, *rows: dict[str, Any], name: str = "ratings-movies.json") -> Path:
        """An export: rows as Trakt writes them."""
        path = self.folder / name
        path.write_text(json.dumps(rows))
        return path

    def mal(self, *rows: tuple[int, str, int, str], name: str = "animelist.xml") -> Path:
        """An export: (id, title, score, finish date) an anime."""
        entries = "".join(
            f"<anime><series_animedb_id>{number}</series_animedb_id><series_title>{escape(title)}</series_title>"
            f"<my_finish_date>{finished}</my_finish_date><my_score>{score}</my_score></anime>"
            for number, title, score, finished in rows
        )
        path = self.folder / name
        path.write_text(
            '<?xml version="1.0" encoding="UTF-8" ?><myanimelist>'
            f"<myinfo><user_export_type>1</user_export_type></myinfo>{entries}</myanimelist>"
        )
        return path

    def generic(self, *rows: dict[str, Any], name: str = "generic.csv") -> Path:
        """A generic CSV, also a mended rejects file: one mapping a row."""
        columns = list(dict.fromkeys(column for row in rows for column in row))
        return self.table(name, columns, [[row.get(column, "") for column in columns] for row in rows])

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
        """A CSV file."""
        path = self.folder / name
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
        return path

    def _session(self, kill: tuple[int, bool] | None, *, dry_run: bool) -> session.Session:
        signed_in = Credentials(self.sandbox.client_id, Token(self.sandbox.client_id, self.sandbox.token), None)
        places = Places(self.folder, self.folder / "state")
        access = DeskAccess(self.url, "sandbox", signed_in, places, session=self.session, kept=self.journal, kill=kill)
        return session.Session(access, dry_run=dry_run, version=self.version)

    def _rows(self, journal: Journal, summary: Summary) -> dict[str, Record]:
        rows = list(read_rows(journal, summary.run)) if summary.run is not None else []
        return {row.key: row for row in rows}

    def _asked(self, before: int) -> list[tuple[str, str]]:
        assert not self.sandbox.content_violations
        return [(entry.method, entry.path) for entry in self.sandbox.log[before:]]


def _short(title: str) -> str:
    return "".join(c for c in title if c.isascii() and c.isalnum()) or f"x{sum(map(ord, title))}"


Open = Callable[..., Any]


@pytest.fixture
def open_desk(tmp_path: Path) -> Open:
    """Open a desk: `async with open_desk() as desk`."""

    @asynccontextmanager
    async def opened(**options: Any) -> AsyncIterator[Desk]:
        clock = Hours()
        sandbox = Sandbox(pace=0, clock=clock.now, plan="vip", **options)
        async with (
            serve(sandbox) as url,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session,
        ):
            desk = Desk(tmp_path, sandbox, clock, url, session)
            with closing(desk.journal):
                yield desk

    return opened


@pytest.fixture
async def desk(open_desk: Open) -> AsyncIterator[Desk]:
    """A desk with an empty account and nothing on record."""
    async with open_desk() as opened:
        yield opened


@pytest.fixture
def killed() -> type[KilledError]:
    """What a killed command ends with."""
    return KilledError


@pytest.fixture
def stopped() -> type[ImporterError]:
    """What a stopped command ends with."""
    return ImporterError


@pytest.fixture(scope="session")
def rules() -> ModuleType:
    """The module of the oracle, which stands beside this file."""
    return _beside("oracle")


@pytest.fixture(scope="session")
def stories() -> ModuleType:
    """The module of random histories, which stands beside this file."""
    return _beside("stories")


@pytest.fixture(scope="session")
def paper() -> ModuleType:
    """The module of a resume file on paper, which stands beside this file."""
    return _beside("paper")


@pytest.fixture(scope="session")
def pure() -> ModuleType:
    """The module of histories without a program, which stands beside this file."""
    return _beside("pure")


def _beside(name: str) -> ModuleType:
    spec = spec_from_file_location(f"model_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module
