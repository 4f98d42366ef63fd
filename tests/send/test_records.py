"""What each kind of batch leaves in the resume file: rows of a run, payments, removals, what is sent once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import orjson
import pytest

from importer.events import nobody
from importer.journal import life, owed, runs
from importer.journal.batch import Batch, Work
from importer.journal.change import Answer as Said
from importer.journal.change import Change, Question, Role, State
from importer.journal.file import memory_journal
from importer.journal.items import want
from importer.journal.owed import Debt, DebtState, Why
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import AccountRating, Date, Item, Kind, Origin, Outcome, Precision
from importer.plan.sides import Remembered
from importer.plan.title import Title
from importer.send.missing import send_missing
from importer.send.payments import pay, payment
from importer.send.record import RowRecord, due_again, is_fresh, remember_beforehand
from importer.send.unlistings import unlist
from importer.simkl.answer import Answer, T
from importer.simkl.library import Listed
from importer.simkl.pace import Pace
from importer.simkl.retry import Action, Verdict
from importer.simkl.wire import RATINGS, REMOVE, UNLIST, Echo, Outgoing

DATE = Date(100, Precision.SECOND, Origin.RATING)
DEBT = Debt(5, Kind.MOVIE, "Jaws", 1975, 6, 60, 61, Why.GIVE, DebtState.DUE, "a:0", 1, 0, 9)
CHANGES = "SELECT run, batch, n, key, role, sent_simkl, after_rating, after_at FROM changes ORDER BY run, batch, n"


class Service:
    """Names all that it is sent as added, or what it is told to as not found."""

    def __init__(self, *lacks: int) -> None:
        self.lacks = lacks
        self.pace = Pace(Clock(0.0))
        self.posts: list[tuple[str, Any]] = []
        self.left_today = self.limit_today = None

    def check_day(self, kept: int) -> None:
        """The day is long."""

    async def post(self, path: str, body: bytes, *, read: Callable[[bytes], T], **how: object) -> Answer[T]:
        sent = orjson.loads(body)
        self.posts.append((path, sent))
        entries = [entry for box in sent.values() for entry in box]
        gone = [one for one in entries if one["ids"].get("simkl") in self.lacks]
        statuses = [{"request": one, "response": {"status": "completed"}} for one in entries if one not in gone]
        reply = orjson.dumps({"added": {"statuses": statuses}, "not_found": {"movies": gone}})
        return Answer(201, Verdict(Action.ACCEPT, ""), False, read(reply))


@pytest.fixture
def journal() -> Iterator[Journal]:
    """A new resume file in memory, with two runs."""
    with closing(memory_journal("51@sandbox", Path("resume.sqlite"))) as made:
        for _ in range(2):
            runs.begin(made, "run", 9, "job", [])
        yield made


def title(n: int, simkl: int | None = None, asked: int = 7, origin: Origin = Origin.RATING) -> Title:
    """A title that is to be sent."""
    date = replace(DATE, origin=origin)
    item = Item(f"a:{n}", Kind.MOVIE, f"Film {n}", 1975, (), "8", 8, date, "a.csv", n)
    return Title(n=n, item=item, ids=(), rating=8, date=date, rated_at=100, asked=asked, simkl=simkl)


def outgoing(one: Title, ids: tuple[tuple[str, str], ...] = ()) -> Outgoing:
    """A title on its way."""
    return Outgoing(one.key, one.kind, one.item.title, one.item.year, ids, one.rating, one.rated_at)


def record(journal: Journal, titles: list[Title], past: Mapping[str, Remembered], *debts: Debt) -> RowRecord:
    """The record of a run that sends these titles."""
    owed.owe(journal, debts)
    return RowRecord(journal, 2, Clock(0.0), titles, past, {debt.simkl: debt for debt in debts})


def test_a_row_is_on_record_as_it_is_sent(journal: Journal) -> None:
    """By the number that it is sent by, and no other id that it has."""
    titles = [title(n, simkl=99) for n in range(3)]
    ids = [(("simkl", "5"),), (("imdb", "tt1"),), (("simkl", "tt1"),)]
    sent = [outgoing(one, of) for one, of in zip(titles, ids, strict=True)]
    assert record(journal, titles, {}).intend(sent, b"{}") == 1
    assert list(journal.rows(CHANGES)) == [
        (2, 1, 0, "a:0", "row", 5, 8, 100),
        (2, 1, 1, "a:1", "row", None, 8, 100),
        (2, 1, 2, "a:2", "row", None, 8, 100),
    ]


def test_what_a_key_asked_before_is_kept_as_it_asks_something_else(journal: Journal) -> None:
    """Not where it asks the same again, and not where it had asked nothing; what is wanted is on record by the key."""
    titles = [title(n, asked=8) for n in range(4)]
    want(journal, [title(n, asked=asked) for n, asked in enumerate((7, 8, 9))])
    journal.write("UPDATE items SET simkl = 5, rating = 3")
    past = {f"a:{n}": Remembered(outcome=Outcome.APPLIED, asked=asked) for n, asked in enumerate((7, 8, None))}
    record(journal, titles, past).intend([outgoing(one) for one in titles], b"{}")
    assert list(journal.rows("SELECT asked, simkl FROM asks")) == [(7, 5)]
    assert list(journal.rows("SELECT key, asked, simkl, rating FROM items ORDER BY key")) == [
        ("a:0", 8, None, 8),
        ("a:1", 8, 5, 8),
        ("a:2", 8, None, 8),
    ]


@pytest.mark.parametrize("seen", [True, False])
def test_a_row_that_goes_to_a_title_which_is_owed_something_takes_its_place(journal: Journal, seen: bool) -> None:
    """By the title that the account has, else by the one that its question led to; other debts stay. Not before it is
    answered: were it refused or lost, nobody would owe the title anything any more.
    """
    there = AccountRating(5, Kind.MOVIE, "Jaws", 1975, (), 8, 100)
    titles = [replace(title(0, simkl=77 if seen else 5), theirs=there if seen else None), title(1, simkl=5)]
    made = record(journal, titles, {}, DEBT, replace(DEBT, simkl=77))
    batch = [outgoing(one) for one in titles]
    made.refuse(made.intend(batch, b"{}"), 403)
    assert list(owed.debts(journal)) == [5, 77]
    made.settle(made.intend(batch, b"{}"), 404, batch, [Echo(Outcome.FAILED), Echo(Outcome.NOT_FOUND)])
    assert list(owed.debts(journal)) == [5, 77]
    made.settle(made.intend(batch, b"{}"), 201, batch, [Echo(Outcome.UNCONFIRMED), Echo(Outcome.APPLIED)])
    assert list(owed.debts(journal)) == [77]
    assert list(journal.rows("SELECT simkl, rating, rated_at FROM opening WHERE run = 2")) == [(5, 6, 60)]


def test_keys_are_on_record_before_anything_is_sent(journal: Journal) -> None:
    """Of those that are already, only a date that is this run's own: it must not move if the run is stopped."""
    past = {f"a:{n}": Remembered(outcome=Outcome.APPLIED, asked=7) for n in (1, 2)}
    remember_beforehand(journal, [title(0), title(1), title(2, origin=Origin.RUN)], past)
    assert list(journal.rows("SELECT key, origin FROM items ORDER BY key")) == [("a:0", "rating"), ("a:2", "run")]


def test_a_finding_is_news_if_the_run_before_had_another_outcome() -> None:
    """And if it needs a person."""
    past = Remembered(outcome=Outcome.NOT_FOUND)
    assert [is_fresh(before, Outcome.NOT_FOUND) for before in (None, past, replace(past, outcome=Outcome.APPLIED))] == [
        True,
        False,
        True,
    ]
    assert not is_fresh(None, Outcome.APPLIED)


def test_what_simkl_does_not_take_is_asked_about_again_in_its_time() -> None:
    """A title that Simkl lacks in a week, the rest tomorrow; what was taken never."""
    assert [due_again(one, 1000) for one in (Outcome.NOT_FOUND, Outcome.UNCONFIRMED, Outcome.FAILED)] == [
        1000 + 7 * 86_400,
        1000 + 86_400,
        1000 + 86_400,
    ]
    assert due_again(Outcome.APPLIED, 1000) is None


def test_removals_are_paid_first_and_every_payment_is_on_record_by_what_it_pays(journal: Journal) -> None:
    """The answer counts as a try, whatever it says; nothing but a reading shows that it is paid."""
    debts = [
        DEBT,
        replace(DEBT, simkl=6, title="Heat", why=Why.WINNER, key="a:1"),
        replace(DEBT, simkl=7, why=Why.UNDO, rating=None, key=""),
    ]
    owed.owe(journal, debts)
    service, begun = Service(6), []
    outcomes = anyio.run(pay, service, journal, 2, Clock(0.0), debts, nobody, owed.tried, begun.append)
    assert [path for path, _ in service.posts] == [REMOVE, RATINGS]
    assert list(journal.rows(CHANGES)) == [
        (2, 1, 0, "", "undo", 7, None, None),
        (2, 2, 0, "a:0", "give", 5, 6, 61),
        (2, 2, 1, "a:1", "winner", 6, 6, 61),
    ]
    assert list(journal.rows("SELECT batch, kind FROM batches")) == [(1, "remove"), (2, "rate")]
    assert outcomes == {7: Outcome.APPLIED, 5: Outcome.APPLIED, 6: Outcome.NOT_FOUND}
    assert [[debt.simkl for debt in batch] for batch in begun] == [[7], [5, 6]]
    assert {simkl: debt.tries for simkl, debt in owed.debts(journal).items()} == {5: 1, 6: 1, 7: 1}


def test_a_rating_is_given_back_with_the_date_to_send_for_it() -> None:
    """One that Simkl gave no date gets the time of the payment, and no rating has none."""
    assert payment(DEBT, 900).rated_at == 61
    assert payment(replace(DEBT, store_at=None), 900).rated_at == 900
    assert payment(replace(DEBT, rating=None), 900).rated_at is None


def test_what_leaves_the_library_is_on_record_by_the_row_that_put_it_there(journal: Journal) -> None:
    """And is told by its title."""
    listed = [Listed(n, Kind.MOVIE, "Jaws", 1975, (), "completed", None, None, 0, None) for n in (5, 6)]
    service = Service(6)
    titles = {"a:0": listed[0], "a:1": listed[1]}
    told = anyio.run(unlist, service, journal, 2, Clock(0.0), titles, nobody)
    assert [path for path, _ in service.posts] == [UNLIST]
    assert list(journal.rows(CHANGES)) == [
        (2, 1, 0, "a:0", "unlist", 5, None, None),
        (2, 1, 1, "a:1", "unlist", 6, None, None),
    ]
    assert list(journal.rows("SELECT kind FROM batches")) == [("unlist",)]
    assert told == {5: Outcome.APPLIED, 6: Outcome.NOT_FOUND}


def test_what_is_missing_is_sent_once_more_under_this_run(journal: Journal) -> None:
    """As it was asked, or by its number; where it was found before counts no more, and its key is due again."""
    want(journal, [title(0), title(1)])
    question = Question(7, Kind.MOVIE, "Film 0", 1975, (("imdb", "tt1"),))
    found = Change(1, 1, 0, "a:0", Role.ROW, question, None, 8, 100, DATE, 20, Said.ADDED, State.ANSWERED, simkl=9)
    other = replace(found, key="a:1", question=replace(question, title="Film 1", ids=()), sent_simkl=5)
    life.intend(journal, Batch(1, 1, Work.RATE, "movies", b"{}", 20), [found, replace(other, n=1)])
    service = Service(5)
    anyio.run(send_missing, service, journal, 2, Clock(0.0), [found, other], nobody, 0)
    ((path, body),) = service.posts
    assert path == RATINGS
    assert [entry["ids"] for entry in body["movies"]] == [{"imdb": "tt1"}, {"simkl": 5}]
    assert list(journal.rows("SELECT run, batch, n, key, state, answer, simkl FROM changes WHERE run = 2")) == [
        (2, 1, 0, "a:0", "answered", "added", None),
        (2, 1, 1, "a:1", "closed", "not_found", None),
    ]
    assert list(journal.rows("SELECT outcome, due IS NULL FROM items ORDER BY key")) == [
        ("applied", 1),
        ("not_found", 0),
    ]
