"""An id as a person types it: bare, with its site in front (imdb:tt0113277), or as the address of a page."""

from __future__ import annotations

from adapters.reading.ids import identifier
from importer.model import Kind

SITES = ("simkl", "imdb", "tmdb", "tvdb", "mal", "anilist", "kitsu", "anidb")

FEWEST_DIGITS = 3
"""Digits from which on a bare number is taken for Simkl's own id: fewer are the number of a line."""


def typed_id(text: str) -> tuple[str, str, tuple[Kind, ...]] | None:
    """Return the site, the id and the kinds of title that it can name; None where the text holds no id."""
    word = text.strip()
    if word.isascii() and word.isdecimal():
        return _of_site("simkl", word) if len(word) >= FEWEST_DIGITS else None
    site, colon, value = word.partition(":")
    if colon and site.casefold() in SITES:
        return _of_site(site.casefold(), value)
    return next(filter(None, (_of_site(site, word) for site in (SITES if "/" in word else ("imdb",)))), None)


def _of_site(site: str, text: str) -> tuple[str, str, tuple[Kind, ...]] | None:
    ids = {kind: value for kind in Kind if (value := identifier(site, text, kind))}
    return (site, next(iter(ids.values())), tuple(ids)) if ids else None
