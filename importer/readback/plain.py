"""Which changes need no rule: those that stand as they were sent on titles of which nothing else is known. Pure.

So it is with nearly all rows of a first import. They are told apart one by one, as they are read, so that a large run
is never held whole.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from importer.journal.changes import Change, Evidence
from importer.journal.plain import Plain
from importer.model import AccountRating
from importer.readback.habit import Habit, agrees, learn
from importer.readback.matching import Known, date_fits, identity_of, names_title, stands

H = TypeVar("H", str, int)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Of what something else is known: `keys` that were settled before, `titles` on which another change or row of ours
    lies or that are owed something, and the questions that lead to a `wrong` title, each with that.
    """

    keys: Container[str]
    titles: Container[int]
    wrong: Mapping[int, int]


@dataclass(slots=True)
class PlainChanges:
    """What was found. `pairs` are their dates as sent and as they came back, `habit` what those tell."""

    found: list[Plain] = field(default_factory=list)
    pairs: dict[tuple[int, int], None] = field(default_factory=dict)
    habit: Habit | None = None

    @property
    def titles(self) -> set[int]:
        """The titles that they are on."""
        return {one.simkl for one in self.found}


class _Repeated(Generic[H]):
    """Values, and which of them came more than once."""

    def __init__(self) -> None:
        self._once: set[H] = set()
        self.again: set[H] = set()

    def note(self, value: H) -> None:
        (self.again if value in self._once else self._once).add(value)


def plain_changes(changes: Iterable[Change], known: Known, spoken: Spoken) -> PlainChanges:
    """Tell the plain ones among all open changes. A title, a key or a question that comes twice among these is none of
    theirs: which of two counts is for the rules.
    """
    titles, keys, questions = _Repeated[int](), _Repeated[str](), _Repeated[int]()
    out = PlainChanges()
    by_simkl = known.account.by_simkl
    maybe: list[Plain] = []
    for change in changes:
        keys.note(change.key)
        asked = change.question.number if change.question is not None else 0
        questions.note(asked)
        at = identity_of(change, known)
        if at is None:
            continue
        simkl, evidence = at
        titles.note(simkl)
        theirs = by_simkl.get(simkl)
        if theirs is None or change.evidence is not None or not _stands_alone(change, theirs, known, spoken):
            continue
        if change.rated_at is not None and theirs.rated_at is not None and evidence is not Evidence.ASKED:
            out.pairs[change.rated_at, theirs.rated_at] = None
        maybe.append(
            Plain(
                run=change.run,
                batch=change.batch,
                n=change.n,
                key=change.key,
                asked=asked,
                posted=change.posted,
                sent=change.rated_at,
                date=change.date,
                simkl=simkl,
                evidence=evidence,
            )
        )
    out.habit = learn(out.pairs) or known.habit
    out.found = [
        one for one in maybe
        if one.simkl not in titles.again and one.key not in keys.again and one.asked not in questions.again
        and agrees(one.sent, by_simkl[one.simkl].rated_at, out.habit)
    ]  # fmt: skip
    return out


def _stands_alone(change: Change, theirs: AccountRating, known: Known, spoken: Spoken) -> bool:
    """Whether a change stands on the title that it names, to the day, and nothing was there before it."""
    opening = known.opening(change.run)
    return (
        opening.whole
        and theirs.simkl not in opening.ratings
        and change.key not in spoken.keys
        and theirs.simkl not in spoken.titles
        and change.rating is not None
        and stands(change, theirs, known.habit)
        and (theirs.rated_at is None or change.rated_at is None or date_fits(change, theirs.rated_at))
        and _is_right(change, theirs, spoken)
    )


def _is_right(change: Change, theirs: AccountRating, spoken: Spoken) -> bool:
    question = change.question
    if question is None or change.sent_simkl == theirs.simkl:
        return True
    return spoken.wrong.get(question.number) != theirs.simkl and names_title(question, theirs.simkl, theirs, None)
