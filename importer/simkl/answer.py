"""The answer to a request: what was read in it and what to do about it, or that there was none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from importer.errors import ServiceStopError
from importer.model import value
from importer.simkl import refusals
from importer.simkl.retry import Action, Verdict
from importer.simkl.transport import Response

T = TypeVar("T")


@value
class Answer(Generic[T]):
    """The last answer to a request. `status` 0: none came. The verdict tells what to do with it; `content` is what was
    read in it, where that is ACCEPT.

    `doubtful` tells that the service may have carried the request out although this answer does not say so: it left
    this machine, or did so on an earlier try, and its answer was lost. `seconds` is how long this one answer took.
    """

    status: int
    verdict: Verdict
    doubtful: bool = False
    content: T | None = None
    seconds: float = 0.0


class NoAnswerError(ServiceStopError):
    """A read that gets no answer. `name` is what Simkl calls the reason, such as `max_items`; "" where it does not."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"Simkl does not answer ({verdict.why})", refusals.LATER)
        self.name = verdict.name


_UNTOLD = (Action.RESEND, Action.HALVE)
"""What is done about an answer that was lost; a 413 aside, nobody knows then whether the request was carried out."""

_TOO_LARGE = 413


def filled(response: Response, verdict: Verdict, read: Callable[[bytes], T], seconds: float) -> Answer[T]:
    """Return an answer with what it holds. One that cannot be read is a lost one."""
    doubtful = response.left and verdict.action in _UNTOLD and response.status != _TOO_LARGE
    answer: Answer[T] = Answer(response.status, verdict, doubtful, seconds=seconds)
    if verdict.action is not Action.ACCEPT:
        return answer
    try:
        return replace(answer, content=read(response.body))
    except ValueError as error:
        why = f"an unreadable answer ({error})"
        return replace(answer, verdict=Verdict(Action.RESEND, why), doubtful=True)
