"""What lands as plain is written as what the rules judge to be applied is, value for value."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from importer.journal import account, landing, life, runs
from importer.journal.batch import Batch, Work
from importer.journal.change import Answer, Change, Evidence, Question, Role, State, place_of
from importer.journal.changes import open_but_plain, open_changes
from importer.journal.file import memory_journal
from importer.journal.items import conclude, remember
from importer.journal.landing import Finding
from importer.journal.plain import land_plain, note_plain, runs_plain, withdraw_plain
from importer.journal.rows import answer_rows, write_rows
from importer.journal.store import Journal
from importer.model import DAY, NOON, AccountRating, Date, Ids, Item, Kind, Note, Origin, Outcome, Precision
from importer.plan.sides import Base, Remembered
from importer.record import Record

OLD = -30 * DAY
"""A day of 1969: what SQL makes of a remainder shows there."""
DATES = [
    Date(19_800 * DAY + 77, Precision.SECOND, Origin.RATING),
    Date(19_800 * DAY + NOON, Precision.DAY, Origin.ENTRY),
    Date(OLD + NOON, Precision.DAY, Origin.WATCHED),
    Date(OLD + 5, Precision.SECOND, Origin.RUN),
]
SENT = [date.value + (3 if date.precision is Precision.DAY else 0) for date in DATES]


def journal(back: int | None = 0) -> Journal:
    """One batch of four ratings, answered, and an account that has them; dates come back `back` seconds later."""
    made = memory_journal("51@sandbox", Path("resume.sqlite"))
    films = list(enumerate(zip(DATES, SENT, strict=True)))
    with made.transaction():
        run = runs.begin(made, "run", 9, "job", [])
        write_rows(made, run, ((n, _record(n, date, sent)) for n, (date, sent) in films))
        remember(made, (_known(n, date) for n, (date, _) in films))
        changes = [_change(run, n, date, sent) for n, (date, sent) in films]
        life.intend(made, Batch(run, 1, Work.RATE, "movies", b"{}", 20), changes)
        life.answer(made, run, 1, 201, 30, [Answer.ADDED] * len(films))
        answer_rows(made, run, 1, 0, len(films) - 1, outcome=Outcome.APPLIED, status="completed", fresh=False)
        conclude(made, run, 1, [(Answer.ADDED, Outcome.APPLIED, None)])
        account.replace_account(made, [_theirs(n, sent, back) for n, (_, sent) in films])
    return made


def _record(n: int, date: Date, sent: int) -> Record:
    return Record(
        source="a",
        file="a.csv",
        line=n,
        key=f"a:{n}",
        kind=Kind.MOVIE,
        title=f"Film {n}",
        year=2000,
        ids=(),
        source_rating="8",
        rating=8,
        rated_at=sent,
        date_from=date.origin,
        precision=date.precision,
        outcome=Outcome.PENDING,
        reason=None,
        note=Note.DATE_DIFFERS if n == 1 else None,
        simkl_status=None,
        prior_rating=None,
        prior_rated_at=None,
        matched=None,
        batch=None,
        fresh=False,
    )


def _known(n: int, date: Date) -> tuple[Item, Ids, Remembered]:
    # The last one asked something else since: where this question led is not where that one does.
    asked = 70 + n if n < len(DATES) - 1 else 99
    item = Item(f"a:{n}", Kind.MOVIE, f"Film {n}", 2000, (), "8", 8, date, "a.csv", n)
    return item, (), Remembered(outcome=Outcome.PENDING, asked=asked, wanted_rating=8, wanted=date)


def _change(run: int, n: int, date: Date, sent: int) -> Change:
    return Change(
        run=run,
        batch=1,
        n=n,
        key=f"a:{n}",
        role=Role.ROW,
        question=Question(number=70 + n, kind=Kind.MOVIE, title=f"Film {n}", year=2000, ids=()),
        sent_simkl=None,
        rating=8,
        rated_at=sent,
        date=date,
        posted=20,
    )


def _theirs(n: int, sent: int, back: int | None) -> AccountRating:
    at = None if back is None else sent + back
    return AccountRating(500 + n, Kind.MOVIE, f"Film {n} there", 2000, (), 8, at)


def tables(made: Journal) -> dict[str, list[Any]]:
    """All that a landing may touch."""
    return {name: sorted(made.rows(f"SELECT * FROM {name}"), key=repr) for name in ("rows", "items", "changes", "runs")}


def judged(made: Journal) -> None:
    """Land all by the rules' own way."""
    there = {theirs.simkl: theirs for theirs in account.load_account(made)}
    changes = []
    findings = []
    for n, change in enumerate(open_changes(made)):
        theirs = there[500 + n]
        now = change.placed(theirs.simkl, Evidence.NAME).judged(State.SETTLED, None, theirs.rated_at)
        base = Base(8, change.date, theirs.rating, theirs.rated_at)
        changes.append(now)
        findings.append(Finding(now, Outcome.APPLIED, there=theirs, base=base))
    with made.transaction():
        landing.land(made, changes, findings, (), (), lambda change, _: change.n == 1)


def plainly(made: Journal) -> None:
    """Land all at once."""
    found = [(change, 500 + n, Evidence.NAME) for n, change in enumerate(open_changes(made))]
    with made.transaction():
        note_plain(made, found, lambda change, _: change.n == 1)
    with made.transaction():
        land_plain(made)


@pytest.mark.parametrize("back", [0, 60, None], ids=["as sent", "later", "without dates"])
def test_what_lands_as_plain_is_written_as_the_rules_write_it(back: int | None) -> None:
    """Changes, rows, items and runs, for days and moments, also before 1970 and of a run that was taken back."""
    with closing(journal(back)) as one, closing(journal(back)) as other:
        for made in (one, other):
            with made.transaction():
                runs.begin(made, "run", 9, "other job", [])
                made.write("UPDATE runs SET undone = 1")
        before = tables(one)
        judged(one)
        plainly(other)
        assert tables(one) == tables(other) != before
        assert all(a != b for a, b in zip(before.values(), tables(other).values(), strict=True))
        assert runs.undone_runs(other) == {2}, "of the other run nothing landed"


def test_what_is_withdrawn_is_open_still() -> None:
    """And of what is noted anew nothing of before is left."""
    with closing(journal()) as made:
        changes = list(open_changes(made))
        with made.transaction():
            note_plain(made, [(change, 500, Evidence.ID) for change in changes], lambda *_: None)
        assert (list(open_but_plain(made)), runs_plain(made)) == ([], {1})
        with made.transaction():
            withdraw_plain(made, [changes[2].order])
        assert [change.n for change in open_but_plain(made)] == [2]
        assert place_of(changes[2].order) == (1, 1, 2)
        with made.transaction():
            note_plain(made, (), lambda *_: None)
        assert (list(open_but_plain(made)), runs_plain(made)) == (changes, set())


def test_several_readings_of_one_command_land_one_after_the_other() -> None:
    """What was noted for one is no matter of the next."""
    with closing(journal()) as made:
        for place in (0, 1):
            change = next(one for one in open_changes(made) if one.n == place)
            with made.transaction():
                note_plain(made, [(change, 500 + place, Evidence.ID)], lambda *_: None)
                land_plain(made)
        assert [change.n for change in open_changes(made)] == [2, 3]
