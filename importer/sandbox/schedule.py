"""When which fault plays: always, by script, or at random."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import assert_never

from importer.sandbox import routes
from importer.sandbox.dials import Dials
from importer.sandbox.faults import TABLE, TRANSIENT, Where

Play = frozenset[str]


class UnknownFaultError(ValueError):
    """A fault that is in no table; the message names the nearest right one."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, TABLE, n=1)
        super().__init__(f"unknown fault {name!r}" + (f": did you mean {near[0]}?" if near else ""))
        self.name = name


class Faults:
    """The schedule. Names are those of the table; `NAME:N` plays a fault for the first N requests it fits."""

    def __init__(self, always: Iterable[str] = (), seed: int = 0) -> None:
        self.dials = Dials()
        self._always: dict[str, int | None] = {}
        self._scripts: dict[tuple[str, str], deque[Play]] = {}
        self._random = random.Random(seed)  # noqa: S311 - a dice for tests, no secret
        self._rate = 0.0
        self._pool: tuple[str, ...] = ()
        self.turn_on(*always)

    def turn_on(self, *names: str) -> None:
        """Play these on every request they fit, from now on."""
        for spec in names:
            name, _, times = check(spec).partition(":")
            self._always[name] = int(times) if times else TABLE[name].times

    def turn_off(self, *names: str) -> None:
        """Stop playing these; without names stop everything: scripts and random faults too."""
        for name in names:
            self._always.pop(name, None)
        if not names:
            self._always.clear()
            self._scripts.clear()
            self._rate = 0.0

    def script(self, request: str, plays: Sequence[str | None]) -> None:
        """Play these one by one on requests such as "POST /sync/ratings" or "GET /sync/ratings", then no more.

        None is a request without a fault; "a+b" plays two at once. A GET path also stands for what lies below it.
        """
        method, _, path = request.partition(" ")
        queue = self._scripts.setdefault((method, path), deque())
        for play in plays:
            names = play.split("+") if play else []
            for name in names:
                check(name)
            queue.append(frozenset(names))

    def random(self, rate: float, names: Iterable[str] = TRANSIENT, seed: int | None = None) -> None:
        """Play one of `names`, drawn at random, on a share `rate` (0 to 1) of the requests that no script claims."""
        pool = tuple(names)
        for name in pool:
            check(name)
        self._rate, self._pool = rate, pool
        if seed is not None:
            self._random.seed(seed)

    def pending(self) -> bool:
        """Return whether a script still has something to play."""
        return any(self._scripts.values())

    def pick(self, method: str, path: str) -> tuple[Play, Play]:
        """Return the faults of this request: those always on, and those that a script or the dice chose for it."""
        always = set()
        for name, left in list(self._always.items()):
            if not fits(TABLE[name].where, method, path) or left == 0:
                continue
            always.add(name)
            if left is not None:
                self._always[name] = left - 1
        return frozenset(always), self._chosen(method, path)

    def shuffle(self, items: list[dict[str, object]]) -> None:
        """Shuffle in place with the schedule's own dice."""
        self._random.shuffle(items)

    def _chosen(self, method: str, path: str) -> Play:
        queue = self._scripts.get((method, path))
        if queue is None and method == "GET":
            below = [key for key in self._scripts if key[0] == method and path.startswith(key[1] + "/")]
            queue = self._scripts[max(below)] if below else None
        if queue:
            return queue.popleft()
        if self._rate and self._random.random() < self._rate:
            pool = [name for name in self._pool if fits(TABLE[name].where, method, path)]
            return frozenset({self._random.choice(pool)}) if pool else frozenset()
        return frozenset()


def check(name: str) -> str:
    """Return the name of a fault (with or without `:N`) as it is; raise UnknownFaultError where the table has none."""
    known, colon, times = name.partition(":")
    if known not in TABLE or (colon and not times.isdecimal()):
        raise UnknownFaultError(name)
    return name


def fits(where: Where, method: str, path: str) -> bool:
    """Return whether a fault of that place can play on this request."""
    match where:
        case Where.API:
            return True
        case Where.CALLS:
            return routes.is_call(path)
        case Where.WRITES:
            return method == "POST" and path in routes.WRITES
        case Where.RATING:
            return method == "POST" and path == routes.RATE
        case Where.REMOVAL:
            return method == "POST" and path == routes.REMOVE
        case Where.READS:
            return method == "GET" and path.startswith(("/sync/", "/users/"))
        case Where.LOOKUPS:
            return method == "GET" and routes.is_lookup(path)
        case Where.POLLS:
            return path == "/oauth2/token" or path.startswith("/oauth/pin/")
        case _:
            assert_never(where)
