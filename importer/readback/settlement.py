"""A settlement: what is on record of all that is open, and what a reading makes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from importer.journal.change import Change, Question
from importer.journal.landing import Finding
from importer.journal.owed import Debt
from importer.model import AccountRating, Date, value
from importer.plan.decide import Rules
from importer.plan.sides import Base
from importer.readback.title import Rival


@value
class Unsettled:
    """What is on record of all that is open: changes in sending order, what we wrote before on titles, debts.

    `history` may be asked for any title. `bases` are those of the keys as they were last settled; `settled` are the
    rows that lie on a title by that, `rivals` those of this call that were not sent. `cleared` tells of titles
    when a payment of ours took the rating away last, `payments` what was paid to them last.
    """

    changes: list[Change]
    history: Callable[[Collection[int]], Mapping[int, Sequence[Change]]]
    debts: Mapping[int, Debt]
    wrong: Mapping[int, int]
    rules: Callable[[int], Rules]
    bases: Mapping[str, Base]
    believed: Callable[[AccountRating], Date | None]
    rivals: Mapping[int, Sequence[Rival]] = field(default_factory=dict)
    settled: Callable[[int], Sequence[Rival]] = lambda _: ()
    led: Mapping[int, int] = field(default_factory=dict)
    cleared: Callable[[Collection[int]], Mapping[int, int]] = lambda _: {}
    payments: Callable[[Collection[int]], Mapping[int, Change]] = lambda _: {}


@value
class ClosedDebt:
    """A debt that is no more: `paid` where the account shows it, else something of the person's stands there."""

    debt: Debt
    paid: bool


@dataclass(slots=True)
class Settlement:
    """What a reading makes of it all: changes as they stand now, findings by row, debts made and debts gone.

    `superseded` are debts of titles that have what they should by now, without having been paid: a later row won.
    `led` and `wrong` are the questions that were found on a title. `lost` are the changes that are nowhere.
    `outdone` are the keys of this call that were not sent, since their title had their rating or was kept, and that
    lost it to a row that was. `alike` tells that dates come back coarser or shifted, all of them alike.
    """

    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    owed: list[Debt] = field(default_factory=list)
    gone: list[ClosedDebt] = field(default_factory=list)
    superseded: list[Debt] = field(default_factory=list)
    led: list[tuple[Question, int]] = field(default_factory=list)
    wrong: list[tuple[Question, int]] = field(default_factory=list)
    lost: list[Change] = field(default_factory=list)
    outdone: list[str] = field(default_factory=list)
    alike: bool = False

    @property
    def complete(self) -> bool:
        """Tell whether every change was found, so that no second look is worth it."""
        return not self.lost and not self.owed
