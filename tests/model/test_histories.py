"""Random histories of one account: after every step it holds what the rules say, title by title, dates included.

SIMKL_IMPORT_HISTORIES and SIMKL_IMPORT_STEPS ask for more of them, and for longer ones.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from importer.plan.decide import OnConflict

HISTORIES = int(os.environ.get("SIMKL_IMPORT_HISTORIES", "120"))
DAY = 86_400

# simkl number → kind, Simkl's title, year; how Letterboxd spells it, if it has it; its id at Trakt or MyAnimeList
FILMS: dict[int, tuple[str, int, str | None, str | None]] = {
    53036: ("Heat", 1995, "Heat", "tt0113277"),
    53011: ("Alien", 1979, "Alien", "tt0078748"),
    53008: ("Parasite", 2019, "Parasite", "tt6751668"),
    53009: ("Amélie", 2001, "Le Fabuleux Destin d'Amélie Poulain", "tt0211915"),
    53041: ("Seven Samurai", 1954, "Shichinin no samurai", "tt0047478"),
    53037: ("Jaws", 1975, "Jaws", "tt0073195"),
    53013: ("Moonlight", 2016, "Moonlight", "tt4975722"),
}
WRONG = ("The Other Shark", 1976, 53037)
ANIME = {37015: ("Monster", 19), 37018: ("Trigun", 6)}


class History:
    """One person's doings, told to the program and to the oracle alike."""

    def __init__(self, desk: Any, rules: ModuleType, killed: type[BaseException], seed: int) -> None:
        self.desk = desk
        self.killed = killed
        self.rules = rules
        self.dice = random.Random(seed)
        titles = desk.sandbox.catalog.titles
        desk.sandbox.catalog.alias(WRONG[0], WRONG[1], "movie", WRONG[2])
        self.oracle = rules.Oracle(
            names={n: (titles[n].kind, titles[n].title, titles[n].year) for n in (*FILMS, *ANIME)},
            ids={n: frozenset(f"{key}:{value}" for key, value in titles[n].ids.items()) for n in (*FILMS, *ANIME)},
        )
        self.exports: dict[str, list[list[Any]]] = {"letterboxd": [], "trakt": [], "mal": []}
        self.older: dict[str, list[list[list[Any]]]] = {"letterboxd": [], "trakt": [], "mal": []}
        self.log: list[str] = []
        self.early: Any = None

    async def live(self, steps: int) -> None:
        """Do so many things; after each the account is as the rules say."""
        for _ in range(steps):
            self.desk.wait(self.dice.choice([0.1, 1, 30]))
            doing = self.dice.choice([self.rerate, self.rerate, self.imports, self.imports, self.imports, self.edit,
                                      self.edit, self.undo])  # fmt: skip
            await doing()
            self.check()

    def check(self) -> None:
        held = {n: (one.rating, _seconds(one.rated_at)) for n, one in self.desk.state().items()}
        assert held == self.oracle.account, "\n".join(self.log)

    async def rerate(self) -> None:
        """The person rates on the trackers, anew or again."""
        site = self.dice.choice(list(self.exports))
        rows = self.exports[site]
        self.older[site].append([list(row) for row in rows])
        for _ in range(self.dice.randint(1, 4)):
            names = {
                "letterboxd": [n for n in FILMS if FILMS[n][2]] + [0],
                "trakt": list(FILMS),
                "mal": list(ANIME),
            }[site]
            number = self.dice.choice(names)
            at = int(self.desk.clock.moment) - self.dice.choice([3 * DAY, 5 * DAY, 60 * DAY, 400 * DAY])
            row = [number, self.dice.randint(6, 9), at, self.dice.random() < 0.6]
            rows[:] = [other for other in rows if other[0] != number] + [row]
        self.log.append(f"{site} says {rows}")

    async def imports(self) -> None:
        """One export or two, as they are, as they were, or with rows missing; sometimes tried dry, sometimes killed."""
        sites = [site for site in self.exports if self.exports[site]]
        chosen = self.dice.sample(sites, k=min(len(sites), self.dice.choice([1, 1, 2])))
        if not chosen:
            return
        rows: list[Any] = []
        paths: list[Path] = []
        chosen_rows: dict[str, list[list[Any]]] = {}
        for site in chosen:
            said = self.exports[site]
            fate = self.dice.random()
            if fate < 0.2 and self.older[site]:
                said = self.dice.choice(self.older[site]) or said
            elif fate < 0.3 and len(said) > 1:
                said = said[: len(said) // 2]
            chosen_rows[site] = said
        self._keep_apart(chosen_rows)
        for site, said in chosen_rows.items():
            path, found = getattr(self, f"_{site}")(said)
            paths.append(path)
            rows += found
        policy = self.dice.choice(["newer", "newer", "keep", "overwrite"])
        redate = self.dice.random() < 0.15
        options = {"on_conflict": OnConflict(policy), "redate": redate}
        start = int(self.desk.clock.moment)
        job = (tuple(str(path) for path in paths), tuple(path.read_bytes() for path in paths), policy, redate)
        self.log.append(f"{start}: import {chosen} {policy} redate={redate}: {rows}")
        foretold = await self.desk.dry_run(*paths, **options)
        self.desk.clock.moment = start
        self.early = None
        dies = await self._die(*paths, **options) if self.dice.random() < 0.3 else False
        if dies:
            await self._edit_elsewhere({row.lands for row in rows})
        done = self.early or await self.desk.run(*paths, **options)
        asked = self.oracle.do_import(rows, job, start, policy, redate)
        self.log.append(f"  {done.outcomes()}\n  {self.oracle.account}")
        assert bool(done.requests) == asked, "\n".join(self.log)
        if asked and not dies:
            self._as_foretold(foretold, done)

    async def _die(self, *paths: Path, **options: Any) -> bool:
        """Try to import, and be killed at one of the first POSTs, if there are so many."""
        at = (self.dice.choice([1, 1, 2, 3]), self.dice.random() < 0.5)
        with suppress(self.killed):
            self.early = await self.desk.run(*paths, batch_size=2, kill=at, **options)
            return False
        self.log.append(f"  killed at {at}")
        return True

    async def _edit_elsewhere(self, taken: set[int]) -> None:
        """Between a stop and going on, the person rates something else."""
        self.desk.wait(self.dice.choice([0, 1]))
        number = self.dice.choice([n for n in (*FILMS, *ANIME) if n not in taken] or [0])
        if number:
            at = self.desk.iso()
            self.desk.sandbox.account.rate(number, 5, at)
            self.oracle.account[number] = (5, _seconds(at))
            self.log.append(f"  rate {number} 5 {at}")

    def _keep_apart(self, chosen: dict[str, list[list[Any]]]) -> None:
        """No two rows that only Simkl takes for one title: which of them it tells of is a matter for other tests."""
        films = {row[0] for row in chosen.get("trakt", ())}
        said = chosen.get("letterboxd", [])
        jaws = WRONG[2] in films | {row[0] for row in said}
        chosen.update(letterboxd=[
            row for row in said
            if not (row[0] == 0 and jaws) and not (row[0] in films and FILMS[row[0]][2] != FILMS[row[0]][0])
        ]) if said else None  # fmt: skip

    def _as_foretold(self, foretold: Any, done: Any) -> None:
        pending = {key for key, row in foretold.rows.items() if row.outcome.value == "pending"}
        for key, row in done.rows.items():
            said = foretold.rows[key]
            if key in pending:
                assert row.batch is not None, (key, self.log)
                assert (row.rating, row.rated_at) == (said.rating, said.rated_at)
            else:
                assert (row.outcome, row.reason, row.batch) == (said.outcome, said.reason, None), (key, self.log)

    async def edit(self) -> None:
        """The person rates or un-rates on Simkl itself."""
        account = self.desk.sandbox.account
        rated = list(account.ratings)
        if rated and self.dice.random() < 0.35:
            number = self.dice.choice(rated)
            account.unrate(number)
            del self.oracle.account[number]
            self.log.append(f"un-rate {number}")
            return
        number = self.dice.choice([*FILMS, *ANIME])
        at = self.desk.iso(self.dice.choice([0, 0, -2, -200]))
        rating = self.dice.randint(1, 10)
        account.rate(number, rating, at)
        self.oracle.account[number] = (rating, _seconds(at))
        self.log.append(f"rate {number} {rating} {at}")

    async def undo(self) -> None:
        """Take back the last run."""
        if self.dice.random() < 0.3:
            with suppress(self.killed):
                await self.desk.undo(kill=(self.dice.choice([1, 2]), self.dice.random() < 0.5))
                self.oracle.undo()
                return
        done = await self.desk.undo()
        self.oracle.undo()
        self.log.append(f"undo {done.totals}")

    def _letterboxd(self, said: list[list[Any]]) -> tuple[Path, list[Any]]:
        lines, rows = [], []
        for number, rating, at, _ in said:
            title, year, lands = WRONG if number == 0 else (FILMS[number][2] or "", FILMS[number][1], number)
            key = "letterboxd:https://boxd.it/" + "".join(c for c in title if c.isascii() and c.isalnum())
            noon = at // DAY * DAY + DAY // 2
            lines.append((title, year, rating / 2, datetime.fromtimestamp(at, UTC).date().isoformat()))
            rows.append(self._said(key, lands, ("movie", title, year), (), rating, noon, exact=False, true=True))
        return self.desk.letterboxd(*lines), rows

    def _trakt(self, said: list[list[Any]]) -> tuple[Path, list[Any]]:
        lines, rows = [], []
        for number, rating, at, _ in said:
            title, year, _, imdb = FILMS[number]
            stamp = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            lines.append({"rated_at": stamp, "rating": rating, "type": "movie",
                          "movie": {"title": title, "year": year, "ids": {"trakt": number, "imdb": imdb}}})  # fmt: skip
            key = f"trakt:movie:{number}"
            rows.append(
                self._said(key, number, ("movie", title, year), (f"imdb:{imdb}",), rating, at, exact=True, true=True)
            )
        return self.desk.trakt(*lines), rows

    def _mal(self, said: list[list[Any]]) -> tuple[Path, list[Any]]:
        lines, rows = [], []
        for number, rating, at, finished in said:
            title, mal = ANIME[number]
            day = datetime.fromtimestamp(at, UTC).date().isoformat()
            lines.append((mal, title, rating, day if finished else "0000-00-00"))
            noon = at // DAY * DAY + DAY // 2 if finished else None
            rows.append(
                self._said(
                    f"mal:{mal}", number, ("anime", title, None), (f"mal:{mal}",), rating, noon, exact=False, true=False
                )
            )
        return self.desk.mal(*lines), rows

    def _said(
        self, key: str, lands: int, name: Any, ids: Any, rating: int, at: int | None, *, exact: bool, true: bool
    ) -> Any:
        return self.rules.Said(key, lands, name, frozenset(ids), rating, at, exact, true)


def _seconds(stamp: str | None) -> int:
    assert stamp is not None
    return int(datetime.fromisoformat(stamp).timestamp())


@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_after_every_step_the_account_holds_what_the_rules_say(
    seed: int, open_desk: Callable[..., Any], rules: ModuleType, killed: type[BaseException]
) -> None:
    """Imports, edits on Simkl, changed, older and thinner exports, a second tracker, and undo, in any order."""
    async with open_desk() as desk:
        await History(desk, rules, killed, seed).live(int(os.environ.get("SIMKL_IMPORT_STEPS", "14")))
