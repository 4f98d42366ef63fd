"""Which titles go together: one box, by count and by bytes, no two alike, and as many as Simkl answers quickly."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Generic, Protocol, TypeVar

from importer.identity import echo_tokens
from importer.model import Ids, Kind, value

FIRST_SIZE = 100
LARGEST_SIZE = 1_000
"""No maximum is documented: 50 are called normal, and a whole account in one POST has been seen to work
(/api-reference/simkl/add-ratings). So the time that an answer takes decides.
"""

LARGEST_BODY = 512 * 1024
"""Bytes of one request; 1,000 titles with long names and all ids stay below."""

QUICK = 4.0
"""Seconds within which an answer has to come for the next batch to be larger."""

FORETOLD = 8.0
"""Seconds that the answer to a larger batch may take, by the pace of the last one."""

SLOW = 16.0
"""Seconds after which an answer makes the next batch smaller: well before a request runs out of patience."""


class Batchable(Protocol):
    """What a batch needs to know of a title."""

    @property
    def kind(self) -> Kind: ...
    @property
    def ids(self) -> Ids: ...
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...


E = TypeVar("E", bound=Batchable)


@value
class Size:
    """How many titles the next batch may hold.

    `pace` is the seconds that each title of the last accepted batch took. `grows` is False once the size may only
    shrink; `timed` is False for a size that a person chose, which no answer time changes.
    """

    now: int
    pace: float = 0.0
    grows: bool = True
    timed: bool = True

    @classmethod
    def auto(cls) -> Size:
        """Start modestly and grow while Simkl answers quickly."""
        return cls(FIRST_SIZE)

    @classmethod
    def fixed(cls, size: int) -> Size:
        """Return a size that a person chose."""
        return cls(size, grows=False, timed=False)

    def accepted(self, items: int, seconds: float) -> Size:
        """Return the size after a batch of so many titles was accepted in so many seconds.

        `seconds` is the time of the one request that was answered: waits and earlier tries left out.
        """
        pace = seconds / max(1, items)
        if self.timed and seconds > SLOW:
            return replace(self, now=max(1, min(self.now, items) // 2), pace=pace)
        larger = min(self.now * 2, LARGEST_SIZE)
        if self.grows and seconds <= QUICK and larger * pace <= FORETOLD:
            return replace(self, now=larger, pace=pace)
        return replace(self, pace=pace)

    def steady(self) -> Size:
        """Return the size after a refusal or a lost answer: it grows no more in this run."""
        return replace(self, grows=False)

    def refused(self, sent: int) -> Size:
        """Return the size after a batch of `sent` titles was too large or too slow: never try that many again."""
        return replace(self, now=max(1, sent // 2), grows=False)

    def posts(self, *boxes: int) -> int:
        """Return how many batches so many titles of each box take from here on, in the order in which the boxes go, if
        all are accepted at the pace seen so far: two boxes never share a batch.
        """
        size, posts = self, 0
        for titles in boxes:
            left = titles
            while left > 0:
                sent = min(left, size.now)
                left, size, posts = left - sent, size.accepted(sent, sent * size.pace), posts + 1
        return posts


class Waiting(Generic[E]):
    """Titles that wait for their batch: movies go last, all others in the order they came.

    What is taken costs as much as it holds, however much is left: a large export is taken in a hundred batches.
    """

    def __init__(self, titles: Iterable[E], weigh: Callable[[E], int]) -> None:
        self._weigh = weigh
        self._movies: deque[E] = deque()
        self._others: deque[E] = deque()
        for title in titles:
            (self._movies if title.kind is Kind.MOVIE else self._others).append(title)

    def __len__(self) -> int:
        return len(self._others) + len(self._movies)

    def __iter__(self) -> Iterator[E]:
        return chain(self._others, self._movies)

    @property
    def boxes(self) -> tuple[int, int]:
        """How many titles wait for each box, in the order in which the boxes go."""
        return len(self._others), len(self._movies)

    def take(self, size: int) -> list[E]:
        """Take the next batch: up to `size` titles of at most LARGEST_BODY bytes together.

        Movies never share a batch with other kinds. No two share an id or a title+year, whatever their kinds. A title
        that has to wait holds back those that resemble it, so that of two alike in the same box the later one is
        always sent later.
        """
        box = self._others or self._movies
        batch: list[E] = []
        held: list[E] = []
        taken: set[str] = set()
        weight = 0
        while box and len(batch) < size:
            item = box[0]
            tokens = echo_tokens(item.ids, item.title, item.year)
            if taken.isdisjoint(tokens):
                weight += self._weigh(item)
                if batch and weight > LARGEST_BODY:
                    break
                batch.append(item)
            else:
                held.append(item)
            taken.update(tokens)
            box.popleft()
        box.extendleft(reversed(held))
        return batch


def halves(batch: Sequence[E]) -> tuple[list[E], list[E]]:
    """Split a refused batch in two, the first half the larger."""
    middle = (len(batch) + 1) // 2
    return list(batch[:middle]), list(batch[middle:])


def count_requests(waiting: Iterable[E], size: Size, weigh: Callable[[E], int]) -> int:
    """Return how many POSTs it takes if Simkl accepts all of them at once: what a dry run foretells."""
    left = Waiting(waiting, weigh)
    posts = 0
    while left:
        size, posts = size.accepted(len(left.take(size.now)), 0.0), posts + 1
    return posts
