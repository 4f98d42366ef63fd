"""The three sides of a re-import: the whole table, enumerated, against the contract's rows said in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from importer.model import DAY, NOON, AccountRating, Date, Item, Kind, Origin, Outcome, Precision, Reason
from importer.plan.decide import OnConflict, Rules, date_instead, decide
from importer.plan.sides import Base
from importer.plan.title import Title

START = 1_750_000_000
TODAY = 19_800 * DAY
SAME, NEW = 7, 9
ORIGINS = [Origin.RATING, Origin.ENTRY, Origin.WATCHED, Origin.EDITED, Origin.RUN]


def _date(
    days: int, precision: Precision = Precision.SECOND, origin: Origin = Origin.RATING, second: int = NOON
) -> Date:
    return Date(TODAY + days * DAY + (NOON if precision is Precision.DAY else second), precision, origin)


def _ours(rating: int, date: Date) -> Title:
    item = Item("letterboxd:x", Kind.MOVIE, "Heat", 1995, (), str(rating), rating, date, "ratings.csv", 2)
    return Title(n=0, item=item, ids=(), rating=rating, date=date, rated_at=date.value)


def _theirs(rating: int, rated_at: int | None) -> AccountRating:
    return AccountRating(1, Kind.MOVIE, "Heat", 1995, (), rating, rated_at)


def _decide(
    ours: Title,
    base: Base | None,
    theirs: AccountRating | None,
    on_conflict: OnConflict = OnConflict.NEWER,
    believed: Date | None = None,
    *,
    redate: bool = False,
) -> Title:
    if believed is None and theirs is not None and theirs.rated_at is not None:
        believed = Date(theirs.rated_at, Precision.SECOND, Origin.RATING)
    outcome, reason = decide(ours, base, theirs, believed, Rules(START, on_conflict, redate))
    instead = date_instead(ours, base, theirs, START) if outcome is Outcome.PENDING else None
    return ours.decided(outcome, reason, asked=1, simkl=None, theirs=theirs, instead=instead)


POLICIES = list(OnConflict)
DATES = [_date(0, precision, origin) for precision, origin in product(Precision, ORIGINS)]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("based", [None, SAME, NEW])
@pytest.mark.parametrize("date", DATES, ids=lambda date: f"{date.precision}-{date.origin}")
def test_an_equal_rating_is_unchanged_whatever_else(date: Date, based: int | None, policy: OnConflict) -> None:
    """Nothing is sent, so the account's date stays."""
    base = None if based is None else Base(based, _date(-9), based, TODAY)
    assert _decide(_ours(SAME, date), base, _theirs(SAME, TODAY - 99 * DAY), policy).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("date", DATES, ids=lambda date: f"{date.precision}-{date.origin}")
def test_a_rating_that_neither_the_account_nor_anybody_has_is_sent_with_its_date(
    date: Date, policy: OnConflict
) -> None:
    """No base, and theirs missing."""
    found = _decide(_ours(SAME, date), None, None, policy)
    assert (found.outcome, found.sent_date, found.sent_at) == (Outcome.PENDING, date, date.value)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("date", DATES, ids=lambda date: f"{date.precision}-{date.origin}")
def test_only_theirs_changed_keeps_theirs(date: Date, policy: OnConflict) -> None:
    """The row says what it said: another value on Simkl, another date there, or none at all, is the person's doing."""
    base = Base(SAME, date, SAME, TODAY)
    for theirs in (None, _theirs(4, TODAY), _theirs(4, TODAY + 5)):
        found = _decide(_ours(SAME, date), base, theirs, policy)
        assert (found.outcome, found.reason) == (Outcome.KEPT, Reason.CHANGED_ON_SIMKL)


@pytest.mark.parametrize("policy", POLICIES)
def test_only_ours_changed_is_sent_unless_it_is_an_older_export(policy: OnConflict) -> None:
    """A true date older than the base's is an old export; of one day, or newer, it is a new rating."""
    base = Base(SAME, _date(0), SAME, TODAY + NOON)
    theirs = _theirs(SAME, TODAY + NOON)
    for days, precision in product((-1, 0, 1), Precision):
        found = _decide(_ours(NEW, _date(days, precision)), base, theirs, policy)
        if days < 0:
            assert (found.outcome, found.reason) == (Outcome.KEPT, Reason.OLDER_EXPORT)
        else:
            assert (found.outcome, found.sent_at) == (Outcome.PENDING, _date(days, precision).value)


def test_seconds_tell_an_older_export_within_one_day() -> None:
    """Where both dates are exact, a second decides."""
    base = Base(SAME, _date(0, second=500), SAME, TODAY + 500)
    older = _decide(_ours(NEW, _date(0, second=499)), base, _theirs(SAME, TODAY + 500))
    newer = _decide(_ours(NEW, _date(0, second=501)), base, _theirs(SAME, TODAY + 500))
    assert (older.reason, newer.outcome) == (Reason.OLDER_EXPORT, Outcome.PENDING)


@pytest.mark.parametrize("origin", [Origin.WATCHED, Origin.EDITED, Origin.RUN])
@pytest.mark.parametrize("precision", Precision)
def test_a_changed_value_without_a_true_date_is_sent_with_the_runs_start(origin: Origin, precision: Precision) -> None:
    """It changed some time before this run, and its stand-in date, however old, makes it no old export."""
    base = Base(SAME, _date(5), SAME, TODAY)
    found = _decide(_ours(NEW, _date(0, precision, origin)), base, _theirs(SAME, TODAY))
    assert (found.outcome, found.sent_date, found.sent_at) == (
        Outcome.PENDING,
        Date(START, Precision.SECOND, Origin.RUN),
        START,
    )


def _conflicts() -> Iterator[tuple[Date, Date | None, Base | None]]:
    """Our dates, what is believed of theirs, and the base: none, or one from which both sides have moved away."""
    bases = [None, Base(5, _date(-50), 5, TODAY - 50 * DAY)]
    mine = [_date(days, precision, origin) for days, precision, origin in product((-1, 0, 1), Precision, ORIGINS)]
    other = [None, *(_date(0, precision) for precision in Precision)]
    yield from product(mine, other, bases)


@pytest.mark.parametrize("policy", POLICIES)
def test_where_both_changed_the_option_decides(policy: OnConflict) -> None:
    """overwrite sends, keep keeps; newer compares true dates: a tie, an unknown or a stand-in date keeps theirs."""
    for date, believed, base in _conflicts():
        theirs = _theirs(4, believed.value if believed is not None else None)
        found = _decide(_ours(NEW, date), base, theirs, policy, believed)
        later = believed is not None and date.true and date.day > believed.day
        if policy is OnConflict.OVERWRITE or (policy is OnConflict.NEWER and later):
            assert found.outcome is Outcome.PENDING
            assert found.sent_at == (date.value if date.true or base is None else START)
        else:
            assert (found.outcome, found.reason) == (Outcome.KEPT, Reason.CONFLICT)


def test_newer_compares_seconds_where_both_are_exact() -> None:
    """A tie to the second keeps theirs, one second later wins, and a day of either side makes it a tie."""
    theirs = _theirs(4, TODAY + 500)
    outcomes = [_decide(_ours(NEW, _date(0, second=second)), None, theirs).outcome for second in (499, 500, 501)]
    assert outcomes == [Outcome.KEPT, Outcome.KEPT, Outcome.PENDING]
    assert _decide(_ours(NEW, _date(0, Precision.DAY)), None, theirs).outcome is Outcome.KEPT
    vague = _date(0, Precision.DAY)
    assert _decide(_ours(NEW, _date(0, second=80_000)), None, theirs, believed=vague).outcome is Outcome.KEPT


@pytest.mark.parametrize("policy", POLICIES)
def test_a_rating_removed_on_simkl_and_changed_here_comes_back_only_by_overwrite(policy: OnConflict) -> None:
    """Both changed, and removal is a change without a date."""
    found = _decide(_ours(NEW, _date(9)), Base(SAME, _date(0), SAME, TODAY), None, policy)
    assert (found.outcome is Outcome.PENDING) == (policy is OnConflict.OVERWRITE)


def test_the_same_value_rated_anew_is_a_change_of_its_side() -> None:
    """A newer date alone is a change: of ours against a removed title, and of theirs against a new value."""
    base = Base(SAME, _date(0), SAME, TODAY)
    assert _decide(_ours(SAME, _date(3)), base, None).reason is Reason.CONFLICT
    changed = _decide(_ours(NEW, _date(3)), base, _theirs(SAME, TODAY + 9 * DAY))
    assert (changed.outcome, changed.reason) == (Outcome.KEPT, Reason.CONFLICT)


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("precision", Precision)
def test_redate_corrects_the_date_of_an_equal_rating(precision: Precision, origin: Origin) -> None:
    """Of another day always, within one day only by the second; a run's own start corrects nothing."""
    date = _date(0, precision, origin)
    for rated_at, wrong in (
        (date.value, False),
        (TODAY + 5, precision is Precision.SECOND),
        (TODAY - DAY, True),
        (None, True),
    ):
        found = _decide(_ours(SAME, date), None, _theirs(SAME, rated_at), redate=True)
        sent = wrong and origin is not Origin.RUN
        assert found.outcome is (Outcome.PENDING if sent else Outcome.UNCHANGED)
        assert found.sent_at == date.value


def test_the_same_value_with_an_older_date_is_a_change_of_ours() -> None:
    """The row's true date moved back, and Simkl's rating is another: both sides changed, so the option decides."""
    base = Base(SAME, _date(0), SAME, TODAY)
    found = _decide(_ours(SAME, _date(-5)), base, _theirs(4, TODAY + 9), OnConflict.OVERWRITE)
    assert found.outcome is Outcome.PENDING


STAND_INS = [_date(0, origin=origin) for origin in (Origin.WATCHED, Origin.EDITED, Origin.RUN)]


@pytest.mark.parametrize("then", [None, *STAND_INS])
def test_only_a_true_date_at_the_base_makes_an_older_export(then: Date | None) -> None:
    """A row that had a stand-in date then, or none, and has its true one now is no old export, however old that is."""
    base = Base(SAME, then, SAME, TODAY)
    assert _decide(_ours(NEW, _date(-5)), base, _theirs(SAME, TODAY)).outcome is Outcome.PENDING


@pytest.mark.parametrize(
    ("then", "now"),
    [(None, _date(5)), *((then, _date(5)) for then in STAND_INS), *((_date(-5), now) for now in STAND_INS)],
)
def test_a_date_that_stands_in_on_either_side_is_no_change_of_ours(then: Date | None, now: Date) -> None:
    """The row says the same rating, so what differs on Simkl is the person's doing."""
    found = _decide(_ours(SAME, now), Base(SAME, then, SAME, TODAY), _theirs(4, TODAY + 9), OnConflict.OVERWRITE)
    assert (found.outcome, found.reason) == (Outcome.KEPT, Reason.CHANGED_ON_SIMKL)


def test_what_row_and_account_still_disagree_about_is_sent() -> None:
    """Neither side changed, and they never said the same: the row's wish stands."""
    date = _date(0)
    found = _decide(_ours(SAME, date), Base(SAME, date, 4, TODAY), _theirs(4, TODAY))
    assert (found.outcome, found.sent_date, found.sent_at) == (Outcome.PENDING, date, date.value)


@pytest.mark.parametrize(("then", "now"), [(None, TODAY), (TODAY, None), (None, None)])
def test_a_date_that_simkl_gives_only_once_is_no_change_of_theirs(then: int | None, now: int | None) -> None:
    """Where one of two readings has no date, the value alone tells whether the person changed it."""
    base = Base(SAME, _date(-3), SAME, then)
    found = _decide(_ours(NEW, _date(-1)), base, _theirs(SAME, now), OnConflict.KEEP)
    assert found.outcome is Outcome.PENDING


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_that_moved_by_one_between_two_exports_is_no_change(days: int) -> None:
    """Equal ratings: what was changed on Simkl meanwhile stays the person's, whatever --on-conflict says."""
    base = Base(7, _day(0), 7, 1_600_000_000)
    theirs = AccountRating(1, Kind.MOVIE, "Heat", 1995, (), 9, 1_700_000_000)
    for policy in OnConflict:
        got = decide(_said(7, _day(days)), base, theirs, None, Rules(1_800_000_000, policy))
        assert got == (Outcome.KEPT, Reason.CHANGED_ON_SIMKL)


@pytest.mark.parametrize(
    ("days", "policy", "outcome", "reason"),
    [
        (-1, OnConflict.NEWER, Outcome.KEPT, Reason.CONFLICT),
        (-1, OnConflict.OVERWRITE, Outcome.PENDING, None),
        (-2, OnConflict.OVERWRITE, Outcome.KEPT, Reason.OLDER_EXPORT),
        (1, OnConflict.NEWER, Outcome.PENDING, None),
    ],
)
def test_another_rating_of_the_day_before_is_a_tie(days, policy, outcome, reason) -> None:
    """Two days before it is an older export; the day after it is a new rating."""
    theirs = AccountRating(1, Kind.MOVIE, "Heat", 1995, (), 7, 1_600_000_000)
    got = decide(_said(9, _day(days)), Base(7, _day(0), 7, 1_600_000_000), theirs, None, Rules(1_800_000_000, policy))
    assert got == (outcome, reason)


def _day(days: int) -> Date:
    return Date(18_518 * DAY + NOON + days * DAY, Precision.DAY, Origin.RATING)


def _said(rating: int, date: Date) -> Title:
    item = Item("a:x", Kind.MOVIE, "Heat", 1995, (), str(rating), rating, date, "f", 1)
    return Title(n=0, item=item, ids=(), rating=rating, date=date, rated_at=date.value)


def test_a_changed_value_without_a_date_is_dated_by_its_run_unless_the_account_has_it_already() -> None:
    """Then the date alone is corrected, and that is the row's own."""
    undated = _date(0, Precision.SECOND, Origin.RUN)
    changed = _ours(NEW, undated)
    base = Base(SAME, undated, SAME, 5)
    assert date_instead(changed, base, _theirs(NEW, 5), START) is None
    for theirs in (_theirs(SAME, 5), None):
        instead = date_instead(changed, base, theirs, START)
        assert instead is not None
        assert instead.value == START
