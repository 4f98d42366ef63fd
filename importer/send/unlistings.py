"""Taking titles off the library: by their numbers alone, each on record before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from importer.events import Listen
from importer.journal.batch import Work
from importer.journal.change import Change, Role
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Date, Origin, Outcome, Precision
from importer.plan.batch import Size
from importer.send.journal_record import Answered, JournalRecord
from importer.send.sender import Sender
from importer.simkl.client import Client
from importer.simkl.library import Listed
from importer.simkl.wire import UNLIST, Outgoing


class _UnlistingRecord(JournalRecord):
    """Records what leaves the library like any other batch; nothing of it can be taken back."""

    def __init__(self, journal: Journal, run: int, clock: Clock, keys: Mapping[int, str]) -> None:
        super().__init__(journal, run, clock, Work.UNLIST)
        self._keys = keys
        self.outcomes: dict[int, Outcome] = {}

    def _intended(self, batch: Sequence[Outgoing], number: int, now: int) -> Sequence[Change]:
        return [_change(self._keys[_number_of(item)], item, self._run, number, n, now) for n, item in enumerate(batch)]

    def _answered(self, answered: Answered) -> None:
        members = zip(answered.batch, answered.told, strict=True)
        self.outcomes.update({_number_of(item): one.outcome for item, one in members})


def _change(key: str, item: Outgoing, run: int, batch: int, n: int, now: int) -> Change:
    return Change(
        run=run,
        batch=batch,
        n=n,
        key=key,
        role=Role.UNLIST,
        question=None,
        sent_simkl=_number_of(item),
        rating=None,
        rated_at=None,
        date=Date(0, Precision.SECOND, Origin.RUN),
        posted=now,
    )


def _number_of(item: Outgoing) -> int:
    return int(item.ids[0][1])


async def unlist(
    client: Client, journal: Journal, run: int, clock: Clock, titles: Mapping[str, Listed], listen: Listen
) -> Mapping[int, Outcome]:
    """Take titles, given by the key of the row that put each onto a list, off the library, their ratings too.

    Return what the answers said, by title; nothing but a reading shows that they are gone. Raises what stopped it.
    """
    record = _UnlistingRecord(journal, run, clock, {one.simkl: key for key, one in titles.items()})
    await Sender(client=client, clock=clock, record=record, path=UNLIST, size=Size.auto(), listen=listen).send(
        [_outgoing(one) for one in titles.values()]
    )
    return record.outcomes


def _outgoing(one: Listed) -> Outgoing:
    return Outgoing(
        key=f"\0{one.simkl}",
        kind=one.kind,
        title="",
        year=None,
        ids=(("simkl", str(one.simkl)),),
        rating=None,
        rated_at=None,
    )
