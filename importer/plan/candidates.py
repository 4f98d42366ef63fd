"""Titles that a row could mean, ranked by name, kind and year. Pure: what to make of them is a person's to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from importer.model import Kind, value
from importer.plan.spellings import ARTICLES, head_and_tail, is_first_part, plain_words, readings, without_article

MOST = 5
"""Candidates that a person is shown for one row."""

_GOOD = 0.85
_WORTH_SHOWING = 0.3
_EXACT = 0.95
_APART = 0.01

_OTHER_NAME = 0.02
_YEAR_BESIDE = 0.05
_YEAR_OFF = 0.3
_YEAR_UNKNOWN = 0.08
_FILED_ELSEWHERE = 0.03
_OTHER_KIND = 0.4

_SHORT = 8
"""Letters up to which two spellings that differ are two titles: Saw is not Say."""

_SHORT_WORD = 4
_ALIKE = 0.8
"""From here on two words are one word misspelled."""

_HEAD = 0.9
_TAIL = 0.89
_COUNTED_BESIDE = 0.92
_SPELLED_OTHERWISE = 0.94
_ANOTHER = 0.8
"""The most for a name that is another title, however much is alike."""


@value
class Sought:
    """What a row says of the title that it means."""

    kind: Kind
    title: str
    year: int | None


@value
class Candidate:
    """A title of Simkl that a row could mean, with all its other names, and where a person can look at it. `form` is
    what an anime is: tv, movie, ova and so on; "" where nobody says.
    """

    simkl: int
    kind: Kind
    title: str
    year: int | None
    other_titles: Sequence[str]
    address: str
    form: str = ""


@value
class Ranking:
    """The candidates of a row, best first; `good` tells whether the first may be suggested without a person there."""

    candidates: tuple[Candidate, ...]
    good: bool

    @property
    def suggestion(self) -> Candidate | None:
        """Return the first, if it is good enough."""
        return self.candidates[0] if self.good else None


@value
class _Likeness:
    """How much two names are alike, from 0 to 1. `of_head`: what is alike is only what stands before the colon."""

    value: float
    of_head: bool = False


def rank(sought: Sought, found: Iterable[Candidate]) -> Ranking:
    """Rank what a search found, at most MOST; of equals the search's own order stands.

    A suggestion is good enough if a name of it is the row's but for spelling, article and way of counting, its year is
    at most one off, its kind the same or the one that Simkl files such titles under, and no other candidate is as near.
    """
    candidates = list(found)
    scored: dict[int, tuple[float, Candidate]] = {}
    for one in candidates:
        name = _name_likeness(sought, one)
        value = name.value
        if name.of_head and any(_shares_head(sought, other) for other in candidates if other.simkl != one.simkl):
            value = min(value, _ANOTHER)  # one of several with that head: which one the row does not say
        near = value - _kind_gap(sought, one) - _year_gap(sought.year, one.year, exact=value >= _EXACT)
        # Two searches may find one title, under more names or fewer.
        if near >= _WORTH_SHOWING and near > scored.get(one.simkl, (0.0, one))[0]:
            scored[one.simkl] = (near, one)
    best = sorted(scored.values(), key=lambda pair: -pair[0])
    good = bool(best) and best[0][0] >= _GOOD and (len(best) == 1 or best[0][0] - best[1][0] >= _APART)
    return Ranking(tuple(one for _, one in best[:MOST]), good)


def _name_likeness(sought: Sought, one: Candidate) -> _Likeness:
    best = _Likeness(0.0)
    for reading, doubt in readings(sought.title):
        for n, name in enumerate((one.title, *one.other_titles)):
            like = _likeness(reading, name)
            value = like.value - doubt - (_OTHER_NAME if n else 0.0)
            if value > best.value:
                best = _Likeness(value, like.of_head)
    return best


def _shares_head(sought: Sought, other: Candidate) -> bool:
    ours = without_article(sought.title)
    return any(ours == without_article(head_and_tail(name)[0]) for name in (other.title, *other.other_titles))


def _kind_gap(sought: Sought, one: Candidate) -> float:
    """Simkl files films and series of anime as anime; what other sites call anime it may file as a series."""
    if one.kind is sought.kind:
        return 0.0
    if one.kind is Kind.ANIME and one.form:
        return _FILED_ELSEWHERE if (one.form == "movie") is (sought.kind is Kind.MOVIE) else _OTHER_KIND
    return _FILED_ELSEWHERE if (sought.kind, one.kind) == (Kind.ANIME, Kind.SHOW) else _OTHER_KIND


def _year_gap(ours: int | None, theirs: int | None, *, exact: bool) -> float:
    if ours is None or theirs is None:
        # Without a year a name has to be the very same: nothing else tells two titles apart.
        return _YEAR_UNKNOWN if exact else _YEAR_OFF
    gap = abs(ours - theirs)
    return 0.0 if gap == 0 else _YEAR_BESIDE if gap == 1 else _YEAR_OFF


def _likeness(ours: str, theirs: str) -> _Likeness:
    if plain_words(ours) == plain_words(theirs):
        return _Likeness(1.0)
    mine, other = without_article(ours), without_article(theirs)
    if "".join(mine) == "".join(other) or "".join(plain_words(ours)) == "".join(plain_words(theirs)):
        return _Likeness(0.98)
    head, tail = head_and_tail(theirs)
    if tail and mine == without_article(head):
        return _Likeness(_HEAD, of_head=not is_first_part(tail))
    our_head, our_tail = head_and_tail(ours)
    if our_tail and len(other) > 1 and without_article(our_tail) == other:
        return _Likeness(_TAIL)
    if (
        tail
        and len(plain_words(tail)) > 1
        and plain_words(our_tail) == plain_words(tail)
        and _is_counted(our_head, head)
    ):
        return _Likeness(_COUNTED_BESIDE)
    left, right = " ".join(mine), " ".join(other)
    ratio = SequenceMatcher(None, left, right, autojunk=False).ratio()
    if min(len(left), len(right)) > _SHORT and _is_misspelled(mine, other):
        return _Likeness(min(ratio, _SPELLED_OTHERWISE))
    return _Likeness(min(ratio, _ANOTHER))


def _is_counted(ours: str, theirs: str) -> bool:
    """Tell whether two heads differ by a number behind one of them alone, which the subtitle makes superfluous."""
    short, long = sorted((without_article(ours), without_article(theirs)), key=len)
    return len(long) == len(short) + 1 and long[:-1] == short and long[-1].isdecimal()


def _is_misspelled(mine: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two names differ in the spelling of their words alone: a word more is another title."""
    return len(mine) == len(other) and all(
        a == b or (a in ARTICLES and b in ARTICLES) or _is_one_word(a, b) for a, b in zip(mine, other, strict=True)
    )


def _is_one_word(a: str, b: str) -> bool:
    """Tell a misspelled word from another one, which a number always is."""
    if min(len(a), len(b)) < _SHORT_WORD or a[0] != b[0] or any(c.isdecimal() for c in a + b):
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE
