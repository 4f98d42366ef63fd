"""Opens the kept resume files as their person would: with the account as it was then, and the exports at hand."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import aiohttp
import pytest

from importer.journal.file import memory_journal, open_journal
from importer.journal.store import Journal
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve

FILES = Path(__file__).with_name("files")
OWNER = "51@sandbox"


def _harness() -> ModuleType:
    """The desk of the whole histories, which stands in another folder of tests."""
    spec = spec_from_file_location("model_desk", Path(__file__).parents[1] / "model" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


HARNESS = _harness()


Ratings: TypeAlias = dict[str, tuple[int, str | None]]
"""Rating and date by title."""


@dataclass
class Kept:
    """One kept file, copied to be written to. `said` is what stands beside it."""

    folder: Path
    path: Path
    said: dict[str, Any]
    desk: Any = None

    @property
    def exports(self) -> list[Path]:
        """What was imported last."""
        return [self.folder / name for name in self.said["last"]]

    @property
    def before(self) -> Ratings:
        """The account before the program wrote to it."""
        return _ratings(self.said["before"])

    @property
    def at_that_time(self) -> Ratings:
        """The account at the file's moment."""
        return _ratings(self.said["account"])

    def now(self) -> Ratings:
        """The account as it is."""
        found: Ratings = self.desk.account()
        return found

    async def run(self, *paths: Path, **options: Any) -> Any:
        """Import the last exports again, or others."""
        return await self.desk.run(*(paths or self.exports), **{**self.said["options"], **options})


Take = Callable[[str, str], Kept]
Open = Callable[[str, str], AbstractAsyncContextManager[Kept]]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Copy a kept file and its exports to where they may be written to."""

    def taken(version: str, name: str) -> Kept:
        path = tmp_path / "resume.sqlite"
        shutil.copy(FILES / version / f"{name}.sqlite", path)
        said = json.loads((FILES / version / f"{name}.json").read_text())
        for export, text in said["exports"].items():
            (tmp_path / export).write_bytes(text.encode())
        return Kept(tmp_path, path, said)

    return taken


@pytest.fixture
def at_desk(take: Take) -> Open:
    """Sit down with a kept file a day after its last entry."""

    @asynccontextmanager
    async def opened(version: str, name: str) -> AsyncIterator[Kept]:
        kept = take(version, name)
        clock = HARNESS.Hours()
        clock.moment = float(kept.said["now"])
        sandbox = Sandbox(pace=0, clock=clock.now, plan="vip", catalog=kept.said["catalog"], faults=kept.said["faults"])
        _seed(sandbox, kept.said)
        clock.moment += HARNESS.DAY
        async with serve(sandbox) as url, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
            kept.desk = HARNESS.Desk(kept.folder, sandbox, clock, url, session, version="0.1.0")
            kept.desk.journal.close()
            kept.desk.journal = open_journal(kept.path, OWNER)
            try:
                yield kept
            finally:
                kept.desk.journal.close()

    return opened


PLAIN: dict[str, dict[str, Any]] = {
    "runs": {
        "command": "run",
        "state": "finished",
        "started": 0,
        "job": "job",
        "sources": "[]",
        "redate": 0,
        "opening": "none",
        "unsettled": 1,
        "undone": 0,
    },
    "rows": {
        "source": "a",
        "file": "a.csv",
        "line": 1,
        "kind": "movie",
        "title": "Jaws",
        "source_rating": "8",
        "rating": 8,
        "outcome": "applied",
        "fresh": 0,
    },
    "items": {"kind": "movie", "title": "Jaws", "outcome": "applied"},
    "batches": {"kind": "rate", "box": "movies", "state": "done", "digest": "", "size": 1, "started": 0},
    "changes": {"role": "row", "after_rating": 8, "after_at": 100, "dated": "second rating", "state": "answered"},
    "owed": {
        "kind": "movie",
        "title": "Jaws",
        "why": "give",
        "state": "due",
        "key": "",
        "run": 1,
        "since": 0,
        "upto": 0,
        "tries": 0,
    },
    "asks": {"kind": "movie", "title": "Jaws", "wrong": 0},
    "moved": {},
    "account": {"kind": "movie", "title": "Jaws", "rating": 8},
    "listed": {"kind": "movie", "title": "Jaws", "status": "completed"},
    "opening": {"kind": "movie", "title": "Jaws", "rating": 8},
    "gone": {},
    "meta": {},
}
"""What stands in a row of each table where a test does not care."""


class Resume:
    """A resume file in memory, filled by hand: what one function makes of one state is seen without any run."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def put(self, table: str, **values: Any) -> None:
        """Write one row; what is not named is plain."""
        row = PLAIN[table] | values
        names, places = ", ".join(row), ", ".join("?" * len(row))
        self.journal.write(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(row.values()))

    def change(self, run: int, batch: int, n: int, key: str, **values: Any) -> None:
        """Write a change, and its run and its batch where they are not on record yet."""
        if not self.read("SELECT 1 FROM runs WHERE run = ?", run):
            self.put("runs", run=run)
        if not self.read("SELECT 1 FROM batches WHERE run = ? AND batch = ?", run, batch):
            self.put("batches", run=run, batch=batch)
        self.put("changes", run=run, batch=batch, n=n, key=key, **values)

    def read(self, sql: str, *values: Any) -> list[Any]:
        """Read rows; of one column its values."""
        return [row[0] if len(row) == 1 else row for row in self.journal.rows(sql, values)]


@pytest.fixture
def resume() -> Iterator[Resume]:
    """A new resume file in memory."""
    with closing(memory_journal(OWNER, Path("resume.sqlite"))) as journal:
        yield Resume(journal)


def _seed(sandbox: Sandbox, said: dict[str, Any]) -> None:
    for title in said["before"] + said["account"]:
        if title["simkl"] not in sandbox.catalog.titles:
            ids = {**title["ids"], "simkl": title["simkl"]}
            sandbox.catalog.add(title["kind"], title["title"], title["year"], ids)
    for alias in said["aliases"]:
        sandbox.catalog.alias(alias["title"], alias["year"], "movie", alias["simkl"])
    for title in said["account"]:
        sandbox.account.write(sandbox.catalog.titles[title["simkl"]], title["rating"], title["rated_at"])
    sandbox.account.touch({}, still=True)
    sandbox.account.stamps.kinds.update(said["stamps"])


def _ratings(titles: list[dict[str, Any]]) -> Ratings:
    return {title["title"]: (title["rating"], title["rated_at"]) for title in titles}
