"""What an import will do to the account, told beforehand: lists, requests, differences. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from importer.model import DAY, Kind, Outcome
from importer.plan.decide import OnConflict
from importer.plan.title import Title

MANY = 50
"""Ratings of one day on Simkl from which on an earlier import is the likely reason."""

_LISTS = {
    Kind.MOVIE: ("movie", "movies", "Completed (not yet released: Plan to Watch)"),
    Kind.SHOW: ("show", "shows", "Watching"),
    Kind.ANIME: ("anime", "anime", "Watching"),
}


def forecast(
    titles: Sequence[Title],
    posts: int,
    used: int,
    quota: int | None,
    is_listed: Callable[[Title], bool] | None = None,
) -> Iterator[str]:
    """Lines for the person, none wider than a common terminal. `posts` are the requests to come, `used` today's;
    `is_listed` tells whether a title is on a list already, None if the lists are not known.
    """
    sending = [one for one in titles if one.outcome is Outcome.PENDING]
    if sending:
        yield f"To send: {_many(len(sending), 'rating')} in {_many(posts, 'request')}" + (
            f" ({used:,} of today's {quota:,} are used)" if quota else ""
        )
    unrated = [one for one in sending if one.theirs is None]
    new = Counter(one.item.kind for one in unrated if is_listed is None or not is_listed(one))
    most = "up to " if is_listed is None else ""
    if any(new[kind] for kind in _LISTS):
        yield "A rating puts a title that is on none of your Simkl lists onto one:"
    for kind, (one_title, more, where) in _LISTS.items():
        if new[kind]:
            yield f"  {most}{new[kind]:,} {one_title if new[kind] == 1 else more} onto {where}"
    differ = [one for one in titles if one.theirs is not None and one.theirs.rating != one.rating]
    if differ:
        ours = sum(one.outcome is Outcome.PENDING for one in differ)
        yield (
            f"{_many(len(differ), 'rating')} not as on Simkl: the export's is sent for {ours:,}, "
            f"Simkl's is kept for {len(differ) - ours:,}"
        )


def earlier_import(titles: Sequence[Title]) -> str | None:
    """Return a hint where many equal ratings stand on one day on Simkl, and on other days in the export."""
    days = Counter(
        one.theirs.rated_at // DAY
        for one in titles
        if one.theirs is not None
        and one.theirs.rated_at is not None
        and one.date.true
        and one.theirs.rating == one.rating
        and one.theirs.rated_at // DAY != one.date.day
    )
    if not days:
        return None
    count = days.most_common(1)[0][1]
    if count < MANY:
        return None
    return (
        f"{count:,} of your Simkl ratings carry one date, as after an earlier import.\n"
        f"To give them the export's dates: --on-conflict {OnConflict.OVERWRITE.value} --redate"
    )


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
