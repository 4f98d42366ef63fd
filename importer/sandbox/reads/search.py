"""GET /search/{movie|tv|anime}: titles by their names (`/api-reference/simkl/search-by-text`)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from importer.sandbox.answers import Answer, error, ok
from importer.sandbox.catalog import Catalog, loosely, spellings
from importer.sandbox.reads.rows import Row
from importer.sandbox.schedule import Play
from importer.sandbox.titles import Kind, Title

KINDS: dict[str, Kind] = {"movie": "movie", "tv": "show", "anime": "anime"}
_MOST = 50  # matches of one answer
_LAST_PAGE = 20


def search(catalog: Catalog, word: str, query: Mapping[str, str], play: Play) -> Answer:
    """Return the titles of a type that match `q`, best first. A bad page or limit is clamped, no match is `[]`."""
    if word not in KINDS:
        return error(404, "url_failed")
    asked = query.get("q", "").strip()
    if not asked:
        return error(400, "empty_field", "q is empty")
    if "search-empty" in play:
        return ok([])
    found = _matches(catalog, KINDS[word], asked)
    limit, page = _number(query.get("limit"), _MOST), _number(query.get("page"), _LAST_PAGE, 1)
    shown = found[limit * (page - 1) : limit * page]
    if "search-reversed" in play:
        shown.reverse()
    extended = query.get("extended") == "full"
    return ok([_match(title, word, play, extended=extended) for title in shown])


def _matches(catalog: Catalog, kind: Kind, asked: str) -> list[Title]:
    """Return the titles whose name has every word of the query; the last word may be the year instead."""
    words = _words(asked)
    year = int(words[-1]) if len(words) > 1 and len(words[-1]) == 4 and words[-1].isdecimal() else None
    ranked: list[tuple[int, int, Title]] = []
    for title in catalog.titles.values():
        if title.kind != kind:
            continue
        rank = _rank(title, words)
        if year is not None and title.year == year:
            # A number of four digits can belong to the name, or say the year.
            rank = max(rank, _rank(title, words[:-1]))
        if rank:
            ranked.append((-rank, title.simkl, title))
    return [title for *_, title in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(title: Title, words: tuple[str, ...]) -> int:
    """Return how well the best of a title's names fits: 3 the same, 2 it begins so, 1 it has the words, 0 not."""
    best = 0
    for name in map(_words, spellings(title)):
        if name == words:
            return 3
        if name[: len(words)] == words:
            best = 2
        elif set(words) <= set(name):
            best = max(best, 1)
    return best


@lru_cache(100_000)
def _words(text: str) -> tuple[str, ...]:
    """Return the words of a name. Accents do not count: no search that people type into tells Amélie from Amelie."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tuple(loosely(unicodedata.normalize("NFC", letters)).removeprefix("~").split())


def _match(title: Title, word: str, play: Play, *, extended: bool) -> Row:
    ids: Row = {"simkl_id": title.simkl, "slug": title.slug}
    match: Row = {
        "title": title.title,
        "year": title.year,
        "endpoint_type": "movies" if word == "movie" else word,
        "poster": None,
        "ids": ids,
    }
    if title.kind == "anime":
        match["type"] = title.anime_type
    if "search-bare" in play or not extended:
        return match
    if "tmdb" in title.ids:
        ids["tmdb"] = title.ids["tmdb"]
    return match | {"all_titles": list(spellings(title)), "title_en": title.title}


def _number(text: str | None, most: int, default: int | None = None) -> int:
    if text is None or not text.lstrip("-").isdecimal():
        return default or most
    return min(max(1, int(text)), most)
