"""Which changes need no rule: those that stand as they were sent on titles of which nothing else is known. Pure.

So it is with nearly all rows of a first import. They are told apart one by one, as they are read, so that a large run
is never held.
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import pairwise

from importer.journal.change import Change, Evidence
from importer.model import AccountRating, value
from importer.readback.appearance import date_fits, stands
from importer.readback.habit import Habit, agrees, learn
from importer.readback.known import Known
from importer.readback.naming import identity_of, names_title


@value
class Spoken:
    """Of what something else is known: `keys` that were settled before, `titles` on which another change or row of ours
    lies or that are owed something, and the questions that lead to a `wrong` title, each with that.
    """

    keys: Container[str]
    titles: Container[int]
    wrong: Mapping[int, int]


class PlainSearch:
    """One search among all open changes. A title, a key or a question that comes twice among these is none of the plain
    ones': which of two counts is for the rules. `titles` are those that the plain ones are on.
    """

    def __init__(self, known: Known, spoken: Spoken) -> None:
        self._known = known
        self._spoken = spoken
        self._exact: set[int] = set()
        self._other: dict[tuple[int, int], None] = {}
        # Numbers, in arrays: there are as many as rows. Keys are told by their hashes: two that share one by chance
        # count as one that comes twice, which leaves them to the rules.
        self._titles, self._keys, self._questions = array("q"), array("q"), array("q")
        # What is to be known of each candidate until the last change was seen.
        self._found = {name: array("q") for name in ("order", "title", "key", "question", "sent")}
        self.titles = array("q")
        self.habit: Habit | None = known.habit

    def candidates(self, changes: Iterable[Change]) -> Iterator[tuple[Change, int, Evidence]]:
        """Yield those that look plain, each with its title and how it was found there; after the last one `withdrawn`
        tells which are not.
        """
        known, by_simkl = self._known, self._known.account.by_simkl
        # Looked up once: so much is done for every row of a run that looking these up is a tenth of it.
        note_title, note_key, note_question = self._titles.append, self._keys.append, self._questions.append
        found_order, found_title, found_key, found_question, found_sent = (
            numbers.append for numbers in self._found.values()
        )
        for change in changes:
            asked = change.question.number if change.question is not None else 0
            key = hash(change.key)
            note_key(key)
            note_question(asked)
            at = identity_of(change, known)
            if at is None:
                continue
            simkl, evidence = at
            note_title(simkl)
            theirs = by_simkl.get(simkl)
            if theirs is None or change.evidence is not None or not self._stands_alone(change, theirs):
                continue
            if evidence is not Evidence.ASKED:
                self._compare(change.rated_at, theirs.rated_at)
            found_order(change.order)
            found_title(simkl)
            found_key(key)
            found_question(asked)
            found_sent(-1 if change.rated_at is None else change.rated_at)
            yield change, simkl, evidence

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the dates as they were sent and as they came back, each pair once."""
        yield from ((moment, moment) for moment in self._exact)
        yield from self._other

    def withdrawn(self) -> Iterator[int]:
        """Yield those that are not plain after all, by their number in sending order; the others agree on `habit`."""
        self.habit = learn(self.pairs()) or self._known.habit
        titles, keys, questions = _repeated(self._titles), _repeated(self._keys), _repeated(self._questions)
        by_simkl = self._known.account.by_simkl
        for order, title, key, question, sent in zip(*self._found.values(), strict=True):
            if (
                title in titles
                or key in keys
                or question in questions
                or not agrees(sent, by_simkl[title].rated_at, self.habit)
            ):
                yield order
            else:
                self.titles.append(title)

    def _compare(self, sent: int | None, back: int | None) -> None:
        if sent is None or back is None:
            return
        if sent == back:
            self._exact.add(sent)
        else:
            self._other[sent, back] = None

    def _stands_alone(self, change: Change, theirs: AccountRating) -> bool:
        """Tell whether a change stands on the title that it names, to the day, and nothing was there before it."""
        opening = self._known.opening(change.run)
        return (
            opening.whole
            and theirs.simkl not in opening.ratings
            and change.key not in self._spoken.keys
            and theirs.simkl not in self._spoken.titles
            and change.rating is not None
            and change.rated_at is not None
            and stands(change, theirs, self._known.habit)
            and (theirs.rated_at is None or date_fits(change, theirs.rated_at))
            and self._is_right(change, theirs)
        )

    def _is_right(self, change: Change, theirs: AccountRating) -> bool:
        question = change.question
        if question is None or change.sent_simkl == theirs.simkl:
            return True
        wrong = self._spoken.wrong.get(question.number) == theirs.simkl
        return not wrong and names_title(question, theirs.simkl, theirs, None)


def _repeated(numbers: array[int]) -> set[int]:
    """Return the numbers that come more than once."""
    if len(set(numbers)) == len(numbers):
        return set()
    return {one for one, other in pairwise(sorted(numbers)) if one == other}
