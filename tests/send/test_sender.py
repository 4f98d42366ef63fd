"""The sender alone, against a service made of answers: whatever it answers, no title is lost or settled twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import anyio
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.errors import ServiceStopError
from importer.events import Event, PostsToCome, RowsDecided
from importer.machine.clock import Clock
from importer.model import Kind, Outcome
from importer.plan.batch import Size
from importer.send.sender import BISECTING_POSTS, WHOLE_FAILURES, Sender
from importer.simkl.answer import Answer, T
from importer.simkl.lenient import UnreadableReplyError
from importer.simkl.pace import Pace
from importer.simkl.retry import Action, Verdict
from importer.simkl.wire import RATINGS, REMOVE, UNLIST, Echo, Outgoing

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
        """The day is long, save where a test says how many requests are left of it."""
        if self.left_today is not None and self.left_today <= kept:
            raise ServiceStopError("the day is over", "")

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

    def __init__(self, service: Service | None = None) -> None:
        self.service = service
        self.intents: dict[int, list[str]] = {}
        self.ends: dict[int, str] = {}
        self.outcomes: dict[str, Outcome] = {}

    def intend(self, batch: Sequence[Outgoing], body: bytes) -> int:
        assert body
        number = len(self.intents) + 1
        if self.service is not None:
            assert len(self.service.posts) == number - 1, "what is sent is on record before it goes"
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


def send(
    count: int, size: int | Size, answers: Sequence[str]
) -> tuple[Service, Recorded, str, ServiceStopError | None]:
    """Send so many films; return what came of it."""
    service = Service(answers)
    record = Recorded(service)
    size = size if isinstance(size, Size) else Size.fixed(size)
    sender = Sender(service, Clock(0.0), record, RATINGS, size, plausible)

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


def test_what_an_error_left_is_what_is_on_its_way_what_is_halved_and_what_waits() -> None:
    """In their order; sent anew, all arrive."""
    service, record = Service(["large"]), Recorded()
    sender = Sender(service, Clock(0.0), record, RATINGS, Size.fixed(6), plausible)
    post = service.post

    async def cut(path: str, body: bytes, **how: object) -> Answer:
        if len(service.posts) == 1:
            raise ServiceStopError("cut off", "")
        return await post(path, body, **how)

    async def work() -> list[str]:
        service.post = cut
        with pytest.raises(ServiceStopError, match="cut off"):
            await sender.send(films(10), 0, 10)
        left = [item.key for item in sender.unsent]
        service.post = post
        assert await sender.send(sender.unsent, 0, 10) == ""
        assert sender.unsent == []
        return left

    assert anyio.run(work) == [f"Film {n}" for n in range(10)]
    assert set(record.outcomes) == {f"Film {n}" for n in range(10)}


def test_a_shape_that_is_refused_whole_is_no_titles_fault() -> None:
    """Not even where each half is one title; once a batch was accepted, it is."""
    _, record, _, stop = send(2, 2, ["poison"] * 3)
    assert stop is not None
    assert "refuses every batch" in stop.message
    assert record.outcomes == {}
    assert record.ends == {1: "refused", 2: "refused", 3: "refused"}
    _, record, why, stop = send(4, 2, ["accept", *["poison"] * 3])
    assert (why, stop) == ("", None)
    assert [record.outcomes[f"Film {n}"] for n in range(4)] == [*[Outcome.APPLIED] * 2, *[Outcome.FAILED] * 2]


def test_nothing_of_a_batch_that_is_too_large_was_written() -> None:
    """That is on record before its halves go; one that was too slow may have been."""
    _, record, _, _ = send(4, 4, ["large"])
    assert record.ends == {1: "refused", 2: "settled", 3: "settled"}
    _, record, _, _ = send(4, 4, ["slow"])
    assert record.ends == {2: "settled", 3: "settled"}


def test_after_a_refusal_or_a_lost_answer_batches_grow_no_more() -> None:
    """Whether that was the answer in the end, or one before it."""
    service, _, _, _ = send(30, Size(2), [])
    assert [len(post) for post in service.posts] == [2, 4, 8, 16]
    for trouble in ("down", "gone"):
        service, _, _, _ = send(16, Size(2), ["accept", trouble])
        assert [len(post) for post in service.posts] == [2, 4, 4, 4, 2], trouble
    service, record = Service([]), Recorded()
    post = service.post

    async def late(path: str, body: bytes, **how: object) -> Answer:
        answer = await post(path, body, **how)
        return replace(answer, doubtful=len(service.posts) == 1)

    service.post = late
    anyio.run(Sender(service, Clock(0.0), record, RATINGS, Size(2), plausible).send, films(6), 0, 6)
    assert [len(post) for post in service.posts] == [2, 2, 2]


def test_requests_that_are_kept_are_not_spent() -> None:
    """Not on a half that is to be sent again either."""
    service, record = Service(["poison"]), Recorded()
    sender = Sender(service, Clock(0.0), record, RATINGS, Size.fixed(2), plausible, kept=2)

    async def work() -> None:
        post = service.post

        async def counted(path: str, body: bytes, *, kept: int, **how: object) -> Answer:
            assert kept == 2
            service.left_today = 4 - len(service.posts) - 1
            return await post(path, body, kept=kept, **how)

        service.post = counted
        service.left_today = 4
        await sender.send(films(4), 0, 4)

    with pytest.raises(ServiceStopError, match="the day is over"):
        anyio.run(work)
    assert len(service.posts) == 2


@pytest.mark.parametrize("path", [REMOVE, UNLIST])
def test_a_removal_may_be_answered_with_nothing(path: str) -> None:
    """As older pages show it: then nothing is proven. An empty answer to ratings is none."""
    record = Recorded()

    class Silent(Service):
        async def post(self, path: str, body: bytes, *, read: Callable[[bytes], T], **how: object) -> Answer[T]:
            return Answer(200, Verdict(Action.ACCEPT, ""), False, read(b""))

    anyio.run(Sender(Silent([]), Clock(0.0), record, path, Size.fixed(2), plausible).send, films(1), 0, 1)
    assert record.outcomes == {"Film 0": Outcome.UNCONFIRMED}
    with pytest.raises(UnreadableReplyError):
        anyio.run(Sender(Silent([]), Clock(0.0), Recorded(), RATINGS, Size.fixed(2), plausible).send, films(1), 0, 1)
