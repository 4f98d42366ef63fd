"""A resume file on paper: what the pure functions decide, written into dictionaries instead of tables.

The same events as in the journal: intend, answer, land, take back. It tells nothing by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from importer.journal.change import Answer, Change, Role, State
from importer.journal.landing import Finding
from importer.journal.owed import Debt, Why
from importer.model import DAY, AccountRating, Date, Outcome, Precision, Reason
from importer.plan.believed import believed
from importer.plan.decide import Rules
from importer.plan.resolve import Standing
from importer.plan.rivals import Layer
from importer.plan.sides import Base, Remembered
from importer.readback.appearance import shown_between
from importer.readback.habit import Habit
from importer.readback.known import Opening
from importer.readback.settlement import Settlement, Unsettled
from importer.readback.title import Rival

Place: TypeAlias = tuple[int, int, int]
AGAIN = {Outcome.NOT_FOUND: 7 * DAY, Outcome.UNCONFIRMED: DAY, Outcome.FAILED: DAY}
OPEN = (State.INTENDED, State.ANSWERED)
ON_TITLE = (State.SEEN, State.SETTLED)
NEW = Remembered(outcome=Outcome.PENDING)


@dataclass
class Paper:
    """All that is on record of one account."""

    changes: dict[Place, Change] = field(default_factory=dict)
    undone: dict[Place, int] = field(default_factory=dict)
    debts: dict[int, Debt] = field(default_factory=dict)
    items: dict[str, Remembered] = field(default_factory=dict)
    openings: dict[int, dict[int, tuple[int, int | None]]] = field(default_factory=dict)
    rules: dict[int, Rules] = field(default_factory=dict)
    led: dict[int, int] = field(default_factory=dict)
    wrong: dict[int, int] = field(default_factory=dict)
    misleading: set[tuple[str, int | None]] = field(default_factory=set)
    cleared: dict[int, int] = field(default_factory=dict)
    taken_runs: set[int] = field(default_factory=set)
    habit: Habit | None = None
    runs: int = 0

    def rows(self, *states: State) -> list[Change]:
        """The changes in these states, in sending order."""
        return sorted((one for one in self.changes.values() if one.state in states), key=lambda one: one.order)

    def item(self, key: str) -> Remembered:
        """What is remembered of a key."""
        return self.items.get(key, NEW)

    def note(self, key: str, **fields: object) -> None:
        """Remember something else of a key."""
        self.items[key] = replace(self.item(key), **fields)  # type: ignore[arg-type]

    def put(self, change: Change) -> None:
        """Write a change as it stands now."""
        self.changes[change.run, change.batch, change.n] = change

    # What the pure functions are told

    def remembered(self, rules: Rules) -> dict[str, Remembered]:
        """What is known of the keys, save what a reading kept by other options."""
        last = {one.key: self.rules[one.run] for one in self.rows(*State)}
        other = {key for key, one in last.items() if (one.on_conflict, one.redate) != (rules.on_conflict, rules.redate)}
        return {key: replace(one, kept=None) if key in other else one for key, one in self.items.items()}

    def unsettled(self, rivals: Mapping[int, Sequence[Rival]]) -> Unsettled:
        """All that is open, and what is known around it."""
        open_now = [
            one for one in self.rows(*OPEN, State.SEEN) if one.state is not State.SEEN or one.simkl not in self.debts
        ]
        bases = {key: one.base for key, one in self.items.items() if one.base is not None}
        vague: defaultdict[int, list[Base]] = defaultdict(list)
        for key, base in bases.items():
            simkl, said = self.items[key].simkl, base.said_date
            if simkl is not None and said is not None and not (said.true and said.precision is Precision.SECOND):
                vague[simkl].append(base)
        return Unsettled(
            changes=open_now,
            history=self.history,
            debts=dict(self.debts),
            wrong=self.wrong,
            rules=lambda run: self.rules[run],
            bases=bases,
            believed=lambda theirs: believed(theirs, vague),
            rivals=rivals,
            settled=lambda simkl: [
                Rival(key, base.said_date, 0)
                for key, base in bases.items()
                if self.items[key].simkl == simkl and self.items[key].asked not in self.wrong and base.said_date
            ],
            led=self.led,
            cleared=lambda titles: {title: at for title, at in self.cleared.items() if title in titles},
        )

    def history(self, titles: Collection[int]) -> dict[int, list[Change]]:
        """What was written on titles and is known to have been there."""
        found: defaultdict[int, list[Change]] = defaultdict(list)
        for one in self.rows(*State):
            if one.simkl in titles and one.evidence is not None:
                undone = self.undone.get((one.run, one.batch, one.n))
                found[one.simkl or 0].append(replace(one, undone=undone))
        return dict(found)

    def known_openings(self) -> dict[int, Opening]:
        """The account before each run."""
        return {run: Opening(ratings, whole=True) for run, ratings in self.openings.items()}

    def standing(self, account: Mapping[int, AccountRating]) -> Standing:
        """What a plan knows of titles."""
        lying: defaultdict[int, dict[str, Date]] = defaultdict(dict)
        for key, one in self.items.items():
            here = (Outcome.APPLIED, Outcome.UNCHANGED, Outcome.DUPLICATE)
            said = one.base.said_date if one.base is not None else None
            date = (one.wanted or said) if one.outcome is Outcome.DUPLICATE else (said or one.wanted)
            lies = one.outcome in here or (one.outcome is Outcome.KEPT and one.base is not None)
            if one.simkl is not None and date is not None and lies and one.asked not in self.wrong:
                lying[one.simkl][key] = date
        owed = {
            simkl: None
            if debt.rating is None
            else replace(
                account.get(simkl) or AccountRating(simkl, debt.kind, debt.title, debt.year, (), 1, None),
                rating=debt.rating,
                rated_at=debt.read_at,
            )
            for simkl, debt in self.debts.items()
        }
        return Standing(
            led=self.led,
            wrong=self.wrong,
            owed=owed,
            rivals=lying,
            layers=lambda titles: {
                simkl: [
                    Layer(one.key, one.rating, one.date, shown_between(one, self.habit), one.before)
                    for one in changes
                    if one.state is State.SETTLED and one.rating is not None
                ]
                for simkl, changes in self.history(titles).items()
            },
        )

    # Events

    def supersede(self, run: int, debt: Debt) -> None:
        """A row goes to a title that is owed something: that counts as what stood there before."""
        if debt.why is not Why.WINNER:
            self.openings[run].pop(debt.simkl, None)
            if debt.rating is not None:
                self.openings[run][debt.simkl] = (debt.rating, debt.read_at)
        for place, one in list(self.changes.items()):
            if one.simkl == debt.simkl and (
                one.state is State.SEEN or (place in self.undone and one.state in ON_TITLE)
            ):
                self.put(replace(one, state=State.TAKEN if place in self.undone else State.SETTLED))
        del self.debts[debt.simkl]

    def close_never_arrived(self, key: str, asked: int) -> None:
        """Simkl does not know the title: what was sent of that question without an answer never arrived."""
        for one in self.rows(State.INTENDED):
            if one.key == key and one.question is not None and one.question.number == asked:
                self.put(replace(one, state=State.CLOSED))

    def land(self, settlement: Settlement, now: int) -> None:
        """Write what a reading makes of it all."""
        for change in settlement.changes:
            self.put(change)
            if change.state in ON_TITLE:
                self.taken_runs.discard(change.run)
        for finding in settlement.findings:
            self._land(finding, now)
        for question, simkl in settlement.led:
            self.led[question.number] = simkl
        for question, simkl in settlement.wrong:
            self.wrong[question.number] = simkl
            self.misleading.add((question.title, question.year))
        self.debts.update({debt.simkl: debt for debt in settlement.owed})
        for gone in settlement.gone:
            self._close(gone.debt, paid=gone.paid)
        for debt in settlement.superseded:
            self._lose(debt)

    def _land(self, finding: Finding, now: int) -> None:
        change, outcome = finding.change, finding.outcome
        past = self.item(change.key)
        due = now + AGAIN[outcome] if outcome in AGAIN else None
        if outcome is Outcome.UNCONFIRMED:
            again = change.posted if finding.sends <= 1 else change.posted + DAY
            due = None if finding.final or finding.owing else again
        here = finding.there is not None and change.question is not None and change.question.number == past.asked
        self.note(
            change.key,
            outcome=outcome,
            reason=finding.reason,
            due=due,
            kept=finding.kept,
            base=finding.base or past.base,
            simkl=finding.there.simkl if here and finding.there is not None else past.simkl,
        )

    def _close(self, debt: Debt, *, paid: bool) -> None:
        simkl = debt.simkl
        self.debts.pop(simkl, None)
        mine = [(place, one) for place, one in self.changes.items() if one.simkl == simkl and one.state in ON_TITLE]
        if debt.why is Why.UNDO:
            for place, one in mine:
                if self.undone.get(place) == debt.run:
                    self.put(replace(one, state=State.TAKEN if paid else State.SETTLED))
                    if not paid:  # as if the undo had not begun with it
                        del self.undone[place]
            if paid:
                self._close_overwritten(debt)
                self._rest_on_row_below(debt)
            return
        seen = [one for _, one in mine if one.state is State.SEEN]
        gave = paid and debt.why is Why.GIVE
        stays = [one for one in seen if gave and (one.rating, _shown(one)) == (debt.rating, debt.read_at)]
        goes = [one for one in seen if one not in stays]
        for one in stays:
            self.put(replace(one, state=State.SETTLED))
        if gave:
            self._rest_below((self.changes[place] for place, _ in mine), goes)
        for one in goes:
            self.put(replace(one, state=State.TAKEN if gave else State.SETTLED))
        for one in seen:
            if self.item(one.key).outcome is Outcome.UNCONFIRMED:
                won = one in stays if gave else one.key == debt.key
                outcome, reason = _told(paid, paid and (bool(stays) or debt.why is Why.WINNER), won)
                self.note(one.key, outcome=outcome, reason=reason, due=None)

    def _rest_below(self, settled: Iterable[Change], seen: Sequence[Change]) -> None:
        for one in (one for one in settled if one.state is State.SETTLED):
            for hidden in seen:
                if hidden.order < one.order and one.before == (hidden.rating, _shown(hidden)):
                    self.put(replace(one, before=hidden.before))
                    break

    def _close_overwritten(self, debt: Debt) -> None:
        if debt.tried_at is None:
            return
        for one in self.rows(*OPEN):
            there = self.led.get(one.question.number) if one.question is not None else None
            if one.posted <= debt.tried_at and debt.simkl in (one.simkl, one.sent_simkl, there):
                self.put(replace(one, state=State.CLOSED))
                if self.item(one.key).outcome is Outcome.UNCONFIRMED:
                    self.note(one.key, outcome=Outcome.PENDING, reason=None, due=None)

    def _rest_on_row_below(self, debt: Debt) -> None:
        for one in reversed(self.rows(State.SETTLED)):
            if one.simkl != debt.simkl or one.rating != debt.rating or one.role is not Role.ROW:
                continue
            if one.seen_at == debt.read_at or one.rated_at == debt.store_at:
                past = self.item(one.key)
                if past.simkl == debt.simkl and past.base is None:
                    base = Base(one.rating or 0, one.date, one.rating or 0, debt.read_at)
                    self.note(one.key, base=base)
                return

    def _lose(self, debt: Debt) -> None:
        self.debts.pop(debt.simkl, None)
        for one in self.rows(State.SEEN):
            if one.simkl == debt.simkl:
                self.put(replace(one, state=State.SETTLED))
                if self.item(one.key).outcome is Outcome.UNCONFIRMED:
                    self.note(one.key, outcome=Outcome.DUPLICATE, reason=None, due=None)

    def answered(self, change: Change, answer: Answer) -> None:
        """An answer names a change."""
        closed = answer in (Answer.NOT_FOUND, Answer.REFUSED)
        self.put(replace(change, answer=answer, state=State.CLOSED if closed else State.ANSWERED))


def _told(paid: bool, ours: bool, won: bool) -> tuple[Outcome, Reason | None]:
    """What is said of a row once what its title is owed is paid, with one of ours or with the person's, or is void."""
    if ours:
        return (Outcome.APPLIED if won else Outcome.DUPLICATE), None
    return Outcome.KEPT, Reason.CONFLICT if paid else Reason.CHANGED_ON_SIMKL


def _shown(change: Change) -> int | None:
    return change.seen_at if change.seen_at is not None else change.rated_at
