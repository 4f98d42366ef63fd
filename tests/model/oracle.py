"""The rules once more, told by the service and by the person's own clicks alone: what a title may hold at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

DAY = 86_400
ZONES = 14 * 3600
SHIFT = 5 * 3600
"""Seconds by which the service shifts dates, where it does."""

Held = tuple[int, int | None]
"""A rating and its date, in seconds since the epoch."""


@dataclass(frozen=True)
class Row:
    """A row as the service and the person see it.

    `leads` is the title that its question leads to at the end, `spelled` the one that its name alone leads to; `means`
    the title that the person means. `given` is what was filled in for it. `true`: its date is one; `by_day`: without a
    time. `said` are its ratings and dates, the last one last. `refused`: the service wants no more of it. `hidden`:
    nothing on the account tells that its title is the row's.
    """

    key: str
    leads: int | None
    spelled: int | None
    means: int | None
    given: str | None
    true: bool
    said: tuple[tuple[int, int], ...]
    refused: bool = False
    by_day: bool = False
    hidden: bool = False

    @property
    def rating(self) -> int:
        return self.said[-1][0]

    @property
    def rank(self) -> tuple[bool, int, bool, int]:
        """What the merge rule goes by: dated beats undated, then the newer one; on one day seconds beat days."""
        at = self.said[-1][1]
        return (self.true, at // DAY, not self.by_day, 0 if self.by_day else at) if self.true else (False, 0, False, 0)

    def newer_than(self, at: int) -> bool:
        """Whether its date is after that moment, as far as it tells."""
        mine = self.said[-1][1]
        return mine // DAY > at // DAY if self.by_day else mine > at


@dataclass
class Oracle:
    """Keeps what the person did on Simkl; `habit` is how the service gives dates back.

    `policies` are the ways in which conflicts were decided, `begun` is when the first command could come, `forced` when
    an undo took back the person's own ratings too.
    """

    habit: str
    begun: int = 0
    forced: int | None = None
    policies: set[str] = field(default_factory=set)
    did: dict[int, list[tuple[int, Held | None]]] = field(default_factory=dict)
    renamed: dict[int, int] = field(default_factory=dict)

    def clicked(self, title: int, rating: int | None, at: int) -> None:
        """The person rated a title on Simkl, or took its rating away."""
        self.did.setdefault(title, []).append((at, None if rating is None else (rating, at)))

    def moved(self, old: int, new: int) -> None:
        """A title has another number."""
        self.renamed = {number: new if now == old else now for number, now in self.renamed.items()} | {old: new}
        self.did[new] = self.did.pop(old, [])

    def now(self, title: int) -> int:
        """The number of a title now."""
        return self.renamed.get(title, title)

    @staticmethod
    def row(**said: object) -> Row:
        """A row, by its fields."""
        return Row(**said)  # type: ignore[arg-type]

    @staticmethod
    def seconds(text: str | None) -> int | None:
        """A time as Simkl writes it, in seconds since the epoch."""
        return None if text is None else int(datetime.fromisoformat(text).timestamp())

    def judged(self, account: dict[int, Held | None], rows: list[Row], *, undone: bool) -> list[str]:
        """What is wrong with an account at the end of a history, title by title; `undone`: all was taken back."""
        found: list[str] = []
        for title, held in account.items():
            faults = [
                self._undone(title, held, persons, rows) if undone else self._fault(title, held, persons, rows)
                for persons in self._persons(title)
            ]
            if all(faults):
                found.append(f"{faults[-1]} {title}: holds {held}, the person's is {self._persons(title)}")
        return found

    def _persons(self, title: int) -> list[Held | None]:
        """What a title may have of the person's: the last click, or where an undo took back theirs too, any before."""
        clicks = self.did.get(title, [])
        last = clicks[-1][1] if clicks else None
        if self.forced is None or (clicks and clicks[-1][0] > self.forced):
            return [last]
        return [None, *(value for _, value in clicks)]

    def _undone(self, title: int, held: Held | None, persons: Held | None, rows: list[Row]) -> str:
        """All that was ours is gone: the title has what the person gave it last.

        Where no dates come back, what was never seen on a title cannot be told from the person's own, and is left.
        """
        if self._cannot_be_told(held, rows) or self._cannot_be_told(persons, rows):
            return ""
        if _rating(held) != _rating(persons):
            return "NOT AS IT WAS"
        return "DATE DRIFTED" if self._drifted(held, persons) else ""

    def _drifted(self, held: Held | None, persons: Held | None) -> bool:
        """Whether a date is another one; by how much a service shifts dates takes some landings to learn."""
        if held is None or persons is None or held == persons or self.habit in ("day", "missing"):
            return False
        return self.habit == "exact" or ((held[1] or 0) - (persons[1] or 0)) % SHIFT != 0

    def _fault(self, title: int, held: Held | None, persons: Held | None, rows: list[Row]) -> str:
        mine = [row for row in rows if row.leads == title == row.means and row.given != "7777777"]
        strays = [row for row in rows if row.means != title and row.spelled == title and not _mended(row, title, rows)]
        right = self._may_stand(title, persons, mine)
        right |= self._may_stand(title, persons, [row for row in mine if not row.refused])
        allowed = right | self._beyond_rules(title, persons, mine, strays)
        allowed |= {rating for row in mine if row.refused for rating, _ in row.said}
        allowed |= {_rating(persons)} if any(row.refused for row in mine) else set()
        allowed |= {rating for row in rows if row.means == title and row not in mine for rating, _ in row.said}
        allowed |= {_rating(persons)} if any(row.means == title and row not in mine for row in rows) else set()
        if _rating(held) not in allowed and not self._cannot_be_told(persons, rows):
            lost = _rating(persons) in allowed and _rating(persons) != _rating(held)
            return "LOST THE PERSON'S" if lost else "LOST OURS"
        near = [row for row in rows if title in (row.means, row.leads, row.spelled)]
        ours = any(rating == _rating(held) for row in near for rating, _ in row.said)
        drifts = _rating(held) == _rating(persons) and not ours and self._drifted(held, persons)
        return "DATE DRIFTED" if drifts else ""

    def _cannot_be_told(self, held: Held | None, rows: list[Row]) -> bool:
        """Whether no date tells a rating of the person's from one of a row's: equal, without dates or of about one day.

        Until it is known how dates come back, half a day of time zones counts for nothing.
        """
        alike = [at for row in rows for rating, at in row.said if held is not None and rating == held[0]]
        if self.habit == "missing":
            return bool(alike)
        return (
            self.habit == "day" and held is not None and any(0 < abs(at - (held[1] or 0)) < DAY + ZONES for at in alike)
        )

    def _may_stand(self, title: int, persons: Held | None, mine: list[Row]) -> set[int | None]:
        """The ratings that the rules allow on a title of the rows that mean it: the best row against the person's."""
        if not mine:
            return {_rating(persons)}
        highest = max(row.rank for row in mine)
        found: set[int | None] = set()
        for best in (row for row in mine if row.rank == highest):  # of several the later row of its file wins
            found |= {best.rating} if persons is None else set()
            for policy in self.policies or {"newer"} if persons is not None else ():
                found |= self._against(title, persons, best, mine, policy)
        if any(value is None for _, value in self.did.get(title, ())):  # taken away once: either may have come later
            found |= {_rating(persons), *(row.rating for row in mine)}
        if self.habit == "missing" and len(mine) > 1:
            found |= {row.rating for row in mine}
        return found

    def _against(self, title: int, persons: Held, best: Row, mine: list[Row], policy: str) -> set[int | None]:
        """The best row against the person's, as a conflict is decided."""
        found: set[int | None]
        match policy:
            case "keep":  # where both said the same once, a row that changed since is no conflict
                clicked = {_rating(value) for _, value in self.did.get(title, ())}
                agreed = [row for row in mine if any(rating in clicked for rating, _ in row.said)]
                return {persons[0], best.rating, *(row.rating for row in agreed)} if agreed else {persons[0]}
            case "overwrite":  # a row that was sent so may stay where the others are held against the person's
                found = {best.rating} if len(self.policies) == 1 else {rating for row in mine for rating, _ in row.said}
                return found | ({persons[0]} if (persons[1] or 0) > self.begun or len(self.policies) > 1 else set())
        at = persons[1] or 0
        others = mine if len(self.policies) > 1 else []  # one may stay where the best is held against the person
        found = {row.rating for row in others if row.true and row.newer_than(at)}
        found |= {best.rating if best.true and best.newer_than(at) else persons[0]}
        margin = 0 if self.habit == "exact" else DAY
        same_day = best.true and best.by_day and abs(best.said[-1][1] - at) < DAY // 2 + margin
        same_day |= self.habit == "day" and best.true and abs(best.said[-1][1] - at) < DAY
        if self.habit == "missing" or same_day:
            found |= {persons[0], best.rating}
        return found

    def _beyond_rules(self, title: int, persons: Held | None, mine: list[Row], strays: list[Row]) -> set[int | None]:
        """On a wrong title one of ours may stay where the person's is older, or where there is none."""
        removed = any(value is None for _, value in self.did.get(title, ()))
        found: set[int | None] = set()
        policies = self.policies or {"newer"}
        for row in strays:
            newer = (
                not row.true or any(at + DAY * row.by_day > (persons[1] or 0) for _, at in row.said)
                if persons
                else True
            )
            stays = persons is None or "overwrite" in policies or ("newer" in policies and newer)
            if stays or removed or self.habit == "missing":
                found |= {rating for rating, _ in row.said}
        return found


def _mended(row: Row, title: int, rows: list[Row]) -> bool:
    """Whether a row was mended away from a title on which no other row strays by the same name."""
    others = any(other is not row and other.spelled == title for other in rows)
    return row.given is not None and row.leads != title and not others


def _rating(held: Held | None) -> int | None:
    return None if held is None else held[0]
