"""What kind of title a word means, in a person's own words: a kind, one without a place on Simkl, or none we know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from importer.model import Kind, Reason

Sort: TypeAlias = Kind | Reason
"""A kind, or the reason why a title has none: Reason.UNSUPPORTED_KIND or Reason.UNKNOWN_KIND."""

UNSUPPORTED: Final = Reason.UNSUPPORTED_KIND
UNKNOWN: Final = Reason.UNKNOWN_KIND

OWN_WORDS: Final[Mapping[str, Sort]] = {
    **dict.fromkeys(("movie", "film"), Kind.MOVIE),
    **dict.fromkeys(("show", "tv", "serie", "tvshow", "tvserie"), Kind.SHOW),
    "anime": Kind.ANIME,
    **dict.fromkeys(
        ("season", "episode", "game", "manga", "book", "music", "podcast", "musicvideo", "videogame"), UNSUPPORTED
    ),
}


@lru_cache(1024)
def kind_of(word: str) -> Sort:
    """Tell what a person's word for a type means, in any case, singular or plural, with blanks or dashes or without."""
    word = plain(word)
    return OWN_WORDS.get(word) or OWN_WORDS.get(word.removesuffix("s"), UNKNOWN)


@lru_cache(1024)
def plain(word: str) -> str:
    """Reduce a word to lower-case letters and digits: "TV Mini-Series" is "tvminiseries"."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())
