"""How a live test speaks to Simkl: single writes in a body of its own making, each on record before it is sent, and
the whole library read after each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import orjson

from importer.errors import ImporterError
from importer.journal import life
from importer.journal.batch import Batch, Work
from importer.journal.change import Answer, Change, Role
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Date, Kind, Origin, Precision, iso, value
from importer.simkl.account import read_library, read_stamps
from importer.simkl.answer import NoAnswerError
from importer.simkl.client import Client
from importer.simkl.lenient import count_of, dict_of, object_in
from importer.simkl.library import MAX_ITEMS, Listed, parse_library
from importer.simkl.reads import Stamps
from importer.simkl.retry import Action
from importer.simkl.wire import RATINGS, REMOVE, UNLIST, Echo, Reply, parse_removal, parse_reply

LIBRARY = "/sync/all-items"
"""The whole library, of all kinds, in one answer (/api-reference/simkl/get-all-items)."""

_PATHS = {Work.RATE: RATINGS, Work.REMOVE: REMOVE, Work.UNLIST: UNLIST}


@value
class Write:
    """One item of a body, in the box that is to be tried. `rating` None: its rating, or the title itself, goes."""

    box: str
    simkl: int
    rating: int | None = None
    rated_at: int | None = None


@value
class Said:
    """What Simkl answered. `reply` is None where it refused the body as a whole, and `refused` says so in its words.

    `counts` are those of `added` or `deleted` by box; they prove nothing. `doubtful`: an answer was lost on the way, so
    that the body may have gone twice. `batch` is its number within the test.
    """

    reply: Reply | None
    counts: Mapping[str, int] = field(default_factory=dict)
    refused: str = ""
    doubtful: bool = False
    seconds: float = 0.0
    batch: int = 0

    def named(self, simkl: int) -> int:
        """Return how often the answer names a title as added."""
        return 0 if self.reply is None else sum(_is(echo, simkl) for echo in self.reply.statuses)

    def missed(self, simkl: int) -> bool:
        """Tell whether the answer names it as not found."""
        return self.reply is not None and any(_is(echo, simkl) for echo in self.reply.not_found)


@value
class Whole:
    """The account at one moment: its stamps, taken first, and every title of its library by number."""

    stamps: Stamps
    rows: Mapping[int, Listed]


async def read_whole(client: Client) -> Whole:
    """Read stamps and library: two requests, and more only where the library is too large for one answer."""
    stamps = await read_stamps(client)
    try:
        found = await client.get(LIBRARY, lambda body: list(parse_library(None, body)))
    except NoAnswerError as error:
        if error.name != MAX_ITEMS:
            raise
        found = [one for kind in Kind for one in await read_library(client, kind)]
    return Whole(stamps, {one.simkl: one for one in found})


class Pen:
    """Writes for one live test, under its number, and never without putting it on record first."""

    def __init__(self, client: Client, journal: Journal, clock: Clock, run: int) -> None:
        self._client = client
        self._journal = journal
        self._clock = clock
        self._run = run

    async def post(self, work: Work, writes: Sequence[Write], *, kept: int = 0) -> Said:
        """Send a body whose boxes stand in the order of `writes`.

        Raises what stops the test, NoAnswerError where no readable answer came.
        """
        body = body_of(writes)
        number = self._intend(work, writes, body)
        parse = parse_reply if work is Work.RATE else parse_removal
        try:
            answer = await self._client.post(
                _PATHS[work], body, splittable=False, read=lambda raw: (parse(raw), _counts(raw)), kept=kept
            )
        except ImporterError as stop:
            if stop.refused is not None:
                self._refuse(number, stop.refused)
            raise
        now = int(self._clock.now())
        if answer.content is not None:
            said = Said(*answer.content, doubtful=answer.doubtful, seconds=answer.seconds, batch=number)
            with self._journal.transaction():
                answers = [_answer(said, write) for write in writes]
                life.answer(self._journal, self._run, number, answer.status, now, answers)
            return said
        if not answer.doubtful:
            self._refuse(number, answer.status)
        if answer.verdict.action is not Action.BISECT:
            raise NoAnswerError(answer.verdict)
        return Said(None, refused=answer.verdict.why, doubtful=answer.doubtful, seconds=answer.seconds, batch=number)

    def _refuse(self, number: int, status: int) -> None:
        with self._journal.transaction():
            life.refuse(self._journal, self._run, number, status, int(self._clock.now()))

    def _intend(self, work: Work, writes: Sequence[Write], body: bytes) -> int:
        number = life.next_batch(self._journal, self._run)
        now = int(self._clock.now())
        boxes = ", ".join(dict.fromkeys(write.box for write in writes))
        with self._journal.transaction():
            life.intend(
                self._journal,
                Batch(run=self._run, number=number, work=work, box=boxes, body=body, started=now),
                [_change(write, self._run, number, n, now) for n, write in enumerate(writes)],
            )
        return number


def _change(write: Write, run: int, batch: int, n: int, now: int) -> Change:
    return Change(
        run=run,
        batch=batch,
        n=n,
        key="",
        role=Role.TRIAL,
        question=None,
        sent_simkl=write.simkl,
        rating=write.rating,
        rated_at=write.rated_at,
        date=Date(write.rated_at or 0, Precision.SECOND, Origin.RUN),
        posted=now,
    )


def body_of(writes: Sequence[Write]) -> bytes:
    """Return the bytes of a body: each box where its first item stands, each item by its number alone."""
    boxes: dict[str, list[dict[str, object]]] = {}
    for write in writes:
        item: dict[str, object] = {"ids": {"simkl": write.simkl}}
        if write.rating is not None:
            item = {"rating": write.rating, "rated_at": iso(write.rated_at or 0), **item}
        boxes.setdefault(write.box, []).append(item)
    return orjson.dumps(boxes)


def _counts(raw: bytes) -> dict[str, int]:
    document = object_in(raw) if raw.strip() else {}
    told = dict_of(document.get("added") or document.get("deleted"))
    return {box: count_of(told.get(box)) for box in ("movies", "shows", "anime") if box in told}


def _answer(said: Said, write: Write) -> Answer:
    added, missed = said.named(write.simkl) > 0, said.missed(write.simkl)
    if added is missed:
        return Answer.UNNAMED
    return Answer.ADDED if added else Answer.NOT_FOUND


def _is(echo: Echo, simkl: int) -> bool:
    return ("simkl", str(simkl)) in echo.ids
