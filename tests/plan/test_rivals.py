"""Ours against ours in the plan: the merge rule first, then the person's rating below."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.model import DAY, AccountRating, Date, Item, Kind, Note, Origin, Outcome, Precision, Reason
from importer.plan.decide import OnConflict, Rules
from importer.plan.rivals import Layer, against_ours, is_contested
from importer.plan.title import Title

T = 19_800 * DAY
THEIRS = AccountRating(1, Kind.MOVIE, "Heat", 1995, (), 6, T)


def _date(at: int, origin: Origin = Origin.RATING) -> Date:
    return Date(at, Precision.SECOND, origin)


def _ours(at: int, origin: Origin = Origin.RATING) -> Title:
    item = Item("a:1", Kind.MOVIE, "Heat", 1995, (), "", 8, None, "", 1)
    return Title(n=0, item=item, ids=(), rating=8, date=_date(at, origin), rated_at=at)


def _layer(**fields: Any) -> Layer:
    at = fields.pop("shown_at", T)
    plain: dict[str, Any] = {"key": "b:1", "rating": 6, "date": _date(T), "before": None}
    return Layer(**{**plain, "shown": None if at is None else (at, at), **fields})


def _against(
    ours: Title, *layers: Layer, theirs: AccountRating = THEIRS, outcome: Outcome = Outcome.KEPT, **said: Any
) -> Any:
    reason = Reason.CONFLICT if outcome is Outcome.KEPT else None
    title = ours.decided(outcome, reason, asked=1, simkl=None, theirs=theirs)
    rules = Rules(T + DAY, said.get("policy", OnConflict.NEWER))
    after = against_ours(title, said.get("merged", ()), theirs, layers, rules, based=said.get("based", False))
    return after.outcome, after.note


@pytest.mark.parametrize("outcome", [Outcome.KEPT, Outcome.PENDING])
def test_the_better_row_stays_whatever_was_decided(outcome: Outcome) -> None:
    """The other one is told as its duplicate."""
    assert _against(_ours(T - 9), _layer(), outcome=outcome) == (Outcome.DUPLICATE, Note.SHARED_TITLE)


def test_a_newer_row_is_sent_and_a_tie_is_not() -> None:
    """Of two alike, and of two stand-ins, neither beats the other."""
    assert _against(_ours(T + 9), _layer())[0] is Outcome.PENDING
    assert _against(_ours(T), _layer())[0] is Outcome.KEPT
    stand_in = _layer(date=_date(T - 9, Origin.RUN))
    assert _against(_ours(T + 9, Origin.RUN), stand_in)[0] is Outcome.KEPT
    assert _against(_ours(T - 99), stand_in)[0] is Outcome.PENDING


@pytest.mark.parametrize(
    ("layer", "ours"),
    [
        ({"rating": 5}, False),
        ({"shown_at": T + 1}, False),
        ({"shown_at": None}, False),
        ({"shown": (T - 9, T - 1)}, False),
        ({"shown": (T - 9, T)}, True),
        ({"shown": (T, T + 9)}, True),
        ({}, True),
    ],
)
def test_only_what_was_seen_and_stands_is_ours(layer: dict[str, Any], ours: bool) -> None:
    """Another value, another date, or one that nobody saw there is the person's."""
    assert (_against(_ours(T + 9), _layer(**layer))[0] is Outcome.PENDING) is ours


def test_without_dates_an_equal_rating_counts_as_ours() -> None:
    """Where Simkl shows none."""
    dateless = replace(THEIRS, rated_at=None)
    assert _against(_ours(T + 9), _layer(shown_at=None), theirs=dateless)[0] is Outcome.PENDING


@pytest.mark.parametrize(
    ("policy", "below", "sent"),
    [
        (OnConflict.NEWER, (3, T - DAY), True),
        (OnConflict.NEWER, (3, T + DAY), False),
        (OnConflict.NEWER, (3, None), False),
        (OnConflict.KEEP, (3, T - DAY), False),
        (OnConflict.OVERWRITE, (3, T + DAY), True),
        (OnConflict.NEWER, (8, None), True),
    ],
)
def test_the_winner_is_held_against_the_persons_rating_below(policy: OnConflict, below: Any, sent: bool) -> None:
    """Which lies beneath all of ours; equal to it counts as winning."""
    first = _layer(key="c:1", rating=4, shown_at=T - 5, before=below)
    top = _layer(before=(4, T - 5))
    assert (_against(_ours(T + 9), first, top, policy=policy)[0] is Outcome.PENDING) is sent


def test_of_rows_that_all_gave_the_rating_that_stands_the_last_one_sent_is_on_top() -> None:
    """So it is the one to beat."""
    old, new = _layer(date=_date(T - 99)), _layer(key="c:1", date=_date(T + 99))
    assert _against(_ours(T), old, new)[0] is Outcome.DUPLICATE
    assert _against(_ours(T), new, old)[0] is Outcome.PENDING


def test_what_lies_below_is_found_row_by_row_from_the_top() -> None:
    """Each row of ours took the one before for what stood there; only the first tells what the person had."""
    first = _layer(key="c:1", rating=4, shown_at=T - 9, before=(3, T + DAY))
    second = _layer(key="d:1", rating=5, shown_at=T - 5, before=(4, T - 9))
    top = _layer(before=(5, T - 5))
    assert _against(_ours(T + 9), first, second, top)[0] is Outcome.KEPT


def test_a_row_that_was_merged_into_this_one_has_lost_already() -> None:
    """Whatever its date."""
    assert _against(_ours(T - 9), _layer(), merged={"b:1"})[0] is Outcome.PENDING


@pytest.mark.parametrize(("based", "outcome"), [(False, Outcome.PENDING), (True, Outcome.KEPT)])
def test_what_the_row_itself_put_there_is_its_base_where_it_has_none(based: bool, outcome: Outcome) -> None:
    """As after a person said that the title is the right one."""
    assert _against(_ours(T + 9), _layer(key="a:1"), policy=OnConflict.KEEP, based=based)[0] is outcome


@pytest.mark.parametrize(
    ("outcome", "reason", "contested"),
    [
        (Outcome.PENDING, None, True),
        (Outcome.KEPT, Reason.CONFLICT, True),
        (Outcome.KEPT, Reason.CHANGED_ON_SIMKL, True),
        (Outcome.KEPT, Reason.OLDER_EXPORT, False),
        (Outcome.UNCHANGED, None, False),
        (Outcome.DUPLICATE, None, False),
    ],
)
def test_it_matters_whose_rating_stands_there_where_that_is_why_a_row_is_kept_or_sent(
    outcome: Outcome, reason: Reason | None, contested: bool
) -> None:
    """What seems to be the person's change may be another row's."""
    assert is_contested(replace(_ours(T), outcome=outcome, reason=reason)) is contested


def test_a_row_that_is_sent_anyway_is_sent_as_it_was_decided() -> None:
    """With the date that is sent instead of its own, too."""
    instead = _date(T + DAY, Origin.RUN)
    title = _ours(T + 9).decided(Outcome.PENDING, None, asked=1, simkl=None, theirs=THEIRS, instead=instead)
    rules = Rules(T + DAY, OnConflict.NEWER)
    assert against_ours(title, (), THEIRS, [_layer()], rules, based=False) == title
