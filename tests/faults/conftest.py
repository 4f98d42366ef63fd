"""A stage for the faults: the real pipeline over real sockets against the sandbox, on a clock that keeps its waits."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import pytest

from adapters import ADAPTERS
from importer.errors import ImporterError
from importer.events import Answered, Event, Retrying, Warned
from importer.exports import open_exports
from importer.journal.file import open_journal
from importer.journal.rows import read_rows
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.record import Record, Summary
from importer.run.importing import Import
from importer.run.job import Options
from importer.sandbox.account import Rating
from importer.sandbox.app import Sandbox
from importer.sandbox.log import Request
from importer.sandbox.server import serve
from importer.simkl.client import Client
from importer.simkl.pace import Pace
from importer.simkl.token import FixedToken, Tokens
from importer.simkl.transport import open_session

ACCOUNT = "51@sandbox"
START = 1_750_000_000.0


def date(n: int) -> str:
    """When the nth film was rated: a second after the one before, so that they are sent in the export's order."""
    return f"2024-03-05T{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z"


class Hours(Clock):
    """A clock that stands still but for the waits, which it keeps. A request takes no time but what it is held back."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.moment = START
        self._patience: dict[anyio.CancelScope, float] = {}

    @contextmanager
    def flight(self, patience: float) -> Iterator[None]:
        """Bound one request by what the service holds it back, however slow this machine is."""
        others = set(self._flights)
        with super().flight(math.inf):
            (scope,) = self._flights - others
            self._patience[scope] = patience
            try:
                yield
            finally:
                del self._patience[scope]

    async def hold(self, seconds: float) -> None:
        """Hold an answer back: who has no patience for that gives up at once, and the answer never comes."""
        for scope in self._patience:
            self._patience[scope] -= seconds
            if self._patience[scope] < 0:
                scope.deadline = anyio.current_time()
        if any(left < 0 for left in self._patience.values()):
            await anyio.sleep_forever()

    def now(self) -> float:
        return self.moment

    def monotonic(self) -> float:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.check()
        self.waits.append(round(seconds, 3))
        self.moment += seconds

    async def work(self, seconds: float) -> None:
        """Let the service take its time."""
        self.moment += seconds

    @property
    def long_waits(self) -> list[float]:
        """The waits that are no mere pace between two requests."""
        return [wait for wait in self.waits if wait > 1.1001]


class Watch:
    """Hears everything, and keeps what it is told and when each POST ended."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.retries: list[tuple[str, float]] = []
        self.posts_ended: list[float] = []
        self.notes: list[str] = []

    def __call__(self, event: Event) -> None:
        match event:
            case Retrying(reason, seconds):
                self.retries.append((reason, seconds))
            case Warned(text):
                self.notes.append(text)
            case Answered("POST"):
                self.posts_ended.append(self.clock.monotonic())


@dataclass
class Done:
    """What one run came to: its exit status and message, its rows, and what it asked of the service."""

    exit: int
    message: str
    summary: Summary | None
    rows: list[Record]
    requests: list[Request]
    error: ImporterError | None = None

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(str(row.outcome) for row in self.rows)

    @property
    def posts(self) -> list[Request]:
        return [entry for entry in self.requests if entry.method == "POST"]

    @property
    def sizes(self) -> list[int]:
        """How many ratings each POST carried."""
        return [sum(len(items) for items in entry.body.values()) for entry in self.posts]


@dataclass
class Stage:
    """One person's export, resume file and account; `run` is the command. The export holds `count` films."""

    folder: Path
    sandbox: Sandbox
    clock: Hours
    tokens: Tokens
    timeout: float = 2.0
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.clock)

    def export(self, titles: Iterable[str]) -> Path:
        """Write an export of films, each with its own rating and date."""
        path = self.folder / "export.csv"
        lines = ["type,title,year,rating,rated_at,imdb"]
        for n, title in enumerate(titles):
            lines.append(f"movie,{title},{1950 + n % 70},{n % 10 + 1},{date(n)},tt{7000000 + n}")
        path.write_text("\n".join(lines) + "\n")
        return path

    async def run(self, titles: int | Sequence[str] = 4, **options: object) -> Done:
        """Import once. Pace and sums are checked after every run, whatever came of it."""
        names = [f"Film {n}" for n in range(titles)] if isinstance(titles, int) else titles
        path = self.export(names)
        exports = [export for export, _ in open_exports([path], ADAPTERS, None)]
        journal = open_journal(self.folder / "resume.sqlite", ACCOUNT)
        before = len(self.sandbox.log)
        summary: Summary | None = None
        stop: ImporterError | None = None
        try:
            async with serve(self.sandbox) as url, open_session() as session:
                pace = Pace(self.clock, self.folder / "pace")
                client = Client(
                    session,
                    url,
                    "1",
                    self.sandbox.client_id,
                    self.tokens,
                    self.clock,
                    pace,
                    timeout=self.timeout,
                    listen=self.watch,
                )
                work = Import(exports, Options(**options), client, journal, self.clock, self.watch, "1", 500)
                try:
                    summary = await work.run()
                except* ImporterError as group:
                    stop = _first(group)
            rows = list(self._rows(journal, summary))
        finally:
            journal.close()
        self._pace_held()
        if summary is not None:
            assert len(rows) == len(names) == sum(Counter(row.outcome for row in rows).values())
            assert summary.totals is not None
            assert summary.totals["read"] == len(names)
            return Done(summary.exit, summary.message or "", summary, rows, self.sandbox.log[before:])
        assert stop is not None
        return Done(stop.exit_code, stop.message, None, rows, self.sandbox.log[before:], stop)

    def account(self) -> dict[str, Rating]:
        """The account's ratings by title."""
        titles = self.sandbox.catalog.titles
        return {titles[simkl].title: rating for simkl, rating in self.sandbox.account.ratings.items()}

    def planned(self, count: int) -> dict[str, Rating]:
        """What the account should hold after `run(count)`."""
        return {f"Film {n}": Rating(n % 10 + 1, date(n)) for n in range(count)}

    def _rows(self, journal: Journal, summary: Summary | None) -> Iterable[Record]:
        return read_rows(journal, summary.run) if summary is not None and summary.run is not None else ()

    def _pace_held(self) -> None:
        ended = self.watch.posts_ended
        gaps = [later - earlier for earlier, later in itertools.pairwise(ended)]
        assert all(gap > 1.0999 for gap in gaps), "a POST came early"
        overlaps = [one for one in self.sandbox.violations if one.kind in ("overlap", "parallel")]
        assert not overlaps
        assert not self.sandbox.content_violations


def _first(group: BaseExceptionGroup) -> ImporterError:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty account, nothing on record."""
    clock = Hours()
    sandbox = Sandbox(pace=0, clock=clock.now, sleep=clock.hold)
    return Stage(tmp_path, sandbox, clock, FixedToken(sandbox.token))


@pytest.fixture
def script(stage: Stage) -> Callable[..., None]:
    """Play faults on the ratings POSTs, one by one."""

    def play(*names: str | None) -> None:
        stage.sandbox.faults.script("POST /sync/ratings", names)

    return play
