"""What a row's title is searched for with: first as it stands, then in another way where that brought nothing."""

from __future__ import annotations

from importer.model import Kind, value
from importer.plan.spellings import (
    JOINING,
    SMALL,
    article_in_front,
    folded,
    is_number,
    letters_of,
    own_title,
)

MOST = 2
"""Searches for one row: in the row's kind, and once more where that brought nothing good enough."""

_SHORTEST = 3
"""Letters of a word that is worth searching for by itself."""

_OTHERS = {
    Kind.MOVIE: (Kind.ANIME, Kind.SHOW),
    Kind.SHOW: (Kind.ANIME, Kind.MOVIE),
    Kind.ANIME: (Kind.SHOW, Kind.MOVIE),
}
_FILMS = frozenset({"movie", "film", "gekijouban"})


@value
class Query:
    """One search: among which kind, for which words, and narrowed to which year."""

    kind: Kind
    words: str
    year: int | None = None


def first_query(kind: Kind, title: str) -> Query:
    """Return the search for a title in its own kind."""
    return Query(kind, search_words(title))


def second_query(kind: Kind, title: str, year: int | None, *, found: bool) -> Query:
    """Return the search to make where the first brought nothing good enough; `found`: it brought something.

    Where it brought nothing at all a word of the title may be spelled otherwise: the most telling ones are left. Else
    the title is more likely filed under another kind.
    """
    if not found:
        words = _telling_words(title)
        counted = any(map(is_number, letters_of(title)))
        if counted and len(words) > 1:
            return Query(kind, " ".join(words))
        if words and year is not None and len(letters_of(search_words(title))) > 1:
            return Query(kind, max(words, key=len), year)
    return Query(other_kinds(kind, title)[0], search_words(title))


def other_kinds(kind: Kind, title: str) -> tuple[Kind, ...]:
    """Return under which other kinds a title may be filed, the likeliest first."""
    others = _OTHERS[kind]
    return others[::-1] if kind is Kind.ANIME and not _FILMS.isdisjoint(letters_of(title.casefold())) else others


def search_words(title: str) -> str:
    """Return a title as it is searched for: without a year in brackets and words that sites leave out, and where enough
    words are left without its English article, which one site writes in front, another behind, a third not at all.
    """
    plain = article_in_front(own_title(title))
    words = plain.split()
    kept = words[:1] + [word for word in words[1:] if word.casefold() not in JOINING]
    # One word alone would find hundreds of titles, and the one that is meant may not be among those shown.
    if kept and kept[0].casefold() in ("the", "a", "an") and len(kept) > 2:
        return " ".join(kept[1:])
    return " ".join(kept) if len(kept) > 1 else plain


def _telling_words(title: str) -> list[str]:
    """Return the words of a title that its other spellings most likely share: no numbers, and without accents."""
    return [
        folded(word)
        for word in letters_of(own_title(title))
        if len(word) >= _SHORTEST and word.casefold() not in SMALL and not is_number(word)
    ]
