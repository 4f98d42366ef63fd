"""What of an account has to be read again: nothing, what changed since a stamp, or all of it. Pure.

Page: /guides/sync. Stamps have whole seconds, so that one which is younger than some of them may hide a change of its
own second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from importer.model import Kind, value
from importer.simkl.lenient import parse_time
from importer.simkl.reads import Stamps

YOUNG = 3
"""Seconds by which a stamp has to be older than its answer before a later reading may begin from it."""

LONGEST = 30 * 86_400
"""Seconds after which an account is read whole again, whatever its stamps say."""


class Need(StrEnum):
    """What has to be read of the ratings."""

    NOTHING = "nothing"
    DELTA = "delta"
    WHOLE = "whole"


@value
class Kept:
    """How the account was read last: the stamps of that time, each taken before the reading.

    `since` is the `all` that a delta is asked for with, exactly as Simkl gave it; None where none is old enough.
    `rated` and `removed` are the stamps by kind; `lists` the same for the lists, None where these were not read;
    `whole_at` and `listed_at` when all ratings, and the lists, were read last, in seconds since the epoch.
    `distrusted`: stamps did not move when something of ours was written.
    """

    since: str | None = None
    rated: Mapping[str, str | None] = field(default_factory=dict)
    removed: Mapping[str, str | None] = field(default_factory=dict)
    lists: str | None = None
    whole_at: int = 0
    listed_at: int = 0
    distrusted: bool = False


def need(kept: Kept | None, now: Stamps, moment: float) -> Need:
    """Tell what has to be read. `moment` is in seconds since the epoch."""
    if kept is None or kept.distrusted or kept.since is None or moment - kept.whole_at > LONGEST:
        return Need.WHOLE
    if not any(now.of(kind) for kind in Kind):
        return Need.WHOLE  # stamps that tell nothing
    if any(now.part(kind).removed_from_list != kept.removed.get(kind.value) for kind in Kind):
        return Need.WHOLE  # a title that left the library took its rating along, and no delta names it
    if all(kind.value in kept.rated and kept.rated[kind.value] == now.of(kind) for kind in Kind):
        return Need.NOTHING
    return Need.DELTA


def after(kept: Kept | None, now: Stamps, answered: float, moment: float, read: Need) -> Kept:
    """Return what to keep after a reading. `answered` is Simkl's own time of the stamps' answer."""
    before = kept or Kept()
    newest = now.newest if _old_enough(now.newest, answered) else None
    whole = read is Need.WHOLE
    return Kept(
        since=newest or before.since,
        # A young stamp of ratings may hide what comes in its own second: that kind is read again.
        rated={
            kind.value: now.of(kind) for kind in Kind if now.of(kind) is None or _old_enough(now.of(kind), answered)
        },
        removed={kind.value: now.part(kind).removed_from_list for kind in Kind},
        lists=before.lists,
        whole_at=int(moment) if whole else before.whole_at,
        # Where the newest stamp of all is the one of then, no list has moved either: they are read as of now.
        listed_at=int(moment)
        if newest is not None and newest == before.lists and not before.distrusted
        else before.listed_at,
        distrusted=before.distrusted,
    )


def _old_enough(stamp: str | None, answered: float) -> bool:
    at = parse_time(stamp)
    return at is not None and at <= answered - YOUNG


def stood_still(kept: Kept | None, now: Stamps, kinds: frozenset[Kind]) -> bool:
    """Tell whether the ratings' stamps of all these kinds are as they were: a write of ours should have moved one."""
    return kept is not None and bool(kinds) and all(kept.rated.get(kind.value, "") == now.of(kind) for kind in kinds)


def moved(before: Kept, now: Kept, kinds: frozenset[Kind], answered: float) -> bool:
    """Tell whether a write of ours, between two readings, surely moved the ratings' stamps of all these kinds.

    `answered` is when it was answered last, by Simkl's own clock. A stamp that was not known before tells nothing, and
    one that is from before that answer may be another's: it is the person who rates on Simkl's own pages meanwhile.
    """
    return bool(kinds) and all(_went_on(before, now, kind.value, answered) for kind in kinds)


def _went_on(before: Kept, now: Kept, kind: str, answered: float) -> bool:
    if kind not in before.rated:
        return False
    if kind not in now.rated:
        return True  # it is young now, and one that had stayed would be as old as it was
    old, new = parse_time(before.rated[kind]), parse_time(now.rated[kind])
    return new is not None and new >= answered - YOUNG and (old is None or new > old)
