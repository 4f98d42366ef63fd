"""One person's account: ratings, lists, and the stamps that say when each last moved.

Filing on a list by a rating follows `/api-reference/simkl/add-ratings`; the stamps follow `/guides/sync`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeVar

from importer.sandbox.catalog import Catalog
from importer.sandbox.titles import Kind, Title

V = TypeVar("V")
Plan = Literal["free", "pro", "vip"]
STATUSES = ("watching", "plantowatch", "hold", "dropped", "completed")


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating on the account: 1-10, and when it was given as `2026-05-15T20:00:00Z` (None: nobody knows)."""

    rating: int
    rated_at: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What stood for one title before a change at `at` (seconds since the epoch), so that a late read can show it."""

    at: float
    simkl: int
    rating: Rating | None
    status: str | None


@dataclass(slots=True)
class Account:
    """The account and its ratings and lists, both by simkl number; a title on a list may be unrated."""

    id: int
    name: str
    catalog: Catalog
    clock: Callable[[], float]
    plan: Plan = "free"
    timezone: str = "America/New_York"
    ratings: dict[int, Rating] = field(default_factory=dict)
    library: dict[int, str] = field(default_factory=dict)
    stamps: dict[Kind, dict[str, int]] = field(default_factory=lambda: {"movie": {}, "show": {}, "anime": {}})
    history: list[Change] = field(default_factory=list)
    stamp_history: list[tuple[float, Kind, dict[str, int]]] = field(default_factory=list)
    spent: tuple[str, int] = ("", 0)

    def rate(self, title: Title | int, rating: int, rated_at: str | None = None) -> None:
        """Rate a title as the person would on the site; `rated_at` as `2026-05-15T20:00:00Z`, default now."""
        known = self._title(title)
        self.write(known, rating, rated_at or iso(self.clock()))
        self.touch({known.kind: ("rated_at", self.library[known.simkl])})

    def unrate(self, title: Title | int) -> None:
        """Take a rating back as the person would on the site; the title stays on its list."""
        known = self._title(title)
        self.erase(known)
        self.touch({known.kind: ("rated_at",)})

    def put_on_list(self, title: Title | int, status: str) -> None:
        """Put a title on a list (one of STATUSES) without rating it."""
        known = self._title(title)
        self._remember(known.simkl)
        self.library[known.simkl] = status
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

    def write(self, title: Title, rating: int, rated_at: str | None, *, keep_planned: bool = False) -> str:
        """Store a rating, file the title where it is on no list, and return its list. Moves no stamp: see `touch`.

        With `keep_planned` a rating leaves (and puts) a title on plantowatch.
        """
        simkl = title.simkl
        self._remember(simkl)
        self.ratings[simkl] = Rating(rating, rated_at)
        status = self.library.get(simkl)
        if status is None or (status == "plantowatch" and title.film):
            status = "plantowatch" if keep_planned else _filed(title)
            self.library[simkl] = status
        return status

    def erase(self, title: Title, *, library: bool = False) -> None:
        """Remove a rating where there is one; with `library` the title leaves its list too. Moves no stamp."""
        self._remember(title.simkl)
        self.ratings.pop(title.simkl, None)
        if library:
            self.library.pop(title.simkl, None)

    def touch(self, moved: Mapping[Kind, Iterable[str]]) -> None:
        """Move these stamps of each kind, and its `all`, to now, and always on by a second at least."""
        # Stamps count whole seconds: without the step, two edits within one second would look like one.
        last = max(kind.get("all", 0) for kind in self.stamps.values())
        now = max(int(self.clock()), last + 1)
        for kind, names in moved.items():
            self.stamp_history.append((self.clock(), kind, dict(self.stamps[kind])))
            self.stamps[kind].update(dict.fromkeys(("all", *names), now))

    def as_of(self, moment: float) -> tuple[dict[int, Rating], dict[int, str], dict[Kind, dict[str, int]]]:
        """Return ratings, lists and stamps as they stood at `moment` (seconds since the epoch)."""
        if not self.history or self.history[-1].at <= moment:
            ratings, library = self.ratings, self.library
        else:
            ratings, library = dict(self.ratings), dict(self.library)
            for change in reversed(self.history):
                if change.at <= moment:
                    break
                _put(ratings, change.simkl, change.rating)
                _put(library, change.simkl, change.status)
        stamps = dict(self.stamps)
        for at, kind, before in reversed(self.stamp_history):
            if at <= moment:
                break
            stamps[kind] = before
        return ratings, library, stamps

    def _remember(self, simkl: int) -> None:
        self.history.append(Change(self.clock(), simkl, self.ratings.get(simkl), self.library.get(simkl)))

    def _title(self, title: Title | int) -> Title:
        return title if isinstance(title, Title) else self.catalog.titles[title]


def iso(seconds: float) -> str:
    """Return seconds since the epoch as `2026-05-15T20:00:00Z`."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _put(target: dict[int, V], simkl: int, value: V | None) -> None:
    if value is None:
        target.pop(simkl, None)
    else:
        target[simkl] = value


def _filed(title: Title) -> str:
    if title.film or title.episodes == 1:
        return "completed" if title.released else "plantowatch"
    return "watching"
