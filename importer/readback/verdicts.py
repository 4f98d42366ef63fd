"""The read-back: what Simkl really stored, told of every row that was sent, and what must be put right again. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from importer.journal.sent import Sent
from importer.model import Note, Outcome, Reason
from importer.plan.decide import Rules, decide
from importer.plan.resolve import believed, vague_dates
from importer.plan.sides import Base, Remembered, Theirs
from importer.readback.matching import Landing, differing_dates
from importer.record import Match

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
        outcome = Outcome.UNCONFIRMED if sent.answered else Outcome.PENDING
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
