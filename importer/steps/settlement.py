"""What reading back changes in the resume file: outcomes, landings, bases; and the ratings that must be posted back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.clock import Clock
from importer.journal import account as snapshots
from importer.journal.batches import Change, Landed, landed
from importer.journal.items import Known, remember
from importer.journal.rows import Result, settle_rows
from importer.journal.store import Journal
from importer.model import Note, Outcome, Precision
from importer.plan.batch import Size
from importer.plan.decide import Rules
from importer.plan.resolve import Resolved
from importer.plan.sides import Base, Remembered, Theirs
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.simkl.wire import Outgoing
from importer.steps.landing import Sent
from importer.steps.ledger import AGAIN, is_fresh, known_title
from importer.steps.repair import Repair, repair
from importer.steps.send import Watch
from importer.steps.snapshot import snapshot
from importer.steps.verify import Verdict, judge_landings, read_back, settled_base

ALIKE = "Simkl gives dates back coarser or shifted alike: a habit of the service, and no finding"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What settling a run takes."""

    client: Client
    journal: Journal
    clock: Clock
    watch: Watch
    run: int


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
    settled = {key for key, outcome in answered.items() if outcome in (Outcome.NOT_FOUND, Outcome.FAILED)}
    answers = {change.key: change for change in sent if change.key in titles and change.key not in settled}
    opening = {theirs.simkl: theirs for theirs in snapshots.opening(at.journal, at.run)}
    landings, account = await read_back(
        at.client, at.journal, at.clock, [_sent(change, titles[change.key]) for change in answers.values()], opening
    )
    verdicts, habit = judge_landings(landings, titles, opening, rules, past, answered)
    _record(at, verdicts, titles, past, sent, opening)
    restored = [verdict for verdict in verdicts if verdict.restore is not None]
    if restored:
        await _post_back(at, restored, account)
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


def _record(
    at: Settlement, verdicts: Sequence[Verdict], titles: Mapping[str, Resolved], past: Mapping[str, Remembered],
    sent: Sequence[Change], opening: Mapping[int, Theirs],
) -> None:  # fmt: skip
    now = int(at.clock.now())
    results: list[Result] = []
    known: list[Known] = []
    batches = batches_of(sent)
    places: list[Landed] = []
    for verdict in verdicts:
        title = titles[verdict.key]
        fresh = is_fresh(past.get(verdict.key), verdict.outcome) or verdict.note is Note.OTHER_TITLE
        results.append(
            Result(
                title.ours.n, verdict.outcome, verdict.reason, verdict.note, matched=verdict.match, fresh=fresh,
                batch=batches[verdict.key][-1],
            )
        )  # fmt: skip
        again = AGAIN.get(verdict.outcome)
        there = verdict.there
        base: Base | None = None
        if there is not None and verdict.outcome is Outcome.APPLIED:
            base = settled_base(title, there)
        elif there is not None and verdict.outcome is Outcome.UNCHANGED and verdict.restore is not None:
            base = Base(title.ours.rating, title.decision.date, verdict.restore.rating, verdict.restore.rated_at)
        reason = verdict.reason.value if verdict.reason is not None else None
        simkl = there.simkl if there is not None else None
        known.append(known_title(title, verdict.outcome, reason, base, simkl, now + again if again else None))
        if there is not None and verdict.outcome is not Outcome.DUPLICATE:
            before = opening.get(there.simkl)
            rating, rated_at = (before.rating, before.rated_at) if before is not None else (None, None)
            places.extend(
                Landed(at.run, batch, verdict.key, there.simkl, there.rated_at, rating, rated_at)
                for batch in batches[verdict.key]
            )
    with at.journal.transaction():
        settle_rows(at.journal, at.run, results)
        remember(at.journal, known)
        landed(at.journal, places)


def batches_of(sent: Sequence[Change]) -> Mapping[str, list[int]]:
    """The batches that each key went in, the last one last."""
    batches: defaultdict[str, list[int]] = defaultdict(list)
    for change in sent:
        batches[change.key].append(change.batch)
    return batches


async def _post_back(at: Settlement, verdicts: Sequence[Verdict], account: Account) -> None:
    """Give titles that a row landed on unseen the rating that the rules would have kept, with its date."""
    repairs = [
        Repair(
            f"simkl:{prior.simkl}", prior.simkl, prior.kind, prior.title, prior.year, prior.ids,
            account.by_simkl.get(prior.simkl), prior.rating, prior.rated_at,
        )
        for verdict in verdicts
        if (prior := verdict.restore) is not None
    ]  # fmt: skip
    await repair(at.client, at.journal, at.run, at.clock, repairs, at.watch, Size.auto())
    await snapshot(at.client, at.journal)
