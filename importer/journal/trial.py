"""What a live test borrows: the titles that it writes to, and how each is to stand again.

On disk before the test writes anything, and gone once a reading shows that the title stands so: whatever stops the
test, the next command that writes puts back what is left. Kept beside the debts of imports, which are judged by rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import orjson

from importer.journal.change import Change, Role
from importer.journal.changes import changes_of_run
from importer.journal.store import Journal
from importer.model import DAY, Kind, value

_NAME = "borrowed"


@value
class Borrowed:
    """A title that a live test wrote to, or changed without meaning to.

    `rating` and `rated_at` are what stood there before, None for no rating, and `listed` whether it was on a list.
    `meant` False: it was never to be written to, and a rating that was meant for another title lies there.
    `status` and `episodes` are what its list said right after our rating, "" while nobody has read that. `run` is the
    live test; `tries` counts the answered tries to put it back, `tried_at` is when the last one was begun.
    """

    simkl: int
    kind: Kind
    title: str
    year: int | None
    rating: int | None
    rated_at: int | None
    listed: bool
    run: int
    meant: bool = True
    status: str = ""
    episodes: int = 0
    tries: int = 0
    tried_at: int | None = None


def borrowed(journal: Journal) -> dict[int, Borrowed]:
    """Return all that is still to be put back, by title."""
    row = journal.row("SELECT value FROM meta WHERE name = ?", (_NAME,))
    found: list[dict[str, Any]] = [] if row is None else orjson.loads(row[0])
    return {one["simkl"]: Borrowed(**{**one, "kind": Kind(one["kind"])}) for one in found}


def borrow(journal: Journal, found: Iterable[Borrowed]) -> None:
    """Put titles on record, in place of what was said of the same ones. Within a transaction."""
    _write(journal, borrowed(journal) | {one.simkl: one for one in found})


def hand_back(journal: Journal, titles: Iterable[int]) -> None:
    """Forget titles that stand as they did, or as the person has them now. Within a transaction."""
    gone = set(titles)
    _write(journal, {simkl: one for simkl, one in borrowed(journal).items() if simkl not in gone})


def is_due(one: Borrowed, now: int, most: int) -> bool:
    """Tell whether a command that begins at `now` may try it: the next one, then one a day, `most` times in all."""
    return not is_stuck(one, most) and (one.tries <= 1 or one.tried_at is None or one.tried_at // DAY < now // DAY)


def any_borrowed(journal: Journal, now: int, most: int) -> bool:
    """Tell whether a command that begins at `now` has something to put back."""
    return any(is_due(one, now, most) for one in borrowed(journal).values())


def is_stuck(one: Borrowed, most: int) -> bool:
    """Tell whether it was tried in vain often enough."""
    return one.tries >= most


def count_borrowed(journal: Journal, most: int) -> tuple[int, int]:
    """Return how many titles are still to be put back, and how many were tried in vain `most` times."""
    stuck = [is_stuck(one, most) for one in borrowed(journal).values()]
    return stuck.count(False), stuck.count(True)


def trial_changes(journal: Journal, run: int) -> dict[int, list[Change]]:
    """Return what a live test sent, in sending order, by the number of the title that it was sent to."""
    found: dict[int, list[Change]] = {}
    for change in changes_of_run(journal, run):
        if change.role is Role.TRIAL and change.sent_simkl is not None:
            found.setdefault(change.sent_simkl, []).append(change)
    return found


def note_seen(journal: Journal, run: int, batch: int, found: Iterable[tuple[int, int, int | None]]) -> None:
    """Note with which date a rating of ours was read right after it was sent: title, rating, date. Within a
    transaction.
    """
    journal.write_all(
        "UPDATE changes SET seen_at = ? WHERE run = ? AND batch = ? AND sent_simkl = ? AND after_rating = ?",
        ((rated_at, run, batch, simkl, rating) for simkl, rating, rated_at in found),
    )


def _write(journal: Journal, found: dict[int, Borrowed]) -> None:
    if not found:
        journal.write("DELETE FROM meta WHERE name = ?", (_NAME,))
        return
    document = orjson.dumps([{**asdict(one), "kind": one.kind.value} for one in found.values()])
    journal.write("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_NAME, document.decode()))
