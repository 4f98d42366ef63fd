"""Who is told how a command goes, while it goes."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Who is told how the sending goes."""

    def decided(self, done: int, total: int) -> None:
        """So many of the run's rows have their outcome."""
        ...

    def posts(self, left: int, seconds_each: float) -> None:
        """So many POSTs are to come."""
        ...

    def requests(self, used: int, quota: int | None) -> None:
        """So many requests of the day are used."""
        ...


class RunWatch(Watch, Protocol):
    """Who is told how a run goes."""

    def phase(self, name: str) -> None:
        """A new part of the run begins."""
        ...

    def note(self, text: str) -> None:
        """A warning."""
        ...

    def tell(self, text: str) -> None:
        """Something that a person should read."""
        ...
