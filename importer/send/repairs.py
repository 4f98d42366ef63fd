"""Giving titles back what they had: for undo, for a mended row, for a rating that a wrong match overwrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.events import Listen
from importer.journal.batches import Change, Landed, Sort, answered, changes, intend, landed, next_batch
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Ids, Kind, Outcome
from importer.plan.batch import Size
from importer.plan.sides import Theirs
from importer.send.sender import Sender
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.reconcile import Settled
from importer.simkl.wire import RATINGS, REMOVE, Outgoing

REPAIRED = "simkl:"
"""What the key of a change begins with that repairs a title, and came of no row."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One title that is to have a rating (None: no rating) again. `theirs` is what the account has now.

    `rated_at` is seconds since the epoch; None, where Simkl gave no date, becomes the time of the repair.
    """

    key: str
    simkl: int | None
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    theirs: Theirs | None
    rating: int | None
    rated_at: int | None

    @classmethod
    def of(cls, place: Theirs, theirs: Theirs, rating: int | None, rated_at: int | None) -> Repair:
        """What a title that was read is to have again."""
        return cls(
            f"{REPAIRED}{place.simkl}", place.simkl, place.kind, place.title, place.year, place.ids, theirs, rating,
            rated_at,
        )  # fmt: skip

    def done(self, account: Account) -> bool:
        """Whether the account has it so. A date counts where it could tell: some come back otherwise than sent."""
        if self.simkl is not None:
            there = account.by_simkl.get(self.simkl)
        else:
            there = account.find(None, self.kind, self.ids, self.title, self.year)
        if there is None or self.rating is None:
            return there is None and self.rating is None
        if there.rating != self.rating:
            return False
        before = self.theirs
        unmoved = before is not None and (before.rating, before.rated_at) == (there.rating, there.rated_at)
        return not unmoved or self.rated_at in (None, there.rated_at)

    def outgoing(self, now: int) -> Outgoing:
        """By simkl id, else by ids, else by kind, title and year."""
        ids = (("simkl", str(self.simkl)),) if self.simkl is not None else self.ids
        rated_at = None if self.rating is None else self.rated_at if self.rated_at is not None else now
        return Outgoing(self.key, self.kind, self.title, self.year, ids, self.rating, rated_at)


class _RepairBook:
    """Writes repairs like any other batch: intent before, answer after."""

    def __init__(self, journal: Journal, run: int, clock: Clock, sort: Sort, repairs: Sequence[Repair]) -> None:
        self._journal = journal
        self._run = run
        self._clock = clock
        self._sort = sort
        self._repairs = {repair.key: repair for repair in repairs}
        self.outcomes: dict[str, Outcome] = {}

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        number = next_batch(self._journal, self._run)
        changes = [self._change(number, item) for item in batch]
        with self._journal.transaction():
            intend(self._journal, self._sort, body, int(self._clock.now()), changes)
        return number

    def settle(self, batch: int, status: int, settled: Sequence[Settled]) -> None:
        self.outcomes.update({one.item.key: one.outcome for one in settled})
        self.refuse(batch, status)

    def refuse(self, batch: int, status: int) -> None:
        with self._journal.transaction():
            answered(self._journal, self._run, batch, status, int(self._clock.now()))

    def _change(self, number: int, item: Outgoing) -> Change:
        repair = self._repairs[item.key]
        theirs = repair.theirs
        before, before_at = (theirs.rating, theirs.rated_at) if theirs is not None else (None, None)
        simkl = theirs.simkl if theirs is not None else repair.simkl
        return Change(self._run, number, item.key, simkl, before, before_at, item.rating, item.rated_at)


async def repair(
    client: Client, journal: Journal, run: int, clock: Clock, repairs: Sequence[Repair], listen: Listen, size: Size
) -> dict[str, Outcome]:
    """Send repairs, removals first; return what the answers said, by key. A removal's answer names nothing it did.

    Raises what stopped it: the rest stays as it is, and the same command goes on.
    """
    outcomes: dict[str, Outcome] = {}
    now = int(clock.now())
    for sort, path in ((Sort.REMOVE, REMOVE), (Sort.RATE, RATINGS)):
        due = [one for one in repairs if (one.rating is None) == (sort is Sort.REMOVE)]
        if not due:
            continue
        book = _RepairBook(journal, run, clock, sort, due)
        try:
            await Sender(client, clock, book, path, size, listen).send([one.outgoing(now) for one in due])
        finally:
            outcomes.update(book.outcomes)
    return outcomes


def land_repairs(journal: Journal, run: int, ratings: Mapping[int, Theirs]) -> None:
    """Fill in the dates that repairs of a run have on the account, as far as it shows them. Within a transaction."""
    places: list[Landed] = []
    for change in changes(journal, run):
        theirs = ratings.get(change.simkl) if change.simkl is not None else None
        if change.landed or theirs is None or not change.key.startswith(REPAIRED):
            continue
        if theirs.rating == change.after_rating:
            places.append(
                Landed(
                    run, change.batch, change.key, theirs.simkl, theirs.rated_at, change.before_rating, change.before_at
                )
            )
    landed(journal, places)
