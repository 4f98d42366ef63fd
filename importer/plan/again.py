"""What is tried again: what Simkl did not take waits until it is due, and of what is sent the newest go first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from importer.model import Outcome, Reason, value
from importer.plan.rank import order_of
from importer.plan.sides import Remembered
from importer.plan.title import Title


@value
class Retry:
    """What tells what is tried again. `limit` None sends all; `tried` are rows that the run has sent before."""

    now: int
    retry_not_found: bool = False
    limit: int | None = None
    tried: Collection[int] = ()


def retried(titles: Iterable[Title], remembered: Mapping[str, Remembered], retry: Retry) -> list[Title]:
    """Leave out, of the titles that would be sent, what it is too early or of no use to ask for again, and what is
    beyond the limit.
    """
    if not remembered:
        return _limited(list(titles), retry)
    told: list[Title] = []
    waiting: list[int] = []
    for title in titles:
        past = remembered.get(title.key)
        if past is not None and title.outcome is Outcome.PENDING and _not_again(title, past, retry):
            if past.outcome is Outcome.FAILED and (past.due or 0) <= retry.now:
                waiting.append(len(told))
            told.append(replace(title, outcome=past.outcome))
        else:
            told.append(title)
    return _limited(_joined(told, waiting), retry)


def _not_again(title: Title, past: Remembered, retry: Retry) -> bool:
    """Tell whether Simkl was asked the same before and it is too early, or of no use, to ask again."""
    if past.asked != title.asked:
        return False
    if past.outcome is Outcome.NOT_FOUND:
        return not retry.retry_not_found and past.due is not None and past.due > retry.now
    if past.wanted_rating != title.rating:
        return False
    if past.outcome is Outcome.UNCONFIRMED:
        return past.due is None or past.due > retry.now
    return past.outcome is Outcome.FAILED


def _joined(titles: list[Title], waiting: list[int]) -> list[Title]:
    """What was refused before goes along when something else is sent."""
    if waiting and any(one.outcome is Outcome.PENDING for one in titles):
        for place in waiting:
            titles[place] = replace(titles[place], outcome=Outcome.PENDING)
    return titles


def _limited(titles: list[Title], retry: Retry) -> list[Title]:
    """Of what would be sent, leave the newest `limit`."""
    if retry.limit is None:
        return titles
    pending = [place for place, one in enumerate(titles) if one.outcome is Outcome.PENDING and one.n not in retry.tried]
    pending.sort(key=lambda place: order_of(titles[place])[1:])
    for place in pending[: max(0, len(pending) - retry.limit)]:
        titles[place] = replace(titles[place], outcome=Outcome.SKIPPED, reason=Reason.FILTERED)
    return titles
