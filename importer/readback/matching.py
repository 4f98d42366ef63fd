"""On which title each change is found, when the account is read: the surest evidence first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from importer.identity import same_title
from importer.journal.change import Answer, Change, Evidence, State
from importer.model import DAY, AccountRating
from importer.readback.appearance import stands
from importer.readback.known import Known
from importer.readback.naming import identity_of, names_title

_Way: TypeAlias = Callable[[Change, AccountRating], bool]

History: TypeAlias = Callable[[Collection[int]], Mapping[int, Sequence[Change]]]
"""Tells of titles what we wrote there before."""


def _nothing_written(_: Collection[int]) -> Mapping[int, Sequence[Change]]:
    return {}


def place_changes(changes: Sequence[Change], known: Known, history: History = _nothing_written) -> list[Change]:
    """Return the changes, given in sending order, each on its title as far as it is found on one. `history` tells of
    titles what was written there before, and is on record.
    """
    return _Search(changes, known, history).placed()


def unclear_titles(placed: Sequence[Change], known: Known) -> list[int]:
    """Return the titles on which changes that were found nowhere may be: their other names and ids would tell."""
    return _Search(placed, known).unclear()


class _Search:
    def __init__(self, changes: Sequence[Change], known: Known, history: History = _nothing_written) -> None:
        self._changes = list(changes)
        self._known = known
        self._history = history
        self._settled: dict[int, int] = {}
        self._named: dict[int, int] = {}
        self._claimed: set[int] = set(known.claimed)

    def placed(self) -> list[Change]:
        lost: list[int] = []
        for i, change in enumerate(self._changes):
            if not self._by_identity(i, change):
                lost.append(i)
        if lost:
            lost = self._by_same_question(lost)
        if lost:
            self._by_what_changed(lost)
            lost = self._by_same_question(lost)
            for i in lost:  # something else stands on the title of its name
                if self._changes[i].simkl is None and i in self._named:
                    self._put(i, self._named[i], Evidence.NAME)
            self._by_same_question(lost)
        return self._changes

    def unclear(self) -> list[int]:
        lost: list[Change] = []
        for change in self._changes:
            if change.simkl is None or change.evidence is None:
                lost.append(change)
            elif stands(change, self._known.account.by_simkl.get(change.simkl), self._known.habit):
                self._claimed.add(change.simkl)
        found = {simkl: None for change in lost for simkl in sorted(self._options(change, lambda *_: True))}
        return [simkl for simkl in found if simkl not in self._known.names]

    def _put(self, i: int, simkl: int, evidence: Evidence) -> None:
        change = self._changes[i] = self._changes[i].placed(simkl, evidence)
        if stands(change, self._known.account.by_simkl.get(simkl), self._known.habit):
            self._claimed.add(simkl)

    def _by_identity(self, i: int, change: Change) -> bool:
        found = identity_of(change, self._known)
        if found is None:
            return False
        simkl, evidence = found
        # A title is not its place by its name alone while something else stands there.
        named = evidence is Evidence.NAME and change.evidence is None
        if named and not stands(change, self._known.account.by_simkl[simkl], self._known.habit):
            self._named[i] = simkl
            return False
        self._put(i, simkl, evidence)
        return True

    def _by_same_question(self, lost: Sequence[int]) -> list[int]:
        """The same question has the same answer: where one of its changes was found, the others are too."""
        found: dict[int, tuple[int, Evidence]] = {}
        for change in self._changes:
            if change.simkl is not None and change.question is not None and change.evidence is not None:
                found[change.question.number] = (change.simkl, change.evidence)
        left: list[int] = []
        for i in lost:
            change = self._changes[i]
            if change.simkl is not None and change.evidence is not None:
                continue
            at = found.get(change.question.number) if change.question is not None and change.question.number else None
            if at is None:
                left.append(i)
            else:
                self._put(i, *at)
        return left

    def _by_what_changed(self, lost: Sequence[int]) -> None:
        """What is new or changed on the account and claimed by nobody belongs to the lost row that it fits: by its
        spelling, then by its moment, where that leaves one choice both ways; or several to as many rows, as a set.
        """
        self._settled = self._last_to_stand(lost)
        ways: tuple[tuple[_Way, Evidence], ...] = (
            (self._by_name, Evidence.NAME),
            (self._by_second, Evidence.MOMENT),
            (self._by_moment, Evidence.MOMENT),
        )
        for way, evidence in ways:
            rows = {i: self._changes[i] for i in lost if self._changes[i].simkl is None}
            options = {
                i: found
                for i, change in rows.items()
                if (found := self._options(change, way, unknown=evidence is Evidence.NAME))
            }
            self._pair(rows, options, evidence)
        self._by_some_of_several(lost)

    def _last_to_stand(self, lost: Sequence[int]) -> dict[int, int]:
        """Return the titles on which a settled write of ours stands, with the last run that wrote there so."""
        account, habit = self._known.account.by_simkl, self._known.habit
        titles = {theirs.simkl for i in lost for theirs in self._candidates(self._changes[i])}
        return {
            simkl: one.run
            for simkl, written in self._history(titles).items()
            for one in written
            if one.state is State.SETTLED and stands(one, account.get(simkl), habit)
        }

    def _by_some_of_several(self, lost: Sequence[int]) -> None:
        """Titles that only we can have changed, and that several rows fit alike: they are ours, whichever rows these
        are. The last ones sent are taken for them, so that what they hide can be given back; the others stay lost.
        """
        rows = {i: change for i in lost if (change := self._changes[i]).simkl is None and change.answer is Answer.ADDED}
        options = {i: found for i, change in rows.items() if (found := self._options(change, self._by_us_alone))}
        for group, titles in _circles(options):
            for simkl in self._by_date(titles) if len(group) > len(titles) else ():
                theirs = self._known.account.by_simkl[simkl]
                fitting = [i for i in group if simkl in options[i]]
                if fitting:
                    last = max(fitting, key=lambda i: (_on_its_day(rows[i], theirs), rows[i].order))
                    group.remove(last)
                    self._put(last, simkl, Evidence.SET)

    def _by_date(self, titles: Iterable[int]) -> list[int]:
        """Return titles by their dates: cut or shifted, dates come back in the order in which they were sent."""
        return sorted(titles, key=lambda simkl: (self._known.account.by_simkl[simkl].rated_at or 0, simkl))

    def _by_us_alone(self, change: Change, theirs: AccountRating) -> bool:
        """Tell whether nobody else can have written it, as far as its date tells: it came while the run was sending, or
        was given a date, for what a person rates on Simkl is dated by that moment.
        """
        if theirs.rated_at is None or not self._is_unexplained(change, theirs):
            return False
        return self._known.current == change.run or theirs.rated_at < change.posted - 2 * DAY

    def _options(self, change: Change, way: _Way, *, unknown: bool = False) -> frozenset[int]:
        """Return the titles that a change may be on by one way; `unknown`: also where nothing is kept of what was
        there.
        """
        known = self._known
        opening = known.opening(change.run)
        if not opening.whole and not unknown:
            return frozenset()
        return frozenset(
            theirs.simkl
            for theirs in self._candidates(change)
            if theirs.simkl not in self._claimed
            and opening.ratings.get(theirs.simkl) != (theirs.rating, theirs.rated_at)
            and stands(change, theirs, known.habit)
            and way(change, theirs)
        )

    def _by_name(self, change: Change, theirs: AccountRating) -> bool:
        question = change.question
        if question is None or not question.title:
            return False
        if same_title(question.title, question.year, theirs.title, theirs.year):
            return True
        names = self._known.names.get(theirs.simkl)
        return names is not None and names_title(question, theirs.simkl, theirs, names)

    def _by_second(self, change: Change, theirs: AccountRating) -> bool:
        """Tell whether it is the very second that was sent: until it is known how dates come back, that breaks ties."""
        known = self._known.habit is not None or theirs.rated_at is None
        return not known and theirs.rated_at == change.rated_at and self._is_unexplained(change, theirs)

    def _by_moment(self, change: Change, theirs: AccountRating) -> bool:
        """Tell whether the moment speaks for it. Without a date only the run that posted it can tell, by its own two
        readings.
        """
        told = theirs.rated_at is not None or self._known.current == change.run
        return told and self._is_unexplained(change, theirs)

    def _is_unexplained(self, change: Change, theirs: AccountRating) -> bool:
        """Tell whether no settled write of ours, of its run or a later one, has put there what stands on a title."""
        return self._settled.get(theirs.simkl, -1) < change.run

    def _candidates(self, change: Change) -> Iterable[AccountRating]:
        """Yield the ratings on the account that might be this one: of its value, and of about its day or without a
        date.
        """
        index = self._index
        at = change.rated_at or 0
        habit = self._known.habit
        for day in (at // DAY - 1, at // DAY, at // DAY + 1) if habit is None else (habit.shown(at) // DAY,):
            yield from index.get((change.rating, day), ())
        yield from index.get((change.rating, None), ())

    @property
    def _index(self) -> Mapping[tuple[int | None, int | None], Sequence[AccountRating]]:
        if not hasattr(self, "_by_value"):
            found: defaultdict[tuple[int | None, int | None], list[AccountRating]] = defaultdict(list)
            for theirs in self._known.account.by_simkl.values():
                day = None if theirs.rated_at is None else theirs.rated_at // DAY
                found[theirs.rating, day].append(theirs)
            self._by_value = found
        return self._by_value

    def _pair(self, rows: Mapping[int, Change], options: Mapping[int, frozenset[int]], evidence: Evidence) -> None:
        # Changes of one question are one row that was sent again: they count once, and go together.
        askers: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for i in options:
            question = rows[i].question
            number = question.number if question is not None else 0
            askers[number or -i - 1, rows[i].rating or 0].append(i)
        lasts = {positions[-1]: positions for positions in askers.values()}
        for group, titles in _circles({last: options[last] for last in lasts}):
            if len(group) != len(titles) or (len(group) > 1 and evidence is not Evidence.MOMENT):
                continue
            how = Evidence.SET if len(group) > 1 else evidence
            group.sort(key=lambda last: (rows[last].rated_at or 0, last))
            pairs = list(zip(group, self._by_date(titles), strict=True))
            if any(simkl not in options[last] for last, simkl in pairs):
                continue
            for last, simkl in pairs:
                only = how is Evidence.MOMENT and self._known.account.by_simkl[simkl].rated_at is None
                for i in lasts[last]:
                    self._put(i, simkl, Evidence.ONLY if only else how)


def _circles(options: Mapping[int, frozenset[int]]) -> list[tuple[list[int], set[int]]]:
    """Divide rows and the titles that each may be on into circles that share none: what is decided in one of them says
    nothing of another.
    """
    of: dict[int, tuple[list[int], set[int]]] = {}
    for i, titles in options.items():
        met = {id(of[simkl]): of[simkl] for simkl in titles if simkl in of}
        circle = max(met.values(), key=lambda one: len(one[0]), default=([], set()))
        for rows, shared in ([i], titles), *(one for one in met.values() if one is not circle):
            circle[0].extend(rows)
            circle[1].update(shared)
            of.update(dict.fromkeys(shared, circle))
    return list({id(circle): circle for circle in of.values()}.values())


def _on_its_day(change: Change, theirs: AccountRating) -> bool:
    return (
        theirs.rated_at is not None and change.rated_at is not None and theirs.rated_at // DAY == change.rated_at // DAY
    )
