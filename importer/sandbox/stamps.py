"""When each part of an account last moved, in whole seconds (`/guides/sync`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from importer.sandbox.titles import Kind

STATUSES = ("watching", "plantowatch", "hold", "dropped", "completed")
# Films know neither of these two lists.
SERIES_STATUSES = frozenset({"watching", "hold"})


@dataclass(slots=True)
class Stamps:
    """Stamps by kind and name, in seconds since the epoch; what never moved has none.

    `seen` says whether anybody has read them since they last moved.
    """

    kinds: dict[Kind, dict[str, int]] = field(default_factory=lambda: {"movie": {}, "show": {}, "anime": {}})
    settings: int = 0
    seen: bool = False
    _before: list[tuple[float, Kind, dict[str, int]]] = field(default_factory=list, init=False)

    @property
    def newest(self) -> int:
        """The newest stamp of all, 0 where nothing ever moved."""
        return max(self.settings, *(kind.get("all", 0) for kind in self.kinds.values()))

    def next(self, clock: float, *, plain: bool = False) -> int:
        """Return the second for a change at `clock`: beyond every stamp that somebody has seen, unless `plain`.

        Stamps have whole seconds: without that step a change right after a reading would look like none.
        """
        return max(int(clock), self.newest + 1 if self.seen and not plain else self.newest)

    def move(self, clock: float, second: int, moved: Mapping[Kind, Iterable[str]]) -> None:
        """Set these stamps of each kind, and its `all`, to `second`."""
        for kind, names in moved.items():
            self._before.append((clock, kind, dict(self.kinds[kind])))
            self.kinds[kind].update(dict.fromkeys(("all", *names), second))
        self.seen = False

    def as_of(self, moment: float) -> dict[Kind, dict[str, int]]:
        """Return the stamps of the kinds as they stood at `moment`, in seconds since the epoch."""
        stood = dict(self.kinds)
        for at, kind, before in reversed(self._before):
            if at <= moment:
                break
            stood[kind] = before
        return stood

    def age(self, seconds: int) -> None:
        """Let all that moved have moved so much earlier."""
        self.kinds = {kind: {name: at - seconds for name, at in names.items()} for kind, names in self.kinds.items()}
        self.settings -= seconds if self.settings else 0
        self._before.clear()


def iso(seconds: float) -> str:
    """Return seconds since the epoch as `2026-05-15T20:00:00Z`."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
