"""Which titles go together: by count and by bytes, no two alike, smaller after a refusal, larger after success."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from importer.identity import echo_tokens
from importer.model import Ids

FIRST_SIZE = 100
LARGEST_SIZE = 250
"""No maximum is documented; clients are seen to send 50, 100 and 250 (/api-reference/simkl/add-ratings)."""

LARGEST_BODY = 128 * 1024
"""Bytes of one request; 250 titles with long names and all ids stay well below."""


class Echoable(Protocol):
    """What a batch needs to know of a title."""

    @property
    def ids(self) -> Ids: ...
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...


E = TypeVar("E", bound=Echoable)


@dataclass(frozen=True, slots=True)
class Size:
    """How many titles the next batch may hold. A size that a person chose grows no further than that."""

    now: int
    most: int

    @classmethod
    def auto(cls) -> Size:
        """Start modestly and grow while Simkl accepts."""
        return cls(FIRST_SIZE, LARGEST_SIZE)

    @classmethod
    def fixed(cls, size: int) -> Size:
        """A size that a person chose."""
        return cls(size, size)

    def accepted(self) -> Size:
        """After a batch that went through."""
        return replace(self, now=min(self.now * 2, self.most))

    def posts(self, titles: int) -> int:
        """How many batches so many titles take from here on, if all are accepted."""
        size, posts = self, 0
        while titles > 0:
            titles, size, posts = titles - size.now, size.accepted(), posts + 1
        return posts

    def refused(self, sent: int) -> Size:
        """After a batch of `sent` titles that was too large or too slow: never try that size again in this run."""
        half = max(1, sent // 2)
        return Size(half, half)


@dataclass(frozen=True, slots=True)
class Take(Generic[E]):
    """The next batch and what stays for later, both in the order they came."""

    batch: list[E]
    rest: list[E]


def take(waiting: Sequence[E], size: int, weigh: Callable[[E], int]) -> Take[E]:
    """Take from the front of `waiting` up to `size` titles of at most LARGEST_BODY bytes together.

    No two share an id or a title+year, whatever their kinds. A title that has to wait holds back those that resemble
    it, so that of two alike the later one is always sent later.
    """
    batch: list[E] = []
    held: list[E] = []
    taken: set[str] = set()
    weight = 0
    for position, item in enumerate(waiting):
        tokens = set(echo_tokens(item.ids, item.title, item.year))
        if not taken.isdisjoint(tokens):
            held.append(item)
        else:
            weight += weigh(item)
            if batch and weight > LARGEST_BODY:
                return Take(batch, held + list(waiting[position:]))
            batch.append(item)
        taken |= tokens
        if len(batch) == size:
            return Take(batch, held + list(waiting[position + 1 :]))
    return Take(batch, held)


def halves(batch: Sequence[E]) -> tuple[list[E], list[E]]:
    """Split a refused batch in two, the first half the larger."""
    middle = (len(batch) + 1) // 2
    return list(batch[:middle]), list(batch[middle:])


def count_requests(waiting: Iterable[E], size: Size, weigh: Callable[[E], int]) -> int:
    """How many POSTs it takes if Simkl accepts all: what a dry run foretells."""
    left = list(waiting)
    posts = 0
    while left:
        taken = take(left, size.now, weigh)
        left, size, posts = taken.rest, size.accepted(), posts + 1
    return posts
