"""The read-back: what Simkl really stored, told of every row that was sent, and what must be put right again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from importer.clock import Clock
from importer.journal.sent import Sent
from importer.journal.store import Journal
from importer.model import Note, Outcome, Reason
from importer.plan.decide import Rules, decide
from importer.plan.resolve import believed, vague_dates
from importer.plan.sides import Base, Remembered, Theirs
from importer.record import Match
from importer.simkl.account import Account
from importer.simkl.client import Client
from importer.steps.landing import Landing, differing_dates, land
from importer.steps.snapshot import snapshot

LOOK_AGAIN = 10.0
"""Seconds before what is missing is looked for once more: reads may lag behind the write."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading back makes of one row. `restore` is a rating that the rules would have kept, to be posted back.

    `there` is the title it was found on, also where another row's rating stands on it now.
    """

    sent: Sent
    outcome: Outcome
    reason: Reason | None
    note: Note | None
    there: Theirs | None
    restore: Theirs | None

    @property
    def match(self) -> Match | None:
        """The title it was found on."""
        return None if self.there is None else Match(self.there.title, self.there.year, self.there.simkl)


async def read_back(
    client: Client,
    journal: Journal,
    clock: Clock,
    sent: Sequence[Sent],
    opening: Mapping[int, Theirs],
) -> tuple[list[Landing], Account]:
    """Read the account and tell where each rating landed; look once more, a while later, for what is missing."""
    account = await snapshot(client, journal)
    landings = land(sent, opening, account)
    if not all(landing.holds or landing.shared for landing in landings):
        await clock.sleep(LOOK_AGAIN)
        account = await snapshot(client, journal, again=True)
        landings = land(sent, opening, account)
    return landings, account


def judge_landings(
    landings: Sequence[Landing], opening: Mapping[int, Theirs], rules: Rules, remembered: Mapping[str, Remembered]
) -> tuple[list[Verdict], bool]:
    """Turn landings into outcomes. Second: whether all dates came back coarser or shifted alike."""
    dated, habit = differing_dates(landings)
    vague = vague_dates(remembered.values())
    return [_verdict(landing, opening, rules, remembered, vague, dated) for landing in landings], habit


def _verdict(
    landing: Landing, opening: Mapping[int, Theirs], rules: Rules, remembered: Mapping[str, Remembered],
    vague: Mapping[int, Sequence[Base]], dated: set[str],
) -> Verdict:  # fmt: skip
    sent, there = landing.sent, landing.there
    note = Note.OTHER_TITLE if landing.other else Note.SHARED_TITLE if landing.shared else None
    if there is None or not landing.holds:
        if there is not None and landing.shared:
            return Verdict(sent, Outcome.DUPLICATE, None, note, there, None)
        # Nobody answered for it and it is not there: it never arrived, and is to be sent again.
        outcome = Outcome.PENDING if sent.outcome is Outcome.PENDING else Outcome.UNCONFIRMED
        return Verdict(sent, outcome, None, None, None, None)
    unseen = opening.get(there.simkl)
    if unseen is not None and sent.unseen:
        base = remembered[sent.key].base if sent.key in remembered else None
        # Whatever a row says of its date, it says nothing of another title's.
        fair = replace(rules, redate=rules.redate and not landing.other)
        decision = decide(sent, base, unseen, believed(unseen, vague), fair)
        if decision.outcome is not Outcome.PENDING:
            # On another title even an equal rating is that title's own: the row has not found its place.
            reason = decision.reason or (Reason.CONFLICT if landing.other else None)
            return Verdict(sent, Outcome.KEPT if landing.other else decision.outcome, reason, note, there, unseen)
    if note is None and sent.key in dated:
        note = Note.DATE_DIFFERS
    return Verdict(sent, Outcome.APPLIED, None, note, there, None)
