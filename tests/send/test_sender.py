"""The sender alone, against a service made of answers: whatever it answers, no title is lost or settled twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anyio
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.errors import ServiceStopError
from importer.events import Event, PostsToCome, RowsDecided
from importer.machine.clock import Clock
from importer.model import Kind, Outcome
from importer.plan.batch import Size
from importer.send.sender import BISECTING_POSTS, WHOLE_FAILURES, Sender
from importer.simkl.answer import Answer, T
from importer.simkl.pace import Pace
from importer.simkl.retry import Action, Verdict
from importer.simkl.wire import RATINGS, Echo, Outgoing

KINDS = {
    "accept": (201, Action.ACCEPT, False),
    "lost": (0, Action.RESEND, True),
    "down": (0, Action.RESEND, False),
    "slow": (0, Action.HALVE, True),
    "large": (413, Action.HALVE, False),
    "poison": (400, Action.BISECT, False),
    "doubtful poison": (400, Action.BISECT, True),
    "gone": (404, Action.FAIL, False),
    "doubtful gone": (404, Action.FAIL, True),
    "locked": (400, Action.UNLOCK, False),
}


class Service:
    """Answers in turn as told, then accepts everything; knows what was sent."""

    def __init__(self, answers: Sequence[str]) -> None:
        self.left = list(answers)
        self.pace = Pace(Clock(0.0))
        self.posts: list[list[str]] = []
        self.left_today: int | None = None
        self.limit_today: int | None = None

    def check_day(self, kept: int) -> None:
        """The day is long."""

    async def post(
        self, path: str, body: bytes, *, splittable: bool, read: Callable[[bytes], T], kept: int
    ) -> Answer[T]:
        sent = orjson.loads(body)["movies"]
        self.posts.append([item["title"] for item in sent])
        assert path == RATINGS
        assert splittable == (len(sent) > 1)
        name = self.left.pop(0) if self.left else "accept"
        status, action, doubtful = KINDS["lost" if name == "slow" and not splittable else name]
        statuses = [{"request": {"title": item["title"], "year": item["year"]}} for item in sent]
        reply = orjson.dumps({"added": {"statuses": statuses}, "not_found": {}})
        return Answer(status, Verdict(action, name), doubtful, read(reply) if action is Action.ACCEPT else None)


class Recorded:
    """Keeps what it is told, and that it is told in order: an intent first, one end at most, no end for the unknown."""

    def __init__(self) -> None:
        self.intents: dict[int, list[str]] = {}
        self.ends: dict[int, str] = {}
        self.outcomes: dict[str, Outcome] = {}

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        assert body
        number = len(self.intents) + 1
        self.intents[number] = [item.key for item in batch]
        return number

    def settle(self, number: int, status: int, batch: Sequence[Outgoing], told: Sequence[Echo]) -> None:
        assert [item.key for item in batch] == self.intents[number]
        assert status
        self._end(number, "settled")
        for item, one in zip(batch, told, strict=True):
            assert item.key not in self.outcomes, "settled twice"
            self.outcomes[item.key] = one.outcome

    def refuse(self, number: int, status: int) -> None:
        assert not 200 <= status < 300  # 0: it never left this machine
        self._end(number, "refused")

    def _end(self, number: int, how: str) -> None:
        assert number in self.intents
        assert number not in self.ends
        self.ends[number] = how


def plausible(event: Event) -> None:
    """Hear that the numbers could be true."""
    match event:
        case RowsDecided(done, total):
            assert done <= total
        case PostsToCome(left, seconds_each):
            assert left >= 0
            assert seconds_each > 0


def films(count: int) -> list[Outgoing]:
    """So many films, each with a key of its own."""
    return [Outgoing(f"Film {n}", Kind.MOVIE, f"Film {n}", 1950, (), 7, n) for n in range(count)]


def send(count: int, size: int, answers: Sequence[str]) -> tuple[Service, Recorded, str, ServiceStopError | None]:
    """Send so many films; return what came of it."""
    service, record = Service(answers), Recorded()
    sender = Sender(service, Clock(0.0), record, RATINGS, Size.fixed(size), plausible)

    async def work() -> tuple[str, ServiceStopError | None]:
        try:
            return await sender.send(films(count), 0, count), None
        except ServiceStopError as stop:
            return "", stop

    why, stop = anyio.run(work)
    return service, record, why, stop


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 40), st.integers(1, 16), st.lists(st.sampled_from(sorted(KINDS)), max_size=30))
def test_no_title_is_lost_or_settled_twice(count: int, size: int, answers: list[str]) -> None:
    """Each is settled, or it is told that some are pending; a lost answer never counts as a refusal."""
    service, record, why, stop = send(count, size, answers)
    keys = {item.key for item in films(count)}
    pending = keys - set(record.outcomes)
    assert bool(pending) == bool(why or stop)
    tried = {title for post in service.posts for title in post}
    assert tried == keys or stop or why
    for number, post in enumerate(service.posts, start=1):
        assert record.intents[number] == post
    told = dict(enumerate(answers, start=1))
    for number, how in record.ends.items():
        name = told.get(number, "accept")
        assert not (how == "refused" and KINDS[name][2]), "a lost answer was recorded as a refusal"
        assert how == "refused" or name in ("accept", "poison", "large", "gone")


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 64), st.sets(st.integers(0, 63), max_size=3))
def test_bisecting_finds_exactly_what_is_poisoned(count: int, places: set[int]) -> None:
    """The rest goes through, in at most two POSTs a level for each."""
    poisoned = {f"Film {n}" for n in places if n < count}
    service, record = Service([]), Recorded()
    post = service.post

    async def picky(path: str, body: bytes, **how: object) -> Answer:
        found = {item["title"] for item in orjson.loads(body)["movies"]} & poisoned
        service.left = ["poison"] if found else ["accept"]
        return await post(path, body, **how)

    service.post = picky
    sender = Sender(service, Clock(0.0), record, RATINGS, Size.fixed(count), plausible, accepted=True)
    assert anyio.run(sender.send, films(count), 0, count) == ""
    assert {key for key, outcome in record.outcomes.items() if outcome is Outcome.FAILED} == poisoned
    assert len(record.outcomes) == count
    assert len(service.posts) <= 1 + len(poisoned) * 2 * 6 <= BISECTING_POSTS


def test_whole_failures_stop_only_in_a_row() -> None:
    """An accepted batch in between begins the count anew."""
    service, _, why, stop = send(60, 10, ["down", "down", "accept", "down", "down", "accept"])
    assert stop is None
    assert why == "down"
    assert len(service.posts) == 6
    service, _, _, stop = send(60, 10, ["down"] * 9)
    assert stop is not None
    assert len(service.posts) == WHOLE_FAILURES
