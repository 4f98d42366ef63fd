"""What an account holds, title by title, and how it stood before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating on the account: 1-10, and when it was given as `2026-05-15T20:00:00Z` (None: nobody knows)."""

    rating: int
    rated_at: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list knows of a title: when it came there and when it was watched (as texts), and episodes watched."""

    added_at: str | None = None
    watched_at: str | None = None
    episodes: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """All that stands for one title; the two moments are whole seconds since the epoch, None where nothing moved."""

    rating: Rating | None = None
    status: str | None = None
    listed: Listed | None = None
    rating_moved: int | None = None
    list_moved: int | None = None


@dataclass(slots=True)
class Shelf:
    """Everything an account holds, by simkl number; a title on a list may be unrated.

    `rating_moved` and `list_moved` tell when a title's rating, and its place on a list, last changed.
    """

    ratings: dict[int, Rating] = field(default_factory=dict)
    library: dict[int, str] = field(default_factory=dict)
    listed: dict[int, Listed] = field(default_factory=dict)
    rating_moved: dict[int, int] = field(default_factory=dict)
    list_moved: dict[int, int] = field(default_factory=dict)

    def standing(self, simkl: int) -> Standing:
        """Return what stands for a title."""
        return Standing(
            rating=self.ratings.get(simkl),
            status=self.library.get(simkl),
            listed=self.listed.get(simkl),
            rating_moved=self.rating_moved.get(simkl),
            list_moved=self.list_moved.get(simkl),
        )

    def put(self, simkl: int, standing: Standing) -> None:
        """Let this stand for a title, and nothing else."""
        _put(self.ratings, simkl, standing.rating)
        _put(self.library, simkl, standing.status)
        _put(self.listed, simkl, standing.listed)
        _put(self.rating_moved, simkl, standing.rating_moved)
        _put(self.list_moved, simkl, standing.list_moved)

    def copy(self) -> Shelf:
        """Return a shelf of the same content that can be changed by itself."""
        return Shelf(
            ratings=dict(self.ratings),
            library=dict(self.library),
            listed=dict(self.listed),
            rating_moved=dict(self.rating_moved),
            list_moved=dict(self.list_moved),
        )


def _put(target: dict[int, V], simkl: int, value: V | None) -> None:
    if value is None:
        target.pop(simkl, None)
    else:
        target[simkl] = value
