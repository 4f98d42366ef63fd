"""What makes two things the same title: id tokens in their namespaces, and normalised kind, title and year.

The only code that knows this. Dedupe, batches, reconciliation, the account index and the read-back all ask here.
Namespaces follow /conventions/standard-media-objects: a tmdb or tvdb number means something only within films or within
series, anime ids only within anime, simkl and imdb everywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from importer.model import Ids, Kind

ANIME_KEYS = frozenset({"mal", "anidb", "anilist", "kitsu", "livechart", "anisearch", "animeplanet"})
"""Ids that name one season of one anime, where tmdb and tvdb name all seasons together."""

NUMERIC_KEYS = frozenset({"simkl", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "livechart", "anisearch"})

SENT_KEYS = frozenset(
    {*NUMERIC_KEYS, "imdb", "animeplanet", "letterboxd", "traktslug", "netflix", "hulu", "crunchyroll"}
)
"""Every id key that POST /sync/ratings takes (/api-reference/simkl/add-ratings). `slug` is response-only."""


class Box(StrEnum):
    """Where an item stands in the body of a request: every page allows anime under `shows`."""

    MOVIES = "movies"
    SHOWS = "shows"


Token: TypeAlias = tuple[str, str]
"""An id in its namespace: ("imdb", "tt0133093"), ("tmdb of films", "603")."""

_EVERYWHERE = frozenset({"simkl", "imdb", *ANIME_KEYS})
_OF_FILMS = {key: f"{key} of films" for key in SENT_KEYS - _EVERYWHERE}
_OF_SERIES = {key: f"{key} of series" for key in SENT_KEYS - _EVERYWHERE}


def normal_title(title: str) -> str:
    """Return the title as two sites would both write it: NFKC, case folded, white space collapsed."""
    if title.isascii():
        return " ".join(title.lower().split())
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())


def loose_title(title: str) -> str:
    """Return the title's letters and digits alone, without accents: for telling a spelling from another title."""
    decomposed = unicodedata.normalize("NFKD", title.replace("&", " and ")).casefold()
    return "".join(c for c in decomposed if c.isalnum()) or normal_title(title)


def trusted(kind: Kind | None, ids: Ids) -> Ids:
    """Return the ids one may send together: Simkl takes the first that resolves, so one doubtful id in a good set can
    win.

    Anime keeps anime ids alone; films and series lose theirs unless they have nothing else; `traktslug` goes only where
    it is the only id.
    """
    if not ids:
        return ids
    keys = tuple([key for key, _ in ids])
    kept = _trusted_anime_keys(keys) if kind is Kind.ANIME else _trusted_keys(keys)
    return ids if len(kept) == len(keys) else tuple(pair for pair in ids if pair[0] in kept)


@lru_cache(maxsize=1024)
def _trusted_keys(keys: tuple[str, ...]) -> frozenset[str]:
    """Return which of these keys are trusted together: one export has few combinations, and many rows."""
    known = SENT_KEYS.intersection(keys)
    kept = (known - ANIME_KEYS) or known
    return kept - {"traktslug"} if len(kept) > 1 else kept


@lru_cache(maxsize=1024)
def _trusted_anime_keys(keys: tuple[str, ...]) -> frozenset[str]:
    return (ANIME_KEYS | {"simkl"}).intersection(keys)


def box_of(kind: Kind, ids: Ids) -> Box:
    """Films stand under movies, all else under shows; so does what is known by anime ids alone, whatever its kind."""
    if kind is Kind.MOVIE and not (ids and all(key in ANIME_KEYS for key, _ in ids)):
        return Box.MOVIES
    return Box.SHOWS


def id_tokens(kind: Kind | None, ids: Ids) -> list[Token]:
    """Return all ids in their namespaces: two things share one exactly when they share that id."""
    spaces = _OF_FILMS if kind is Kind.MOVIE else _OF_SERIES
    # A pair that means the same everywhere is its own token: rows are many, and texts made for each id cost more.
    return [pair if pair[0] in _EVERYWHERE else (spaces.get(pair[0], pair[0]), pair[1]) for pair in ids]


def title_token(kind: Kind | None, title: str, year: int | None) -> str | None:
    """Return kind, title and year as one text, or None if title or year is missing: then a title proves nothing."""
    name = normal_title(title) if year else ""
    if not name:
        return None
    # Formatting an enum member costs more than all the rest of this line.
    realm = "movie" if kind is Kind.MOVIE else "show" if kind is Kind.SHOW else "anime" if kind else ""
    return f"{realm}|{year}|{name}"


def conflicting(ours: Iterable[Token], theirs: Iterable[Token]) -> bool:
    """Tell whether two sets of id tokens name different things under one key, and nothing in common."""
    mine = set(ours)
    others = set(theirs)
    if mine & others:
        return False
    return not {space for space, _ in mine}.isdisjoint(space for space, _ in others)


def same_title(title: str, year: int | None, other: str, other_year: int | None) -> bool:
    """Tell whether two titles differ at most by spelling and by a year of ±1: no finding then."""
    if year is not None and other_year is not None and abs(year - other_year) > 1:
        return False
    return title == other or normal_title(title) == normal_title(other) or loose_title(title) == loose_title(other)


def echo_tokens(ids: Ids, title: str, year: int | None) -> list[str]:
    """Return what no two items of one batch may share, whatever their kinds: an echo need not name its kind."""
    tokens = [f"{key}:{value}" for key, value in ids]
    if title:
        tokens.append(f"|{year}|{normal_title(title)}")
    return tokens
