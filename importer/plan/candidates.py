"""Titles that a row could mean, ranked by name, kind and year. Pure: what to make of them is a person's to say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from importer.identity import normal_title
from importer.model import Kind

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
_OTHER_KIND = 0.4

_SHORT = 8
"""Letters up to which two spellings that differ are two titles: Saw is not Say."""

_YEAR = re.compile(r"\s*[(\[](?:19|20)[0-9]{2}[)\]]\s*$")
_ARTICLE_BEHIND = re.compile(r"^(.+),\s*(\w+'?)\s*$")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_SUBTITLE = re.compile(r"\s*[:(]|\s+[-–—]\s+|\s+or\s+\(", re.IGNORECASE)

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е", "×": "x"}
)
_ARTICLES = frozenset(
    (
        *("the", "a", "an"),
        *("le", "la", "les", "l", "un", "une"),
        *("der", "die", "das", "ein", "eine"),
        *("el", "los", "las", "una"),
        *("il", "lo", "gli", "i", "uno"),
        *("o", "os", "as"),
        *("het", "een"),
        *("den", "det"),
    )
)
_ROMAN = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    **{word: str(n) for n, word in enumerate(_ROMAN, 2)},
    **{word: str(n) for n, word in enumerate(_SPELLED, 1)},
    "1st": "1",
    "2nd": "2",
    "3rd": "3",
    "first": "1",
    "second": "2",
    "third": "3",
}
_COUNTED = frozenset({"part", "vol", "volume", "chapter", "episode", "season"})
"""Words that say nothing beside the number that follows them."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a row says of the title that it means."""

    kind: Kind
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title of Simkl that a row could mean, with all its other names, and where a person can look at it."""

    simkl: int
    kind: Kind
    title: str
    year: int | None
    other_titles: Sequence[str]
    address: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates of a row, best first; `good` tells whether the first may be suggested without a person there."""

    candidates: tuple[Candidate, ...]
    good: bool

    @property
    def suggestion(self) -> Candidate | None:
        """The first, if it is good enough."""
        return self.candidates[0] if self.good else None


def rank(sought: Sought, found: Iterable[Candidate]) -> Ranking:
    """Rank what a search found, at most MOST; of equals the search's own order stands.

    A suggestion is good enough if a name of it is the row's but for spelling, article and way of counting, its year is
    at most one off, its kind the same, and no other candidate is as near.
    """
    scored: dict[int, tuple[float, Candidate]] = {}
    for one in found:
        near = _nearness(sought, one)
        if near >= _WORTH_SHOWING and near > scored.get(one.simkl, (0.0, one))[0]:
            scored[one.simkl] = (near, one)
    best = sorted(scored.values(), key=lambda pair: -pair[0])
    good = bool(best) and best[0][0] >= _GOOD and (len(best) == 1 or best[0][0] - best[1][0] >= _APART)
    return Ranking(tuple(one for _, one in best[:MOST]), good)


def search_words(title: str) -> str:
    """Return a title as it is searched for: without a year in brackets, and where enough words are left without its
    English article, which one site writes in front, another behind, a third not at all.
    """
    plain = _YEAR.sub("", title).strip() or title.strip()
    behind = _ARTICLE_BEHIND.match(plain)
    if behind is not None and _is_article(behind[2]):
        plain = f"{behind[2]} {behind[1].strip()}"
    first, _, rest = plain.partition(" ")
    # One word alone would find hundreds of titles, and the one that is meant may not be among those shown.
    return rest.strip() if first.casefold() in ("the", "a", "an") and len(rest.split()) > 1 else plain


def _is_article(word: str) -> bool:
    return word.casefold().rstrip("'’") in _ARTICLES


def _nearness(sought: Sought, one: Candidate) -> float:
    name = max(
        (_likeness(sought.title, other) - (_OTHER_NAME if n else 0.0))
        for n, other in enumerate((one.title, *one.other_titles))
    )
    kind = 0.0 if one.kind is sought.kind else _OTHER_KIND
    return name - kind - _year_gap(sought.year, one.year, exact=name >= _EXACT)


def _year_gap(ours: int | None, theirs: int | None, *, exact: bool) -> float:
    if ours is None or theirs is None:
        # Without a year a name has to be the very same: nothing else tells two titles apart.
        return _YEAR_UNKNOWN if exact else _YEAR_OFF
    gap = abs(ours - theirs)
    return 0.0 if gap == 0 else _YEAR_BESIDE if gap == 1 else _YEAR_OFF


def _likeness(ours: str, theirs: str) -> float:
    """How much two names are alike, from 0 to 1."""
    mine, other = _words(ours), _words(theirs)
    if mine == other:
        return 1.0
    mine, other = _without_article(ours), _without_article(theirs)
    if mine == other or "".join(mine) == "".join(other):
        return 0.98
    head = _SUBTITLE.split(theirs, maxsplit=1)[0]
    if head != theirs and head.strip() and mine == _without_article(head):
        return 0.9
    left, right = " ".join(mine), " ".join(other)
    ratio = SequenceMatcher(None, left, right, autojunk=False).ratio()
    short = min(len(left), len(right)) <= _SHORT
    if short or len(mine) != len(other) or _numbers(mine) != _numbers(other):
        # A word more or another number is another title, however much is alike.
        return min(ratio, 0.8)
    return min(ratio, 0.94)


@lru_cache(maxsize=4096)
def _words(title: str) -> tuple[str, ...]:
    """A name as plain words: without accents, capitals and punctuation, its numbers as digits."""
    plain = _APOSTROPHES.sub("", _YEAR.sub("", title).replace("&", " and ").replace("+", " and "))
    decomposed = unicodedata.normalize("NFKD", plain.casefold().translate(_LETTERS))
    letters = "".join(" " if not (c.isalnum() or unicodedata.combining(c)) else c for c in decomposed)
    found = "".join(c for c in letters if not unicodedata.combining(c)).translate(_LETTERS).split()
    words = [_NUMBERS.get(word, word) for word in found]
    kept = [
        word
        for n, word in enumerate(words)
        if not (n and word in _COUNTED and n + 1 < len(words) and words[n + 1].isdecimal())
    ]
    return tuple(kept) or (normal_title(title),)


@lru_cache(maxsize=4096)
def _without_article(title: str) -> tuple[str, ...]:
    behind = _ARTICLE_BEHIND.match(_YEAR.sub("", title))
    if behind is not None and _is_article(behind[2]):
        return _words(behind[1])
    words = _words(title)
    elided = re.match(r"[LlDd]['’](?=\w)", title)
    if elided is not None:
        return _words(title[elided.end() :])
    return words[1:] if len(words) > 1 and words[0] in _ARTICLES else words


def _numbers(words: Iterable[str]) -> list[str]:
    return [word for word in words if any(c.isdecimal() for c in word)]
