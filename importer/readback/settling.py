"""What reading back changes in the resume file: outcomes, landings, bases; and the ratings that must be posted back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from importer.events import Listen, Phase, PhaseBegan
from importer.journal import account as snapshots
from importer.journal.batches import changes, landed
from importer.journal.items import Conclusion, conclude, confirm, rebase
from importer.journal.rows import Result, sent_rows, settle_rows
from importer.journal.sent import Sent, has_sent, sent_in
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.model import Note, Outcome
from importer.plan.batch import Size
from importer.plan.decide import Rules
from importer.plan.sides import Remembered, Theirs
from importer.readback.matching import Landing, land
from importer.readback.tracing import chain
from importer.readback.verdicts import LOOK_AGAIN, Verdict, judge_landings
from importer.record import Record
from importer.send.record import due_again, is_fresh
from importer.send.repairs import Repair, land_repairs, repair
from importer.send.snapshot import snapshot
from importer.simkl.client import Client

Ratings: TypeAlias = Mapping[int, Theirs]
"""What an account has, by simkl id."""

ALIKE = "Simkl gives dates back coarser or shifted alike: a habit of the service, and no finding"

_AGREED = (Outcome.APPLIED, Outcome.UNCHANGED)
_LEFT_TO_SIMKL = (Outcome.KEPT, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What settling a run takes: all of it is told from the resume file, whichever process sent it.

    `past` is what was known of the keys before the run; `carried` are the rows, by key, that an earlier part of it has
    sent.
    """

    client: Client
    journal: Journal
    clock: Clock
    listen: Listen
    run: int
    rules: Rules
    past: Mapping[str, Remembered]
    carried: Mapping[str, Record]


async def settle_landings(at: Settlement) -> str:
    """Read the account back and settle every row of the run that was sent. Return what a person should know, or "".

    What the service's answers did not take is settled by that.
    """
    if not has_sent(at.journal, at.run):
        return ""
    at.listen(PhaseBegan(Phase.CHECKING))
    opening = {theirs.simkl: theirs for theirs in snapshots.opening(at.journal, at.run)}
    sent, landings, ratings = await _read_back(at, opening)
    # A base that an earlier part of this run wrote is the answer's: it is no older agreement.
    past = {**at.past, **{key: replace(at.past[key], base=None) for key in at.carried if key in at.past}}
    verdicts, habit = judge_landings(landings, opening, at.rules, past)
    del landings  # the verdicts hold all of them that counts, and both are as large as the run
    verdicts = [verdict for verdict in verdicts if _is_news(verdict, at.carried.get(verdict.sent.key))]
    _record(at, verdicts, past, sent, opening, ratings)
    await _post_back(at, opening, ratings)
    if any(verdict.outcome in (Outcome.UNCONFIRMED, Outcome.PENDING) for verdict in verdicts):
        with at.journal.transaction():
            snapshots.stale_account(at.journal)
    return ALIKE if habit else ""


async def _read_back(at: Settlement, opening: Ratings) -> tuple[list[Sent], list[Landing], Ratings]:
    """Read the account and tell where each rating landed; look once more, a while later, for what is missing.

    Of the account only its ratings are returned: the indexes by which titles were found go before the rest comes.
    """
    account = await snapshot(at.client, at.journal)
    sent = list(sent_in(at.journal, at.run))
    waiting = _waiting(sent)
    landings = land(waiting, opening, account)
    if not all(landing.holds or landing.shared for landing in landings):
        await at.clock.sleep(LOOK_AGAIN)
        account = await snapshot(at.client, at.journal, again=True)
        landings = land(waiting, opening, account)
    return sent, landings, account.by_simkl


def _waiting(sent: Iterable[Sent]) -> list[Sent]:
    """The last of each key that a row waits to hear of."""
    last: dict[str, Sent] = {}
    for one in sent:
        if one.place is not None:
            last.pop(one.key, None)  # sent again: of two rows on one title the later POST is the one that stays
            last[one.key] = one
    return list(last.values())


def _is_news(verdict: Verdict, carried: Record | None) -> bool:
    """Whether a verdict counts. Of a row that an earlier part of the run had sent what was read back then stays, unless
    another row came after it; what was applied then and is otherwise now was changed by the person in between.
    """
    if verdict.sent.left:
        return verdict.outcome not in (Outcome.UNCONFIRMED, Outcome.PENDING)
    if carried is None:
        return True
    if carried.matched is not None:
        return carried.outcome is Outcome.APPLIED and verdict.outcome is Outcome.DUPLICATE
    return carried.outcome is not Outcome.APPLIED or verdict.outcome is not Outcome.UNCONFIRMED


def _record(
    at: Settlement, verdicts: Sequence[Verdict], past: Mapping[str, Remembered], sent: Sequence[Sent],
    opening: Ratings, ratings: Ratings,
) -> None:  # fmt: skip
    now = int(at.clock.now())
    there = {verdict.sent.key: verdict.there for verdict in verdicts if verdict.there is not None}
    agreed = (
        (verdict.sent.key, verdict.outcome, theirs)
        for verdict in verdicts
        if verdict.outcome in _AGREED and (theirs := verdict.restore or verdict.there) is not None
    )
    others = [verdict for verdict in verdicts if verdict.outcome not in _AGREED]
    with at.journal.transaction():
        settle_rows(at.journal, at.run, (_result(verdict, past, opening) for verdict in verdicts))
        confirm(at.journal, agreed)
        conclude(at.journal, (_conclusion(verdict, now) for verdict in others))
        rebase(at.journal, (
            (verdict.sent.key, past[verdict.sent.key].base if verdict.sent.key in past else None)
            for verdict in others if verdict.outcome is not Outcome.PENDING
        ))  # fmt: skip
        landed(at.journal, chain(at.run, sent, there, opening))
        land_repairs(at.journal, at.run, ratings)
        snapshots.set_unread(at.journal, at.run, unread=False)


def _result(verdict: Verdict, past: Mapping[str, Remembered], opening: Ratings) -> Result:
    sent = verdict.sent
    if sent.place is None:
        raise ValueError(f"no row of this run waits to hear of {sent.key}")
    fresh = is_fresh(past.get(sent.key), verdict.outcome) or verdict.note is Note.OTHER_TITLE
    return Result(
        sent.place, verdict.outcome, verdict.reason, verdict.note, matched=verdict.match, fresh=fresh,
        batch=sent.batch if verdict.outcome is not Outcome.PENDING else None, prior=_prior(verdict, opening),
    )  # fmt: skip


def _conclusion(verdict: Verdict, now: int) -> Conclusion:
    return Conclusion(
        verdict.sent.key, verdict.outcome, verdict.reason and verdict.reason.value, due_again(verdict.outcome, now),
        verdict.there.simkl if verdict.there is not None else None,
    )  # fmt: skip


def _prior(verdict: Verdict, opening: Ratings) -> tuple[int | None, int | None]:
    """What stood, before the run, on the title that a row was read back on: nobody could see it beforehand."""
    before = opening.get(verdict.there.simkl) if verdict.there is not None else None
    return (None, None) if before is None else (before.rating, before.rated_at)


async def _post_back(at: Settlement, opening: Ratings, ratings: Ratings) -> None:
    """Give titles that a row landed on unseen the rating that the rules would have kept, with its date.

    Told from the resume file alone: where a run was killed before it could, the next one does.
    """
    rows = list(sent_rows(at.journal, at.run, _LEFT_TO_SIMKL))
    if not rows:
        return
    on = {(change.key, change.simkl): change for change in changes(at.journal, at.run) if change.landed}
    repairs: dict[int, Repair] = {}
    for row in rows:
        simkl = row.matched.simkl if row.matched is not None else 0
        prior, theirs, change = opening.get(simkl), ratings.get(simkl), on.get((row.key, simkl))
        if prior is None or theirs is None or change is None:
            continue
        now = (theirs.rating, theirs.rated_at)
        if now == (change.after_rating, change.after_at) and now != (prior.rating, prior.rated_at):
            repairs[simkl] = Repair.of(prior, theirs, prior.rating, prior.rated_at)
    if not repairs:
        return
    await repair(at.client, at.journal, at.run, at.clock, list(repairs.values()), at.listen, Size.auto())
    closing = await snapshot(at.client, at.journal)
    if not all(one.done(closing) for one in repairs.values()):
        await at.clock.sleep(LOOK_AGAIN)
        closing = await snapshot(at.client, at.journal, again=True)
    with at.journal.transaction():
        land_repairs(at.journal, at.run, closing.by_simkl)
        if not all(one.done(closing) for one in repairs.values()):
            snapshots.stale_account(at.journal)
