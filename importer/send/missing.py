"""Sending once more what Simkl had accepted and does not show: as it is on record, whatever the exports of the call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importer.errors import DefectError
from importer.events import Listen
from importer.identity import box_of
from importer.journal import life
from importer.journal.change import Change, Question, State
from importer.journal.items import conclude
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.plan.batch import Size
from importer.send.record import ANSWERS, due_again
from importer.send.sender import Sender
from importer.simkl.client import Client
from importer.simkl.wire import RATINGS, Echo, Outgoing


class _MissingRecord:
    """Records the batches: each change is made once more under this run, which has no row of it."""

    def __init__(self, journal: Journal, run: int, clock: Clock, missing: Sequence[Change]) -> None:
        self._journal = journal
        self._run = run
        self._clock = clock
        self._missing = {change.key: change for change in missing}

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        number = life.next_batch(self._journal, self._run)
        now = int(self._clock.now())
        box = box_of(batch[0].kind, batch[0].ids)
        with self._journal.transaction():
            life.intend(
                self._journal,
                life.Batch(run=self._run, number=number, work=life.Work.RATE, box=box, body=body, started=now),
                [self._change(item, number, n, now) for n, item in enumerate(batch)],
            )
        return number

    def settle(self, number: int, status: int, batch: Sequence[Outgoing], told: Sequence[Echo]) -> None:
        now = int(self._clock.now())
        with self._journal.transaction():
            answers = [ANSWERS[one.outcome] for _, one in zip(batch, told, strict=True)]
            life.answer(self._journal, self._run, number, status, now, answers)
            said = {one.outcome: (ANSWERS[one.outcome], one.outcome, due_again(one.outcome, now)) for one in told}
            conclude(self._journal, self._run, number, said.values())

    def refuse(self, number: int, status: int) -> None:
        with self._journal.transaction():
            life.refuse(self._journal, self._run, number, status, int(self._clock.now()))

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
    await Sender(client, clock, record, RATINGS, Size.auto(), listen, kept=kept).send([_outgoing(c) for c in missing])


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
