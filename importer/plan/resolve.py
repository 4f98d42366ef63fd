"""What becomes of every title, given what is remembered of it and what the account says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from importer.identity import Box, box_of, trusted
from importer.model import (
    DAY,
    FURTHEST_ZONE,
    AccountRating,
    Date,
    Ids,
    Item,
    Kind,
    Note,
    Origin,
    Outcome,
    Precision,
    Reason,
    value,
)
from importer.plan.decide import Decision, Rules, decide
from importer.plan.dedupe import better
from importer.plan.rank import sending_order
from importer.plan.rivals import Layers, against_ours, is_contested
from importer.plan.sides import Base, Kept, Ours, Remembered

Find = Callable[[int | None, Kind, Ids, str, int | None], AccountRating | None]
"""How a title is looked up on the account: the simkl id its question led to, kind, ids, title, year."""


@value
class Planned:
    """One title and its decision: PENDING is sent, everything else is left as it is.

    `theirs` is the account's rating of it before this run; where something is owed to the title, that. `asked` is the
    number of its question, `simkl` the title that it led to before, None where it never led anywhere or to a wrong one:
    `hidden` is then the account's rating of that.
    """

    ours: Ours
    theirs: AccountRating | None
    asked: int
    simkl: int | None
    decision: Decision
    note: Note | None = None
    hidden: AccountRating | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """What tells what is tried again. `limit` None sends all; `tried` are rows that the run has sent before."""

    now: int
    retry_not_found: bool = False
    limit: int | None = None
    tried: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of titles from earlier changes: where questions led, which led to a wrong title, and what is owed.

    `owed` is, by title, what it is to have once its debt is paid. `rivals` are, by title, the rows on record that lie
    on it, each with its date. `layers` tells what our rows put there.
    """

    led: Mapping[int, int] = field(default_factory=dict)
    wrong: Mapping[int, int] = field(default_factory=dict)
    owed: Mapping[int, AccountRating | None] = field(default_factory=dict)
    rivals: Mapping[int, Mapping[str, Date]] = field(default_factory=dict)
    layers: Layers = lambda _: {}


NOTHING_KNOWN = Standing()


def question_number(kind: Kind | None, title: str, year: int | None, ids: Ids) -> int:
    """A number for the identity that is sent: the same question to Simkl has the same number. It is never 0."""
    text = f"{kind}|{title}|{year}|{sorted(ids)}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1 or 1


def resolve(
    titles: Sequence[Ours],
    items: Sequence[Item],
    remembered: Mapping[str, Remembered],
    find: Find,
    rules: Rules,
    retry: Retry,
    standing: Standing = NOTHING_KNOWN,
) -> list[Planned]:
    """Decide every title; `items` are all rows by number, for the bases of rows merged into a winner."""
    dates = vague_dates(remembered.values())
    said = {ours.item.key: ours.date for ours in titles} if standing.rivals else {}
    resolved: list[Planned] = []
    waiting: list[int] = []
    planned_all = [
        _planned(
            ours,
            items,
            remembered.get(ours.item.key) if remembered else None,
            remembered,
            find,
            rules,
            dates,
            standing,
            said,
        )
        for ours in titles
    ]
    for planned in _among_ours(planned_all, items, remembered, rules, standing) if remembered else planned_all:
        past = remembered.get(planned.ours.item.key) if remembered else None
        decision = planned.decision
        if past is not None and decision.outcome is Outcome.PENDING and _not_again(planned, past, retry):
            planned = replace(planned, decision=replace(decision, outcome=past.outcome))
            if past.outcome is Outcome.FAILED and (past.due or 0) <= retry.now:
                waiting.append(len(resolved))
        resolved.append(planned)
    return _limited(_joined(resolved, waiting), retry)


def _planned(
    ours: Ours,
    items: Sequence[Item],
    past: Remembered | None,
    remembered: Mapping[str, Remembered],
    find: Find,
    rules: Rules,
    dates: Mapping[int, Sequence[Base]],
    standing: Standing,
    said: Mapping[str, Date],
) -> Planned:
    item = ours.item
    kind = item.kind or Kind.MOVIE
    asked = question_number(item.kind, item.title, item.year, ours.ids)
    wrong = standing.wrong.get(asked)
    simkl = standing.led.get(asked) if wrong is None else None
    known = simkl
    if known is None and wrong is None and ours.others and past is not None and past.asked not in standing.wrong:
        known = past.simkl  # merged rows are one title, but with the ids of all of them it was never asked for
    theirs = find(known, kind, ours.ids, item.title, item.year)
    if theirs is not None and theirs.simkl == wrong:
        theirs = None
    number = theirs.simkl if theirs is not None else simkl
    stands = theirs.rating if theirs is not None else None
    if number is not None and number in standing.owed:
        theirs = standing.owed[number]
    if wrong is not None:
        # Known to lead to a wrong title: not asked again, by id or title, until a person mends or accepts it.
        decision = Decision(Outcome.KEPT, Reason.CONFLICT, ours.date, ours.rated_at)
        return Planned(
            ours=ours,
            theirs=theirs,
            asked=asked,
            simkl=None,
            decision=decision,
            note=Note.OTHER_TITLE,
            hidden=find(wrong, kind, (), "", None),
        )
    base = past.base if past is not None else None
    if base is None and ours.others and remembered:
        base = _other_base(ours, items, remembered)
    decision = decide(ours, base, theirs, believed(theirs, dates), rules)
    if past is not None:
        decision = _recalled(ours, decision, past)
        if decision.outcome is Outcome.PENDING and number is not None and _kept_before(ours, past.kept, number, theirs):
            decision = replace(decision, outcome=Outcome.KEPT, reason=Reason.CONFLICT)
    if decision.outcome is Outcome.UNCHANGED and stands != ours.rating:
        # It is what the title is owed, and the account does not hold it yet.
        decision = replace(decision, outcome=Outcome.UNCONFIRMED)
    rivals = standing.rivals.get(number, {}) if number is not None else {}
    note: Note | None = None
    if decision.outcome is Outcome.PENDING and rivals and _beaten(ours, items, rivals, said):
        decision, note = replace(decision, outcome=Outcome.DUPLICATE), Note.SHARED_TITLE
    return Planned(ours=ours, theirs=theirs, asked=asked, simkl=simkl, decision=decision, note=note)


def _among_ours(
    resolved: list[Planned],
    items: Sequence[Item],
    remembered: Mapping[str, Remembered],
    rules: Rules,
    standing: Standing,
) -> list[Planned]:
    """Decide anew what is held against another row of ours: one that stands there, or one of this call."""
    contested = {
        i: one.theirs
        for i, one in enumerate(resolved)
        if one.theirs is not None
        and one.theirs.rating != one.ours.rating
        and one.note is None
        and is_contested(one.decision)
        and one.theirs.simkl not in standing.owed
    }
    layers = standing.layers({theirs.simkl for theirs in contested.values()}) if contested else {}
    outdone = _outdone(resolved, contested)
    for i, theirs in contested.items():
        one = resolved[i]
        if i in outdone:
            decision = replace(one.decision, outcome=Outcome.DUPLICATE)
            resolved[i] = replace(one, decision=decision, note=Note.SHARED_TITLE)
            continue
        if theirs.simkl not in layers:
            continue
        merged = {items[n].key for n in one.ours.others}
        past = remembered.get(one.ours.item.key)
        decision, note = against_ours(
            one.ours,
            merged,
            theirs,
            one.decision,
            layers[theirs.simkl],
            rules,
            based=past is not None and past.base is not None,
        )
        if decision.outcome is Outcome.PENDING and past is not None:
            if one.decision.outcome is not Outcome.PENDING and _kept_before(one.ours, past.kept, theirs.simkl, theirs):
                continue
            decision = _recalled(one.ours, decision, past)
        resolved[i] = replace(one, decision=decision, note=note)
    return resolved


def _kept_before(ours: Ours, kept: Kept | None, number: int, theirs: AccountRating | None) -> bool:
    """Whether a reading decided to keep what stands there against this very row: it is not sent again until either
    changes."""
    if kept is None or kept.simkl != number or (kept.rating, kept.rated_at) != (ours.rating, ours.rated_at):
        return False
    return kept.standing == ((theirs.rating, theirs.rated_at) if theirs is not None else None)


def _beaten(ours: Ours, items: Sequence[Item], rivals: Mapping[str, Date], said: Mapping[str, Date]) -> bool:
    """Whether another row on record lies on the title that beats this one by the merge rule, whatever --on-conflict.

    What a row of this call `said` of its date counts, not what it said before; those merged into this one have lost.
    """
    own = {ours.item.key, *(items[n].key for n in ours.others)}
    return any(key not in own and better(said.get(key, date), ours.date) for key, date in rivals.items())


def _outdone(resolved: Sequence[Planned], contested: Mapping[int, AccountRating]) -> set[int]:
    """What would be sent to a title on which a row of this call lies that needs no sending, and beats it."""
    titles = {theirs.simkl for theirs in contested.values()}
    lying: dict[int, list[Date]] = {}
    for one in resolved:
        unsent = one.decision.outcome in (Outcome.UNCHANGED, Outcome.KEPT) and one.note is None
        if unsent and one.theirs is not None and one.theirs.simkl in titles:
            lying.setdefault(one.theirs.simkl, []).append(one.ours.date)
    return {
        i
        for i, theirs in contested.items()
        if resolved[i].decision.outcome is Outcome.PENDING
        and any(better(date, resolved[i].ours.date) for date in lying.get(theirs.simkl, ()))
    }


def only_listed(resolved: Sequence[Planned], is_listed: Callable[[Planned], bool]) -> list[Planned]:
    """Leave out what is on none of the account's lists: nothing is put onto one."""
    return [
        replace(one, decision=replace(one.decision, outcome=Outcome.SKIPPED, reason=Reason.NOT_LISTED))
        if one.decision.outcome is Outcome.PENDING and not is_listed(one)
        else one
        for one in resolved
    ]


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


def believed(theirs: AccountRating | None, vague: Mapping[int, Sequence[Base]]) -> Date | None:
    """The account's date as far as it can be believed, knowing which dates were ours."""
    if theirs is None or theirs.rated_at is None:
        return None
    for base in vague.get(theirs.simkl, ()):
        said = base.said_date
        if said is not None and _is_ours(theirs, theirs.rated_at, base, said):
            return replace(said, value=theirs.rated_at) if said.true else None
    return Date(theirs.rated_at, Precision.SECOND, Origin.RATING)


def _is_ours(theirs: AccountRating, rated_at: int, base: Base, said: Date) -> bool:
    """Whether the account's date is the one that a row gave: as read back then, or where it never was, of that day."""
    if theirs.rating != base.account_rating or base.account_rated_at not in (None, rated_at):
        return False
    return rated_at // DAY == said.day or abs(rated_at - said.value) <= FURTHEST_ZONE


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


def _not_again(planned: Planned, past: Remembered, retry: Retry) -> bool:
    """Whether Simkl was asked the same before and it is too early, or of no use, to ask again."""
    if past.asked != planned.asked:
        return False
    if past.outcome is Outcome.NOT_FOUND:
        return not retry.retry_not_found and past.due is not None and past.due > retry.now
    if past.wanted_rating != planned.ours.rating:
        return False
    if past.outcome is Outcome.UNCONFIRMED:
        return past.due is None or past.due > retry.now
    return past.outcome is Outcome.FAILED


def _joined(resolved: list[Planned], waiting: list[int]) -> list[Planned]:
    """What was refused before goes along when something else is sent."""
    if waiting and any(one.decision.outcome is Outcome.PENDING for one in resolved):
        for i in waiting:
            one = resolved[i]
            resolved[i] = replace(one, decision=replace(one.decision, outcome=Outcome.PENDING))
    return resolved


def _limited(resolved: list[Planned], retry: Retry) -> list[Planned]:
    """Of what would be sent, leave the newest `limit`."""
    if retry.limit is None:
        return resolved
    pending = [
        i for i, one in enumerate(resolved) if one.decision.outcome is Outcome.PENDING and one.ours.n not in retry.tried
    ]
    pending.sort(key=lambda i: order_of(resolved[i])[1:])
    for i in pending[: max(0, len(pending) - retry.limit)]:
        decision = replace(resolved[i].decision, outcome=Outcome.SKIPPED, reason=Reason.FILTERED)
        resolved[i] = replace(resolved[i], decision=decision)
    return resolved


def order_of(planned: Planned) -> tuple[bool, bool, int, int]:
    """The order in which titles are sent: shows before movies, within each stand-in dates first, then oldest first."""
    box = box_of(planned.ours.item.kind or Kind.MOVIE, planned.ours.ids)
    decision = planned.decision
    return (box is Box.MOVIES, *sending_order(decision.date, decision.rated_at, planned.ours.n))


def ids_to_send(planned: Planned) -> Ids:
    """The trusted ids; a title without any goes by the simkl id that its question led to, once that is known."""
    ids = trusted(planned.ours.item.kind, planned.ours.ids)
    if not ids and planned.simkl is not None:
        return (("simkl", str(planned.simkl)),)
    return ids
