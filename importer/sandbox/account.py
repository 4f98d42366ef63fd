"""One person's account: what it holds, and what the person, the service and other apps do to it.

Filing on a list by a rating follows `/api-reference/simkl/add-ratings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from importer.sandbox.catalog import Catalog
from importer.sandbox.quota import Day
from importer.sandbox.shelf import Listed, Rating, Shelf, Standing
from importer.sandbox.stamps import SERIES_STATUSES, Stamps, iso
from importer.sandbox.titles import Kind, Title

__all__ = ["Account", "Filing", "Listed", "Plan", "Rating"]

Plan = Literal["free", "pro", "vip"]


@dataclass(frozen=True, slots=True)
class Filing:
    """How a rating files a title: the questions that the pages leave open.

    `planned_completes`: a film on plantowatch is completed; `all_planned`: every title goes onto plantowatch;
    `watched`: the watch date of a title that a rating completes.
    """

    planned_completes: bool = False
    all_planned: bool = False
    watched: Literal["never", "when rated", "now"] = "never"


AS_DOCUMENTED = Filing()


@dataclass(frozen=True, slots=True)
class Change:
    """What stood for one title before a change at `at` (seconds since the epoch), so that a late read can show it."""

    at: float
    simkl: int
    before: Standing


@dataclass(slots=True)
class Account:
    """The account: who it is, its shelf, its stamps, and what it has spent of the day."""

    id: int
    name: str
    catalog: Catalog
    clock: Callable[[], float]
    plan: Plan = "free"
    timezone: str = "America/New_York"
    shelf: Shelf = field(default_factory=Shelf)
    stamps: Stamps = field(default_factory=Stamps)
    day: Day = field(default_factory=Day)
    _changes: list[Change] = field(default_factory=list, init=False)
    _rated: set[int] = field(default_factory=set, init=False)
    _filed: set[int] = field(default_factory=set, init=False)

    @property
    def ratings(self) -> dict[int, Rating]:
        """Its ratings by simkl number."""
        return self.shelf.ratings

    @property
    def library(self) -> dict[int, str]:
        """The list of each of its titles by simkl number."""
        return self.shelf.library

    def rate(self, title: Title | int, rating: int, rated_at: str | None = None) -> None:
        """Rate a title as the person would on the site; `rated_at` as `2026-05-15T20:00:00Z`, default now."""
        known = self._title(title)
        before = self.library.get(known.simkl)
        status = self.write(known, rating, rated_at or iso(self.clock()))
        self.touch({known.kind: ("rated_at",) if status == before else ("rated_at", status)})

    def unrate(self, title: Title | int) -> None:
        """Take a rating back as the person would on the site; the title stays on its list."""
        known = self._title(title)
        self.erase(known)
        self.touch({known.kind: ("rated_at",)})

    def put_on_list(self, title: Title | int, status: str, *, watched_at: str | None = None, episodes: int = 0) -> None:
        """Put a title on a list without rating it; `watched_at` and `episodes` say what was watched of it."""
        known = self._title(title)
        self._remember(known.simkl)
        self._file(known.simkl, status, Listed(iso(self.clock()), watched_at, episodes))
        self.touch({known.kind: (status,)})

    def drop(self, title: Title | int) -> None:
        """Take a title out of the library, its rating too."""
        known = self._title(title)
        self.erase(known, library=True)
        self.touch({known.kind: ("rated_at", "removed_from_list")})

    def undate(self, title: Title | int) -> None:
        """Forget when a title was rated, as with ratings from the service's first years."""
        simkl = self._title(title).simkl
        self.ratings[simkl] = Rating(self.ratings[simkl].rating, None)

    def change_settings(self, *, plan: Plan | None = None, timezone: str | None = None) -> None:
        """Change what `/users/settings` tells, as the person can on the site."""
        self.plan, self.timezone = plan or self.plan, timezone or self.timezone
        self.stamps.settings = self.stamps.next(self.clock())
        self.stamps.seen = False

    def age(self, seconds: int) -> None:
        """Let all that was done so far have been done so much earlier."""
        self.stamps.age(seconds)
        for moved in (self.shelf.rating_moved, self.shelf.list_moved):
            moved.update({simkl: at - seconds for simkl, at in moved.items()})
        self._changes.clear()

    def merge(self, old: int, new: int) -> None:
        """Give the title `new` what stood for `old`, where `new` has nothing of its own."""
        standing = self.shelf.standing(old)
        self.shelf.put(old, Standing())
        if new not in self.library and new not in self.ratings:
            self.shelf.put(new, standing)

    def write(self, title: Title, rating: int, rated_at: str | None, filing: Filing = AS_DOCUMENTED) -> str:
        """Store a rating, file the title where it is on no list, and return its list. Moves no stamp: see `touch`."""
        simkl = title.simkl
        self._remember(simkl)
        self.ratings[simkl] = Rating(rating, rated_at)
        self._rated.add(simkl)
        before = self.library.get(simkl)
        status = _status(title, before, filing)
        if status != before:
            watched = None
            if status == "completed" and filing.watched != "never":
                watched = rated_at if filing.watched == "when rated" else iso(self.clock())
            known = self.shelf.listed.get(simkl)
            self._file(simkl, status, Listed(known.added_at if known else iso(self.clock()), watched))
        return status

    def erase(self, title: Title, *, library: bool = False) -> None:
        """Remove a rating where there is one; with `library` the title leaves its list too. Moves no stamp."""
        self._remember(title.simkl)
        if library:
            # No delta names a title that left the library: nothing is kept of when it moved.
            self.shelf.put(title.simkl, Standing())
            self._rated.discard(title.simkl)
            self._filed.discard(title.simkl)
        elif self.ratings.pop(title.simkl, None) is not None:
            self._rated.add(title.simkl)

    def touch(self, moved: Mapping[Kind, Iterable[str]], *, still: bool = False, plain: bool = False) -> None:
        """Let what was written since the last call have moved now, and move these stamps of each kind with it.

        `still` moves no stamp; `plain` lets a stamp stand where it stands already in this second.
        """
        second = int(self.clock()) if still else self.stamps.next(self.clock(), plain=plain)
        self.shelf.rating_moved.update(dict.fromkeys(self._rated, second))
        self.shelf.list_moved.update(dict.fromkeys(self._filed, second))
        self._rated.clear()
        self._filed.clear()
        if moved and not still:
            self.stamps.move(self.clock(), second, {kind: _stamped(kind, names) for kind, names in moved.items()})

    def as_of(self, moment: float) -> Shelf:
        """Return what the account held at `moment`, in seconds since the epoch; only to be read."""
        if not self._changes or self._changes[-1].at <= moment:
            return self.shelf
        stood = self.shelf.copy()
        for change in reversed(self._changes):
            if change.at <= moment:
                break
            stood.put(change.simkl, change.before)
        return stood

    def _file(self, simkl: int, status: str, listed: Listed) -> None:
        self.library[simkl] = status
        self.shelf.listed[simkl] = listed
        self._filed.add(simkl)

    def _remember(self, simkl: int) -> None:
        self._changes.append(Change(self.clock(), simkl, self.shelf.standing(simkl)))

    def _title(self, title: Title | int) -> Title:
        return title if isinstance(title, Title) else self.catalog.titles[title]


def _status(title: Title, before: str | None, filing: Filing) -> str:
    """Return the list of a title after a rating: only one that is on none is filed, or a planned film completed."""
    if before is not None and not (filing.planned_completes and before == "plantowatch" and title.film):
        return before
    if filing.all_planned or not title.released:
        return "plantowatch"
    return "completed" if title.film or title.episodes == 1 else "watching"


def _stamped(kind: Kind, names: Iterable[str]) -> list[str]:
    return [name for name in names if kind != "movie" or name not in SERIES_STATUSES]
