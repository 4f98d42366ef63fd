"""Putting back what a live test borrowed: at its end, or by the next command that writes where something stopped it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from importer.identity import box_of
from importer.journal import life, runs
from importer.journal.account import stale_account
from importer.journal.batch import Work
from importer.journal.change import Answer, Change
from importer.journal.moved import kept_habit
from importer.journal.owed import MOST_TRIES
from importer.journal.store import Journal
from importer.journal.trial import Borrowed, borrow, borrowed, hand_back, is_due, is_stuck, trial_changes
from importer.machine.clock import Clock
from importer.readback.habit import Habit, agrees
from importer.run.checkup.exchange import Pen, Whole, Write, read_whole
from importer.simkl.client import Client
from importer.simkl.library import Listed

LOOK_AGAIN = 10.0
"""Seconds before what is still missing is looked for once more: reads may lag behind the write."""

HELD = 30.0
"""Seconds after which a write without an answer is done or never will be: Simkl holds one for 20 at most
(/resources/rate-limits)."""

AROUND = 900
"""Seconds around a write of ours within which a date of the service may be that of the write: clocks differ."""

ON_ITS_WAY = 120
"""Seconds that a write without an answer may have taken."""

STOPPED = "a live test that was stopped; all that it wrote is put back by now"
"""What is on record of a live test once a later command has put back what it left."""

Times = Mapping[int, tuple[int, int | None]]
"""When each batch of a live test was begun, and when it was answered, None if it never was."""


class Due(StrEnum):
    """What a title needs to stand again as it did. THEIRS: something of the person's stands there by now.

    UNLIST takes the title off the library, its rating first where it has one of ours; REMOVE takes the rating alone.
    LOST: it was on a list, without a rating, and is gone from there: no write of this program puts it back.
    """

    NOTHING = "nothing"
    THEIRS = "theirs"
    REMOVE = "remove"
    UNLIST = "unlist"
    RATE = "rate"
    LOST = "lost"


@dataclass(slots=True)
class PutBack:
    """What came of it: titles that stand as they did, that the person has changed since, that could not be put back in
    this call, and among these the ones that are not tried any more. `whole` is the account as it was read last.
    """

    done: list[Borrowed] = field(default_factory=list)
    theirs: list[Borrowed] = field(default_factory=list)
    left: list[Borrowed] = field(default_factory=list)
    whole: Whole | None = None

    @property
    def stuck(self) -> list[Borrowed]:
        """Return what is left and not tried any more."""
        return [one for one in self.left if is_stuck(one, MOST_TRIES)]


def due_of(one: Borrowed, row: Listed | None, writes: Sequence[Change], times: Times, habit: Habit | None) -> Due:
    """Tell what a title needs. `writes` are what the live test sent to it; for a title that it never meant to write to,
    all that it sent: that one holds a rating which was meant for another.
    """
    there = row.rating if row is not None else None
    wanted = None if one.rating is None else (one.rating, one.rated_at)
    if there is None:
        if wanted is not None:
            return Due.RATE
        if row is None:
            if one.listed:
                return Due.LOST
            return Due.UNLIST if one.meant and not one.status and _is_still_to_come(writes) else Due.NOTHING
        if one.listed:
            return Due.NOTHING
        return Due.UNLIST if _may_leave(row, one, writes, times, habit) else Due.THEIRS
    if wanted is not None and there.rating == wanted[0] and _is_date(there.rated_at, wanted[1], one, habit):
        return Due.NOTHING
    if not any(is_ours(change, there.rating, there.rated_at, times, habit) for change in writes):
        return Due.THEIRS
    if wanted is not None:
        return Due.RATE
    if one.listed or row is None:
        return Due.REMOVE
    return Due.UNLIST if _may_leave(row, one, writes, times, habit) else Due.REMOVE


def _is_still_to_come(writes: Sequence[Change]) -> bool:
    """Tell whether the last write to a title was a rating that the service took and that no reading has shown: one
    that shows nothing of it lags behind, however long that was waited for.
    """
    last = writes[-1] if writes else None
    return last is not None and last.rating is not None and last.answer is Answer.ADDED and last.seen_at is None


def _is_date(read: int | None, wanted: int | None, one: Borrowed, habit: Habit | None) -> bool:
    """Tell whether a date is the one that stood there: of what was posted back, as far as the service gives it back."""
    return None in (read, wanted) or read == wanted or (one.tries > 0 and agrees(wanted, read, habit))


def is_ours(change: Change, rating: int, rated_at: int | None, times: Times, habit: Habit | None) -> bool:
    """Tell whether a rating can be what a change wrote: with its date, or dated by the service when it came."""
    return change.rating == rating and change.written and _is_dated(change, rated_at, times, habit)


def _may_leave(row: Listed, one: Borrowed, writes: Sequence[Change], times: Times, habit: Habit | None) -> bool:
    """Tell whether a title is on its list because of our rating alone: nothing else is taken off."""
    ours = [change for change in writes if change.written and change.rating is not None]
    if not any(row.added_at is None or _came_with(change, row.added_at, times) for change in ours):
        return False
    if one.status and (row.status != one.status or row.episodes > one.episodes):
        return False
    if row.episodes > 1:  # a film may count as one
        return False
    return any(_is_dated(change, row.watched_at, times, habit) for change in ours)


def _is_dated(change: Change, moment: int | None, times: Times, habit: Habit | None) -> bool:
    """Tell whether a date can come from a change: sent so, read so right after it, or given by the service then."""
    return (
        moment in (None, change.seen_at) or agrees(change.rated_at, moment, habit) or _came_with(change, moment, times)
    )


def _came_with(change: Change, moment: int | None, times: Times) -> bool:
    if moment is None or change.batch not in times:
        return False
    began, ended = times[change.batch]
    return began - AROUND <= moment <= (began + ON_ITS_WAY if ended is None else ended) + AROUND


def left_words(journal: Journal) -> str:
    """Say what a live test left on the account."""
    count = len(borrowed(journal))
    return f"what a live test left on {'1 title' if count == 1 else f'{count} titles'} of your account"


async def put_back(client: Client, journal: Journal, clock: Clock, start: int, *, anew: bool = False) -> PutBack:
    """Put back what is due, and read whether it is. `start` is when this command began; `anew` tries again what was
    tried in vain. Raises what stopped it: the rest stays on record.
    """
    found = PutBack()
    if anew:
        with journal.transaction():
            borrow(journal, [replace(one, tries=0, tried_at=None) for one in borrowed(journal).values()])
    due = [one for one in borrowed(journal).values() if is_due(one, start, MOST_TRIES)]
    if due:
        await _Returning(
            client=client, journal=journal, clock=clock, found=found, titles=[one.simkl for one in due]
        ).run()
    found.left = list(borrowed(journal).values())
    return found


class _Returning:
    """Reads, writes what each title needs, and reads again: whatever its answers say, a reading alone counts."""

    def __init__(self, client: Client, journal: Journal, clock: Clock, found: PutBack, titles: Sequence[int]) -> None:
        self._client = client
        self._journal = journal
        self._clock = clock
        self._found = found
        self._titles = titles
        self._tried: set[int] = set()

    async def run(self) -> None:
        await self._wait_for_writes()
        needs = await self._look()
        if not needs:
            return
        for work in (Work.REMOVE, Work.RATE, Work.UNLIST):
            await self._write(work, needs)
        needs = await self._look()
        if needs:
            await self._clock.sleep(LOOK_AGAIN)
            await self._look()

    async def _wait_for_writes(self) -> None:
        """Wait until a write that nobody has seen can be seen: it may be on its way still, or reads may lag behind it.

        Else a title would count as never written to, and what arrives later would stay.
        """
        now = self._clock.now()
        waits = [0.0]
        for one in borrowed(self._journal).values():
            times = life.batch_times(self._journal, one.run)
            for change in trial_changes(self._journal, one.run).get(one.simkl, ()):
                began, ended = times[change.batch]
                if change.written and ended is None:
                    waits.append(began + HELD - now)
                elif change.written and not one.status:
                    waits.append((ended or began) + LOOK_AGAIN - now)
        await self._clock.sleep(max(waits))

    async def _look(self) -> dict[int, Due]:
        """Read the account, close what needs nothing any more, and return what the rest needs."""
        whole = self._found.whole = await read_whole(self._client)
        known = borrowed(self._journal)
        needs = {simkl: self._due(known[simkl], whole) for simkl in self._titles if simkl in known}
        closed = [known[simkl] for simkl, due in needs.items() if due in (Due.NOTHING, Due.THEIRS)]
        for one in closed:
            (self._found.done if needs[one.simkl] is Due.NOTHING else self._found.theirs).append(one)
        lost = [replace(known[simkl], tries=MOST_TRIES) for simkl, due in needs.items() if due is Due.LOST]
        with self._journal.transaction():
            hand_back(self._journal, [one.simkl for one in closed])
            borrow(self._journal, lost)
            stale_account(self._journal)
            if known and not borrowed(self._journal):
                _close_runs(self._journal, {one.run for one in known.values()}, int(self._clock.now()))
        return {simkl: due for simkl, due in needs.items() if due not in (Due.NOTHING, Due.THEIRS, Due.LOST)}

    def _due(self, one: Borrowed, whole: Whole) -> Due:
        sent = trial_changes(self._journal, one.run)
        writes = sent.get(one.simkl, []) if one.meant else [change for changes in sent.values() for change in changes]
        times = life.batch_times(self._journal, one.run)
        return due_of(one, whole.rows.get(one.simkl), writes, times, self._habit())

    def _habit(self) -> Habit | None:
        kept = kept_habit(self._journal)
        return None if kept is None else Habit(*kept)

    async def _write(self, work: Work, needs: Mapping[int, Due]) -> None:
        rows = self._found.whole.rows if self._found.whole is not None else {}
        unrated = {simkl for simkl, row in rows.items() if not row.rating}
        wanted = {
            Work.REMOVE: {simkl for simkl, due in needs.items() if due in (Due.REMOVE, Due.UNLIST)} - unrated,
            Work.RATE: {simkl for simkl, due in needs.items() if due is Due.RATE},
            Work.UNLIST: {simkl for simkl, due in needs.items() if due is Due.UNLIST},
        }[work]
        known = borrowed(self._journal)
        members = [known[simkl] for simkl in needs if simkl in wanted]
        now = int(self._clock.now())
        for run in {one.run for one in members}:
            mine = [one for one in members if one.run == run]
            with self._journal.transaction():
                borrow(self._journal, [replace(one, tried_at=now) for one in mine])
            pen = Pen(self._client, self._journal, self._clock, run)
            await pen.post(work, [_write_of(one, work, now, self._habit()) for one in mine])
            fresh = [one for one in mine if one.simkl not in self._tried]
            self._tried.update(one.simkl for one in fresh)
            with self._journal.transaction():
                borrow(self._journal, [replace(one, tried_at=now, tries=one.tries + 1) for one in fresh])


def _write_of(one: Borrowed, work: Work, now: int, habit: Habit | None) -> Write:
    box = str(box_of(one.kind, (("simkl", str(one.simkl)),)))
    if work is not Work.RATE:
        return Write(box, one.simkl)
    if one.rated_at is None:
        return Write(box, one.simkl, one.rating, now)
    return Write(box, one.simkl, one.rating, one.rated_at if habit is None else habit.stored(one.rated_at))


def _close_runs(journal: Journal, numbers: set[int], now: int) -> None:
    """End the live tests of which nothing is left: whatever stops this process next, they are over. Within a
    transaction.
    """
    for number in numbers:
        run = runs.find_run(journal, number)
        if run is not None:
            told = {"exit": 0, **(run.summary or {}), "message": STOPPED}
            runs.end(journal, number, runs.State.FINISHED, run.ended or now, told)
    life.settle_runs(journal)
