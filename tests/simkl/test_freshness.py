"""What has to be read again, told from the stamps alone, and what is kept of them for the next time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.model import Kind
from importer.simkl.freshness import LONGEST, YOUNG, Kept, Need, after, moved, need, stood_still
from importer.simkl.reads import Part, Stamps

OLD, NEW, YOUNGEST = "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z", "2025-06-03T10:00:00Z"
NOW = 1_748_944_800.0
"""When the youngest stamp was made: 2025-06-03T10:00:00Z."""


def _part(rated: str | None = OLD, removed: str | None = None) -> Part:
    return Part(anything=rated, rated=rated, removed_from_list=removed, playback=None, lists=())


def _stamps(newest: str | None = OLD, **parts: Part) -> Stamps:
    plain: dict[str, Any] = {"movie": _part(), "show": _part(), "anime": _part()}
    return Stamps(newest=newest, settings=None, **{**plain, **parts})


KEPT = after(None, _stamps(), NOW, NOW, Need.WHOLE)


def test_where_no_stamp_moved_nothing_is_read() -> None:
    """Nor of a kind of which nothing was ever rated."""
    assert need(KEPT, _stamps(), NOW) is Need.NOTHING
    never = _stamps(anime=_part(None))
    assert need(after(None, never, NOW, NOW, Need.WHOLE), never, NOW) is Need.NOTHING


@pytest.mark.parametrize("kind", list(Kind))
def test_one_kind_whose_stamp_moved_is_enough_for_what_changed(kind: Kind) -> None:
    """Whichever it is; of one that left the library no delta tells, and all is read."""
    assert need(KEPT, _stamps(**{kind.value: _part(NEW)}), NOW) is Need.DELTA
    assert need(KEPT, _stamps(**{kind.value: _part(removed=NEW)}), NOW) is Need.WHOLE


@pytest.mark.parametrize(
    "kept",
    [
        None,
        replace(KEPT, distrusted=True),
        replace(KEPT, since=None),
        replace(KEPT, whole_at=int(NOW) - LONGEST - 1),
    ],
    ids=["never read", "stamps that do not move", "no stamp to begin from", "long ago"],
)
def test_where_stamps_cannot_tell_all_is_read(kept: Kept | None) -> None:
    """Also where they say that nothing moved."""
    assert need(kept, _stamps(), NOW) is Need.WHOLE


def test_an_account_is_trusted_for_thirty_days() -> None:
    """Not a second less."""
    assert need(replace(KEPT, whole_at=int(NOW) - LONGEST), _stamps(), NOW) is Need.NOTHING


def test_stamps_that_tell_nothing_are_none() -> None:
    """Simkl gives null for all of them: they are as they were, and mean nothing."""
    silent = _stamps(None, movie=_part(None), show=_part(None), anime=_part(None))
    assert need(replace(after(None, silent, NOW, NOW, Need.WHOLE), since=OLD), silent, NOW) is Need.WHOLE


def test_a_kind_that_was_not_kept_has_moved() -> None:
    """Its stamp was too young: that it is still null, or the same, tells nothing."""
    rated = {kind: stamp for kind, stamp in KEPT.rated.items() if kind != "anime"}
    assert need(replace(KEPT, rated=rated), _stamps(anime=_part(None)), NOW) is Need.DELTA
    assert need(replace(KEPT, rated=rated), _stamps(), NOW) is Need.DELTA


@pytest.mark.parametrize(("age", "believed"), [(YOUNG, True), (YOUNG - 1, False), (-5, False)])
def test_a_stamp_of_this_very_moment_may_hide_what_comes_in_its_own_second(age: int, believed: bool) -> None:
    """No later reading begins from it, and its kind is read again; the one before stays to begin from."""
    now = _stamps(YOUNGEST, show=_part(YOUNGEST))
    kept = after(KEPT, now, NOW + age, NOW + age, Need.DELTA)
    assert kept.since == (YOUNGEST if believed else OLD)
    assert ("show" in kept.rated) is believed
    assert kept.rated["movie"] == OLD


def test_what_a_delta_does_not_read_stays_as_it_was_read() -> None:
    """When all was read last, what of the lists, and whether stamps are trusted."""
    before = replace(KEPT, lists=OLD, listed_at=7, whole_at=8, distrusted=True)
    kept = after(before, _stamps(NEW), NOW, NOW, Need.DELTA)
    assert (kept.lists, kept.listed_at, kept.whole_at, kept.distrusted) == (OLD, 7, 8, True)
    assert after(before, _stamps(NEW), NOW, NOW, Need.WHOLE).whole_at == int(NOW)


@pytest.mark.parametrize(
    ("before", "now", "read"),
    [
        (replace(KEPT, lists=OLD, listed_at=7), _stamps(), int(NOW)),
        (replace(KEPT, lists=OLD, listed_at=7), _stamps(NEW), 7),
        (replace(KEPT, lists=YOUNGEST, listed_at=7), _stamps(YOUNGEST), 7),
        (replace(KEPT, lists=OLD, listed_at=7, distrusted=True), _stamps(), 7),
        (replace(KEPT, lists=None, listed_at=7), _stamps(None), 7),
    ],
    ids=["nothing moved", "something moved", "a stamp of this very moment", "stamps that do not move", "no stamps"],
)
def test_lists_are_as_they_were_where_nothing_at_all_has_moved(before: Kept, now: Stamps, read: int) -> None:
    """They count as read now: no request is spent on them."""
    assert after(before, now, NOW, NOW, Need.NOTHING).listed_at == read


def test_removals_are_kept_by_kind() -> None:
    """So that the next one shows."""
    kept = after(KEPT, _stamps(anime=_part(removed=NEW)), NOW, NOW, Need.WHOLE)
    assert kept.removed == {"movie": None, "show": None, "anime": NEW}


def test_stamps_stood_still_only_where_none_of_those_kinds_moved() -> None:
    """A kind of which nothing is kept has moved, and without kinds there is nothing to tell."""
    both = frozenset({Kind.MOVIE, Kind.ANIME})
    assert stood_still(KEPT, _stamps(), both)
    assert not stood_still(KEPT, _stamps(anime=_part(NEW)), both)
    assert stood_still(KEPT, _stamps(show=_part(NEW)), both)
    assert not stood_still(KEPT, _stamps(), frozenset())
    assert not stood_still(None, _stamps(), both)
    assert not stood_still(replace(KEPT, rated={"movie": OLD}), _stamps(anime=_part(None)), both)


@pytest.mark.parametrize(
    ("before", "now", "kinds", "went_on"),
    [
        (OLD, YOUNGEST, {Kind.MOVIE}, True),
        (None, YOUNGEST, {Kind.MOVIE}, True),
        (OLD, "young", {Kind.MOVIE}, True),
        (None, "young", {Kind.MOVIE}, True),
        (OLD, OLD, {Kind.MOVIE}, False),
        (YOUNGEST, YOUNGEST, {Kind.MOVIE}, False),
        (None, None, {Kind.MOVIE}, False),
        (OLD, None, {Kind.MOVIE}, False),
        (NEW, OLD, {Kind.MOVIE}, False),
        ("young", YOUNGEST, {Kind.MOVIE}, False),
        ("young", "young", {Kind.MOVIE}, False),
        (OLD, NEW, {Kind.MOVIE}, False),
        (OLD, YOUNGEST, {Kind.MOVIE, Kind.SHOW}, False),
        (OLD, YOUNGEST, set(), False),
    ],
)
def test_a_write_moved_a_stamp_if_it_is_from_then_and_was_known_before(
    before: str | None, now: str | None, kinds: set[Kind], went_on: bool
) -> None:
    """One of long before the write's answer is from somebody else's rating; of a young one nothing is kept."""

    def reading(stamp: str | None) -> Kept:
        films = {} if stamp == "young" else {"movie": stamp}
        return replace(KEPT, rated={"show": OLD, "anime": OLD, **films})

    assert moved(reading(before), reading(now), frozenset(kinds), NOW + 1) is went_on


@pytest.mark.parametrize(("later", "went_on"), [(YOUNG, True), (YOUNG + 1, False)])
def test_a_stamp_may_be_some_seconds_older_than_the_answer_to_its_write(later: int, went_on: bool) -> None:
    """It is made when Simkl writes, and the answer comes after that."""
    before, now = replace(KEPT, rated={"movie": OLD}), replace(KEPT, rated={"movie": YOUNGEST})
    assert moved(before, now, frozenset({Kind.MOVIE}), NOW + later) is went_on
