"""The retry loop: what it waits, what it tells of that, and what it keeps of earlier answers."""

from __future__ import annotations

import pytest

from importer.errors import ServiceStopError
from importer.machine.clock import Clock
from importer.simkl.answer import Answer
from importer.simkl.loop import persist
from importer.simkl.retry import RESEND_WAITS, Action, Verdict

LOST, BUSY = Verdict(Action.RESEND, "no answer"), Verdict(Action.RESEND, "HTTP 503")
TAKEN: Answer[str] = Answer(201, Verdict(Action.ACCEPT), content="a reply")


class Waits(Clock):
    """A clock that waits for nothing and keeps the seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


async def persisted(*answers: Answer[str]) -> tuple[Answer[str], list[float], list[tuple[str, float]]]:
    """Return the answer, the seconds that were waited, and what was told of them."""
    left, clock, told = list(answers), Waits(), []

    async def ask() -> Answer[str]:
        return left.pop(0)

    def tell(why: str, seconds: float) -> None:
        told.append((why, seconds))

    answer = await persist(ask, clock, tell)
    assert not left
    return answer, clock.waited, told


async def test_every_wait_is_told_with_its_reason_and_its_seconds() -> None:
    """Those that it takes, with their jitter."""
    answer, waited, told = await persisted(Answer(0, LOST), Answer(503, BUSY), TAKEN)
    assert answer is TAKEN
    assert told == [("no answer", waited[0]), ("HTTP 503", waited[1])]
    for step, seconds in zip(RESEND_WAITS, waited, strict=False):
        assert step <= seconds <= step * 1.25


@pytest.mark.parametrize("doubts", [(True, False), (False, True), (True, True)])
async def test_a_lost_answer_leaves_its_doubt_on_those_that_follow(doubts: tuple[bool, bool]) -> None:
    """What was lost may have been carried out, whatever a later answer says."""
    tries: list[Answer[str]] = [Answer(0, LOST, doubtful=doubt) for doubt in doubts]
    answer, _, _ = await persisted(*tries, TAKEN)
    assert answer.doubtful
    assert (answer.status, answer.content) == (201, "a reply")


async def test_an_answer_that_nothing_was_lost_before_leaves_no_doubt() -> None:
    """A refused try is no lost one."""
    answer, _, _ = await persisted(Answer(503, BUSY), TAKEN)
    assert (answer.doubtful, answer.seconds) == (False, 0.0)


async def test_what_is_never_answered_is_given_up_with_the_last_answer() -> None:
    """After the last wait it is asked once more, and nothing is told of a wait that does not come."""
    answer, waited, told = await persisted(*(Answer(503, BUSY) for _ in range(len(RESEND_WAITS) + 1)))
    assert answer.status == 503
    assert len(waited) == len(told) == len(RESEND_WAITS)


async def test_what_stops_the_run_is_raised() -> None:
    """At once: it is no matter of waiting."""
    stop = ServiceStopError("the day is spent")
    with pytest.raises(ServiceStopError, match="the day is spent"):
        await persisted(Answer(429, Verdict(Action.STOP, "spent", error=stop)))
