"""What becomes of every title, given what is remembered of it and what the account says."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from importer.identity import trusted
from importer.model import DAY, Date, Ids, Item, Kind, Origin, Outcome, Precision, Reason
from importer.plan.decide import Decision, Rules, decide
from importer.plan.rank import sending_order
from importer.plan.sides import Base, Ours, Remembered, Theirs

TIME_ZONES = 14 * 3600
"""Seconds by which Simkl may give back a date otherwise than sent: no time zone is further from UTC."""

Find = Callable[[int | None, Kind, Ids, str, int | None], Theirs | None]
"""How a title is looked up on the account: stored simkl id, kind, ids, title, year."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """One title and its decision: PENDING is sent, everything else is left as it is.

    `theirs` is the account's rating of it before this run, `simkl` the id stored for its key.
    """

    ours: Ours
    theirs: Theirs | None
    simkl: int | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class Retry:
    """What tells what is tried again. `limit` None sends all; `tried` are rows that the run has sent before."""

    now: int
    retry_not_found: bool = False
    limit: int | None = None
    tried: Collection[int] = ()


def asked_digest(item: Item, ids: Ids) -> int:
    """A number for the identity that is sent: the same question to Simkl has the same number."""
    return zlib.crc32(f"{item.kind}|{item.title}|{item.year}|{sorted(ids)}".encode())


def resolve(
    titles: Sequence[Ours], items: Sequence[Item], remembered: Mapping[str, Remembered], find: Find, rules: Rules,
    retry: Retry,
) -> list[Resolved]:  # fmt: skip
    """Decide every title; `items` are all rows by number, for the bases of rows merged into a winner."""
    dates = vague_dates(remembered.values())
    resolved: list[Resolved] = []
    waiting: list[int] = []
    for ours in titles:
        past = remembered.get(ours.item.key) if remembered else None
        simkl = past.simkl if past is not None else None
        kind = ours.item.kind or Kind.MOVIE
        theirs = find(simkl, kind, ours.ids, ours.item.title, ours.item.year)
        base = past.base if past is not None else None
        if base is None and ours.others and remembered:
            base = _other_base(ours, items, remembered)
        decision = decide(ours, base, theirs, believed(theirs, dates), rules)
        if past is not None:
            decision = _recalled(ours, decision, past)
            if decision.outcome is Outcome.PENDING and _not_again(ours, past, retry):
                decision = replace(decision, outcome=past.outcome)
                if past.outcome is not Outcome.NOT_FOUND and (past.due or 0) <= retry.now:
                    waiting.append(len(resolved))
        resolved.append(Resolved(ours, theirs, simkl, decision))
    return _limited(_joined(resolved, waiting), retry)


def _other_base(ours: Ours, items: Sequence[Item], remembered: Mapping[str, Remembered]) -> Base | None:
    for n in ours.others:
        past = remembered.get(items[n].key)
        if past is not None and past.base is not None:
            return past.base
    return None


def vague_dates(remembered: Iterable[Remembered]) -> dict[int, list[Base]]:
    """By simkl id, the bases whose dates say less on the account than they seem to: stand-ins and bare days."""
    found: dict[int, list[Base]] = {}
    for past in remembered:
        base = past.base
        if past.simkl is None or base is None or base.said_date is None:
            continue
        if not (base.said_date.true and base.said_date.precision is Precision.SECOND):
            found.setdefault(past.simkl, []).append(base)
    return found


def believed(theirs: Theirs | None, vague: Mapping[int, Sequence[Base]]) -> Date | None:
    """The account's date as far as it can be believed, knowing which dates were ours."""
    if theirs is None or theirs.rated_at is None:
        return None
    for base in vague.get(theirs.simkl, ()):
        said = base.said_date
        if said is not None and _is_ours(theirs, theirs.rated_at, base, said):
            return replace(said, value=theirs.rated_at) if said.true else None
    return Date(theirs.rated_at, Precision.SECOND, Origin.RATING)


def _is_ours(theirs: Theirs, rated_at: int, base: Base, said: Date) -> bool:
    """Whether the account's date is the one that a row gave: as read back then, or where it never was, of that day."""
    if theirs.rating != base.account_rating or base.account_rated_at not in (None, rated_at):
        return False
    return rated_at // DAY == said.day or abs(rated_at - said.value) <= TIME_ZONES


def _recalled(ours: Ours, decision: Decision, past: Remembered) -> Decision:
    """A date taken from a run's start is recorded once: sending again never moves it."""
    wanted = past.wanted
    if (
        decision.date.origin is Origin.RUN
        and wanted is not None
        and wanted.origin is Origin.RUN
        and past.wanted_rating == ours.rating
    ):
        return replace(decision, date=wanted, rated_at=wanted.value)
    return decision


def _not_again(ours: Ours, past: Remembered, retry: Retry) -> bool:
    """Whether Simkl was asked the same before and it is too early, or of no use, to ask again."""
    if past.asked != asked_digest(ours.item, ours.ids):
        return False
    if past.outcome is Outcome.NOT_FOUND:
        return not retry.retry_not_found and past.due is not None and past.due > retry.now
    return past.outcome in (Outcome.FAILED, Outcome.UNCONFIRMED) and past.wanted_rating == ours.rating


def _joined(resolved: list[Resolved], waiting: list[int]) -> list[Resolved]:
    """What was refused before goes along when something else is sent."""
    if waiting and any(one.decision.outcome is Outcome.PENDING for one in resolved):
        for i in waiting:
            one = resolved[i]
            resolved[i] = replace(one, decision=replace(one.decision, outcome=Outcome.PENDING))
    return resolved


def _limited(resolved: list[Resolved], retry: Retry) -> list[Resolved]:
    """Of what would be sent, leave the newest `limit`."""
    if retry.limit is None:
        return resolved
    pending = [
        i for i, one in enumerate(resolved)
        if one.decision.outcome is Outcome.PENDING and one.ours.n not in retry.tried
    ]  # fmt: skip
    pending.sort(key=lambda i: order_of(resolved[i]))
    for i in pending[: max(0, len(pending) - retry.limit)]:
        decision = replace(resolved[i].decision, outcome=Outcome.SKIPPED, reason=Reason.FILTERED)
        resolved[i] = replace(resolved[i], decision=decision)
    return resolved


def order_of(resolved: Resolved) -> tuple[bool, int, int]:
    """The order in which titles are sent."""
    return sending_order(resolved.decision.date, resolved.decision.rated_at, resolved.ours.n)


def ids_to_send(resolved: Resolved) -> Ids:
    """The trusted ids; a title without any goes by the simkl id it was read back on, once that is known."""
    ids = trusted(resolved.ours.item.kind, resolved.ours.ids)
    if not ids and resolved.simkl is not None:
        return (("simkl", str(resolved.simkl)),)
    return ids
