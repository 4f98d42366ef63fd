"""One settlement: a reading of the account, and what it makes of every open change and of every debt. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from importer.journal.change import Answer, Change, Evidence, Role, State
from importer.journal.owed import Debt, DebtState, Why
from importer.model import DAY, AccountRating, Note, Outcome, Reason
from importer.plan.names import Names
from importer.plan.sides import Base
from importer.readback.books import Books, ClosedDebt, Finding, Settlement
from importer.readback.habit import Habit, agrees, learn
from importer.readback.judging import Found, Judgement, is_earlier, judge
from importer.readback.matching import Known, date_fits, names_title, stands
from importer.readback.placing import pair_by_name
from importer.readback.title import Title

EXPIRES = 30 * DAY
"""Seconds after which a change that was answered and never seen is closed for good."""

LAG = 60
"""Seconds that a reading may lag behind a write: so soon after one whose answer was lost, what it does not show may
have arrived all the same.
"""

MOST_SENDS = 4
"""Answered sends of one question and rating after which it is not sent again: once, and three times more."""


def settle(books: Books, placed: list[Change], known: Known, names: Mapping[int, Names], now: int) -> Settlement:
    """Judge a reading: `placed` are the open changes as found in it, `names` the other names of doubtful titles.

    `placed` is empty afterwards: the changes of a large run are most of the memory, and are held once.
    """
    pair_by_name(placed, known, names)
    return _Bench(books, placed, known, names, now).judged()


class _Bench:
    def __init__(self, books: Books, placed: list[Change], known: Known, names: Mapping[int, Names], now: int) -> None:
        self._books = books
        self._placed = placed
        self._known = known
        self._names = names
        self._now = now
        self._out = Settlement()
        groups: defaultdict[int, list[Change]] = defaultdict(list)
        for change in placed:
            if change.simkl is not None and change.evidence is not None:
                groups[change.simkl].append(change)
        self._groups = groups
        touched = {*groups, *books.debts}
        opened = {(change.run, change.batch, change.n) for change in placed}
        self._history = {
            simkl: [one for one in found if (one.run, one.batch, one.n) not in opened]
            for simkl, found in books.history(touched).items()
        }
        self._cleared = books.cleared(touched)
        self._last = {change.key: change.order for change in placed}
        self._sends = Counter(_send(change) for change in placed if change.answer in (Answer.ADDED, Answer.UNNAMED))
        # What a key sent before, and sends no more, is given up together with what it sent last.
        self._given_up = {
            change.key
            for change in placed
            if self._last[change.key] == change.order and self._sends[_send(change)] >= MOST_SENDS
        }

    def judged(self) -> Settlement:
        debts = dict(self._books.debts)
        for debt in list(debts.values()):
            if self._close_debt(debt):
                del debts[debt.simkl]
        nowhere = [change for change in self._placed if change.simkl is None or change.evidence is None]
        self._placed.clear()
        for simkl in list(self._groups):
            self._judge_title(simkl, self._groups.pop(simkl), debts.get(simkl))
        for change in nowhere:
            self._missing(change)
        differing, self._out.alike = differing_dates(self._out.findings)
        if differing:
            self._out.findings = [
                replace(finding, note=Note.DATE_DIFFERS)
                if finding.note is None and finding.change.key in differing
                else finding
                for finding in self._out.findings
            ]
        return self._out

    # Debts

    def _close_debt(self, debt: Debt) -> bool:
        """Close a debt that is paid or void; a title on which something earlier stands stays as it is."""
        theirs = self._known.account.by_simkl.get(debt.simkl)
        if is_paid(debt, theirs, self._known.habit):
            self._out.gone.append(ClosedDebt(debt, paid=True))
            return True
        if self._is_ours(debt, theirs):
            return False
        everything = [*self._history.get(debt.simkl, ()), *self._groups.get(debt.simkl, ())]
        if is_earlier(theirs, everything, self._known.openings, self._known.habit):
            return False
        self._out.gone.append(ClosedDebt(debt, paid=False))
        return True

    def _is_ours(self, debt: Debt, theirs: AccountRating | None) -> bool:
        habit = self._known.habit
        if any(stands(change, theirs, habit) for change in self._groups.get(debt.simkl, ()) if change.written):
            return True
        return any(
            change.written and change.order >= debt.since and stands(change, theirs, habit)
            for change in self._history.get(debt.simkl, ())
        )

    # Titles

    def _judge_title(self, simkl: int, changes: Sequence[Change], debt: Debt | None) -> None:
        books, known = self._books, self._known
        theirs = known.account.by_simkl.get(simkl)
        right = all(self._is_right(change, simkl, theirs) for change in changes)
        judgement = judge(
            Title(
                simkl=simkl,
                standing=theirs,
                changes=changes,
                history=self._history.get(simkl, ()),
                openings=known.openings,
                rules=books.rules,
                bases=books.bases,
                believed=books.believed,
                habit=known.habit,
                right=right,
                debt=debt,
                rivals=(*books.rivals.get(simkl, ()), *books.settled(simkl)),
                cleared=self._cleared.get(simkl),
            )
        )
        match judgement.found:
            case Found.OURS:
                self._ours(simkl, changes, theirs, judgement, debt)
            case Found.LATER:
                self._overwritten(simkl, changes, theirs, judgement)
            case Found.STALE:
                for change in changes:
                    self._missing(change)
            case Found.THEIRS:
                self._persons(simkl, changes, theirs, judgement)
                if debt is not None:
                    self._out.gone.append(ClosedDebt(debt, paid=False))

    def _is_right(self, change: Change, simkl: int, theirs: AccountRating | None) -> bool:
        question = change.question
        if question is None or change.sent_simkl == simkl:
            return True
        if self._books.wrong.get(question.number) == simkl:
            return False
        return names_title(question, simkl, theirs, self._names.get(simkl))

    def _note(self, change: Change, simkl: int, theirs: AccountRating | None, *, shared: bool) -> Note | None:
        if not self._is_right(change, simkl, theirs):
            return Note.OTHER_TITLE
        return Note.SHARED_TITLE if shared else None

    def _ours(
        self,
        simkl: int,
        changes: Sequence[Change],
        theirs: AccountRating | None,
        judgement: Judgement,
        debt: Debt | None,
    ) -> None:
        winner = judgement.winner
        if winner is None:
            raise ValueError(f"nothing was sent to title {simkl}")
        owing = not judgement.equal
        keys = {change.key for change in changes}
        others = {
            one.key
            for one in self._history.get(simkl, ())
            if one.role is Role.ROW
            and one.key not in keys
            and one.run == winner.run
            and one.state in (State.SEEN, State.SETTLED)
        }
        shared = len(keys) + len(others) > 1
        state = State.SEEN if owing or debt is not None else State.SETTLED
        for change in changes:
            seen_at = theirs.rated_at if theirs is not None and stands(change, theirs, self._known.habit) else None
            now = change.judged(state, judgement.befores.get(change.run), seen_at)
            self._seen(now, simkl, theirs)
            if self._last[change.key] == change.order:
                note = self._note(change, simkl, theirs, shared=shared)
                self._out.findings.append(self._row(now, winner, judgement, theirs, note, owing=owing))
        if winner not in changes:  # it is owed to the title since an earlier reading
            self._out.changes.append(replace(winner, state=state))
            note = self._note(winner, simkl, theirs, shared=True)
            self._out.findings.append(self._row(winner, winner, judgement, theirs, note, owing=owing))
        if winner.key and others and judgement.wins:
            self._lose_others(simkl, winner, others, theirs)
        if judgement.wins:
            self._out.outdone += [rival.key for rival in self._books.rivals.get(simkl, ()) if rival.key not in keys]
        if debt is not None and debt.why is Why.UNDO:
            return  # what undo wants lies deeper: it takes the new changes along
        if owing:
            self._owe(simkl, changes, theirs, judgement, winner)
        elif debt is not None:
            self._out.superseded.append(debt)

    def _row(
        self,
        change: Change,
        winner: Change,
        judgement: Judgement,
        theirs: AccountRating | None,
        note: Note | None,
        *,
        owing: bool,
    ) -> Finding:
        prior, want = judgement.prior, judgement.want
        said = (want, change.rating or 0, change.rated_at or 0)
        if change.key == winner.key and judgement.wins:
            base = Base(change.rating or 0, change.date, change.rating or 0, want[1] if want is not None else None)
            outcome = Outcome.UNCONFIRMED if owing else Outcome.APPLIED
            return Finding(
                change=change,
                outcome=outcome,
                reason=None,
                note=note,
                there=theirs,
                prior=prior,
                base=base,
                owing=owing,
                known=self._is_known(change),
            )
        if change.key != winner.key or judgement.outcome is Outcome.DUPLICATE:
            # The loser of two rows on one title; where neither wins, both are kept.
            kept = not judgement.wins and judgement.outcome is Outcome.KEPT
            outcome = Outcome.KEPT if kept else Outcome.DUPLICATE
            reason = (judgement.reason or Reason.CONFLICT) if kept else None
            return Finding(
                change=change,
                outcome=outcome,
                reason=reason,
                note=note,
                there=theirs,
                prior=prior,
                base=None,
                kept=said,
                known=self._is_known(change),
            )
        other = note is Note.OTHER_TITLE
        reason = judgement.reason or (Reason.CONFLICT if other else None)
        # On another title even an equal rating is that title's own: the row has not found its place.
        outcome = Outcome.KEPT if other else judgement.outcome
        agreed: Base | None = None
        if outcome is Outcome.UNCHANGED and prior is not None:
            agreed = Base(change.rating or 0, change.date, prior[0], prior[1])
        if owing:
            outcome = Outcome.UNCONFIRMED
        return Finding(
            change=change,
            outcome=outcome,
            reason=reason,
            note=note,
            there=theirs,
            prior=prior,
            base=agreed,
            kept=said,
            owing=owing,
            known=self._is_known(change),
        )

    def _is_known(self, change: Change) -> bool:
        return change.question is not None and self._books.wrong.get(change.question.number) == change.simkl

    def _lose_others(self, simkl: int, winner: Change, others: Collection[str], theirs: AccountRating | None) -> None:
        """Rows that an earlier part of the run had sent to this title and settled lost to the one that came after."""
        for key in others:
            mine = [one for one in self._history[simkl] if one.key == key and one.run == winner.run]
            self._out.findings.append(
                Finding(
                    change=mine[-1],
                    outcome=Outcome.DUPLICATE,
                    reason=None,
                    note=self._note(mine[-1], simkl, theirs, shared=True),
                    there=theirs,
                    prior=mine[-1].before,
                )
            )

    def _owe(
        self, simkl: int, changes: Sequence[Change], theirs: AccountRating | None, judgement: Judgement, winner: Change
    ) -> None:
        earlier = self._books.debts.get(simkl)
        want, habit = judgement.want, self._known.habit
        read_at = want[1] if want is not None else None
        stays = judgement.stays
        if stays is not None:
            store_at = stays.rated_at
        else:
            store_at = habit.stored(read_at) if habit is not None and read_at is not None else read_at
        question = winner.question
        named = theirs or (
            question
            and AccountRating(
                simkl=simkl,
                kind=question.kind,
                title=question.title,
                year=question.year,
                ids=question.ids,
                rating=0,
                rated_at=None,
            )
        )
        if named is None:
            raise ValueError(f"nobody knows what title {simkl} is")
        again = earlier is not None and (earlier.rating, earlier.read_at) == (want[0] if want else None, read_at)
        self._out.owed.append(
            Debt(
                simkl=simkl,
                kind=named.kind,
                title=named.title,
                year=named.year,
                rating=want[0] if want is not None else None,
                read_at=read_at,
                store_at=store_at,
                why=Why.GIVE if stays is None else Why.WINNER,
                state=earlier.state if earlier is not None and again else DebtState.DUE,
                key=(stays or winner).key,
                run=(stays or winner).run,
                since=min(changes[0].order, earlier.since if earlier is not None else changes[0].order),
                upto=max(change.order for change in changes),
                tries=earlier.tries if earlier is not None and again else 0,
                tried_at=earlier.tried_at if earlier is not None else None,
            )
        )

    def _overwritten(
        self, simkl: int, changes: Sequence[Change], theirs: AccountRating | None, judgement: Judgement
    ) -> None:
        """A later write of ours stands there: what was answered was seen, and overwritten by ourselves."""
        for change in changes:
            if change.answer is None:
                self._missing(change)
                continue
            now = replace(change, state=State.SETTLED, before=judgement.befores.get(change.run))
            self._seen(now, simkl, theirs)
            if self._last[change.key] == change.order:
                note = self._note(change, simkl, theirs, shared=True)
                self._out.findings.append(
                    Finding(
                        change=now,
                        outcome=Outcome.DUPLICATE,
                        reason=None,
                        note=note,
                        there=theirs,
                        prior=judgement.prior,
                    )
                )

    def _persons(
        self, simkl: int, changes: Sequence[Change], theirs: AccountRating | None, judgement: Judgement
    ) -> None:
        """Something stands there that was never ours and never stood there before: the person changed it since."""
        for change in changes:
            now = replace(change, state=State.CLOSED, before=judgement.befores.get(change.run))
            self._seen(now, simkl, theirs)
            if self._last[change.key] == change.order:
                # What was sent is the base, so that the next run tells truly that the person changed it.
                base = Base(change.rating or 0, change.date, change.rating or 0, change.rated_at)
                note = self._note(change, simkl, theirs, shared=False)
                self._out.findings.append(
                    Finding(
                        change=now,
                        outcome=Outcome.KEPT,
                        reason=Reason.CHANGED_ON_SIMKL,
                        note=note,
                        there=theirs,
                        prior=judgement.prior,
                        base=base,
                    )
                )

    def _seen(self, change: Change, simkl: int, theirs: AccountRating | None) -> None:
        self._out.changes.append(change)
        if change.question is not None and change.question.number:
            self._out.led.append((change.question, simkl))
            if not self._is_right(change, simkl, theirs):
                self._out.wrong.append((change.question, simkl))

    # What is nowhere

    def _missing(self, change: Change) -> None:
        """A change that the reading does not show: never arrived where nobody answered for it, else unconfirmed."""
        last = self._last[change.key] == change.order
        on_title = change.simkl is not None and change.evidence is not None
        expired = self._now - change.posted > EXPIRES or change.key in self._given_up
        if change.answer is None:
            if on_title and change.evidence is not Evidence.MOMENT and self._now - change.posted > LAG:
                self._out.changes.append(replace(change, state=State.CLOSED))
            elif expired:  # were it left open, it would be told as pending, and sent without end
                self._out.changes.append(replace(change, state=State.CLOSED, simkl=None, evidence=None))
            else:
                self._out.lost.append(change)
            if last:
                self._out.findings.append(Finding(change, Outcome.PENDING))
            return
        if expired:
            self._out.changes.append(replace(change, state=State.CLOSED, simkl=None, evidence=None))
        else:
            self._out.lost.append(change)
        if last:
            self._out.findings.append(
                Finding(change, Outcome.UNCONFIRMED, final=expired, sends=self._sends[_send(change)])
            )


def differing_dates(findings: Sequence[Finding]) -> tuple[set[str], bool]:
    """The rows whose date came back otherwise than sent, and whether all of them are one and the same habit of the
    service (coarser, or shifted by so many hours), which is one note and no finding of any row.
    """
    differing: list[tuple[str, int, int]] = []
    for finding in findings:
        there, change = finding.there, finding.change
        if finding.outcome is not Outcome.APPLIED or there is None or there.rated_at is None or change.rated_at is None:
            continue
        if there.rating == change.rating and not date_fits(change, there.rated_at):
            differing.append((change.key, change.rated_at, there.rated_at))
    alike = learn((sent, back) for _, sent, back in differing) is not None
    return (set() if alike else {key for key, _, _ in differing}), alike


def _send(change: Change) -> tuple[int, int | None]:
    return change.question.number if change.question is not None else 0, change.rating


def is_paid(debt: Debt, theirs: AccountRating | None, habit: Habit | None) -> bool:
    """Whether a reading shows what a title is owed: the rating, and its date as far as it shows one."""
    if theirs is None or debt.rating is None:
        return theirs is None and debt.rating is None
    if theirs.rating != debt.rating:
        return False
    if theirs.rated_at is None or debt.read_at is None or theirs.rated_at == debt.read_at:
        return True
    if debt.store_at is None:
        return False
    if habit is None:  # what was sent for it may come back otherwise, and nobody knows how yet
        return debt.tried_at is not None and agrees(debt.store_at, theirs.rated_at, None)
    return habit.shown(debt.store_at) == theirs.rated_at
