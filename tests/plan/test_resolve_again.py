"""What becomes of titles that are on record: one clause of the decision after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.again import Retry
from importer.plan.believed import believed, is_vague, vague_dates
from importer.plan.decide import OnConflict, Rules
from importer.plan.question import ids_to_send, question_number
from importer.plan.resolve import NOTHING_KNOWN, Standing, resolve
from importer.plan.rivals import Layer
from importer.plan.sides import Base, Kept, Remembered
from importer.plan.title import Title

T = 19_800 * DAY + NOON
NOW = T + 100 * DAY
SEVEN = 7
"""The title on Simkl that the row of most tests leads to."""


def _date(days: int, origin: Origin = Origin.RATING, precision: Precision = Precision.SECOND) -> Date:
    return Date(T + days * DAY, precision, origin)


def _ours(name: str = "Heat", rating: int = 8, days: int = 0, n: int = 0, **fields: Any) -> Title:
    date = fields.pop("date", _date(days))
    kind = fields.pop("kind", Kind.MOVIE)
    item = Item(f"a:{name}", kind, name, 1995, (), str(rating), rating, date, "f", n + 1)
    plain = {"n": n, "item": item, "ids": (), "rating": rating, "date": date, "rated_at": date.value}
    return Title(**{**plain, **fields})


def _question(ours: Title) -> int:
    return question_number(ours.item.kind, ours.item.title, ours.item.year, ours.ids)


def _past(ours: Title, outcome: Outcome = Outcome.APPLIED, **fields: Any) -> Remembered:
    plain: dict[str, Any] = {
        "outcome": outcome,
        "asked": _question(ours),
        "wanted_rating": ours.rating,
        "wanted": ours.date,
    }
    return Remembered(**{**plain, **fields})


def _theirs(rating: int, days: int = 0, simkl: int = SEVEN, title: str = "Heat") -> AccountRating:
    return AccountRating(simkl, Kind.MOVIE, title, 1995, (), rating, T + days * DAY)


def _resolve(
    titles: list[Title],
    past: Mapping[str, Remembered],
    *account: AccountRating,
    retry: Retry | None = None,
    standing: Standing = NOTHING_KNOWN,
    policy: OnConflict = OnConflict.NEWER,
    items: list[Item] | None = None,
) -> list[Title]:
    def find(simkl: int | None, _kind: Kind, _ids: Any, title: str, _year: int | None) -> AccountRating | None:
        by_number = [one for one in account if one.simkl == simkl]
        return next(iter(by_number or [one for one in account if simkl is None and one.title == title]), None)

    rows = items if items is not None else [one.item for one in titles]
    return resolve(titles, rows, past, find, Rules(NOW, policy), retry or Retry(NOW), standing)


def _outcomes(planned: list[Title]) -> list[Outcome]:
    return [one.outcome for one in planned]


@pytest.mark.parametrize(("due", "goes"), [(NOW - 1, True), (NOW, True), (None, True), (NOW + 1, False)])
def test_what_was_refused_goes_along_once_it_is_due(due: int | None, goes: bool) -> None:
    """And only where something else is sent anyway."""
    old, new = _ours(), _ours("Ronin", n=1)
    past = {old.item.key: _past(old, Outcome.FAILED, due=due)}
    assert _outcomes(_resolve([old, new], past)) == [Outcome.PENDING if goes else Outcome.FAILED, Outcome.PENDING]
    assert _outcomes(_resolve([old], past)) == [Outcome.FAILED]


@pytest.mark.parametrize(
    ("outcome", "due", "again"),
    [
        (Outcome.NOT_FOUND, NOW + 1, False),
        (Outcome.NOT_FOUND, NOW, True),
        (Outcome.NOT_FOUND, None, True),
        (Outcome.UNCONFIRMED, NOW + 1, False),
        (Outcome.UNCONFIRMED, NOW, True),
        (Outcome.UNCONFIRMED, None, False),
    ],
)
def test_the_same_question_waits_until_it_is_due(outcome: Outcome, due: int | None, again: bool) -> None:
    """Another one is asked at once."""
    ours = _ours()
    past = {ours.item.key: _past(ours, outcome, due=due)}
    assert _outcomes(_resolve([ours], past)) == [Outcome.PENDING if again else outcome]
    other = {ours.item.key: _past(ours, outcome, due=due, asked=_question(ours) + 1)}
    assert _outcomes(_resolve([ours], other)) == [Outcome.PENDING]


@pytest.mark.parametrize("outcome", [Outcome.NOT_FOUND, Outcome.UNCONFIRMED, Outcome.FAILED])
def test_what_stands_there_by_now_is_told_and_not_what_the_same_question_led_to(outcome: Outcome) -> None:
    """Nothing is to be asked: the person rated it, or the reading shows it at last."""
    ours = _ours()
    past = {ours.item.key: _past(ours, outcome, due=NOW + 9)}
    assert _outcomes(_resolve([ours], past, _theirs(8))) == [Outcome.UNCHANGED]


def test_not_found_is_asked_again_where_that_is_asked_for() -> None:
    """Whenever it would be due."""
    ours = _ours()
    past = {ours.item.key: _past(ours, Outcome.NOT_FOUND, due=NOW + 9)}
    assert _outcomes(_resolve([ours], past, retry=Retry(NOW, retry_not_found=True))) == [Outcome.PENDING]


def test_a_limit_leaves_the_newest_of_all_kinds() -> None:
    """Films go last, but they are no newer for that; what the run had sent before does not count."""
    film, show, tried = _ours(days=-5), _ours("Lost", days=3, n=1, kind=Kind.SHOW), _ours("Ronin", days=-9, n=2)
    got = _resolve([film, show, tried], {}, retry=Retry(NOW, limit=1, tried={2}))
    assert _outcomes(got) == [Outcome.SKIPPED, Outcome.PENDING, Outcome.PENDING]
    assert got[0].reason is Reason.FILTERED
    three = [film, show, _ours("Ronin", days=1, n=2)]
    for enough in (3, 4):
        assert set(_outcomes(_resolve(three, {}, retry=Retry(NOW, limit=enough)))) == {Outcome.PENDING}
    assert _outcomes(_resolve(three, {}, retry=Retry(NOW, limit=1))) == [
        Outcome.SKIPPED,
        Outcome.PENDING,
        Outcome.SKIPPED,
    ]


def test_rows_that_are_merged_are_found_where_their_key_was() -> None:
    """With the ids of all of them the title was never asked for; but not where that question led to a wrong one."""
    ours = _ours(others=(1,))
    past = _past(ours, simkl=9, asked=5)
    there = _theirs(8, simkl=9, title="Heat (1995)")
    rows = [ours.item, _ours(n=1).item]
    assert _outcomes(_resolve([ours], {ours.item.key: past}, there, items=rows)) == [Outcome.UNCHANGED]
    misled = Standing(wrong={5: 9})
    assert _outcomes(_resolve([ours], {ours.item.key: past}, there, items=rows, standing=misled)) == [Outcome.PENDING]
    asked = Standing(led={_question(ours): SEVEN})
    [got] = _resolve([ours], {ours.item.key: past}, there, _theirs(3), items=rows, standing=asked)
    assert got.theirs == _theirs(3), "where all its ids lead is known: that counts"


def test_a_row_of_its_own_is_looked_for_by_what_it_asks_now() -> None:
    """Where its key was found before tells nothing of what it names today."""
    ours = _ours()
    past = _past(ours, simkl=9, asked=5)
    assert _outcomes(_resolve([ours], {ours.item.key: past}, _theirs(8, simkl=9, title="Heart"))) == [Outcome.PENDING]


def test_a_question_that_leads_to_a_wrong_title_is_kept_and_tells_nothing_of_that_title() -> None:
    """Save what it hides there."""
    ours = _ours()
    [got] = _resolve([ours], {}, _theirs(8), standing=Standing(wrong={_question(ours): SEVEN}))
    assert (got.outcome, got.reason) == (Outcome.KEPT, Reason.CONFLICT)
    assert (got.note, got.theirs, got.simkl) == (Note.OTHER_TITLE, None, None)
    assert got.hidden == _theirs(8)


def test_a_row_is_held_against_what_its_title_is_owed() -> None:
    """Not against what hides that: an equal rating is unconfirmed until it stands there."""
    ours = _ours()
    hidden = Standing(owed={SEVEN: _theirs(8)})
    assert _outcomes(_resolve([ours], {}, _theirs(3), standing=hidden)) == [Outcome.UNCONFIRMED]
    assert _outcomes(_resolve([ours], {}, _theirs(8), standing=hidden)) == [Outcome.UNCHANGED]


def test_a_title_that_is_owed_no_rating_is_free() -> None:
    """What stands there is ours and goes: it is no conflict, whatever its date."""
    assert _outcomes(_resolve([_ours()], {}, _theirs(3, days=9), standing=Standing(owed={SEVEN: None}))) == [
        Outcome.PENDING
    ]


def test_a_row_that_was_merged_brings_its_base_along() -> None:
    """So that what the person changed since is told as that."""
    ours = _ours(others=(1,))
    loser = _ours("Heat (1995)", n=1)
    base = Base(8, ours.date, 8, ours.rated_at)
    past = {loser.item.key: _past(loser, base=base, simkl=SEVEN)}
    [got] = _resolve([ours], past, _theirs(3, days=9), items=[ours.item, loser.item])
    assert got.reason is Reason.CHANGED_ON_SIMKL


@pytest.mark.parametrize(
    ("rivals", "outcome"),
    [
        ({"a:Heat": 9, "b:Heat": -1}, Outcome.PENDING),
        ({"a:Heat": 0, "b:Heat": 1}, Outcome.DUPLICATE),
        ({"a:Heat": 0, "b:Heat": 1, "c:Heat": -1}, Outcome.DUPLICATE),
    ],
)
def test_a_better_row_on_record_makes_this_one_its_duplicate(rivals: dict[str, int], outcome: Outcome) -> None:
    """One is enough, and what the row itself said before is no rival."""
    ours = _ours()
    standing = Standing(
        led={_question(ours): SEVEN}, rivals={SEVEN: {key: _date(days) for key, days in rivals.items()}}
    )
    past = {ours.item.key: _past(ours)}
    assert _outcomes(_resolve([ours], past, standing=standing)) == [outcome]


def _layers(*layers: Layer) -> Any:
    return lambda titles: dict.fromkeys(titles, layers)


def _layer(rating: int = 3, days: int = -9, key: str = "b:1") -> Layer:
    at = T + days * DAY
    return Layer(key=key, rating=rating, date=_date(days), shown=(at, at), before=None)


def test_another_rows_rating_of_ours_is_no_conflict() -> None:
    """The merge rule decides between the two; on a title that is owed something nothing is decided by what hides it."""
    ours = _ours()
    past = {"b:1": _past(_ours("Ronin"))}
    there, ours_below = _theirs(3, days=-9), _layers(_layer())
    assert _outcomes(_resolve([ours], past, there, policy=OnConflict.KEEP)) == [Outcome.KEPT]
    known = Standing(layers=ours_below)
    assert _outcomes(_resolve([ours], past, there, standing=known, policy=OnConflict.KEEP)) == [Outcome.PENDING]
    owed = Standing(layers=ours_below, owed={SEVEN: there})
    assert _outcomes(_resolve([ours], past, there, standing=owed, policy=OnConflict.KEEP)) == [Outcome.KEPT]


@pytest.mark.parametrize(
    ("kept", "outcome"),
    [
        (Kept(SEVEN, (3, T - 9 * DAY), 8, T), Outcome.KEPT),
        (Kept(6, (3, T - 9 * DAY), 8, T), Outcome.PENDING),
        (Kept(SEVEN, (3, T - 9 * DAY), 9, T), Outcome.PENDING),
        (Kept(SEVEN, (3, T - 9 * DAY), 8, T - 1), Outcome.PENDING),
        (Kept(SEVEN, (3, T - 8 * DAY), 8, T), Outcome.PENDING),
        (Kept(SEVEN, None, 8, T), Outcome.PENDING),
    ],
)
def test_what_a_reading_decided_to_keep_stays_until_either_side_changes(kept: Kept, outcome: Outcome) -> None:
    """The title, what stands there, and what the row says: each counts."""
    ours = _ours()
    past = {ours.item.key: _past(ours, Outcome.KEPT, kept=kept)}
    assert _outcomes(_resolve([ours], past, _theirs(3, days=-9))) == [outcome]


def test_a_date_of_the_run_is_recorded_once_for_a_rating() -> None:
    """Another rating is rated anew."""
    before = Date(NOW - DAY, Precision.SECOND, Origin.RUN)
    today = Date(NOW, Precision.SECOND, Origin.RUN)
    ours = _ours(date=today)
    [same] = _resolve([ours], {ours.item.key: _past(ours, Outcome.PENDING, wanted=before)})
    assert same.sent_at == NOW - DAY
    [other] = _resolve([ours], {ours.item.key: _past(ours, Outcome.PENDING, wanted=before, wanted_rating=3)})
    assert other.sent_at == NOW
    true = _past(ours, Outcome.PENDING, wanted=_date(-50))
    assert _resolve([ours], {ours.item.key: true})[0].sent_at == NOW


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (_date(0), Date(T, Precision.SECOND, Origin.RATING)),
        (_date(0, precision=Precision.DAY), Date(T, Precision.DAY, Origin.RATING)),
        (_date(0, Origin.WATCHED), None),
        (_date(0, Origin.RUN), None),
    ],
)
def test_a_date_that_a_row_gave_says_no_more_than_the_row_knew(said: Date, told: Date | None) -> None:
    """A day of ours is a day, and a stand-in is none."""
    past = _past(_ours(), base=Base(8, said, 8, T), simkl=SEVEN)
    assert believed(_theirs(8), vague_dates([past])) == told


@pytest.mark.parametrize("base", [Base(8, _date(0, Origin.RUN), 5, T), Base(8, _date(0, Origin.RUN), 8, T - 1)])
def test_another_rating_or_another_moment_is_the_persons_date(base: Base) -> None:
    """Though it is of the very day that was sent."""
    assert believed(_theirs(8), {SEVEN: [base]}) == Date(T, Precision.SECOND, Origin.RATING)


def test_the_rank_of_a_day_is_not_taken_for_its_moment() -> None:
    """What stands there at ten past twelve of our day is told with that moment, as a day."""
    there = AccountRating(SEVEN, Kind.MOVIE, "Heat", 1995, (), 8, T + 600)
    base = Base(8, _date(0, precision=Precision.DAY), 8, T + 600)
    assert believed(there, {SEVEN: [base]}) == Date(T + 600, Precision.DAY, Origin.RATING)


def test_a_row_that_has_no_base_takes_that_of_the_best_row_that_it_won_over() -> None:
    """`others` stand in that order; one that never was settled has none."""
    ours = _ours(others=(1, 2, 3))
    rows = [ours.item, *(_ours(f"Heat {n}", n=n).item for n in (1, 2, 3))]
    agreed = {2: Base(6, _date(-9), 6, T - 9), 3: Base(6, _date(-9), 3, T)}
    past = {rows[1].key: _past(ours)} | {rows[n].key: _past(ours, base=base) for n, base in agreed.items()}
    [got] = _resolve([ours], past, _theirs(6, days=0), items=rows, policy=OnConflict.KEEP)
    assert (got.outcome, got.reason) == (Outcome.KEPT, Reason.CONFLICT)
    past |= {rows[2].key: _past(ours, base=replace(agreed[2], account_rated_at=T))}
    [got] = _resolve([ours], past, _theirs(6, days=0), items=rows, policy=OnConflict.KEEP)
    assert got.outcome is Outcome.PENDING


def test_a_title_goes_by_its_number_only_where_it_has_no_id_of_its_own() -> None:
    """One doubtful id in a good set can win."""
    plain, named = _ours(), _ours("Ronin", n=1, ids=(("imdb", "tt0122690"),))
    unknown = _ours("Sonatine", n=2)
    standing = Standing(led={_question(plain): SEVEN, _question(named): 8})
    got = _resolve([plain, named, unknown], {}, standing=standing)
    assert [ids_to_send(one) for one in got] == [(("simkl", "7"),), (("imdb", "tt0122690"),), ()]


def test_a_row_that_leads_to_a_wrong_title_has_no_say_on_the_one_of_its_name() -> None:
    """It keeps no other row from there, and no layer of ours makes it go: its question would hit the wrong one."""
    misled, other = _ours(days=5), _ours("Hitze", days=-3, n=1)
    standing = Standing(
        wrong={_question(misled): 9}, led={_question(other): SEVEN}, layers=_layers(_layer(key="c:1", days=-9))
    )
    past = {misled.key: _past(misled)}
    got = _resolve([misled, other], past, _theirs(3, days=-9), standing=standing, policy=OnConflict.OVERWRITE)
    assert [(one.outcome, one.note) for one in got] == [
        (Outcome.KEPT, Note.OTHER_TITLE),
        (Outcome.PENDING, None),
    ]


def test_what_a_reading_decided_to_keep_stays_though_another_row_put_it_there() -> None:
    """Else it would be sent by every run, and lose each time."""
    ours = _ours()
    standing = Standing(layers=_layers(_layer()))
    there = _theirs(3, days=-9)
    kept = Kept(SEVEN, (3, T - 9 * DAY), 8, T)
    for policy in (OnConflict.KEEP, OnConflict.NEWER):
        past = {ours.key: _past(ours, Outcome.KEPT, kept=kept)}
        assert _outcomes(_resolve([ours], past, there, standing=standing, policy=policy)) == [Outcome.KEPT]
        elsewhere = {ours.key: _past(ours, Outcome.KEPT)}
        assert _outcomes(_resolve([ours], elsewhere, there, standing=standing, policy=policy)) == [Outcome.PENDING]


def test_what_a_row_itself_put_there_is_changed_with_the_date_of_its_first_try() -> None:
    """A changed value without a true date has that of the run which saw it first."""
    ours = _ours(date=_date(-5, Origin.WATCHED))
    mine = Standing(layers=_layers(_layer(key=ours.key)))
    before = Date(NOW - DAY, Precision.SECOND, Origin.RUN)
    for wanted, sent_at in ((before, NOW - DAY), (None, NOW)):
        past = {ours.key: _past(ours, Outcome.PENDING, wanted=wanted)}
        [got] = _resolve([ours], past, _theirs(3, days=-9), standing=mine, policy=OnConflict.KEEP)
        assert (got.outcome, got.sent_at) == (Outcome.PENDING, sent_at)


@pytest.mark.parametrize(
    ("said", "vague"),
    [
        (None, False),
        (_date(0), False),
        (_date(0, Origin.ENTRY), False),
        (_date(0, Origin.WATCHED), True),
        (_date(0, Origin.RUN), True),
        (_date(0, Origin.RATING, Precision.DAY), True),
    ],
)
def test_a_stand_in_and_a_bare_day_say_less_than_they_seem_to(said: Date | None, vague: bool) -> None:
    """Only a true date of a moment says all of it."""
    base = Base(8, said, 8, T)
    assert is_vague(base) is vague
    past = [
        Remembered(outcome=Outcome.APPLIED, simkl=simkl, base=one)
        for simkl, one in ((5, base), (None, base), (6, None))
    ]
    assert vague_dates(past) == ({5: [base]} if vague else {})
