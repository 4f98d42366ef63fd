"""What an adapter is: it claims a source by content and reads its rows. It says what the file says, unjudged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from importer.model import Remark, Row

HEAD = 65_536
"""Bytes of a member that an adapter may look at before it claims a source."""


@dataclass(frozen=True, slots=True)
class Source:
    """An export as the person gave it: a path and its byte members, opened lazily and within the limits of files.py.

    `members` maps each member's path (leading folders kept, "/" between them) to a function that returns its bytes;
    a plain or gzipped file is one member named like the file. Only what an adapter takes is ever opened.
    `encoding` is the text encoding a person asked for, or None: find out.
    `heads` maps a member to a function that returns its first bytes without reading the rest.
    """

    path: str
    members: Mapping[str, Callable[[], bytes]]
    encoding: str | None = None
    heads: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)

    def head(self, member: str) -> bytes:
        """Return a member's first bytes, HEAD at most: enough to tell what it is."""
        opener = self.heads.get(member)
        return opener() if opener is not None else self.members[member]()[:HEAD]


@dataclass(frozen=True, slots=True)
class Claim:
    """An adapter's word that a source is its own: the members it takes ratings from, in reading order, and why."""

    members: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class About:
    """What `simkl-import formats` tells of a format: its site, where the site hands it out, scale and dates."""

    site: str
    where: str
    forms: str
    scale: str
    dates: str


class Adapter(Protocol):
    """One site's exports. `name` is the format's name in reports, in `--from` and before the colon of each key."""

    name: str
    about: About

    def claim(self, source: Source) -> Claim | None:
        """Tell by content whether this source is ours; None where it is not.

        Raises ExportError for a source that is surely this site's, but holds nothing to import (a manga list).
        """
        ...

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed members in file order. Raises ExportError for a file that cannot be read."""
        ...
