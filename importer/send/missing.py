"""Sending once more what Simkl had accepted and does not show: as it is on record, whatever the exports of the call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importer.errors import DefectError
from importer.events import Listen
from importer.journal.change import Change, Question, State
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.plan.batch import Size
from importer.send.journal_record import Answered, JournalRecord
from importer.send.record import conclude_batch
from importer.send.sender import Sender
from importer.simkl.client import Client
from importer.simkl.wire import RATINGS, Outgoing


class _MissingRecord(JournalRecord):
    """Records the batches: each change is made once more under this run, which has no row of it."""

    def __init__(self, journal: Journal, run: int, clock: Clock, missing: Sequence[Change]) -> None:
        super().__init__(journal, run, clock)
        self._missing = {change.key: change for change in missing}

    def _intended(self, batch: Sequence[Outgoing], number: int, now: int) -> Sequence[Change]:
        return [self._change(item, number, n, now) for n, item in enumerate(batch)]

    def _answered(self, answered: Answered) -> None:
        conclude_batch(self._journal, self._run, answered)

    def _change(self, item: Outgoing, batch: int, n: int, now: int) -> Change:
        return replace(
            self._missing[item.key],
            run=self._run,
            batch=batch,
            n=n,
            posted=now,
            answer=None,
            state=State.INTENDED,
            simkl=None,
            evidence=None,
        )


async def send_missing(
    client: Client, journal: Journal, run: int, clock: Clock, missing: Sequence[Change], listen: Listen, kept: int
) -> None:
    """Send changes of earlier runs once more under the number of this one; `kept` as in `Sender`.

    Raises what stopped it: they are open as before.
    """
    record = _MissingRecord(journal, run, clock, missing)
    await Sender(
        client=client, clock=clock, record=record, path=RATINGS, size=Size.auto(), listen=listen, kept=kept
    ).send([_outgoing(c) for c in missing])


def _outgoing(change: Change) -> Outgoing:
    asked = _question(change)
    return Outgoing(
        key=change.key,
        kind=asked.kind,
        title=asked.title,
        year=asked.year,
        ids=asked.ids or ((("simkl", str(change.sent_simkl)),) if change.sent_simkl is not None else ()),
        rating=change.rating,
        rated_at=change.rated_at,
    )


def _question(change: Change) -> Question:
    if change.question is None:
        raise DefectError(f"{change.key} is to be sent once more, and nothing tells what it is")
    return change.question
