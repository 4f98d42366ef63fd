"""What a person filled in for a key: told from what the row said already, remembered once, joined with what was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from importer.journal import asks
from importer.journal.corrections import give, keep_absent
from importer.journal.file import memory_journal
from importer.journal.items import remember
from importer.journal.store import Journal
from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Origin, Outcome, Precision
from importer.plan.sides import Given, Remembered
from importer.run.mending import mending, remember_corrections, wrong_title_debts
from importer.run.reading import Export, Reading
from importer.run.refusal import row_digest
from importer.simkl.account import Account

SAID = Date(20_000 * DAY + NOON, Precision.DAY, Origin.WATCHED)
ROW = Item("imdb:1", Kind.MOVIE, "Jaws", 1975, (), "8", 8, SAID, "rejects.csv", 2)
IMDB, SIMKL = ("imdb", "tt0073195"), ("simkl", "53037")


@pytest.fixture
def journal() -> Iterator[Journal]:
    """A resume file in memory that knows a row of a site, and one of a file of a person's own."""
    with closing(memory_journal("51@sandbox", Path("resume.sqlite"))) as made:
        for row in (ROW, replace(ROW, key="generic:1")):
            remember(made, [(row, (), Remembered(outcome=Outcome.NOT_FOUND, asked=7, wanted_rating=8, wanted=SAID))])
        yield made


def read(*rows: Item, of: str = "generic") -> Reading:
    """What was read of one export."""
    return Reading([Export("rejects.csv", of, "", lambda: iter(()))], list(rows), [len(rows)], [])


def corrections(journal: Journal, row: Item, of: str = "generic") -> dict[str, Given]:
    """What one row gives."""
    return mending(journal, read(row, of=of)).corrections


@pytest.mark.parametrize(
    ("changes", "given"),
    [
        ({"ids": (IMDB,)}, {"ids": (IMDB,)}),
        ({"kind": Kind.SHOW}, {"kind": Kind.SHOW}),
        ({"year": 1976}, {"year": 1976}),
        ({"title": "Jaws!"}, {}),
        ({"rating": 9, "source_rating": "9"}, None),
        ({}, None),
    ],
)
def test_a_row_gives_what_it_did_not_say_before(
    journal: Journal, changes: dict[str, Any], given: dict[str, Any] | None
) -> None:
    """A rating or nothing at all mends no title; a rejected row is mended by whatever makes it good."""
    row = replace(ROW, **changes)
    nothing: dict[str, Any] = {"ids": (), "kind": None, "year": None}
    want = Given(**nothing | (given or {}), told=row_digest(row))
    assert corrections(journal, row) == ({} if given is None else {"imdb:1": want})
    assert corrections(journal, row, of="imdb") == {}
    assert corrections(journal, replace(row, key="generic:1")) == {}
    journal.write("UPDATE items SET outcome = 'rejected'")
    assert corrections(journal, row) == {"imdb:1": replace(want, closed=7)}


def test_what_was_given_before_stays_where_nothing_else_is_given(journal: Journal) -> None:
    """The same row gives nothing new, and another one each part that it says anew."""
    first = replace(ROW, ids=(IMDB,), year=1976)
    before = Given(ids=(IMDB,), kind=Kind.SHOW, year=1976, told=row_digest(first), closed=4)
    give(journal, [("imdb:1", before)])
    found = mending(journal, read(first))
    assert (found.corrections, found.keys) == ({}, {"imdb:1"})
    for row, after in (
        (replace(ROW, year=1977), replace(before, year=1977)),
        (replace(ROW, ids=(SIMKL,)), replace(before, ids=(SIMKL,))),
        (replace(ROW, kind=Kind.ANIME), replace(before, kind=Kind.ANIME)),
    ):
        assert corrections(journal, row) == {"imdb:1": replace(after, told=row_digest(row))}


def test_a_title_that_simkl_lacks_is_still_lacking_where_nothing_is_filled_in(journal: Journal) -> None:
    """Another spelling is not enough; an id, a type or a year is."""
    keep_absent(journal, "imdb:1", Given(ids=(), kind=None, year=None, told=7, absent=True))
    assert corrections(journal, replace(ROW, title="Jaws!")) == {}
    for changes in ({"ids": (IMDB,)}, {"kind": Kind.SHOW}, {"year": 1976}):
        (given,) = corrections(journal, replace(ROW, **changes)).values()
        assert not given.absent


@pytest.mark.parametrize(
    ("shown", "taken"),
    [
        (Date(SAID.value, Precision.DAY, Origin.RATING), SAID),
        (Date(SAID.value + 60, Precision.SECOND, Origin.RATING), SAID),
        (Date(SAID.value + DAY, Precision.DAY, Origin.RATING), Date(SAID.value + DAY, Precision.DAY, Origin.RATING)),
        (None, None),
    ],
)
def test_a_date_of_the_day_on_record_is_the_one_on_record(
    journal: Journal, shown: Date | None, taken: Date | None
) -> None:
    """A rejects file shows no more of it; another day is what the person filled in."""
    assert mending(journal, read(replace(ROW, date=shown))).rows == [replace(ROW, date=taken)]


def test_another_moment_of_that_day_is_of_the_same_origin(journal: Journal) -> None:
    """Where the one on record is a moment too."""
    known = Date(SAID.value, Precision.SECOND, Origin.WATCHED)
    remember(journal, [(ROW, (), Remembered(outcome=Outcome.NOT_FOUND, wanted=known))])
    shown = Date(SAID.value + 60, Precision.SECOND, Origin.RATING)
    assert mending(journal, read(replace(ROW, date=shown))).rows == [
        replace(ROW, date=replace(shown, origin=known.origin))
    ]


def test_corrections_are_on_record_with_what_was_asked_before(journal: Journal) -> None:
    """The findings that they mend are closed in every older run, and its jobs have something new."""
    columns = "run, place, n, source, file, line, key, title, source_rating, outcome, fresh"
    for run in (1, 2):
        row = (run, 0, 0, "imdb", "a.csv", 1, "imdb:1", "Jaws", "8", "not_found", 1)
        journal.write(f"INSERT INTO rows ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    journal.write("UPDATE items SET simkl = 9")
    remember_corrections(journal, {"imdb:1": Given(ids=(IMDB,), kind=None, year=None)}, 2)
    assert list(journal.rows("SELECT asked, simkl FROM asks")) == [(7, 9)]
    assert list(journal.rows("SELECT asked, simkl, given IS NULL FROM items WHERE key = 'imdb:1'")) == [(None, None, 0)]
    assert list(journal.rows("SELECT fresh FROM rows ORDER BY run")) == [(0,), (1,)]


@pytest.mark.parametrize(
    ("given", "wrong", "owes", "accepts"),
    [
        ({"ids": (IMDB,)}, False, True, False),
        ({"ids": (SIMKL,)}, False, False, True),
        ({"ids": (("imdb", "tt9"),)}, False, False, True),
        ({"year": 1976}, False, False, False),
        ({"absent": True}, True, True, False),
        ({"absent": True}, False, False, False),
    ],
    ids=["another title", "its number", "an id of it", "no title", "lacking, found by mistake", "lacking, found since"],
)
def test_a_mended_row_gives_its_wrong_title_back_what_it_had(
    journal: Journal, given: dict[str, Any], wrong: bool, owes: bool, accepts: bool
) -> None:
    """Unless what is given names that very title: then its question led rightly. What is given beside it, of a row that
    landed nowhere, changes nothing.
    """
    moment = SAID.value
    journal.write(
        "INSERT INTO runs VALUES (1, 'run', 'finished', 0, NULL, '', '[]', NULL, NULL, 0, NULL, NULL, 'none', 0, 0)"
    )
    journal.write("INSERT INTO batches VALUES (1, 1, 'rate', 'movies', 'done', '', 1, 201, 0, 0)")
    journal.write(
        "INSERT INTO changes VALUES (1, 1, 0, 'imdb:1', 'row', 7, NULL, 53037, 'id', 6, 60, 8, ?, 'day watched',"
        " ?, 'added', 'settled', 1, NULL)",
        (moment, moment),
    )
    if wrong:
        asks.keep_questions(journal, ["imdb:1"])
        journal.write("UPDATE asks SET wrong = 1, simkl = 53037")
    there = AccountRating(53037, Kind.MOVIE, "The Other Shark", 1976, (("imdb", "tt9"),), 8, moment)
    nothing: dict[str, Any] = {"ids": (), "kind": None, "year": None}
    found = {"imdb:1": Given(**nothing | given), "generic:1": Given(**nothing | {"year": 1974})}
    debts, covered, accepted = wrong_title_debts(journal, found, Account((there,)), None)
    assert [(debt.simkl, debt.rating, debt.read_at, debt.key) for debt in debts] == (
        [(53037, 6, 60, "imdb:1")] if owes else []
    )
    assert [change.key for change in covered] == (["imdb:1"] if owes else [])
    assert accepted == ([7] if accepts else [])
    changed = Account((replace(there, rating=4),))
    assert wrong_title_debts(journal, {"imdb:1": found["imdb:1"]}, changed, None)[0] == []
