"""What a run sends of its plan: foretold to the person, put on its way, and after the reading back the rest of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from importer.errors import DayKeptError
from importer.events import Listen, Phase, PhaseBegan, Told
from importer.journal import account as snapshots
from importer.journal.owed import debts
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Kind, Outcome
from importer.plan.batch import Size, count_requests
from importer.plan.question import ids_to_send
from importer.plan.title import Title
from importer.run.forecast import earlier_import, forecast
from importer.run.job import Options, Plan, Progressed
from importer.run.settlement.dates import writes_of
from importer.send.record import RowRecord
from importer.send.sender import Sender
from importer.simkl.client import Client
from importer.simkl.wire import RATINGS, Outgoing, make_outgoing, weight


class Sending:
    """The titles of a plan that are to be sent, in sending order. It holds the plan, and lives no longer than that."""

    def __init__(
        self, plan: Plan, options: Options, client: Client, journal: Journal, clock: Clock, listen: Listen
    ) -> None:
        self.titles = plan.to_send()
        self._plan = plan
        self._options = options
        self._client = client
        self._journal = journal
        self._clock = clock
        self._listen = listen

    def past_outcomes(self) -> dict[str, Outcome]:
        """Return what became of the titles in earlier runs, by key."""
        keys = [one.key for one in self.titles]
        return {key: past.outcome for key in keys if (past := self._plan.past.get(key)) is not None}

    def tell(self, quota: int | None, is_listed: Callable[[Title], bool] | None, *, first: bool) -> None:
        """Tell what it will do to the account: before the first import and in a dry run all of it, else a hint."""
        for line in self._told(quota, is_listed, whole=first or self._options.dry_run):
            self._listen(Told(line))

    def _told(self, quota: int | None, is_listed: Callable[[Title], bool] | None, *, whole: bool) -> Iterator[str]:
        if whole:
            yield from forecast(self._plan.titles, self._posts(), self._client.pace.used, quota, is_listed)
        hint = earlier_import(self._plan.titles)
        if hint is not None:
            yield hint

    def _posts(self) -> int:
        """Count the POSTs to come. Only a dry run is asked for the exact number: it lays out every body."""
        if not self._options.dry_run:
            films = sum(one.kind is Kind.MOVIE for one in self.titles)
            return self._size().posts(len(self.titles) - films, films)
        return count_requests(self._outgoing(), self._size(), weight)

    async def send(self, got: Progressed, quota: int | None) -> None:
        """Send every title until each has an outcome. Raises what stops it; `got` then knows what was kept unsent."""
        plan = self._plan
        if not self.titles:
            return
        with self._journal.transaction():
            snapshots.keep_opening(self._journal, got.run, writes_of(self._journal, got.run))
        self._listen(PhaseBegan(Phase.SENDING))
        record = RowRecord(
            journal=self._journal,
            run=got.run,
            clock=self._clock,
            sending=self.titles,
            remembered=plan.past,
            debts=debts(self._journal),
        )
        sender = Sender(
            client=self._client,
            clock=self._clock,
            record=record,
            path=RATINGS,
            size=self._size(),
            listen=self._listen,
            accepted=bool(plan.carried),
            quota=quota,
            kept=self._options.kept,
        )
        total = len(plan.reading.rows)
        try:
            got.trouble = await sender.send(self._outgoing(), total - len(self.titles), total)
        except DayKeptError:
            got.sender = sender
            raise

    def _size(self) -> Size:
        return Size.auto() if self._options.batch_size is None else Size.fixed(self._options.batch_size)

    def _outgoing(self) -> Iterator[Outgoing]:
        return (_outgoing(one, self._plan) for one in self.titles)


def _outgoing(one: Title, plan: Plan) -> Outgoing:
    item, kind = one.item, one.kind
    ids = ids_to_send(one)
    # If the words are known to lead to another title, the ids alone say which one is meant.
    by_ids = bool(ids and plan.misleading and (kind, item.title, item.year) in plan.misleading)
    return make_outgoing(
        key=item.key,
        kind=kind,
        title="" if by_ids else item.title,
        year=None if by_ids else item.year,
        ids=ids,
        rating=one.rating,
        rated_at=one.sent_at,
    )
