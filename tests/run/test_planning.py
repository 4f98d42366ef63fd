"""What a plan takes from the resume file: which rows lie on a title, where questions led, what is owed and given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from importer.journal import asks, owed
from importer.journal.change import Question
from importer.journal.file import memory_journal
from importer.journal.items import remember
from importer.journal.owed import Debt, DebtState, Why
from importer.journal.store import Journal
from importer.model import DAY, AccountRating, Date, Item, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.decide import OnConflict
from importer.plan.question import question_number
from importer.plan.sides import Base, Given, Kept, Remembered
from importer.plan.title import Title
from importer.readback.title import Rival
from importer.record import Match
from importer.run import importing
from importer.run.job import Options, Plan
from importer.run.mending import Mending
from importer.run.planned_rows import records
from importer.run.planning import make_plan
from importer.run.reading import Export, Reading
from importer.run.settlement.on_record import unsettled_on_record
from importer.simkl.account import Account

START = 20_000 * DAY
FIVE = 5
HEAT = Item(
    "b:1", Kind.MOVIE, "Heat", 1995, (), "6", 6, Date(START - 9 * DAY, Precision.SECOND, Origin.RATING), "b.csv", 1
)
THERE = AccountRating(FIVE, Kind.MOVIE, "Heat", 1995, (), 8, START - 5 * DAY)
OVERWRITE = Options(on_conflict=OnConflict.OVERWRITE)


@pytest.fixture
def journal() -> Iterator[Journal]:
    """A resume file in memory."""
    with closing(memory_journal("51@sandbox", Path("resume.sqlite"))) as made:
        yield made


def moment(days: int) -> Date:
    """A date so many days before the run."""
    return Date(START - days * DAY, Precision.SECOND, Origin.RATING)


def asked(item: Item) -> int:
    """The number of the question that a row asks."""
    return question_number(item.kind, item.title, item.year, item.ids)


def planned(journal: Journal, *rows: Item, **known: Any) -> list[Title]:
    """What becomes of the titles of one export."""
    return plan_of(journal, *rows, **known).titles


def plan_of(
    journal: Journal,
    *rows: Item,
    account: tuple[AccountRating, ...] = (THERE,),
    options: Options = OVERWRITE,
    mended: dict[str, Given] | None = None,
    now: int = START,
    run: int | None = None,
) -> Plan:
    """The plan for one export."""
    reading = Reading([Export("b.csv", "b", "", lambda: iter(()))], list(rows), [len(rows)], [])
    mending = Mending(frozenset(), mended or {}, list(rows))
    return make_plan(journal, reading, mending, Account(account), options, start=START, now=now, run=run)


BASE = Base(8, moment(5), 8, START - 5 * DAY)


@pytest.mark.parametrize(
    ("known", "lies"),
    [
        ({"outcome": Outcome.APPLIED, "base": BASE}, True),
        ({"outcome": Outcome.UNCHANGED, "base": BASE}, True),
        ({"outcome": Outcome.KEPT, "base": BASE}, True),
        ({"outcome": Outcome.DUPLICATE, "wanted": moment(4)}, True),
        ({"outcome": Outcome.KEPT, "wanted": moment(4)}, False),
        ({"outcome": Outcome.NOT_FOUND, "wanted": moment(4)}, False),
        ({"outcome": Outcome.APPLIED}, False),
        ({"outcome": Outcome.APPLIED, "base": BASE, "simkl": 6}, False),
        ({"outcome": Outcome.APPLIED, "base": BASE, "asked": 50}, False),
        ({"outcome": Outcome.APPLIED, "base": replace(BASE, said_date=moment(20)), "wanted": moment(4)}, False),
        ({"outcome": Outcome.DUPLICATE, "base": replace(BASE, said_date=moment(20)), "wanted": moment(4)}, True),
        ({"outcome": Outcome.DUPLICATE, "base": BASE, "wanted": moment(20)}, False),
    ],
)
def test_a_newer_row_that_lies_on_the_title_keeps_an_older_one_from_it(
    journal: Journal, known: dict[str, Any], lies: bool
) -> None:
    """By its base, or as it was wanted last where it lost. A row that led to a wrong title lies nowhere."""
    asks.note_wrong(journal, [(Question(50, Kind.MOVIE, "Hitze", 1995, ()), FIVE)])
    other = replace(HEAT, key="a:1", title="Hitze")
    remember(journal, [(other, (), Remembered(**{"simkl": FIVE, "asked": 7} | known))])
    (title,) = planned(journal, HEAT)
    assert (title.outcome, title.note) == ((Outcome.DUPLICATE, Note.SHARED_TITLE) if lies else (Outcome.PENDING, None))


@pytest.mark.parametrize(("outcome", "found"), [(Outcome.UNCHANGED, True), (Outcome.REJECTED, False)])
def test_a_title_is_found_where_its_question_led(journal: Journal, outcome: Outcome, found: bool) -> None:
    """Of whatever key; what stands on record of a rejected row is no question."""
    remember(journal, [(replace(HEAT, key="a:1"), (), Remembered(outcome=outcome, asked=asked(HEAT), simkl=6))])
    other = replace(THERE, simkl=6, title="Hitze", rating=6, rated_at=HEAT.date and HEAT.date.value)
    (title,) = planned(journal, HEAT, account=(other,))
    assert title.outcome is (Outcome.UNCHANGED if found else Outcome.PENDING)
    assert title.theirs == (other if found else None)


@pytest.mark.parametrize(
    ("rating", "there", "outcome"),
    [(6, THERE, Outcome.UNCONFIRMED), (6, None, Outcome.UNCONFIRMED), (7, THERE, Outcome.PENDING), (None, THERE, None)],
)
def test_a_row_is_held_against_what_its_title_is_owed(
    journal: Journal, rating: int | None, there: AccountRating | None, outcome: Outcome | None
) -> None:
    """Also where the account has nothing of it yet; a title that is owed no rating is free."""
    at = HEAT.date.value if HEAT.date else 0
    debt = Debt(FIVE, Kind.MOVIE, "Heat", 1995, rating, at, at, Why.GIVE, DebtState.DUE, "", 1, 0, 9)
    owed.owe(journal, [debt])
    remember(journal, [(HEAT, (), Remembered(outcome=Outcome.KEPT, asked=asked(HEAT), simkl=FIVE))])
    (title,) = planned(journal, HEAT, account=(there,) if there else ())
    if outcome is None:
        assert (title.outcome, title.theirs) == (Outcome.PENDING, None)
        return
    assert title.outcome is outcome
    assert title.theirs is not None
    assert (title.theirs.simkl, title.theirs.rating, title.theirs.rated_at) == (FIVE, rating, at)


def test_what_was_found_for_a_key_was_another_titles_once_a_person_says_which_it_is(journal: Journal) -> None:
    """Its base and its title count no more."""
    known = Remembered(
        outcome=Outcome.APPLIED, asked=asked(HEAT), simkl=FIVE, base=replace(BASE, said_rating=6, said_date=HEAT.date)
    )
    remember(journal, [(HEAT, (), known)])
    options = replace(OVERWRITE, on_conflict=OnConflict.KEEP)
    (before,) = planned(journal, HEAT, options=options)
    given = Given(ids=(("imdb", "tt0113277"),), kind=None, year=None)
    other = replace(THERE, simkl=6, ids=(("imdb", "tt0113277"),))
    (after,) = planned(journal, HEAT, account=(THERE, other), options=options, mended={"b:1": given})
    assert (before.outcome, before.theirs) == (Outcome.PENDING, THERE)
    assert (after.outcome, after.reason, after.theirs) == (Outcome.KEPT, Reason.CONFLICT, other)


@pytest.mark.parametrize(("policy", "sent"), [("overwrite", False), ("newer", True)])
def test_what_was_kept_is_judged_again_by_other_options(journal: Journal, policy: str, sent: bool) -> None:
    """By those of the run that kept it, it stays so."""
    at = HEAT.date.value if HEAT.date else 0
    remember(journal, [(HEAT, (), Remembered(outcome=Outcome.KEPT, asked=asked(HEAT), simkl=FIVE))])
    kept = Kept(FIVE, (THERE.rating, THERE.rated_at), 6, at)
    journal.write("UPDATE items SET kept = ?", (f"[{kept.simkl},8,{THERE.rated_at},6,{at}]",))
    journal.write(
        "INSERT INTO runs VALUES (1, 'run', 'finished', 0, NULL, '', '[]', NULL, ?, 0, NULL, NULL, 'none', 0, 0)",
        (policy,),
    )
    journal.write(
        "INSERT INTO changes (run, batch, n, key, role, after_rating, state)"
        " VALUES (1, 1, 0, 'b:1', 'row', 6, 'closed')"
    )
    (title,) = planned(journal, HEAT)
    assert title.outcome is (Outcome.PENDING if sent else Outcome.KEPT)


def test_what_was_not_found_is_asked_again_in_its_time(journal: Journal) -> None:
    """By the time of this command, not by that of the run that it continues."""
    remember(journal, [(HEAT, (), Remembered(outcome=Outcome.NOT_FOUND, asked=asked(HEAT), wanted_rating=6))])
    journal.write("UPDATE items SET due = ?", (START + 100,))
    assert [planned(journal, HEAT, account=(), now=START + after)[0].outcome for after in (99, 100)] == [
        Outcome.NOT_FOUND,
        Outcome.PENDING,
    ]
    assert planned(journal, HEAT, account=(), options=replace(OVERWRITE, retry_not_found=True))[0].outcome is (
        Outcome.PENDING
    )


def test_another_rows_rating_is_one_of_ours_once_it_is_settled_there(journal: Journal) -> None:
    """An older row of ours gives way, whatever --on-conflict; what is still to be found is nobody's yet."""
    journal.write(
        "INSERT INTO runs VALUES (1, 'run', 'finished', 0, NULL, '', '[]', NULL, NULL, 0, NULL, NULL, 'none', 0, 0)"
    )
    journal.write("INSERT INTO batches VALUES (1, 1, 'rate', 'movies', 'done', '', 1, 201, 0, 0)")
    remember(journal, [(replace(HEAT, key="a:1"), (), Remembered(outcome=Outcome.FAILED, asked=7))])
    old = START - 30 * DAY
    journal.write(
        "INSERT INTO changes VALUES (1, 1, 0, 'a:1', 'row', 7, NULL, 5, 'id', NULL, NULL, 8, ?, 'second rating', ?,"
        " 'added', 'settled', 1, NULL)",
        (old, old),
    )
    options = replace(OVERWRITE, on_conflict=OnConflict.KEEP)
    there = replace(THERE, rated_at=old)
    outcomes = []
    for sql in (
        "UPDATE changes SET state = 'settled'",
        "UPDATE changes SET state = 'seen'",
        "UPDATE changes SET state = 'settled', role = 'give'",
    ):
        journal.write(sql)
        outcomes.append(planned(journal, HEAT, account=(there,), options=options)[0].outcome)
    assert outcomes == [Outcome.PENDING, Outcome.KEPT, Outcome.KEPT]


def test_rows_that_are_known_to_lie_on_one_title_are_one(journal: Journal) -> None:
    """Not where the question of one of them led there by mistake."""
    other = replace(HEAT, key="a:1", title="Hitze", date=moment(1))
    for item in (HEAT, other):
        remember(journal, [(item, (), Remembered(outcome=Outcome.APPLIED, asked=asked(item), simkl=FIVE))])
    (title,) = planned(journal, HEAT, other)
    assert (title.key, title.others) == ("a:1", (0,))
    asks.note_wrong(journal, [(Question(asked(HEAT), Kind.MOVIE, "Heat", 1995, ()), FIVE)])
    assert len(planned(journal, HEAT, other)) == 2


def test_a_row_lies_on_the_title_that_it_was_found_on_but_for_one_that_it_does_not_name(journal: Journal) -> None:
    """What the rows of a title said last competes with what is sent there next."""
    other = replace(HEAT, key="a:1", title="Hitze")
    for item in (HEAT, other):
        remember(journal, [(item, (), Remembered(outcome=Outcome.APPLIED, asked=asked(item), simkl=FIVE, base=BASE))])

    def lying() -> list[str]:
        return [rival.key for rival in unsettled_on_record(journal, START, {}).settled(FIVE)]

    assert sorted(lying()) == ["a:1", "b:1"]
    asks.note_wrong(journal, [(Question(asked(other), Kind.MOVIE, "Hitze", 1995, ()), FIVE)])
    assert lying() == ["b:1"]


def test_a_report_tells_what_stands_on_the_title_of_a_row_or_on_the_wrong_one_it_leads_to(
    journal: Journal,
) -> None:
    """Of a row that is sent, too: that is what its rating goes over. The title is named where the row is not sent."""
    sends = plan_of(journal, HEAT)
    [(_, sent)] = records(sends, sends.to_send())
    assert (sent.outcome, sent.prior_rating, sent.matched) == (Outcome.PENDING, 8, None)
    keeps = plan_of(journal, HEAT, options=replace(OVERWRITE, on_conflict=OnConflict.KEEP))
    [(_, kept)] = records(keeps, keeps.to_send())
    assert (kept.outcome, kept.prior_rating, kept.matched) == (Outcome.KEPT, 8, Match("Heat", 1995, FIVE))
    asks.note_wrong(journal, [(Question(asked(HEAT), Kind.MOVIE, "Heat", 1995, ()), 9)])
    misled = plan_of(journal, HEAT, account=(THERE, replace(THERE, simkl=9, title="Zed", rating=3)))
    [(_, wrong)] = records(misled, misled.to_send())
    assert (wrong.note, wrong.prior_rating, wrong.matched) == (Note.OTHER_TITLE, 3, Match("Zed", 1995, 9))


def test_a_row_competes_on_its_title_where_it_needs_no_sending(journal: Journal) -> None:
    """What is sent says so itself; on a wrong title a row has no say."""
    keep = replace(OVERWRITE, on_conflict=OnConflict.KEEP)
    mine = HEAT.date or moment(0)
    for there, options, lies in (
        (THERE, keep, True),
        (replace(THERE, rating=6), keep, True),
        (THERE, OVERWRITE, False),
    ):
        plan = plan_of(journal, HEAT, account=(there,), options=options)
        assert importing._rivals(plan) == ({FIVE: [Rival("b:1", mine, 0)]} if lies else {})
    assert importing._rivals(plan_of(journal, HEAT, account=(), options=keep)) == {}
    asks.note_wrong(journal, [(Question(asked(HEAT), Kind.MOVIE, "Heat", 1995, ()), 9)])
    assert importing._rivals(plan_of(journal, HEAT, options=keep)) == {}


def test_a_row_without_a_date_gets_that_of_the_run_whenever_it_goes_on(journal: Journal) -> None:
    """And what an earlier part of it has sent counts for its limit."""
    rows = [replace(HEAT, key=f"b:{n}", title=f"Heat {n}", date=None) for n in range(4)]
    titles = planned(journal, *rows, account=(), now=START + DAY)
    assert {title.sent_at for title in titles} == {START}
    options = replace(OVERWRITE, limit=2)
    assert [one.outcome for one in planned(journal, *rows, account=(), options=options)].count(Outcome.PENDING) == 2
    columns = "run, place, n, source, file, line, key, title, source_rating, outcome, batch, fresh"
    for n in range(3):
        row = (1, n, n, "b", "b.csv", n, f"b:{n}", f"Heat {n}", "6", "applied", 1, 0)
        journal.write(f"INSERT INTO rows ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    remember(journal, [(rows[0], (), Remembered(outcome=Outcome.APPLIED, asked=7))])
    left = planned(journal, *rows, account=(), options=options, run=1)
    assert left[3].outcome is Outcome.SKIPPED
