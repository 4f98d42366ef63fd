"""What becomes of a title, given what is remembered of it: whether it is asked again, and whose date stands there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.again import Retry
from importer.plan.believed import FURTHEST_ZONE, believed
from importer.plan.decide import OnConflict, Rules
from importer.plan.question import question_number
from importer.plan.resolve import Standing, only_listed, resolve
from importer.plan.sides import Base, Remembered
from importer.plan.title import Title

Make = Callable[..., Item]
On = Callable[..., Date]

DAY_ZERO = 19_800 * DAY
START = DAY_ZERO + 100 * DAY


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNCONFIRMED])
@pytest.mark.parametrize(("rating", "expected"), [(9, None), (8, Outcome.PENDING)], ids=["same", "another"])
def test_what_was_refused_is_sent_again_once_the_row_says_another_rating(
    item: Make, on: On, outcome: Outcome, rating: int, expected: Outcome | None
) -> None:
    """The same question with the same rating waits; with another one it is a new wish."""
    date = on("2024-05-01")
    row = item(rating=rating, date=date)
    ours = Title(n=0, item=row, ids=(), rating=rating, date=date, rated_at=date.value)
    past = Remembered(
        outcome=outcome,
        due=START + DAY,
        asked=question_number(row.kind, row.title, row.year, ()),
        wanted_rating=9,
        wanted=date,
    )
    [got] = resolve([ours], [row], {row.key: past}, lambda *_: None, Rules(START), Retry(START))
    assert got.outcome is (expected or outcome)


def test_the_same_identity_is_the_same_question_and_each_part_of_it_tells() -> None:
    """Whatever the order in which an export names the ids."""
    imdb, tmdb = ("imdb", "tt0113277"), ("tmdb", "949")
    number = question_number(Kind.MOVIE, "Heat", 1995, (imdb, tmdb))
    assert question_number(Kind.MOVIE, "Heat", 1995, (tmdb, imdb)) == number
    others = [
        question_number(Kind.SHOW, "Heat", 1995, (imdb, tmdb)),
        question_number(Kind.MOVIE, "Heart", 1995, (imdb, tmdb)),
        question_number(Kind.MOVIE, "Heat", 1986, (imdb, tmdb)),
        question_number(Kind.MOVIE, "Heat", 1995, (imdb,)),
    ]
    assert len({number, *others}) == 5


@pytest.mark.parametrize("hours", [-13, 13])
def test_a_run_date_told_in_another_time_zone_is_no_date_of_the_persons(hours: int) -> None:
    """It is ours, and it is a stand-in: nobody knows when the rating was given."""
    said = Date(DAY_ZERO + NOON, Precision.SECOND, Origin.RUN)
    base = Base(8, said, 8, None)
    there = AccountRating(1, Kind.MOVIE, "A", 2000, (), 8, DAY_ZERO + NOON + hours * 3600)
    assert believed(there, {1: [base]}) is None


def test_a_date_further_off_than_any_time_zone_is_the_persons() -> None:
    """Of another day, and by more than fourteen hours."""
    said = Date(DAY_ZERO + NOON, Precision.SECOND, Origin.RUN)
    there = AccountRating(1, Kind.MOVIE, "A", 2000, (), 8, said.value + FURTHEST_ZONE + 1)
    assert believed(there, {1: [Base(8, said, 8, None)]}) == Date(there.rated_at or 0, Precision.SECOND, Origin.RATING)


def test_only_titles_on_a_list_are_sent_where_that_is_asked_for(item: Make, on: On) -> None:
    """The others are skipped, and say why; what was not to be sent keeps its outcome."""
    date = on("2024-05-01")
    rows = [item(key=f"a:{n}", title=f"A{n}", rating=8, date=date) for n in range(3)]
    titles = [Title(n=n, item=row, ids=(), rating=8, date=date, rated_at=date.value) for n, row in enumerate(rows)]
    equal = AccountRating(3, Kind.MOVIE, "A2", 2000, (), 8, date.value)
    planned = resolve(
        titles,
        rows,
        {},
        lambda _number, _kind, _ids, title, _year: equal if title == "A2" else None,
        Rules(START),
        Retry(START),
    )
    told = only_listed(planned, lambda one: one.item.title == "A0")
    assert [(one.outcome, one.reason) for one in told] == [
        (Outcome.PENDING, None),
        (Outcome.SKIPPED, Reason.NOT_LISTED),
        (Outcome.UNCHANGED, None),
    ]


def _title(n: int, row: Item, date: Date, others: tuple[int, ...] = ()) -> Title:
    return Title(n=n, item=row, ids=(), rating=row.rating or 0, date=date, rated_at=START, others=others)


@pytest.mark.parametrize("there", [8, 5], ids=["it stands", "the person changed it"])
@pytest.mark.parametrize(("day", "sent"), [("2024-05-02", False), ("2024-04-30", True)], ids=["newer", "older"])
def test_a_row_that_lies_on_the_title_by_another_name_keeps_an_older_one_from_it(
    item: Make, on: On, there: int, day: str, sent: bool
) -> None:
    """It needs no sending, and is the better of the two, whatever --on-conflict."""
    rows = [item(key="a:0", rating=8, date=on(day)), item(key="a:1", title="Hitze", rating=6, date=on("2024-05-01"))]
    titles = [_title(0, rows[0], on(day)), _title(1, rows[1], on("2024-05-01"))]
    base = Base(8, on(day), 8, START - DAY)
    past = {"a:0": Remembered(base=base, outcome=Outcome.APPLIED, wanted_rating=8, wanted=on(day))}
    theirs = AccountRating(1, Kind.MOVIE, "Heat", 1995, (), there, START - DAY)
    rules = Rules(START, OnConflict.OVERWRITE)
    planned = resolve(titles, rows, past, lambda *_: theirs, rules, Retry(START))
    assert [one.outcome for one in planned] == [
        Outcome.UNCHANGED if there == 8 else Outcome.KEPT,
        Outcome.PENDING if sent else Outcome.DUPLICATE,
    ]
    assert planned[1].note is (None if sent else Note.SHARED_TITLE)


@pytest.mark.parametrize(
    ("others", "said", "outcome"),
    [((), None, Outcome.DUPLICATE), ((1,), None, Outcome.PENDING), ((), "2024-04-30", Outcome.PENDING)],
    ids=["on record alone", "merged into it", "older in this call"],
)
def test_a_row_on_record_keeps_an_older_one_from_its_title(
    item: Make, on: On, others: tuple[int, ...], said: str | None, outcome: Outcome
) -> None:
    """Also where it lies there alone. What it says in this call counts, and what was merged has lost."""
    rows = [item(key="a:0", title="Hitze", rating=6, date=on("2024-05-01")), item(key="b:1", title="Other", rating=8)]
    titles = [_title(0, rows[0], on("2024-05-01"), others)]
    if said is not None:
        titles.append(_title(1, rows[1], on(said)))
    theirs = AccountRating(1, Kind.MOVIE, "Heat", 1995, (), 8, START - DAY)
    standing = Standing(rivals={1: {"b:1": on("2024-05-02")}})
    past = {"b:1": Remembered(simkl=1, outcome=Outcome.APPLIED, wanted_rating=8, wanted=on("2024-05-02"))}
    rules = Rules(START, OnConflict.OVERWRITE)
    planned = resolve(
        titles,
        rows,
        past,
        lambda _n, _k, _i, title, _y: theirs if title == "Hitze" else None,
        rules,
        Retry(START),
        standing,
    )
    assert planned[0].outcome is outcome
