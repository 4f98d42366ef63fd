"""The spellings of a title: what sites write differently, and the plain words that are left."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from importer.identity import normal_title

_YEAR = re.compile(r"\s*[(\[](?:19|20)[0-9]{2}[)\]]\s*$")
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_BEHIND = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_ALSO = re.compile(r"^\s*(?:a\.?k\.?a\.?|aka|also known as)\s+", re.IGNORECASE)
_EDITION = re.compile(
    r"(?:\s*[:,]\s+|\s+[-–—]\s+|\s+)(?:the\s+)?(?:director['’]?s|final|extended|ultimate|theatrical|uncut|unrated|special|collector['’]?s)"
    r"(?:\s+(?:cut|edition|version))+\s*$",
    re.IGNORECASE,
)
_EDITION_WORDS = frozenset({"cut", "edition", "version", "redux", "uncut", "unrated", "remastered", "restored"})
_TWO_TITLES = re.compile(r"\s+/\s+")
_ARTICLE_BEHIND = re.compile(r"^(.+),\s*(\w+'?)\s*$")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")
_SUBTITLE = re.compile(r"\s*:\s+|\s*:(?=\S)|\s*\(|\s+[-–—]\s+|\s+or\s+\(", re.IGNORECASE)

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е", "×": "x"}
)
ARTICLES = frozenset(
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
_SPELLED = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
)
_ORDINALS = {"1st": "1", "2nd": "2", "3rd": "3", "4th": "4", "5th": "5", "first": "1", "second": "2", "third": "3"}
_NUMBERS = {
    **{word: str(n) for n, word in enumerate(_ROMAN, 2)},
    **{word: str(n) for n, word in enumerate(_SPELLED, 1)},
    **_ORDINALS,
}
_SAME = {"versus": "vs", "colour": "color", "colours": "colors", "neighbour": "neighbor"}
COUNTED = frozenset({"part", "vol", "volume", "chapter", "episode", "season", "no", "nr"})
"""Words that say nothing beside the number that they count with."""

JOINING = frozenset({"and", "&", "+"})
SMALL = (
    ARTICLES | COUNTED | JOINING | {"of", "in", "on", "to", "for", "at", "with", "from", "de", "du", "des", "et", "und"}
)


_SURE = 0.03
_DOUBTFUL = 0.1
_SHORTEST = 3
"""Letters of a second title in brackets."""


def own_title(title: str) -> str:
    """Return a title without the year, and without the second title or the edition, in brackets behind it."""
    rest = without_year(title)
    while (found := _BEHIND.search(rest)) is not None and found.start() and not _counts(found[1]):
        rest = rest[: found.start()]
    return _EDITION.sub("", rest).strip() or title.strip()


def without_year(title: str) -> str:
    """Return a title without the year in brackets behind it, unless that is all it is."""
    return _YEAR.sub("", title).strip() or title.strip()


def article_in_front(title: str) -> str:
    """Return "The Thing" for "Thing, The", in several languages."""
    behind = _ARTICLE_BEHIND.match(title)
    return f"{behind[2]} {behind[1].strip()}" if behind is not None and _is_article(behind[2]) else title


def readings(title: str) -> list[tuple[str, float]]:
    """Return what a title may stand for, each with how doubtful that is: itself, what is left without brackets behind
    it or an edition, and where one cell holds two titles each of them.
    """
    whole = without_year(title)
    found = [(whole, 0.0)]
    rest = _EDITION.sub("", whole)
    if rest and rest != whole:
        found.append((rest, _SURE))
    short = own_title(title)
    if short not in (whole, rest):
        inside = _BRACKET.findall(whole[len(short) :])
        found.append((short, _SURE if all(map(_is_edition, inside)) else _DOUBTFUL))
        names = [_ALSO.sub("", name).strip() for name in inside if not _is_edition(name)]
        found += [(name, _SURE) for name in names if len(name) >= _SHORTEST]
    if len(both := _TWO_TITLES.split(whole)) == 2:
        found += [(name, _SURE) for name in both if name.strip()]
    return found


def head_and_tail(title: str) -> tuple[str, str]:
    """Return a title's two halves, before and behind the first colon, dash or bracket; the tail is "" without one."""
    head, mark, tail = _halves(title)
    return (head, tail) if mark else (title, "")


def is_first_part(tail: str) -> bool:
    """Tell whether a tail says nothing but that this is the first of several parts."""
    words = plain_words(f"film {tail}")
    return words == ("film", "1")


def is_number(word: str) -> bool:
    """Tell a number in digits, letters or words."""
    return word.isdecimal() or word.casefold() in _NUMBERS


def letters_of(title: str) -> list[str]:
    """Return the words of a title as they stand, without punctuation."""
    return _WORD.findall(title)


def folded(text: str) -> str:
    """Return a text in small letters and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


@lru_cache(maxsize=4096)
def plain_words(title: str) -> tuple[str, ...]:
    """Return a name as plain words: without accents, capitals and punctuation, its numbers as digits."""
    plain = _APOSTROPHES.sub("", _YEAR.sub("", title).replace("&", " and ").replace("+", " and "))
    words = "".join(c if c.isalnum() else " " for c in folded(plain)).split()
    kept: list[str] = []
    for n, word in enumerate(words):
        before, after = words[n - 1] if n else "", words[n + 1] if n + 1 < len(words) else ""
        if n and word in COUNTED and (is_number(after) or after == "i" or before in _ORDINALS):
            continue
        if word == "i" and before in COUNTED:
            word = "1"
        kept.append(_SAME.get(word) or _NUMBERS.get(word, word))
    return tuple(kept) or (normal_title(title),)


@lru_cache(maxsize=4096)
def without_article(title: str) -> tuple[str, ...]:
    """Return the plain words of a name without its article, in front or behind; one word alone stays."""
    behind = _ARTICLE_BEHIND.match(_YEAR.sub("", title))
    if behind is not None and _is_article(behind[2]):
        return plain_words(behind[1])
    words = plain_words(title)
    elided = re.match(r"[LlDd]['’](?=\w)", title)
    if elided is not None:
        return plain_words(title[elided.end() :])
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


def _halves(title: str) -> tuple[str, str, str]:
    found = _SUBTITLE.search(title)
    if found is None or not found.start():
        return title, "", ""
    return title[: found.start()], found[0], title[found.end() :].rstrip(")")


def _is_article(word: str) -> bool:
    return word.casefold().rstrip("'’") in ARTICLES


def _is_edition(text: str) -> bool:
    """Tell what stands in brackets and names no title: a cut, or the two or three letters of a country."""
    words = text.casefold().split()
    return not _EDITION_WORDS.isdisjoint(words) or (len(words) == 1 and text.isupper() and len(text) < _SHORTEST + 1)


def _counts(text: str) -> bool:
    """Tell what stands in brackets and tells parts of one title apart."""
    words = letters_of(text.casefold())
    return any(map(is_number, words)) and not _EDITION_WORDS & set(words) and not _ALSO.match(text) and len(words) < 4
