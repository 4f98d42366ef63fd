"""Batches on their way: intent, POST, outcome, and what to do with a batch that is refused, lost or poisoned."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

from importer.errors import ImporterError, ServiceStopError
from importer.events import Listen, PostsToCome, RequestsUsed, RowsDecided
from importer.machine.clock import Clock
from importer.model import Outcome
from importer.plan.batch import Size, Waiting, halves
from importer.simkl.answer import Answer
from importer.simkl.client import Client
from importer.simkl.pace import POST_GAP
from importer.simkl.reconcile import reconcile
from importer.simkl.retry import Action
from importer.simkl.wire import Echo, Encoder, Outgoing, Reply, parse_removal, parse_reply

WHOLE_FAILURES = 3
"""Batches in a row that failed whole before the service counts as down."""

BISECTING_POSTS = 40
"""POSTs a run may spend on finding poisoned items."""

SLOW_SIZE = 12
"""A batch of so few that still takes too long is no matter of its size: it counts as one that failed whole."""


class BatchRecord(Protocol):
    """Where a sender writes what it is about to do, and what came of it. Every call is on disk when it returns."""

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        """Record a batch before it is sent; return its number."""
        ...

    def settle(self, number: int, status: int, batch: Sequence[Outgoing], told: Sequence[Echo]) -> None:
        """Record a batch's answer with what it says of each member, in their order."""
        ...

    def refuse(self, number: int, status: int) -> None:
        """Record that a batch was refused whole and nothing of it was written."""
        ...


class Sender:
    """Sends titles to one path until each has an outcome or the service stops us.

    `accepted` tells that an earlier part of the run had a batch accepted: then a refusal is an item's fault, not the
    shape's. `kept` are the last requests of the day that are not for this.
    """

    def __init__(
        self,
        client: Client,
        clock: Clock,
        record: BatchRecord,
        path: str,
        size: Size,
        listen: Listen,
        *,
        accepted: bool = False,
        quota: int | None = None,
        kept: int = 0,
    ) -> None:
        self.kept = kept
        self._batch: list[Outgoing] = []
        self._parts: deque[list[Outgoing]] = deque()
        self._encoder = Encoder()
        self._waiting: Waiting[Outgoing] = Waiting((), self._encoder.weight)
        self._client = client
        self._clock = clock
        self._record = record
        self._path = path
        self._parse = parse_reply if path.endswith("/ratings") else parse_removal
        self._size = size
        self._listen = listen
        self._accepted = accepted
        self._quota = quota
        self._failures = 0
        self._bisects = 0
        self._left_pending = False
        self._trouble = ""

    async def send(self, waiting: Iterable[Outgoing], done: int = 0, total: int = 0) -> str:
        """Send all, in order. `done` of `total` rows had their outcome before.

        Return why some stayed pending although the service goes on, or "": reading back may find that they arrived.
        Raises what stopped it: the rest is pending, and `unsent`.
        """
        self._batch, self._parts, self._waiting = [], deque(), Waiting(waiting, self._encoder.weight)
        while self._waiting or self._parts:
            self._check()
            self._tell(done, total)
            self._batch = self._next()
            done += await self._deliver(self._batch, self._parts)
            self._batch = []
        self._listen(RowsDecided(done, total))
        self._tell_day()
        return self._trouble if self._left_pending else ""

    @property
    def unsent(self) -> list[Outgoing]:
        """Return what an error left, the batch that was on its way among it."""
        return [*self._batch, *(item for part in self._parts for item in part), *self._waiting]

    def _next(self) -> list[Outgoing]:
        if not self._parts:
            return self._waiting.take(self._size.now)
        batch = self._parts.popleft()
        while len(batch) > self._size.now + 1:  # the larger half of an odd batch is one more
            batch, other = halves(batch)
            self._parts.appendleft(other)
        return batch

    def _tell(self, done: int, total: int) -> None:
        self._listen(RowsDecided(done, total))
        self._listen(PostsToCome(len(self._parts) + self._size.posts(*self._waiting.boxes), POST_GAP))
        self._tell_day()

    def _tell_day(self) -> None:
        client = self._client
        self._listen(RequestsUsed(client.pace.used, client.limit_today or self._quota, client.left_today))

    async def _deliver(self, batch: list[Outgoing], parts: deque[list[Outgoing]]) -> int:
        """Send one batch; put what has to go again in front. Return how many were settled."""
        number, answer = await self._post(batch)
        if answer.verdict.action is Action.BISECT and len(batch) > 1:
            self._refused(number, answer)
            return await self._bisect(batch, parts)
        return self._conclude(number, batch, answer, parts)

    def _conclude(self, number: int, batch: list[Outgoing], answer: Answer[Reply], parts: deque[list[Outgoing]]) -> int:
        """Do what an answer asks for, save bisecting. Return how many were settled."""
        action = answer.verdict.action
        if answer.content is not None:
            self._size = self._size.accepted(len(batch), answer.seconds)
            return self._settle(number, batch, answer.status, answer.content)
        if action is Action.HALVE and len(batch) > 1:
            self._size = self._size.refused(len(batch))
            parts.extendleft(reversed(halves(batch)))
            self._refused(number, answer)
            if not answer.status and len(batch) <= SLOW_SIZE:
                self._failed(answer)
            return 0
        if action in (Action.FAIL, Action.BISECT, Action.HALVE) and not answer.doubtful:
            settled = self._condemn(number, batch, answer)
            if action is Action.FAIL:
                self._failed(answer)
            return settled
        self._refused(number, answer)
        self._postpone(answer.verdict.why)
        self._failed(answer)
        return 0

    async def _bisect(self, batch: list[Outgoing], parts: deque[list[Outgoing]]) -> int:
        """Find what poisons a refused batch, so that the rest goes through. Return how many were settled."""
        settled = 0
        refused: list[tuple[int, list[Outgoing], Answer[Reply]]] = []
        both = halves(batch)
        for half in both:
            self._check()
            if self._bisects >= BISECTING_POSTS:
                self._postpone("too many refused items to find them all in one run")
                continue
            self._bisects += 1
            number, answer = await self._post(half)
            if answer.verdict.action is Action.BISECT:
                refused.append((number, half, answer))
            else:
                settled += self._conclude(number, half, answer, parts)
        alien = len(refused) == len(both) and not self._accepted
        for number, half, answer in refused:
            if len(half) == 1 and not alien:
                settled += self._conclude(number, half, answer, parts)
            else:
                self._refused(number, answer)
        if alien:
            raise ServiceStopError(
                "Simkl refuses every batch, so the fault is in how they are written and not in a title",
                "see whether a newer version of this program is out",
            )
        for _, half, _ in refused:
            if len(half) > 1:
                settled += await self._bisect(half, parts)
        return settled

    def _refused(self, number: int, answer: Answer[Reply]) -> None:
        """Put on record that nothing of a batch was written, unless an answer to it was lost: then nobody knows."""
        if not answer.doubtful:
            self._record.refuse(number, answer.status)

    def _postpone(self, why: str) -> None:
        self._left_pending = True
        self._trouble = why

    async def _post(self, batch: list[Outgoing]) -> tuple[int, Answer[Reply]]:
        body = self._encoder.body(batch)
        number = self._record.intend(batch, body)
        splittable = len(batch) > 1
        try:
            answer = await self._client.post(self._path, body, splittable=splittable, read=self._parse, kept=self.kept)
        except ImporterError as stop:
            if stop.refused is not None:  # were it left open, an equal rating of the person's would pass for ours
                self._record.refuse(number, stop.refused)
            raise
        if answer.doubtful or answer.content is None:
            self._size = self._size.steady()
        return number, answer

    def _settle(self, number: int, batch: list[Outgoing], status: int, reply: Reply) -> int:
        self._accepted = True
        self._failures = 0
        self._record.settle(number, status, batch, reconcile(batch, reply))
        return len(batch)

    def _condemn(self, number: int, batch: list[Outgoing], answer: Answer[Reply]) -> int:
        self._record.settle(number, answer.status, batch, [Echo(outcome=Outcome.FAILED)] * len(batch))
        return len(batch)

    def _failed(self, answer: Answer[Reply]) -> None:
        self._failures += 1
        self._trouble = answer.verdict.why

    def _check(self) -> None:
        """Before each POST: whether we were told to stop, or the service counts as down."""
        self._clock.check()
        if self._failures >= WHOLE_FAILURES:
            raise ServiceStopError(f"Simkl cannot be reached ({self._trouble})", "run the same command again later")
        self._client.check_day(self.kept)
