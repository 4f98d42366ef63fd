"""What reading back changes in the resume file: outcomes, landings, bases; and the ratings that must be posted back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from importer.clock import Clock
from importer.journal import account as snapshots
from importer.journal.batches import Change, changes, landed
from importer.journal.items import Known, confirm, rebase, remember
from importer.journal.rows import Result, sent_rows, settle_rows
from importer.journal.store import Journal
from importer.model import Note, Outcome, Precision
from importer.plan.batch import Size
from importer.plan.decide import Rules
from importer.plan.resolve import Resolved
from importer.plan.sides import Base, Remembered, Theirs
from importer.record import Record
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.wire import Outgoing
from importer.steps.landing import Sent
from importer.steps.ledger import AGAIN, is_fresh, known_title
from importer.steps.repair import Repair, land_repairs, repair
from importer.steps.send import Watch
from importer.steps.snapshot import snapshot
from importer.steps.tracing import chain
from importer.steps.verify import LOOK_AGAIN, Verdict, judge_landings, read_back, settled_base

ALIKE = "Simkl gives dates back coarser or shifted alike: a habit of the service, and no finding"

_NOT_TAKEN = (Outcome.NOT_FOUND, Outcome.FAILED)
_LEFT_TO_SIMKL = (Outcome.KEPT, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What settling a run takes. `carried` are the rows, by key, that an earlier part of the run has sent."""

    client: Client
    journal: Journal
    clock: Clock
    watch: Watch
    run: int
    carried: Mapping[str, Record]


async def settle_landings(
    at: Settlement,
    sent: Sequence[Change],
    titles: Mapping[str, Resolved],
    past: Mapping[str, Remembered],
    rules: Rules,
    answered: Mapping[str, Outcome],
) -> str:
    """Read the account back and settle every row of the run that was sent. Return what a person should know, or "".

    `answered` is what the service's answers said, for the keys that have one; what it did not take is settled by that.
    """
    # A base that an earlier part of this run wrote is the answer's: it is no older agreement.
    past = dict(past) | {key: replace(past[key], base=None) for key in at.carried if key in past}
    last: dict[str, Change] = {}
    for change in sent:
        if change.key in titles and answered.get(change.key) not in _NOT_TAKEN:
            last.pop(change.key, None)  # sent again: of two rows on one title the later POST is the one that stays
            last[change.key] = change
    opening = {theirs.simkl: theirs for theirs in snapshots.opening(at.journal, at.run)}
    landings, account = await read_back(
        at.client, at.journal, at.clock, [_sent(change, titles[change.key]) for change in last.values()], opening
    )
    verdicts, habit = judge_landings(landings, titles, opening, rules, past, answered)
    verdicts = [verdict for verdict in verdicts if _is_news(verdict, at.carried.get(verdict.key))]
    _record(at, verdicts, titles, past, sent, opening, account)
    await _post_back(at, opening, account)
    if any(verdict.outcome in (Outcome.UNCONFIRMED, Outcome.PENDING) for verdict in verdicts):
        with at.journal.transaction():
            snapshots.stale_account(at.journal)
    return ALIKE if habit else ""


def _sent(change: Change, title: Resolved) -> Sent:
    item = title.ours.item
    kind = item.kind
    if kind is None or change.after_rating is None:
        raise ValueError(f"{change.key} was never a rating to send")
    outgoing = Outgoing(change.key, kind, item.title, item.year, title.ours.ids, change.after_rating, change.after_at)
    by_id = title.simkl if title.theirs is None else title.theirs.simkl
    return Sent(outgoing, Precision(title.decision.date.precision), by_id)


def _is_news(verdict: Verdict, carried: Record | None) -> bool:
    """Whether a verdict counts, of a row that an earlier part of the run had sent: what was read back then stays, and
    what was applied then and is otherwise now was changed by the person in between.
    """
    if carried is None:
        return True
    if carried.matched is not None:
        return False
    return carried.outcome is not Outcome.APPLIED or verdict.outcome is not Outcome.UNCONFIRMED


def _record(
    at: Settlement, verdicts: Sequence[Verdict], titles: Mapping[str, Resolved], past: Mapping[str, Remembered],
    sent: Sequence[Change], opening: Mapping[int, Theirs], account: Account,
) -> None:  # fmt: skip
    now = int(at.clock.now())
    results: list[Result] = []
    known: list[Known] = []
    agreed: list[tuple[str, Theirs]] = []
    unsettled: list[tuple[str, Base | None]] = []
    there = {verdict.key: verdict.there for verdict in verdicts if verdict.there is not None}
    batches = {change.key: change.batch for change in sent}
    for verdict in verdicts:
        title, before = titles[verdict.key], past.get(verdict.key)
        fresh = is_fresh(before, verdict.outcome) or verdict.note is Note.OTHER_TITLE
        results.append(
            Result(
                title.ours.n, verdict.outcome, verdict.reason, verdict.note, matched=verdict.match, fresh=fresh,
                batch=batches[verdict.key], prior=_prior(verdict, opening),
            )
        )  # fmt: skip
        if verdict.outcome is Outcome.APPLIED and verdict.there is not None:
            agreed.append((verdict.key, verdict.there))
            continue
        again = AGAIN.get(verdict.outcome)
        reason = verdict.reason.value if verdict.reason is not None else None
        simkl = verdict.there.simkl if verdict.there is not None else None
        base = _base(verdict, title)
        if base is None and verdict.outcome is not Outcome.PENDING:
            unsettled.append((verdict.key, before.base if before is not None else None))
        known.append(known_title(title, verdict.outcome, reason, base, simkl, now + again if again else None))
    with at.journal.transaction():
        settle_rows(at.journal, at.run, results)
        confirm(at.journal, agreed)
        remember(at.journal, known)
        rebase(at.journal, unsettled)
        landed(at.journal, chain(sent, there, opening))
        land_repairs(at.journal, at.run, account)
        snapshots.set_unread(at.journal, at.run, unread=False)


def _prior(verdict: Verdict, opening: Mapping[int, Theirs]) -> tuple[int | None, int | None]:
    """What stood, before the run, on the title that a row was read back on: nobody could see it beforehand."""
    before = opening.get(verdict.there.simkl) if verdict.there is not None else None
    return (None, None) if before is None else (before.rating, before.rated_at)


def _base(verdict: Verdict, title: Resolved) -> Base | None:
    """What row and account agree on now, or None where they do not."""
    if verdict.outcome is Outcome.UNCHANGED and verdict.restore is not None:
        return settled_base(title, verdict.restore)
    return None


async def _post_back(at: Settlement, opening: Mapping[int, Theirs], account: Account) -> None:
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
        prior, theirs, change = opening.get(simkl), account.by_simkl.get(simkl), on.get((row.key, simkl))
        if prior is None or theirs is None or change is None:
            continue
        now = (theirs.rating, theirs.rated_at)
        if now == (change.after_rating, change.after_at) and now != (prior.rating, prior.rated_at):
            repairs[simkl] = Repair.of(prior, theirs, prior.rating, prior.rated_at)
    if not repairs:
        return
    await repair(at.client, at.journal, at.run, at.clock, list(repairs.values()), at.watch, Size.auto())
    account = await snapshot(at.client, at.journal)
    if not all(one.done(account) for one in repairs.values()):
        await at.clock.sleep(LOOK_AGAIN)
        account = await snapshot(at.client, at.journal, again=True)
    with at.journal.transaction():
        land_repairs(at.journal, at.run, account)
        if not all(one.done(account) for one in repairs.values()):
            snapshots.stale_account(at.journal)
