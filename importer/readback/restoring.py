"""The titles of an undo: every change in scope gathered by the title it was made to, and what each is to have again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from importer.journal.batches import Change
from importer.journal.items import Place
from importer.model import Kind
from importer.plan.sides import Theirs
from importer.readback.takeback import Standing, Wish, take_back
from importer.send.repairs import REPAIRED, Repair
from importer.simkl.account import Account


@dataclass(frozen=True, slots=True)
class Title:
    """One title, its changes in scope, the oldest first, and what it is to have again."""

    changes: tuple[Change, ...]
    standing: Standing
    repair: Repair

    @property
    def keys(self) -> set[str]:
        """The rows whose changes these are."""
        return {change.key for change in self.changes}


def titles_to_undo(
    chosen: Sequence[Change], later: Sequence[Change], account: Account, places: dict[str, Place], *, force: bool
) -> list[Title]:
    """What each title is to have. `later` are the changes of an undo that was stopped: it goes on where it was."""
    groups: defaultdict[str, list[Change]] = defaultdict(list)
    theirs: dict[str, Theirs | None] = {}
    for change in chosen:
        there = _find(change, account, places)
        simkl = there.simkl if there is not None else change.simkl
        group = f"{REPAIRED}{simkl}" if simkl is not None else change.key
        groups[group].append(change)
        theirs[group] = there
    done = {change.key: change for change in later}
    titles: list[Title] = []
    for group, found in groups.items():
        there, earlier = theirs[group], done.get(group)
        wish = take_back(found, there, force=force)
        if earlier is not None and _holds(there, earlier.after_rating):
            wish = Wish(Standing.TAKE_BACK, earlier.after_rating, earlier.after_at)
        titles.append(Title(tuple(found), wish.standing, _repair(group, found, there, places, wish)))
    return titles


def _find(change: Change, account: Account, places: dict[str, Place]) -> Theirs | None:
    if change.simkl is not None:
        return account.by_simkl.get(change.simkl)
    place = places.get(change.key)
    return None if place is None else account.find(place.simkl, place.kind, place.ids, place.title, place.year)


def _repair(group: str, found: Sequence[Change], there: Theirs | None, places: dict[str, Place], wish: Wish) -> Repair:
    simkl = int(group.removeprefix(REPAIRED)) if group.startswith(REPAIRED) else None
    place = next((places[change.key] for change in reversed(found) if change.key in places), None)
    place = place or Place(simkl, Kind.MOVIE, "", None, ())
    if there is not None:
        place = Place(there.simkl, there.kind, there.title, there.year, there.ids)
    return Repair(group, simkl, place.kind, place.title, place.year, place.ids, there, wish.rating, wish.rated_at)


def _holds(there: Theirs | None, rating: int | None) -> bool:
    return rating == (there.rating if there is not None else None)
