"""What an adapter is: it claims a source by content and reads its rows. It says what the file says, unjudged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from importer.model import Date, Remark, Row, value

if TYPE_CHECKING:
    from datetime import date

    from adapters.reading.dates import DateOrder
    from adapters.reading.scale import Rounding, Scale

HEAD = 65_536
"""Bytes of a member that an adapter may look at before it claims a source."""

Seen = TypeVar("Seen")


@value
class Choices:
    """What a person chose about how exports are read; nothing chosen is None or empty.

    `encoding`: the text encoding, instead of finding out. `date_order`: how day and month stand where a file leaves a
    doubt. `scale`: the rating scale, where a file does not tell it. `round`: where ratings go that lie between two
    whole points. `map`: (column, field) pairs, and `set`: (field, value) pairs, for tables that no adapter knows.
    """

    encoding: str | None = None
    date_order: DateOrder | None = None
    scale: Scale | None = None
    round: Rounding | None = None
    map: tuple[tuple[str, str], ...] = ()
    set: tuple[tuple[str, str], ...] = ()


def _no_record(_key: str) -> Date | None:
    return None


@value
class Source:
    """An export as the person gave it: a path and its byte members, opened lazily and within the limits of files.py.

    `members` maps each member's path (leading folders kept, "/" between them) to a function that returns its bytes;
    a plain or gzipped file is one member named like the file. Only what an adapter takes is ever opened.
    `choices` is what the person chose about reading.
    `heads` maps a member to a function that returns its first bytes without reading the rest.
    `today` tells what a two-digit year means; None: such years cannot be read.
    `recorded` gives the date on record for a row's key, for rows that a person has mended; None where there is none.
    `beside` are the other exports of the same call.
    """

    path: str
    members: Mapping[str, Callable[[], bytes]]
    choices: Choices = Choices()
    heads: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    today: date | None = None
    recorded: Callable[[str], Date | None] = _no_record
    beside: tuple[Source, ...] = ()
    _looks: dict[tuple[str, object], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def encoding(self) -> str | None:
        """The text encoding that the person asked for, or None: find out."""
        return self.choices.encoding

    def head(self, member: str) -> bytes:
        """Return a member's first bytes, HEAD at most: enough to tell what it is."""
        opener = self.heads.get(member)
        return opener() if opener is not None else self.members[member]()[:HEAD]

    def look(self, member: str, what: Callable[[Source, str], Seen]) -> Seen:
        """Return what a first look at a member finds, looking once, however many adapters ask."""
        try:
            seen: Seen = self._looks[member, what]
        except KeyError:
            seen = self._looks[member, what] = what(self, member)
        return seen


@value
class Claim:
    """An adapter's word that a source is its own: the members it takes ratings from, in reading order, and why.

    `found` holds what the adapter found out of each of them, for its own `read` alone, which need not look again.
    `aside` are members that look like ratings by their name and rightly stay unread; any other such member is told.
    `helpers` are members that are read for titles and ids alone, `joined` other exports of the call read so.
    `resort` marks a claim that counts only where no other adapter has one.
    """

    members: tuple[str, ...]
    why: str
    found: Mapping[str, Any] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    joined: tuple[Source, ...] = ()
    resort: bool = False


@value
class Miss:
    """How near a source comes to being an adapter's: what it has of the form it is most like, and what is missing.

    `foreign` are columns that make it somebody else's, however much of the form is there.
    """

    has: tuple[str, ...]
    missing: tuple[str, ...]
    foreign: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """How much of the form is there, from 0 to 1."""
        return len(self.has) / (len(self.has) + len(self.missing) + len(self.foreign))

    def __str__(self) -> str:
        has = f"has {', '.join(self.has)}" if self.has else "has none of its columns"
        missing = f"; missing: {', '.join(self.missing)}" if self.missing else ""
        return f"{has}{missing}" + (f"; but also {', '.join(self.foreign)}" if self.foreign else "")


@value
class About:
    """What `simkl-import formats` tells of a format: its site, where the site hands it out, scale and dates."""

    site: str
    where: str
    forms: str
    scale: str
    dates: str


class Adapter(Protocol):
    """One site's exports. `name` is the format's name in reports, in `--from` and before the colon of each key."""

    @property
    def name(self) -> str:
        """The format's name."""
        ...

    @property
    def about(self) -> About:
        """What `simkl-import formats` tells of it."""
        ...

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell by content whether this source is ours; None where it is not, a Miss where it is nearly.

        Raises ExportError for a source that is surely this site's, but holds nothing to import (a manga list).
        """
        ...

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed members in file order. Raises ExportError for a file that cannot be read."""
        ...


@runtime_checkable
class KnowsMembers(Protocol):
    """What an adapter may offer beside: it tells by names alone that an archive is its own, and no other need look."""

    def owns(self, source: Source) -> bool:
        """Tell by the members' names, opening none."""
        ...
