"""How far the account's dates can be believed, knowing which of them came from this tool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from importer.model import DAY, FURTHEST_ZONE, AccountRating, Date, Origin, Precision
from importer.plan.sides import Base, Remembered


def vague_dates(remembered: Iterable[Remembered]) -> dict[int, list[Base]]:
    """Return, by simkl id, the bases whose dates say less on the account than they seem to: stand-ins and bare days."""
    found: dict[int, list[Base]] = {}
    for past in remembered:
        base = past.base
        if past.simkl is not None and base is not None and is_vague(base):
            found.setdefault(past.simkl, []).append(base)
    return found


def is_vague(base: Base) -> bool:
    """Tell whether the date that a row gave says less on the account than it seems to: a stand-in, or a bare day."""
    said = base.said_date
    return said is not None and not (said.true and said.precision is Precision.SECOND)


def believed(theirs: AccountRating | None, vague: Mapping[int, Sequence[Base]]) -> Date | None:
    """Return the account's date as far as it can be believed, knowing which dates were ours."""
    if theirs is None or theirs.rated_at is None:
        return None
    for base in vague.get(theirs.simkl, ()):
        said = base.said_date
        if said is not None and _is_ours(theirs, theirs.rated_at, base, said):
            return replace(said, value=theirs.rated_at) if said.true else None
    return Date(theirs.rated_at, Precision.SECOND, Origin.RATING)


def _is_ours(theirs: AccountRating, rated_at: int, base: Base, said: Date) -> bool:
    """Tell whether the account's date is the one that a row gave: as read back then, or where it never was, of that
    day.
    """
    if theirs.rating != base.account_rating or base.account_rated_at not in (None, rated_at):
        return False
    return rated_at // DAY == said.day or abs(rated_at - said.value) <= FURTHEST_ZONE
