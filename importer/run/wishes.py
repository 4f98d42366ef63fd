"""The titles of an undo: what stands on each, what it is to have again, and how that is owed and reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from importer.journal.change import Change
from importer.journal.changes import undoable_changes
from importer.journal.owed import Debt, DebtState, Why
from importer.journal.store import Journal
from importer.model import AccountRating, Ids, Kind, Outcome, Precision, value
from importer.readback.habit import Habit
from importer.readback.restoring import Verdict, Wish, wish_for
from importer.record import Match, Record, TakenBack
from importer.run.scope import Scope
from importer.simkl.account import Account


@value
class UndoneTitle:
    """One title of an undo: its changes in scope, what stands there now, and what it is to have again."""

    simkl: int
    kind: Kind
    name: str
    year: int | None
    ids: Ids
    changes: tuple[Change, ...]
    theirs: AccountRating | None
    wish: Wish

    @property
    def due(self) -> bool:
        """Tell whether something is to be sent for it."""
        return self.wish.verdict is Verdict.TAKE_BACK


def titles_to_take_back(
    journal: Journal, scope: Scope, chosen: Sequence[Change], account: Account, habit: Habit | None
) -> list[UndoneTitle]:
    """Group changes by title, and tell what each title is to have again."""
    groups = _by_title(chosen)
    beside: dict[int, list[Change]] = {}
    if scope.keys:  # rows beside those that are named stay, and so does what they say of the title
        beside = _by_title(one for one in undoable_changes(journal) if one.simkl in groups and not scope.has(one.key))
    titles: list[UndoneTitle] = []
    for simkl, changes in groups.items():
        theirs = account.by_simkl.get(simkl)
        wish = wish_for(changes, beside.get(simkl, ()), theirs, habit, force=scope.force)
        titles.append(_title(simkl, changes, theirs, wish))
    return titles


def titles_taken_back(taken: Sequence[Change], account: Account) -> list[UndoneTitle]:
    """Group changes that are taken back by now: their titles have what they should, and may still be on a list."""
    found: list[UndoneTitle] = []
    for simkl, changes in _by_title(sorted(taken, key=lambda change: change.order)).items():
        theirs = account.by_simkl.get(simkl)
        now = None if theirs is None else (theirs.rating, theirs.rated_at)
        found.append(_title(simkl, changes, theirs, Wish(Verdict.UNCHANGED, now, ())))
    return found


def _by_title(changes: Iterable[Change]) -> dict[int, list[Change]]:
    groups: defaultdict[int, list[Change]] = defaultdict(list)
    for change in changes:
        if change.simkl is not None:
            groups[change.simkl].append(change)
    return groups


def _title(simkl: int, changes: Sequence[Change], theirs: AccountRating | None, wish: Wish) -> UndoneTitle:
    question = changes[-1].question
    kind: Kind = Kind.MOVIE
    name, year, ids = "", None, ()  # type: str, int | None, Ids
    if theirs is not None:
        kind, name, year, ids = theirs.kind, theirs.title, theirs.year, theirs.ids
    elif question is not None:
        kind, name, year, ids = question.kind, question.title, question.year, question.ids
    return UndoneTitle(
        simkl=simkl, kind=kind, name=name, year=year, ids=ids, changes=tuple(changes), theirs=theirs, wish=wish
    )


def debt_of(title: UndoneTitle, undo: int, store_at: int | None) -> Debt:
    """Return what a title is owed once the undo has begun with it; `store_at` is the date to send for that."""
    want = title.wish.want
    read_at = want[1] if want is not None else None
    return Debt(
        simkl=title.simkl,
        kind=title.kind,
        title=title.name,
        year=title.year,
        rating=want[0] if want is not None else None,
        read_at=read_at,
        store_at=store_at,
        why=Why.UNDO,
        state=DebtState.DUE,
        key="",
        run=undo,
        since=title.changes[0].order,
        upto=title.changes[-1].order,
    )


def record_of(title: UndoneTitle, outcome: TakenBack | Outcome) -> Record:
    """Return a title of an undo as reports show it: what stood there, and what it is to have again."""
    want, theirs = title.wish.want, title.theirs
    last = title.changes[-1]
    return Record(
        source=last.key.partition(":")[0],
        file="",
        line=0,
        key=last.key,
        kind=title.kind,
        title=title.name,
        year=title.year,
        ids=title.ids,
        source_rating="",
        rating=want[0] if want is not None else None,
        rated_at=want[1] if want is not None else None,
        date_from=None,
        precision=Precision.SECOND,
        outcome=outcome,
        prior_rating=theirs.rating if theirs is not None else None,
        prior_rated_at=theirs.rated_at if theirs is not None else None,
        matched=Match(title.name, title.year, title.simkl),
    )
