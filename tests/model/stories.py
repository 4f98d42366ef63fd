"""Stories of one account: rows of many kinds, a person who edits, commands that fail, and the end of it all."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from importer.errors import ImporterError
from importer.identity import same_title
from importer.plan.decide import OnConflict
from importer.sandbox.resolve import resolve

DAY = 86_400
KINDS = ("plain", "id", "blind id", "wrong", "same wrong", "fold", "fold over boxes", "alien", "unknown")
"""What a story may be about; `Story.tell` says what each means."""

HABITS = {"exact": (), "shift": ("shifted-dates",), "day": ("day-dates",), "missing": ("null-rated-at",)}
"""How the service gives dates back, as faults of the sandbox."""

TROUBLES: dict[str, tuple[str | None, ...]] = {
    "refused": ("status-404",),
    "quota": ("quota",),
    "never arrived": ("status-503",) * 6,
    "answer lost": ("reset-after-write",) + ("status-503",) * 5,
    "sent twice": ("reset-after-write",),
    "half written": ("partial-apply",) + ("status-503",) * 5,
    "half written, then whole": ("partial-apply",),
    "dropped": ("dropped-items",),
    "named nowhere": ("echo-missing",),
    "named and not stored": ("echo-lie",),
}
"""What may become of a POST, as faults of the sandbox, try by try."""

TREES = (
    "alder",
    "birch",
    "cedar",
    "dogwood",
    "elder",
    "fir",
    "ginkgo",
    "hazel",
    "ironwood",
    "juniper",
    "katsura",
    "larch",
    "maple",
    "nutmeg",
    "oak",
    "pine",
)
"""What titles are named after: nothing that is spelled like another."""


@dataclass
class Row:
    """A row of a tracker's export. `means` is the title it is about, None where it is on no such site.

    `given` is the simkl number that a person filled in for it. `said` are all its ratings and dates so far. `by_day`:
    its site knows days alone; `late`: it is in no export yet.
    """

    key: str
    site: str
    job: str
    kind: str
    title: str
    year: int
    ids: dict[str, Any]
    means: int | None
    rating: int = 0
    at: int = 0
    true: bool = True
    given: str | None = None
    by_day: bool = False
    late: bool = False
    said: list[tuple[int, int]] = field(default_factory=list)

    def say(self, rating: int, at: int) -> None:
        """Rate it, or rate it anew."""
        self.rating, self.at = rating, at
        self.said.append((rating, at))

    @property
    def asks(self) -> dict[str, Any]:
        """What is asked for it, as far as the service goes by it."""
        ids = dict(self.ids)
        if self.given is not None:
            ids["simkl"] = self.given
        return {"title": self.title, "year": self.year, "ids": ids}


class Story:
    """One history. `desk` is the program and the service; `log` tells what was done, `troubles` what went wrong.

    `wide`: with days without a time, other options, forced undos, accepted titles and exports that grow.
    """

    def __init__(
        self,
        desk: Any,
        killed: type[BaseException],
        rules: ModuleType,
        seed: int,
        habits: str = "",
        *,
        wide: bool = False,
    ) -> None:
        self.desk = desk
        self.killed = killed
        self.dice = random.Random(seed)
        self.account = desk.sandbox.account
        self.rows: list[Row] = []
        self.titles: list[int] = []
        self.log: list[str] = []
        self.troubles: list[str] = []
        self.posts: list[int] = []
        self.shown: dict[str, Any] = {}
        self.refused = False
        self.stopped = False
        self.wide = wide
        self.policy = OnConflict.NEWER
        allowed = habits.split(",") if habits else ["exact"] * 4 + ["shift", "day", "missing"]
        self.habit = self.dice.choice(allowed)
        faults = [*HABITS[self.habit], *self.dice.choice([(), ("movies-first",), ("shows-first",)])]
        if self.dice.random() < 0.2:
            faults.append("bare-ids")
        self.always = faults
        desk.sandbox.faults.turn_on(*faults)
        self.oracle = rules.Oracle(self.habit)
        if wide:
            self.policy = self.dice.choice([OnConflict.NEWER, OnConflict.NEWER, OnConflict.KEEP, OnConflict.OVERWRITE])
        self.log.append(f"service: {faults}")
        self.origin = int(desk.clock.now()) - 1_000 * DAY
        self.oracle.begun = int(desk.clock.now())
        for _ in range(self.dice.randint(1, 3)):
            self.tell(self.dice.choice(KINDS))

    # What the story is about

    def tell(self, about: str) -> None:
        """Add the titles and rows of one kind of story."""
        catalog = self.desk.sandbox.catalog
        n = len(self.titles)
        name, year = f"The {TREES[n]} of {TREES[-1 - n]}", 1950 + 4 * n
        other, alias = f"{name} returns", f"Legend {TREES[n]}"
        anime = about == "fold over boxes"
        mine = f"Mein {TREES[n]}" if about in ("alien", "unknown", "blind id") else name
        ids = {"imdb": f"tt90{n:05}"} | ({"mal": str(990_000 + n)} if anime else {})
        also = [name] if about == "alien" else [alias] if about in ("fold", "fold over boxes") else []
        title = catalog.add(
            "anime" if anime else "movie", mine, year, ids, anime_type="movie" if anime else None, also=also
        ).simkl
        wrong = catalog.add("movie", f"Wrong {TREES[n]}", year, {"imdb": f"tt91{n:05}"}).simkl
        self.titles += [title, wrong]
        self._rated_before(title, 0.4)
        self._rated_before(wrong, 0.6)
        imdb = {"imdb": ids["imdb"]}
        match about:
            case "plain" | "alien" | "unknown":
                self._row("movie", name, year, {}, title)
            case "id":
                self._row("movie", name, year, imdb, title)
            case "blind id":
                self._row("movie", name, year, imdb, title)
            case "wrong":
                catalog.alias(name, year, "movie", wrong)
                self._row("movie", name, year, {}, title)
            case "same wrong":
                catalog.alias(name, year, "movie", wrong)
                catalog.alias(other, year, "movie", wrong)
                self._row("movie", name, year, {}, title)
                self._row("movie", other, year, {}, None)
            case "fold":
                spelled = self.dice.choice([alias, f"{name}!"])
                second = year + 1 if spelled != alias else year
                catalog.alias(spelled, second, "movie", title)
                self._row("movie", name, year, {}, title)
                self._row("movie", spelled, second, {}, title)
            case "fold over boxes":
                self._row("movie", name, year, {}, title)
                if self.dice.random() < 0.5:
                    self._row("anime", name, year, {"mal": ids["mal"]}, title, site="mal")
                else:
                    catalog.alias(alias, year, "show", title)
                    self._row("show", alias, year, {}, title)
        self.log.append(f"{about}: {mine} ({year}) is {title}, the wrong one {wrong}")

    def _rated_before(self, title: int, chance: float) -> None:
        if self.dice.random() < chance:
            day = self.dice.choice([self.dice.randrange(10, 90), self.dice.randrange(910, 999)])
            at = self.origin + day * DAY + self.dice.randrange(DAY)
            self._rates(title, self.dice.randint(1, 5), at)

    def _row(
        self, kind: str, title: str, year: int, ids: dict[str, Any], means: int | None, site: str = "trakt"
    ) -> None:
        n = len(self.rows) + 1
        key = f"mal:{ids['mal']}" if site == "mal" else f"trakt:{kind}:{n}"
        row = Row(key, site, self.dice.choice("AB"), kind, title, year, ids, means, true=site != "mal")
        at = self.origin + self.dice.randrange(100, 900) * DAY + DAY // 2 + self.dice.randrange(3600)
        if self.wide and site == "trakt" and kind == "movie" and not ids and self.dice.random() < 0.5:
            uri = "letterboxd:https://boxd.it/" + "".join(filter(str.isalnum, title))
            if all(other.key != uri for other in self.rows):
                row.site, row.key, row.by_day = "letterboxd", uri, True
                at = _noon(at)
        row.late = self.wide and self.dice.random() < 0.25
        row.say(self.dice.randint(1, 5), at)
        self.rows.append(row)
        self.log.append(
            f"row {row.key} of {row.job} says {row.rating} at {row.at}: {title} ({year}) {ids} means {means}"
        )

    # What the person does

    def _rates(self, title: int, rating: int | None, at: int | None = None) -> None:
        moment = int(self.desk.clock.now()) if at is None else at
        if rating is None:
            self.account.unrate(title)
        else:
            days = (moment - self.desk.clock.now()) / DAY
            self.account.rate(title, rating, self.desk.iso(days))
        self.oracle.clicked(title, rating, moment)
        self.log.append(f"the person rates {title}: {rating} at {moment}")

    def edit(self) -> None:
        """The person rates or un-rates a title on Simkl."""
        self.desk.wait()
        live = [title for title in self.titles if title in self.desk.sandbox.catalog.titles]
        self._rates(self.dice.choice(live), self.dice.choice([None, 1, 2, 3, 4, 5]))

    def rerate(self) -> None:
        """The person rates anew on the tracker."""
        self.desk.wait()
        row = self.dice.choice(self.rows)
        now = int(self.desk.clock.now())
        row.say(self.dice.randint(1, 5), row.at if not row.true else _noon(now) if row.by_day else now)
        self.log.append(f"{row.key} says {row.rating} at {row.at} now")

    def grow(self) -> None:
        """The next export has a row more."""
        late = [row for row in self.rows if row.late]
        if late:
            row = self.dice.choice(late)
            row.late = False
            self.log.append(f"{row.key} is in the exports now")

    def merge(self) -> None:
        """Two entries of Simkl's turn out to be one title: one of the person's titles gets another number."""
        sandbox = self.desk.sandbox
        old = self.dice.choice(self.titles)
        known = sandbox.catalog.titles.get(old)
        if known is None:
            return
        self.desk.wait()
        ids = {**known.ids, "simkl": 88_000_000 + len(self.titles)}
        new = sandbox.catalog.add(
            known.kind, known.title, known.year, ids, anime_type=known.anime_type, also=known.names
        ).simkl
        sandbox.merge(old, new)
        self.account.touch({known.kind: ("rated_at", "removed_from_list")})
        self.titles.append(new)
        self.oracle.moved(old, new)
        for row in self.rows:
            if row.means == old:
                row.means = new
        self.log.append(f"{old} is {new} now")

    # What the program does

    async def command(self, *, trouble: bool, lag: bool, force: str = "", soon: bool = False) -> None:
        """One command after a while, perhaps with something going wrong."""
        self.desk.wait((self.dice.choice([60, 3600, DAY, 2 * DAY]) if not soon else 60) / DAY)
        self.desk.clock.moment += self.dice.randrange(100)
        kinds = ["A", "B", "AB", "AB", "AB", "unread", "undo", "undo all", "mend"]
        if self.wide:
            kinds += ["mend", "undo force", "undo all force", "undo key"]
        what = force or self.dice.choice(kinds)
        faults = self.desk.sandbox.faults
        if soon or self.dice.random() < 0.3:  # an export that says nothing new is looked at all the same
            self.desk.version = str(self.dice.randrange(10**6))
        kill = None
        if trouble and self.dice.random() < 0.5:
            nth = self.dice.choice([0, 0, 1, 2])
            fate = self.dice.choice(["killed before", "killed after", "unreadable", *TROUBLES])
            if fate.startswith("killed"):
                kill = (nth + 1, fate == "killed after")
            elif fate == "unreadable":
                faults.script("GET /sync/activities", [None, *self.dice.choice([("quota",), ("status-503",) * 6])])
            else:
                self.refused = self.refused or fate == "refused"
                for path in ("/sync/ratings", "/sync/ratings/remove"):
                    faults.script(f"POST {path}", [*[None] * nth, *TROUBLES[fate]])
            what_happens = f" {fate} at {nth + 1}"
        else:
            what_happens = ""
        if lag:
            faults.dials.lag = self.dice.choice([3.0, 45.0])
            faults.turn_on("lagging-reads")
            what_happens += f" lagging {faults.dials.lag}"
        before = len(self.desk.sandbox.log)
        self.log.append(f"{int(self.desk.clock.now())}: {what}{what_happens}")
        self.stopped = False
        try:
            await self._do(what, kill, last=soon)
        except self.killed:
            self.stopped = True
            self.log.append("  killed")
        except ImporterError as error:
            self.stopped = True
            self.log.append(f"  {error}")
        finally:
            faults.turn_off()
            faults.turn_on(*self.always)
        self.posts.append(sum(entry.method == "POST" for entry in self.desk.sandbox.log[before:]))
        self.log.append(f"  {self.posts[-1]} POSTs; {self.held()}")
        if self._asked_of_unknown_titles():  # they are asked about again after a week, without end
            self.posts[-1] = 0

    async def _do(self, what: str, kill: tuple[int, bool] | None, *, last: bool) -> None:
        desk = self.desk
        options = self._options(last=last)
        if what.startswith("undo"):
            force = what.endswith("force")
            if force:
                self.oracle.forced = int(desk.clock.now())
            keys = [self.dice.choice(self.rows).key] if what == "undo key" else []
            done = await desk.undo(*keys, all_runs="all" in what, force=force, kill=kill)
        elif what == "mend":
            path = self._mended()
            if path is None:
                return
            done = await desk.run(path, kill=kill, batch_size=self.dice.choice([1, 2, 3]), **options)
        else:
            jobs = "AB" if what == "unread" else what
            paths = self._exports(jobs)
            if not paths:
                return
            size = self.dice.choice([1, 2, 3])
            done = await desk.run(*paths, kill=kill, batch_size=size, verify=what != "unread", **options)
            self.stopped = done.summary.exit == 6
        self.shown.update(done.rows)
        self.log.append(f"  {done.summary.exit} {done.totals} {done.outcomes()} {done.summary.message or ''}")
        if done.summary.exit == 1:
            self.troubles.append(f"DEFECT {done.summary.message}")
        for row in done.rows.values() if self._has_looked(what, done) else ():
            if row.outcome == "unchanged" and row.matched is not None:
                there = self.account.ratings.get(self.oracle.now(row.matched.simkl))
                if there is None or there.rating != row.rating:
                    self.troubles.append(f"UNTRUE {row.key} is said to be unchanged: {there}")

    def _options(self, *, last: bool) -> dict[str, Any]:
        """The options of a command; the last commands of a story keep to one way and leave nothing out."""
        if not self.wide:
            return {}
        policy = self.policy if last or self.dice.random() < 0.85 else self.dice.choice(list(OnConflict))
        self.oracle.policies.add(policy.value)
        limit = self.dice.choice([None, None, None, 1, 2]) if not last else None
        self.log.append(f"  --on-conflict {policy} --limit {limit}")
        return {"on_conflict": policy, "limit": limit}

    def _has_looked(self, what: str, done: Any) -> bool:
        """Whether a command knows at its end what the account holds: it has read it after its last write, not late, and
        dates tell what is whose.
        """
        late = "lagging-reads" in self.desk.sandbox.faults.pick("GET", "/sync/ratings")[0]
        if self.habit == "missing":
            return False
        return what != "unread" and done.summary.exit in (0, 3) and done.summary.message != "nothing new" and not late

    def _asked_of_unknown_titles(self) -> bool:
        found = self.desk.journal.rows("SELECT DISTINCT answer FROM changes WHERE run = (SELECT max(run) FROM changes)")
        return "not_found" in [answer for (answer,) in found]

    def _exports(self, jobs: str) -> list[Path]:
        paths: list[Path] = []
        for job in jobs:
            films = [
                {
                    "rated_at": self.desk.iso((row.at - self.desk.clock.now()) / DAY),
                    "rating": row.rating,
                    "type": row.kind,
                    row.kind: {
                        "title": row.title,
                        "year": row.year,
                        "ids": {"trakt": int(row.key.rsplit(":", 1)[1]), **row.ids},
                    },
                }
                for row in self.rows
                if row.job == job and row.site == "trakt" and not row.late
            ]
            anime = [row for row in self.rows if row.job == job and row.site == "mal" and not row.late]
            diary = [row for row in self.rows if row.job == job and row.site == "letterboxd" and not row.late]
            if films:
                paths.append(self.desk.trakt(*films, name=f"{job}.json"))
            if anime:
                lines = [(int(row.ids["mal"]), row.title, row.rating, "0000-00-00") for row in anime]
                paths.append(self.desk.mal(*lines, name=f"{job}.xml"))
            if diary:
                days = [(row.title, row.year, row.rating / 2, self._date(row)) for row in diary]
                paths.append(self.desk.letterboxd(*days, name=f"{job}.csv"))
        return paths

    def _mended(self) -> Path | None:
        """A rejects file with one row mended: rightly, or with a number that is nobody's."""
        findings = [
            row
            for row in self.rows
            if row.means is not None
            and row.given in (None, "7777777")
            and (seen := self.shown.get(row.key)) is not None
            and (seen.note == "other_title" or seen.outcome == "not_found")
        ]
        if not findings:
            return None
        row = self.dice.choice(findings)
        found = self.shown[row.key].matched
        if self.wide and found is not None and self.dice.random() < 0.3:
            row.given, row.means = str(found.simkl), self.oracle.now(found.simkl)  # it is that very title after all
        else:
            row.given = "7777777" if self.dice.random() < 0.25 else str(row.means)
        self.log.append(f"  {row.key} is given {row.given}")
        told = {
            "key": row.key,
            "type": row.kind,
            "title": row.title,
            "year": row.year,
            "rating": row.rating,
            "rated_at": self._date(row) if row.true else "",
            "simkl": row.given,
        }
        return Path(self.desk.generic(told, name="rejects.csv"))

    def _date(self, row: Row) -> str:
        text: str = self.desk.iso((row.at - self.desk.clock.now()) / DAY)
        return text[:10] if row.by_day else text

    def held(self) -> dict[int, tuple[int, str | None]]:
        """What the account holds of these titles."""
        return {
            title: (rating.rating, rating.rated_at)
            for title in self.titles
            if (rating := self.account.ratings.get(title)) is not None
        }

    # The whole of it

    async def play(self) -> None:
        """Live it, then let clean commands end it, and hold the account against the rules."""
        dice = self.dice
        trouble, edits, lags = dice.random() < 0.75, dice.random() < 0.6, dice.random() < 0.25
        merges, undoes, rerates = dice.random() < 0.15, dice.random() < 0.3, dice.random() < 0.6
        for step in range(dice.randint(2, 6)):
            if edits and step and dice.random() < 0.35:
                self.edit()
            if rerates and step and dice.random() < 0.35:
                self.rerate()
            if merges and step and dice.random() < 0.2:
                self.merge()
            if self.wide and step:
                if dice.random() < 0.5:
                    self.grow()
                if self.stopped and dice.random() < 0.5:
                    self.rerate()
            force = "" if undoes else dice.choice(["A", "B", "AB", "AB", "unread", "mend"])
            await self.command(trouble=trouble, lag=lags and dice.random() < 0.5, force=force)
        undone = dice.random() < 1 / 3
        for row in self.rows:
            row.late = False
        for _ in range(6):
            self.desk.wait()
            await self.command(trouble=False, lag=False, force="undo all" if undone else "AB", soon=True)
        self.log.append(f"what the person did: {self.oracle.did}")
        self.troubles += self.oracle.judged(self.account_now(), self.told(), undone=undone)
        if any(self.posts[-2:]):
            self.troubles.append(f"POSTS GO ON {self.posts[-6:]}")
        owed = list(self.desk.journal.rows("SELECT simkl, why, want_rating, want_at, tries, state FROM owed"))
        if owed:
            self.troubles.append(f"OWED FOR EVER {owed}")

    def account_now(self) -> dict[int, tuple[int, int | None] | None]:
        """What stands on each title that there still is, by its number."""
        found: dict[int, tuple[int, int | None] | None] = {}
        for title in self.titles:
            if title not in self.desk.sandbox.catalog.titles:
                continue
            rating = self.account.ratings.get(title)
            found[title] = None if rating is None else (rating.rating, self.oracle.seconds(rating.rated_at))
        return found

    def told(self) -> list[Any]:
        """What the service and the person say of every row: where it leads, and what it means."""
        return [
            self.oracle.row(
                key=row.key,
                leads=self._leads(row, row.asks),
                spelled=self._leads(row, row.asks | {"ids": {}}) if row.site != "mal" else None,
                means=row.means,
                given=row.given,
                true=row.true,
                by_day=row.by_day,
                hidden=self._is_hidden(row),
                said=tuple(row.said),
                refused=self.refused and (seen := self.shown.get(row.key)) is not None and seen.outcome == "failed",
            )
            for row in self.rows
        ]

    def _is_hidden(self, row: Row) -> bool:
        """Whether the account shows its title under another name, and without an id of the row's."""
        title = self.desk.sandbox.catalog.titles.get(self._leads(row, row.asks))
        if title is None or same_title(row.title, row.year, title.title, title.year):
            return False
        return "bare-ids" in self.always or not row.ids

    def _leads(self, row: Row, asks: dict[str, Any]) -> int | None:
        section = "movies" if row.kind == "movie" else "shows"
        found = resolve(self.desk.sandbox.catalog, section, asks, make=False)
        return None if found is None else found.simkl


def _noon(at: int) -> int:
    return at // DAY * DAY + DAY // 2
