"""POST /sync/ratings (`/api-reference/simkl/add-ratings`)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from importer.sandbox.account import Account, Filing, Rating
from importer.sandbox.answers import Answer, error
from importer.sandbox.catalog import Catalog
from importer.sandbox.judge import well_rated
from importer.sandbox.resolve import resolve
from importer.sandbox.schedule import Faults, Play
from importer.sandbox.stamps import iso
from importer.sandbox.titles import Title
from importer.sandbox.writes.items import Item, MalformedError, in_turn
from importer.sandbox.writes.reply import Outcome, added, response


def rate(account: Account, catalog: Catalog, items: list[Item], play: Play, faults: Faults) -> Answer:
    """Store the ratings of a body and answer as the service does; one date that cannot be read refuses them all."""
    try:
        dates = [item.rated_at for item in items]
    except MalformedError as problem:
        return error(400, "wrong_parameter", str(problem))
    done = Outcome(play)
    work = _Work(account, play, done)
    turn = in_turn(items, play)
    for item in turn[: len(turn) // 2] if "partial-apply" in play else turn:
        if "ignore-anime" in play and item.section == "anime":
            continue
        third = item.place % 3 == 0
        if third and "dropped-items" in play:
            continue
        value = item.sent.get("rating")
        title = resolve(catalog, item.section, item.sent, play) if well_rated(value) else None
        if title is None:
            if well_rated(value) or "range-silent" not in play:
                done.missing.append(item)
        elif third and "echo-lie" in play:
            work.tell(item, title, account.library.get(title.simkl, "completed"))
        else:
            work.store(item, title, dates[item.place])
    account.touch(done.moved, still="frozen-stamps" in play, plain="same-second-stamps" in play)
    return added(done, items, faults)


def other_title(account: Account, meant: Collection[int]) -> Title | None:
    """Return the first rated title of an account that a body does not mean, None where there is none."""
    numbers = (simkl for simkl in account.ratings if simkl not in meant)
    return next((account.catalog.titles[simkl] for simkl in numbers), None)


class _Work:
    """Stores the items of one body one after the other."""

    def __init__(self, account: Account, play: Play, done: Outcome) -> None:
        self._account = account
        self._play = play
        self._done = done
        self._now = iso(account.clock())
        self._seen: set[int] = set()
        watched: Literal["never", "when rated", "now"] = "never"
        if not play.isdisjoint({"watched-when-rated", "watched-now"}):
            watched = "now" if "watched-now" in play else "when rated"
        self._filing = Filing("planned-completed" in play, "status-plan-to-watch" in play, watched)

    def store(self, item: Item, title: Title, rated_at: str | None) -> None:
        """Store one rating as the modes have it, and tell of it."""
        again = title.simkl in self._seen
        self._seen.add(title.simkl)
        if again and "duplicates-once" in self._play:
            return
        if again and "duplicates-first" in self._play:
            self.tell(item, title, self._account.library[title.simkl])
            return
        value = item.sent["rating"]
        assert isinstance(value, int)  # noqa: S101 - only what is well rated is stored
        stands = self._account.ratings.get(title.simkl)
        equal = stands is not None and stands.rating == value
        date = self._date(stands if equal else None, rated_at)
        before = self._account.library.get(title.simkl)
        status = self._account.write(title, value, date, self._filing)
        self._done.move(title.kind, *(() if status == before else (status,)))
        if "spill-rating" in self._play:
            self._spill(value, date)
        if equal and "equal-silent" in self._play:
            return
        self.tell(item, title, status, counted=not (equal and "equal-uncounted" in self._play))

    def tell(self, item: Item, title: Title, status: str, *, counted: bool = True) -> None:
        """Echo and count an item, unless the modes keep silent about it."""
        if item.place % 3 == 0 and "echo-missing" in self._play:
            return
        if counted:
            self._done.found(title)
        self._done.statuses.append((item, response(title, status, self._play)))

    def _spill(self, value: int, date: str | None) -> None:
        other = other_title(self._account, self._seen)
        if other is not None:
            self._account.write(other, value, date, self._filing)
            self._done.move(other.kind)

    def _date(self, equal: Rating | None, rated_at: str | None) -> str | None:
        if equal is not None and "equal-keeps-date" in self._play:
            return equal.rated_at
        if rated_at is not None and rated_at < "2000":
            if "old-dates-unknown" in self._play:
                return None
            if "old-dates-epoch" in self._play:
                return "1970-01-01T00:00:01Z"
        return self._now if rated_at is None or "dates-ignored" in self._play else rated_at
