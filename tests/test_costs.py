"""What an import costs, counted: requests, bytes, statements and commits. Counts hold everywhere; times do not."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType, NoneType

import pytest

from importer.events import nobody
from importer.journal.file import open_journal
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Date, Item, Kind, Origin, Precision
from importer.record import Summary
from importer.run.importing import Import
from importer.run.job import Options
from importer.run.reading import Export
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.simkl.client import Client
from importer.simkl.pace import Pace
from importer.simkl.token import FixedToken
from importer.simkl.transport import open_session

FIRST = 1_400_000_000


class Films:
    """An export of so many films, in no order of their dates; counts how often its rows are read."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.read = 0

    def rows(self) -> Iterator[Item]:
        for n in range(self.count):
            self.read += 1
            date = Date(FIRST + n * 7_919 % self.count, Precision.SECOND, Origin.RATING)
            ids = (("imdb", f"tt{7_000_000 + n}"),)
            yield Item(f"trakt:movie:{n}", Kind.MOVIE, f"Film {n}", 1990, ids, "8", 8, date, "ratings.json", n + 1)


class Ledger:
    """Counts the statements that a resume file runs, by their first word, and the pages it puts on disk."""

    def __init__(self, path: Path) -> None:
        self.journal: Journal = open_journal(path, "51@sandbox")
        self.words: Counter[str] = Counter()
        connection: sqlite3.Connection = self.journal._connection
        connection.set_trace_callback(lambda sql: self.words.update([sql.split(None, 1)[0]]))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Callable[..., Ledger]]:
    """Make resume files that are counted; they are closed at the end."""
    with ExitStack() as made:

        def make(name: str = "resume.sqlite") -> Ledger:
            ledger = Ledger(tmp_path / name)
            made.callback(ledger.journal.close)
            return ledger

        yield make


class Still(Clock):
    """A clock by which every answer comes at once, however busy this machine is."""

    def monotonic(self) -> float:
        return 0.0


async def imported(films: Films, journal: Journal, sandbox: Sandbox) -> Summary:
    export = Export("ratings.json", "trakt", f"films {films.count}", films.rows)
    clock = Still(scale=0)
    async with serve(sandbox) as url, open_session() as session:
        client = Client(session, url, "1", sandbox.client_id, FixedToken(sandbox.token), clock, Pace(clock))
        return await Import([export], Options(), client, journal, clock, nobody, "1", None).run()


@contextmanager
def calls() -> Iterator[Counter[str]]:
    """Count the calls of every function in this thread, by its file and name."""
    counted: Counter[str] = Counter()

    def called(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            counted[f"{Path(frame.f_code.co_filename).name}:{frame.f_code.co_name}"] += 1

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield counted
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize(("films", "posts"), [(0, 0), (1, 1), (100, 1), (101, 2), (550, 3), (3_000, 6)])
async def test_batches_reach_the_largest_size_at_once(ledger, films, posts):
    """100, 200, 400, 800, then 1,000 a POST: 10,000 ratings take 13 of them."""
    sandbox = Sandbox(pace=0)
    summary = await imported(Films(films), ledger().journal, sandbox)
    assert summary.requests.post == posts
    assert [len(entry.body["movies"]) for entry in sandbox.requests("POST", "/sync/ratings")][:3] == [
        *((films,) if 0 < films <= 100 else ()),
        *((100, min(films - 100, 200)) if films > 100 else ()),
        *((min(films - 300, 400),) if films > 300 else ()),
    ]
    assert not sandbox.content_violations


async def test_the_account_is_read_as_rarely_as_can_be(ledger):
    """Once before, stamps and three kinds; once after, stamps and the one kind that moved."""
    sandbox = Sandbox(pace=0)
    summary = await imported(Films(300), ledger().journal, sandbox)
    assert summary.requests.get == 6
    assert summary.requests.retries == 0


async def test_a_body_holds_little_beside_its_ratings(ledger):
    """At most 110 bytes a film with one id, its title and its date."""
    sandbox = Sandbox(pace=0)
    await imported(Films(300), ledger().journal, sandbox)
    sent = sum(len(entry.raw) for entry in sandbox.requests("POST", "/sync/ratings"))
    assert sent <= 110 * 300


async def test_a_batch_commits_twice_and_no_row_costs_more_than_a_few_statements(ledger):
    """Intent and outcome for each batch; what one more batch adds to a run is these two commits and no third."""
    commits: dict[int, int] = {}
    statements: dict[int, int] = {}
    for films in (550, 800):
        counted = ledger(f"{films}.sqlite")
        await imported(Films(films), counted.journal, Sandbox(pace=0))
        commits[films] = counted.words["COMMIT"]
        statements[films] = counted.words.total()
    assert commits[800] - commits[550] == 2
    assert (statements[800] - statements[550]) / 250 <= 5.5


async def test_the_rows_of_a_batch_lie_together(ledger):
    """Whatever their order in the export: its outcomes then touch a few pages, and not one for each row."""
    journal = ledger().journal
    await imported(Films(550), journal, Sandbox(pace=0))
    spans = list(journal.rows("SELECT max(place) - min(place) + 1, count(*) FROM rows GROUP BY batch ORDER BY batch"))
    assert spans == [(100, 100), (200, 200), (250, 250)]


async def test_rows_are_read_once(ledger):
    """Whatever is decided, sent and told of them."""
    films = Films(200)
    await imported(films, ledger().journal, Sandbox(pace=0))
    assert films.read == 200


async def test_a_title_is_encoded_once(ledger):
    """Weighed as its batch is made up, and sent as it was weighed."""
    with calls() as counted:
        await imported(Films(300), ledger().journal, Sandbox(pace=0))
    assert counted["wire.py:item_bytes"] == 300


async def test_what_was_read_of_the_account_is_not_read_again_from_the_file(ledger):
    """All of a first import is new on the account: it is merged as it came, and the file holds nothing else."""
    with calls() as counted:
        await imported(Films(300), ledger().journal, Sandbox(pace=0))
    assert counted["reads.py:rating_in"] >= 300
    assert counted["account.py:_theirs"] == 0


def test_a_null_is_bound_without_a_search(ledger):
    """Half of a row's columns are NULL, and sqlite3 would search each time for how None could be adapted."""
    ledger()
    assert (NoneType, sqlite3.PrepareProtocol) in sqlite3.adapters
