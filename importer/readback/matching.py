"""On which title each change is found, when the account is read: the surest evidence first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from importer.identity import conflicting, id_tokens, same_title
from importer.journal.change import Change, Evidence, Question
from importer.model import DAY, FURTHEST_ZONE, AccountRating, Kind, Precision
from importer.plan.names import Names
from importer.readback.habit import Habit, agrees
from importer.simkl.account import Account, proof_tokens

Standing: TypeAlias = tuple[int, int | None]
"""A rating and its date."""

_Way: TypeAlias = Callable[[Change, AccountRating], bool]


@dataclass(frozen=True, slots=True)
class Opening:
    """The account before the first write of a run, by title. `whole`: a title that is not in it had no rating."""

    ratings: Mapping[int, Standing]
    whole: bool

    def knows(self, simkl: int) -> bool:
        """Whether it tells what stood on a title."""
        return self.whole or simkl in self.ratings


NOTHING_KEPT = Opening({}, whole=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when changes are looked for. `led` tells where questions led before, `moved` the new numbers of
    titles; `current` is the run that is being read back, None where a command has just begun. `names` are other names
    of titles, as far as they were asked for; `claimed` are the titles on which others stand.
    """

    account: Account
    openings: Mapping[int, Opening]
    led: Mapping[int, int]
    habit: Habit | None
    moved: Mapping[int, int] = field(default_factory=dict)
    current: int | None = None
    names: Mapping[int, Names] = field(default_factory=dict)
    claimed: Collection[int] = ()

    def opening(self, run: int) -> Opening:
        """What is kept of the account before a run."""
        return self.openings.get(run, NOTHING_KEPT)


def stands(change: Change, theirs: AccountRating | None, habit: Habit | None) -> bool:
    """Whether what stands on a title can be what a change wrote there."""
    if theirs is None:
        return change.rating is None
    if change.rating != theirs.rating:
        return False
    if change.seen_at is not None and theirs.rated_at is not None:
        return change.seen_at == theirs.rated_at
    return agrees(change.rated_at, theirs.rated_at, habit)


def shown_between(change: Change, habit: Habit | None) -> tuple[int, int] | None:
    """The first and the last date with which a change can be shown: one where it was seen or the habit is known."""
    if change.seen_at is not None:
        return change.seen_at, change.seen_at
    sent = change.rated_at
    if sent is None:
        return None
    if habit is not None:
        return habit.shown(sent), habit.shown(sent)
    return min(sent - FURTHEST_ZONE, sent // DAY * DAY), sent + FURTHEST_ZONE


def date_fits(change: Change, back: int) -> bool:
    """Whether a date that is read is the one that was sent, as exactly as its row knows it."""
    sent = change.rated_at or 0
    return back // DAY == sent // DAY if change.date.precision is Precision.DAY else back == sent


def place_changes(changes: Sequence[Change], known: Known) -> list[Change]:
    """Return the changes, given in sending order, each on its title as far as it is found on one."""
    return _Search(changes, known).placed()


def unclear_titles(placed: Sequence[Change], known: Known) -> list[int]:
    """The titles on which changes that were found nowhere may be: their other names and ids would tell."""
    return _Search(placed, known).unclear()


def identity_of(change: Change, known: Known) -> tuple[int, Evidence] | None:
    """Return the title that a change points at, and how: by where it was found before, by the number it was sent by,
    by an id, by where its question led before, by its name. None where none of these leads anywhere.
    """
    if change.evidence is not None and change.simkl is not None:
        return known.moved.get(change.simkl, change.simkl), change.evidence
    if change.sent_simkl is not None:
        return known.moved.get(change.sent_simkl, change.sent_simkl), Evidence.ID
    question = change.question
    if question is None:
        return None
    theirs = known.account.by_ids(question.kind, question.ids)
    if theirs is not None:
        return theirs.simkl, Evidence.ID
    led = known.led.get(question.number)
    if led is not None and (led in known.account.by_simkl or led in known.opening(change.run).ratings):
        return led, Evidence.ASKED
    theirs = _named(question, known.account)
    return None if theirs is None else (theirs.simkl, Evidence.NAME)


class _Search:
    def __init__(self, changes: Sequence[Change], known: Known) -> None:
        self._changes = list(changes)
        self._known = known
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

    def _options(self, change: Change, way: _Way, *, unknown: bool = False) -> frozenset[int]:
        """The titles that a change may be on by one way; `unknown`: also where nothing is kept of what was there."""
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
        """Whether it is the very second that was sent: until it is known how dates come back, that breaks ties."""
        return self._known.habit is None and theirs.rated_at is not None and theirs.rated_at == change.rated_at

    def _by_moment(self, change: Change, theirs: AccountRating) -> bool:
        """Whether the moment speaks for it. Without a date only the run that posted it can tell, by its own two
        readings.
        """
        return theirs.rated_at is not None or self._known.current == change.run

    def _candidates(self, change: Change) -> Iterable[AccountRating]:
        """The ratings on the account that might be this one: of its value, and of about its day or without a date."""
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
        wanted: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
        for asker, positions in askers.items():
            for simkl in options[positions[-1]]:
                wanted[simkl].add(asker)
        groups: defaultdict[frozenset[int], list[tuple[int, int]]] = defaultdict(list)
        for asker, positions in askers.items():
            groups[options[positions[-1]]].append(asker)
        for titles, group in groups.items():
            if len(group) != len(titles) or any(wanted[simkl] != set(group) for simkl in titles):
                continue
            if len(group) > 1 and evidence is not Evidence.MOMENT:
                continue
            how = Evidence.SET if len(group) > 1 else evidence
            for asker, simkl in zip(group, sorted(titles), strict=True):
                for i in askers[asker]:
                    theirs = self._known.account.by_simkl[simkl]
                    only = how is Evidence.MOMENT and theirs.rated_at is None
                    self._put(i, simkl, Evidence.ONLY if only else how)


def _named(question: Question, account: Account) -> AccountRating | None:
    """The one rating of its title and year, of whatever kind: Simkl may file a film as anime."""
    if not question.title:
        return None
    found = account.by_title(question.kind, (), question.title, question.year)
    if found is not None:
        return found
    others = (account.by_title(kind, (), question.title, question.year) for kind in Kind if kind is not question.kind)
    return next(filter(None, others), None)


def names_title(question: Question, simkl: int, theirs: AccountRating | None, names: Names | None) -> bool:
    """Whether a title is the one that a question names, as far as its spelling, its ids and its other names tell.

    A shared id vouches for the title, however Simkl spells it; a spelling or a year of ±1 is no finding. Where the
    title has no rating any more nothing speaks against it.
    """
    if ("simkl", str(simkl)) in question.ids or not question.title:
        return True
    if theirs is not None:
        if same_title(question.title, question.year, theirs.title, theirs.year):
            return True
        ours, tokens = set(id_tokens(question.kind, question.ids)), proof_tokens(theirs)
        if ours & tokens and not conflicting(ours - tokens, tokens - ours):
            return True
    if names is not None:
        year = names.year if names.year is not None else theirs.year if theirs is not None else None
        if any(same_title(question.title, question.year, title, year) for title in names.titles):
            return True
        if any(pair in names.ids for pair in question.ids if pair[0] not in ("tmdb", "tvdb")):
            return True
    return theirs is None
