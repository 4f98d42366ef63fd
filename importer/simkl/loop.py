"""The one retry loop: ask, wait as the verdict says, ask again, until there is an answer or nothing more to try."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import tenacity

from importer.machine.clock import Clock
from importer.simkl.answer import Answer, T
from importer.simkl.retry import RETRIED, Action, given_up, next_wait


async def persist(
    ask: Callable[[], Awaitable[Answer[T]]], clock: Clock, told: Callable[[str, float], None]
) -> Answer[T]:
    """Ask, and ask again after the waits that the verdicts call for; return the last answer.

    `told` hears of every wait: its reason and its seconds. Raises what stops the run, where a verdict is STOP.
    """
    tries: Counter[Action] = Counter()
    waits: dict[int, float | None] = {}
    lost = False

    def wait(state: tenacity.RetryCallState) -> float:
        # tenacity asks for the wait before it asks whether to stop: both follow from one decision.
        nonlocal lost
        answer: Answer[T] = _last(state)
        lost = lost or answer.doubtful
        tries[answer.verdict.action] += 1
        chance = random.random()  # noqa: S311 (jitter, no secret)
        waits[state.attempt_number] = next_wait(answer.verdict, tries[answer.verdict.action], chance)
        return waits[state.attempt_number] or 0.0

    def tell(state: tenacity.RetryCallState) -> None:
        answer: Answer[T] = _last(state)
        told(answer.verdict.why, waits[state.attempt_number] or 0.0)

    loop = tenacity.AsyncRetrying(
        retry=tenacity.retry_if_result(lambda answer: answer.verdict.action in RETRIED),
        wait=wait,
        stop=lambda state: waits[state.attempt_number] is None,
        before_sleep=tell,
        sleep=clock.sleep,
        retry_error_callback=_last,
    )
    answer: Answer[T] = await loop(ask)
    verdict = given_up(answer.verdict, clock.now())
    if verdict.error is not None:
        if not (lost or answer.doubtful) and 400 <= answer.status < 500:
            verdict.error.refused = answer.status
        raise verdict.error
    return replace(answer, doubtful=True) if lost else answer


def _last(state: tenacity.RetryCallState) -> Answer[T]:
    if state.outcome is None:
        raise TypeError("there is no answer yet")
    answer: Answer[T] = state.outcome.result()
    return answer
