"""One settlement: a reading of the account, and what it makes of every open change and of every debt. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from importer.journal.change import Change, Role, State
from importer.journal.owed import Debt, Why
from importer.model import AccountRating, Note
from importer.plan.names import Names
from importer.readback.appearance import stands
from importer.readback.debts import debt_to, is_behind, is_paid, is_void
from importer.readback.findings import differing_dates, found_ours, found_outdone, found_theirs
from importer.readback.judging import Found, Judgement, judge
from importer.readback.known import Known
from importer.readback.missing import Missing
from importer.readback.naming import as_asked, names_title
from importer.readback.placing import pair_by_name
from importer.readback.settlement import ClosedDebt, Settlement, Unsettled
from importer.readback.title import JudgedTitle


def settle(
    unsettled: Unsettled, placed: list[Change], known: Known, names: Mapping[int, Names], now: int
) -> Settlement:
    """Judge a reading: `placed` are the open changes as found in it, `names` the other names of doubtful titles.

    `placed` is empty afterwards: the changes of a large run are most of the memory, and are held once.
    """
    pair_by_name(placed, known, names)
    return _Bench(unsettled=unsettled, placed=placed, known=known, names=names, now=now).judged()


class _Bench:
    def __init__(
        self, unsettled: Unsettled, placed: list[Change], known: Known, names: Mapping[int, Names], now: int
    ) -> None:
        self._unsettled = unsettled
        self._placed = placed
        self._known = known
        self._names = names
        self._now = now
        self._missing = Missing(placed, now)
        self._out = Settlement()
        groups: defaultdict[int, list[Change]] = defaultdict(list)
        for change in placed:
            if change.simkl is not None and change.evidence is not None:
                groups[change.simkl].append(change)
        self._groups = groups
        touched = {*groups, *unsettled.debts}
        opened = {(change.run, change.batch, change.n) for change in placed}
        self._history = {
            simkl: [one for one in found if (one.run, one.batch, one.n) not in opened]
            for simkl, found in unsettled.history(touched).items()
        }
        self._cleared = unsettled.cleared(touched)
        self._payments = unsettled.payments(unsettled.debts)
        self._last = {change.key: change.order for change in placed}

    def judged(self) -> Settlement:
        debts = dict(self._unsettled.debts)
        for debt in list(debts.values()):
            if self._close_debt(debt):
                del debts[debt.simkl]
        nowhere = [change for change in self._placed if change.simkl is None or change.evidence is None]
        self._placed.clear()
        for simkl in list(self._groups):
            self._judge_title(simkl, self._groups.pop(simkl), debts.get(simkl))
        for change in nowhere:
            self._not_shown(change)
        differing, self._out.alike = differing_dates(self._out.findings)
        if differing:
            self._out.findings = [
                replace(finding, note=Note.DATE_DIFFERS)
                if finding.note is None and finding.change.key in differing
                else finding
                for finding in self._out.findings
            ]
        return self._out

    def _close_debt(self, debt: Debt) -> bool:
        """Close a debt that is paid or void; a title on which something earlier stands stays as it is."""
        known, simkl = self._known, debt.simkl
        theirs = known.account.by_simkl.get(simkl)
        placed, history = self._groups.get(simkl, ()), self._history.get(simkl, ())
        paid = is_paid(debt, theirs, known.habit)
        if paid and is_behind(debt, self._payments.get(simkl), self._now):
            return False
        if paid or is_void(debt, theirs, placed, history, known.openings, known.habit):
            self._out.gone.append(ClosedDebt(debt, paid=paid))
            return True
        return False

    def _judge_title(self, simkl: int, changes: Sequence[Change], debt: Debt | None) -> None:
        unsettled, known = self._unsettled, self._known
        theirs = known.account.by_simkl.get(simkl)
        right = all(self._is_right(change, simkl, theirs) for change in changes)
        judgement = judge(
            JudgedTitle(
                simkl=simkl,
                standing=theirs,
                changes=changes,
                history=self._history.get(simkl, ()),
                openings=known.openings,
                rules=unsettled.rules,
                bases=unsettled.bases,
                believed=unsettled.believed,
                habit=known.habit,
                right=right,
                debt=debt,
                rivals=(*unsettled.rivals.get(simkl, ()), *unsettled.settled(simkl)),
                unsent={rival.key for rival in unsettled.rivals.get(simkl, ())},
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
                    self._not_shown(change)
            case Found.THEIRS:
                self._persons(simkl, changes, theirs, judgement)
                if debt is not None:
                    self._out.gone.append(ClosedDebt(debt, paid=False))

    def _is_right(self, change: Change, simkl: int, theirs: AccountRating | None) -> bool:
        question = change.question
        if question is None or change.sent_simkl == simkl:
            return True
        if self._unsettled.wrong.get(question.number) == simkl:
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
        known, winner = self._known, judgement.winner
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
            seen_at = theirs.rated_at if theirs is not None and stands(change, theirs, known.habit) else None
            now = change.judged(state, judgement.befores.get(change.run), seen_at)
            self._seen(now, simkl, theirs)
            if self._last[change.key] == change.order:
                note = self._note(change, simkl, theirs, shared=shared)
                self._tell_ours(now, winner, judgement, theirs, note, owing=owing)
        if winner not in changes:  # it is owed to the title since an earlier reading
            self._out.changes.append(replace(winner, state=state))
            note = self._note(winner, simkl, theirs, shared=True)
            self._tell_ours(winner, winner, judgement, theirs, note, owing=owing)
        if winner.key and others and judgement.wins:
            self._lose_others(simkl, winner, others, theirs)
        if judgement.wins:
            self._out.outdone += [rival.key for rival in self._unsettled.rivals.get(simkl, ()) if rival.key not in keys]
        if debt is not None and debt.why is Why.UNDO:
            return  # what undo wants lies deeper: it takes the new changes along
        if owing:
            earlier = self._unsettled.debts.get(simkl)
            self._out.owed.append(debt_to(_named(winner, simkl, theirs), changes, judgement, earlier, known.habit))
        elif debt is not None:
            self._out.superseded.append(debt)

    def _tell_ours(
        self,
        change: Change,
        winner: Change,
        judgement: Judgement,
        theirs: AccountRating | None,
        note: Note | None,
        *,
        owing: bool,
    ) -> None:
        question = change.question
        known = question is not None and self._unsettled.wrong.get(question.number) == change.simkl
        self._out.findings.append(found_ours(change, winner, judgement, theirs, note, owing=owing, known=known))

    def _lose_others(self, simkl: int, winner: Change, others: Collection[str], theirs: AccountRating | None) -> None:
        """Rows that an earlier part of the run had sent to this title and settled lost to the one that came after."""
        for key in others:
            mine = [one for one in self._history[simkl] if one.key == key and one.run == winner.run]
            note = self._note(mine[-1], simkl, theirs, shared=True)
            self._out.findings.append(found_outdone(mine[-1], theirs, mine[-1].before, note))

    def _overwritten(
        self, simkl: int, changes: Sequence[Change], theirs: AccountRating | None, judgement: Judgement
    ) -> None:
        """A later write of ours stands there: what was answered was seen, and overwritten by ourselves."""
        for change in changes:
            if change.answer is None:
                self._not_shown(change)
                continue
            now = replace(change, state=State.SETTLED, before=judgement.befores.get(change.run))
            self._seen(now, simkl, theirs)
            if self._last[change.key] == change.order:
                note = self._note(change, simkl, theirs, shared=True)
                self._out.findings.append(found_outdone(now, theirs, judgement.prior, note))

    def _persons(
        self, simkl: int, changes: Sequence[Change], theirs: AccountRating | None, judgement: Judgement
    ) -> None:
        """Something stands there that was never ours and never stood there before: the person changed it since."""
        for change in changes:
            now = replace(change, state=State.CLOSED, before=judgement.befores.get(change.run))
            self._seen(now, simkl, theirs)
            if self._last[change.key] == change.order:
                note = self._note(change, simkl, theirs, shared=False)
                self._out.findings.append(found_theirs(now, theirs, judgement.prior, note))

    def _seen(self, change: Change, simkl: int, theirs: AccountRating | None) -> None:
        self._out.changes.append(change)
        if change.question is not None and change.question.number:
            self._out.led.append((change.question, simkl))
            if not self._is_right(change, simkl, theirs):
                self._out.wrong.append((change.question, simkl))

    def _not_shown(self, change: Change) -> None:
        """A change that the reading does not show: never arrived where nobody answered for it, else unconfirmed."""
        closed = self._missing.closed(change)
        if closed is not None:
            self._out.changes.append(closed)
        else:
            self._out.lost.append(change)
        if self._last[change.key] == change.order:
            self._out.findings.append(self._missing.found(change))


def _named(change: Change, simkl: int, theirs: AccountRating | None) -> AccountRating:
    """Return a title as the account names it, else as it was asked for."""
    question = change.question
    if theirs is not None:
        return theirs
    if question is None:
        raise ValueError(f"nobody knows what title {simkl} is")
    return as_asked(question, simkl, 0, None)
