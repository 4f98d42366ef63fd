"""The contract's rules once more, written from its text alone: what an account must hold after each step of a history.

Nothing here knows the program. An account is {simkl number: (rating, seconds)}, and every step changes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

DAY = 86_400


@dataclass(frozen=True)
class Said:
    """One row of an export: what it is sent by, where Simkl puts it, and by which names the account shows it.

    `at` is None where it has no date; `exact` tells seconds from a day, `true` a rating date from a stand-in.
    """

    key: str
    lands: int
    name: tuple[str, str, int | None]
    ids: frozenset[str]
    rating: int
    at: int | None
    exact: bool
    true: bool


@dataclass(frozen=True)
class Settled:
    """The base of a key: what the row said, and what the account said."""

    rating: int
    at: int | None
    exact: bool
    true: bool
    account: int
    account_at: int | None


@dataclass
class Sent:
    """What a run wrote to one title: before, after, and for which keys."""

    before: tuple[int, int] | None
    after: tuple[int, int] | None
    keys: set[str]


@dataclass
class Title:
    """One title of an import: the best row, the others, and the moment it would be sent with."""

    row: Said
    others: list[Said]
    at: int
    when: tuple[int, bool, bool]


@dataclass
class Oracle:
    """The account, and what the program may know of it. `names` and `ids` say how the account shows each title."""

    names: dict[int, tuple[str, str, int | None]]
    ids: dict[int, frozenset[str]]
    account: dict[int, tuple[int, int]] = field(default_factory=dict)
    bases: dict[str, Settled] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    recorded: dict[str, tuple[int, int]] = field(default_factory=dict)
    marks: dict[object, dict[str, int]] = field(default_factory=dict)
    runs: list[dict[int, Sent]] = field(default_factory=list)

    def do_import(self, rows: list[Said], job: object, start: int, policy: str = "newer", redate: bool = False) -> bool:
        """Import rows, given in input order. Return whether anything had to be asked."""
        if job in self.marks:
            return False
        self.forget_marks({row.key: row.rating for row in rows})
        sends: list[tuple[Title, tuple[int, int], tuple[int, bool, bool], bool]] = []
        for title in self.titles(rows, start):
            there = self.look_up(title)
            verdict = self.decide(title, there, policy, redate)
            if there is not None:
                self.found[title.row.key] = there
            if verdict == "settled" and there is not None:
                self.settle(title, title.when, there)
            elif verdict == "send":
                equal = there is not None and self.account[there][0] == title.row.rating
                changed = not equal and self.changed_undated(title)
                when = (start, True, False) if changed else title.when
                at = start if changed else title.at
                rating, earlier = self.recorded.pop(title.row.key, (0, 0))
                if not when[2] and when[1]:
                    at = earlier if rating == title.row.rating else at
                    when = (at, True, False)
                    self.recorded[title.row.key] = (title.row.rating, at)
                sends.append((title, (title.row.rating, at), when, there is not None))
        sends.sort(key=lambda send: (send[2][2], send[1][1]))
        self.write(sends, policy)
        self.marks[job] = {row.key: row.rating for row in rows}
        return True

    def write(self, sends: list[tuple[Title, tuple[int, int], tuple[int, bool, bool], bool]], policy: str) -> None:
        """Send in order; what landed on a rating that could not be seen, and that the rules keep, is put right."""
        opening = dict(self.account)
        vague = {title.row.key: self.believed(title.row.lands) for title, *_ in sends}
        for title, value, _, _ in sends:
            self.account[title.row.lands] = value
        wrote: dict[int, Sent] = {}
        last = {title.row.lands: title.row.key for title, *_ in sends}
        for title, value, when, seen in sends:
            row, lands = title.row, title.row.lands
            wrote.setdefault(lands, Sent(opening.get(lands), value, set())).keys.add(row.key)
            self.found[row.key] = lands
            if last[lands] != row.key:
                continue
            wrote[lands].after = value
            prior = opening.get(lands)
            if prior is not None and not seen:
                same = self.names[lands] == row.name
                verdict = self.against(title, self.bases.get(row.key), prior, vague[row.key], policy, redate=False)
                if verdict != "send":
                    self.account[lands] = prior
                    wrote[lands].after = prior
                    if verdict == "settled" and same:
                        self.settle(title, when, lands)
                    continue
            self.settle(title, when, lands)
        if wrote:
            self.runs.append(wrote)

    def decide(self, title: Title, there: int | None, policy: str, redate: bool) -> str:
        """The table: send, settled or kept."""
        theirs = self.account.get(there) if there is not None else None
        belief = self.believed(there) if there is not None else None
        return self.against(title, self.base_of(title), theirs, belief, policy, redate=redate)

    def against(self, title: Title, base: Settled | None, theirs: tuple[int, int] | None,
                belief: tuple[int, bool] | None, policy: str, *, redate: bool) -> str:  # fmt: skip
        row = title.row
        if theirs is not None and theirs[0] == row.rating:
            at, exact, true = title.when
            right = theirs[1] == title.at if exact else theirs[1] // DAY == title.at // DAY
            run_date = exact and not true
            return "send" if redate and not right and not run_date else "settled"
        if base is None and theirs is None:
            return "send"
        if base is not None:
            mine = row.rating != base.rating or (row.true and base.true and _order(row, base) != 0)
            other = theirs is None or theirs[0] != base.account or theirs[1] != base.account_at
            if not other and mine:
                return "kept" if row.true and base.true and _order(row, base) < 0 else "send"
            if not mine:
                return "kept" if other else "send"
        if policy == "overwrite":
            return "send"
        if policy == "keep" or theirs is None or belief is None or not row.true or row.at is None:
            return "kept"
        at, exact = belief
        later = row.at > at if row.exact and exact else row.at // DAY > at // DAY
        return "send" if later else "kept"

    def changed_undated(self, title: Title) -> bool:
        base = self.base_of(title)
        return base is not None and not title.row.true and title.row.rating != base.rating

    def base_of(self, title: Title) -> Settled | None:
        keys = [title.row.key, *(row.key for row in title.others)]
        return next((self.bases[key] for key in keys if key in self.bases), None)

    def believed(self, there: int) -> tuple[int, bool] | None:
        """The account's date and whether it is exact; None where it is known to stand in for another."""
        theirs = self.account.get(there)
        if theirs is None:
            return None
        for key, base in self.bases.items():
            mine = self.found.get(key) == there and (base.account, base.account_at) == theirs and base.at is not None
            if mine and not (base.true and base.exact) and abs(base.at - theirs[1]) <= 14 * 3600:
                return (theirs[1], False) if base.true else None
        return (theirs[1], True)

    def settle(self, title: Title, when: tuple[int, bool, bool], there: int) -> None:
        at, exact, true = when
        rating, account_at = self.account[there]
        self.bases[title.row.key] = Settled(title.row.rating, at, exact, true, rating, account_at)
        self.found[title.row.key] = there

    def look_up(self, title: Title) -> int | None:
        """The stored simkl number, then ids, then kind, title and year."""
        stored = self.found.get(title.row.key)
        if stored in self.account:
            return stored
        ids = title.row.ids.union(*(row.ids for row in title.others))
        for simkl in self.account:
            if ids & self.ids[simkl]:
                return simkl
        for simkl in self.account if stored is None else ():
            if self.names[simkl] == title.row.name:
                return simkl
        return None

    def titles(self, rows: list[Said], start: int) -> list[Title]:
        """Merge; then a day becomes its noon and the rank of the row among that day's."""
        groups: list[list[tuple[int, Said]]] = []
        for n, row in enumerate(rows):
            alike = [group for group in groups if any(self.same(row, other) for _, other in group)]
            merged = [(n, row)]
            for group in alike:
                groups.remove(group)
                merged = group + merged
            groups.append(merged)
        titles: list[tuple[int, Said, list[Said]]] = []
        for group in groups:
            ranked = sorted(group, key=lambda pair: _rank(*pair), reverse=True)
            titles.append((*ranked[0], [row for _, row in ranked[1:]]))
        titles.sort(key=lambda title: title[0])
        days: dict[int, int] = {}
        out: list[Title] = []
        for _, row, others in titles:
            if row.at is None:
                out.append(Title(row, others, start, (start, True, False)))
            elif row.exact:
                out.append(Title(row, others, row.at, (row.at, True, row.true)))
            else:
                day = row.at // DAY
                at = min(day * DAY + DAY // 2 + days.get(day, 0), start)
                days[day] = days.get(day, 0) + 1
                out.append(Title(row, others, at, (row.at, False, row.true)))
        return out

    def same(self, row: Said, other: Said) -> bool:
        stored = self.found.get(row.key)
        return (
            row.key == other.key
            or bool(row.ids & other.ids)
            or row.name == other.name
            or (stored is not None and stored == self.found.get(other.key))
        )

    def undo(self) -> None:
        """Take back the last run."""
        if not self.runs:
            return
        for simkl, sent in self.runs.pop().items():
            if self.account.get(simkl) != sent.after:
                continue
            if sent.before is None:
                self.account.pop(simkl, None)
            else:
                self.account[simkl] = sent.before
            for key in sent.keys:
                self.bases.pop(key, None)
            self.marks = {job: rows for job, rows in self.marks.items() if not sent.keys & set(rows)}

    def forget_marks(self, given: dict[str, int]) -> None:
        self.marks = {
            job: rows for job, rows in self.marks.items()
            if all(given.get(key, rating) == rating for key, rating in rows.items())
        }  # fmt: skip


def _rank(n: int, row: Said) -> tuple[bool, int, bool, int, int]:
    if row.at is None:
        return (False, -(10**9), False, 0, n)
    return (row.true, row.at // DAY, row.exact, row.at if row.exact else 0, n)


def _order(row: Said, base: Settled) -> int:
    """Whether a row's date is after (1) or before (-1) its base's, at the coarser precision of the two."""
    mine, other = row.at or 0, base.at or 0
    if not (row.exact and base.exact):
        mine, other = mine // DAY, other // DAY
    return (mine > other) - (mine < other)
