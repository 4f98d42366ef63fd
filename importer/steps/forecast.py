"""What an import will do to the account, told beforehand: lists, requests, differences. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from importer.model import DAY, Kind, Outcome
from importer.plan.decide import OnConflict
from importer.plan.resolve import Resolved

MANY = 50
"""Ratings of one day on Simkl from which on an earlier import is the likely reason."""

_LISTS = {
    Kind.MOVIE: "movies go onto your Completed list (Plan to Watch where not released yet)",
    Kind.SHOW: "shows go onto your Watching list",
    Kind.ANIME: "anime go onto your Watching list",
}


def forecast(resolved: Sequence[Resolved], posts: int, used: int, quota: int | None) -> Iterator[str]:
    """Lines for the person. `posts` are the requests to come, `used` those of today so far."""
    sending = [one for one in resolved if one.decision.outcome is Outcome.PENDING]
    if sending:
        yield f"{len(sending)} ratings to send in {posts} requests" + (
            f" (used today: {used} of {quota})" if quota else ""
        )
    new = Counter(one.ours.item.kind for one in sending if one.theirs is None)
    for kind, where in _LISTS.items():
        if new[kind]:
            yield f"up to {new[kind]} {where}: Simkl files what is on no list yet"
    differ = [one for one in resolved if one.theirs is not None and one.theirs.rating != one.ours.rating]
    if differ:
        ours = sum(one.decision.outcome is Outcome.PENDING for one in differ)
        yield f"{len(differ)} ratings differ from Simkl's: the export's wins {ours} times, Simkl's {len(differ) - ours}"


def earlier_import(resolved: Sequence[Resolved]) -> str | None:
    """A hint where many equal ratings stand on one day on Simkl, and on other days in the export."""
    days = Counter(
        one.theirs.rated_at // DAY
        for one in resolved
        if one.theirs is not None
        and one.theirs.rated_at is not None
        and one.ours.date.true
        and one.theirs.rating == one.ours.rating
        and one.theirs.rated_at // DAY != one.ours.date.day
    )
    if not days:
        return None
    count = days.most_common(1)[0][1]
    if count < MANY:
        return None
    return (
        f"{count} of your Simkl ratings carry one date: an earlier import? "
        f"See --on-conflict {OnConflict.OVERWRITE.value} --redate"
    )
