"""The live test: the service's open questions tried on three titles that the account does not have, and all put back.

Every write is on record before it is sent, and before the first one what it takes to put everything back. The account
is read whole after each write: where anything but the three titles changed, the test ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from importer.errors import ServiceStopError
from importer.events import Answered, Listen, Told
from importer.journal import runs
from importer.journal.account import listed_numbers, listed_titles, load_account
from importer.journal.changes import open_changes
from importer.journal.owed import debts
from importer.journal.store import Journal
from importer.journal.trial import borrowed
from importer.machine.clock import Clock
from importer.model import Kind, value
from importer.run.checkup.choosing import choose
from importer.run.checkup.exchange import read_whole
from importer.run.checkup.outcome import Ended, finish, message_of, named, status_of
from importer.run.checkup.trying import RETURN, Trying
from importer.run.settlement.settler import Settler
from importer.send.snapshot import snapshot
from importer.simkl.client import Client
from importer.simkl.quota import KEPT

REQUESTS = 48
"""Requests of the day that a whole test takes at most: about 32, and more where reads lag behind what was written."""

AGAIN = "simkl-import doctor --live"

_WORDS = {Kind.MOVIE: "film", Kind.SHOW: "series", Kind.ANIME: "anime"}


@value
class Proposal:
    """What a person is asked about: the names of the titles, the requests that it takes, and those left of the day.

    `returning`: nothing is tried, what an earlier test left is put back.
    """

    names: tuple[str, ...]
    requests: int
    left: int | None
    returning: bool = False


Agree = Callable[[Proposal], bool]


class LiveTest:
    """One live test over an open resume file."""

    def __init__(
        self, client: Client, journal: Journal, clock: Clock, listen: Listen, heard: Sequence[Answered]
    ) -> None:
        self._client = client
        self._journal = journal
        self._clock = clock
        self._listen = listen
        self._heard = heard
        self._start = int(clock.now())
        self._ended = Ended()

    async def run(self, agree: Agree) -> Ended:
        """Choose, ask, try and put back. Raises ImporterError where nothing was written yet."""
        left = borrowed(self._journal)
        if left:
            return await self._return(agree, [named(one) for one in left.values()])
        self._tell("reading the whole library")
        account = await snapshot(self._client, self._journal, lists=True)
        trio = await choose(self._client, self._taken(), self._names())
        if isinstance(trio, Kind):
            self._ended.why = f"every {_WORDS[trio]} that it could be tried on is on your account, or not to be found"
            return self._ended
        self._refuse_late()
        if not agree(Proposal(tuple(one.name for one in trio.all), REQUESTS, self._client.left_today)):
            return self._ended
        settler = Settler(
            client=self._client, journal=self._journal, clock=self._clock, listen=self._listen, start=self._start
        )
        await settler.settle_earlier(account)
        before = await read_whole(self._client)
        if not trio.numbers.isdisjoint({*before.rows, *debts(self._journal)}):
            self._ended.why = "one of the three titles came onto your account meanwhile"
            return self._ended
        trying = Trying(
            client=self._client,
            journal=self._journal,
            clock=self._clock,
            tell=self._tell,
            ended=self._ended,
            trio=trio,
            before=before,
            heard=self._heard,
        )
        await trying.run()
        self._end()
        return self._ended

    def _end(self) -> None:
        """Put the end of a test on record."""
        ended, number = self._ended, self._ended.run
        ended.requests = self._client.requests
        if number is None:
            return
        document = {
            "exit": status_of(ended),
            "message": message_of(ended),
            "requests": asdict(ended.requests),
            "observations": [asdict(one) for one in ended.observations],
        }
        state = runs.State.STOPPED if ended.left else runs.State.FINISHED
        with self._journal.transaction():
            runs.end(self._journal, number, state, int(self._clock.now()), document)

    async def _return(self, agree: Agree, names: Sequence[str]) -> Ended:
        """Put back what an earlier test left, and try nothing."""
        ended = self._ended
        ended.returning = True
        if not agree(Proposal(tuple(names), RETURN, self._client.left_today, returning=True)):
            ended.left = tuple(names)
            return ended
        ended.begun, ended.run = True, max(one.run for one in borrowed(self._journal).values())
        self._tell("putting back what an earlier live test left")
        await finish(self._client, self._journal, self._clock, ended, self._start, anew=True)
        ended.requests = self._client.requests
        return ended

    def _taken(self) -> frozenset[int]:
        """Return the numbers that no test may touch: rated, listed, owed something, or still to be found."""
        numbers = {theirs.simkl for theirs in load_account(self._journal)} | set(debts(self._journal))
        numbers |= listed_numbers(self._journal) or frozenset()
        return frozenset(
            numbers | {one.sent_simkl for one in open_changes(self._journal) if one.sent_simkl is not None}
        )

    def _names(self) -> frozenset[tuple[str, str]]:
        rows = (*load_account(self._journal), *listed_titles(self._journal))
        return frozenset(pair for theirs in rows for pair in theirs.ids)

    def _refuse_late(self) -> None:
        """Raise ServiceStopError where too few requests are left of the day, the last three left alone."""
        may = self._client.may_send(KEPT)
        if may is not None and may < REQUESTS:
            raise ServiceStopError(
                f"a live test takes up to {REQUESTS} requests, and {may:,} may still be made today",
                f"try it tomorrow: {AGAIN}",
            )

    def _tell(self, text: str) -> None:
        self._listen(Told(f"Live test: {text}"))
