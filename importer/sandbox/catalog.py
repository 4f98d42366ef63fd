"""The catalogue: every title the sandbox knows, found by id, by name and year, or by name.

`/conventions/standard-media-objects` lists the id keys. A `tmdb` or `tvdb` number means one thing among films and
another among series, so these two have one namespace for each; anime ids are met by anime alone; `simkl` and `imdb`
numbers are unique over everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Literal

from importer.sandbox.names import Name
from importer.sandbox.titles import MERGED, TITLES, Kind, Title

Mode = Literal["open", "closed"]

# In the order in which they are trusted (`/conventions/standard-media-objects`); behind anidb it is this sandbox's own.
ANIME_KEYS = ("mal", "anidb", "anilist", "kitsu", "livechart", "anisearch", "animeplanet")
ID_KEYS = (
    "simkl",
    "imdb",
    "tmdb",
    "tvdb",
    *ANIME_KEYS,
    "letterboxd",
    "traktslug",
    "netflix",
    "hulu",
    "crunchyroll",
)
_SPLIT_KEYS = frozenset({"tmdb", "tvdb", "traktslug"})
_MADE_FROM = 1_000_000_000  # numbers of titles made on the fly start here, far above those of titles.py
_MADE_RANGE = 10**12
_NOT_WORDS = re.compile(r"[\W_]+")


class Catalog:
    """Titles and their indexes.

    `mode` is "open" where every well-formed item that matches nothing makes a new title, "closed" where only the
    known titles exist.
    """

    def __init__(self, mode: Mode = "open", titles: Iterable[Title] = TITLES) -> None:
        self.mode: Mode = mode
        self.titles: dict[int, Title] = {}
        self.made: dict[int, Title] = {}
        self._ids: dict[tuple[str, str], int] = {}
        self._names: dict[tuple[Kind, str, int | None], int] = {}
        self.merged: dict[int, int] = dict(MERGED)
        self.aliases: dict[tuple[Kind, str, int | None], int] = {}
        for title in titles:
            self.put(title, loose=True)

    def add(
        self,
        kind: Kind,
        title: str,
        year: int | None = None,
        ids: Mapping[str, str | int] | None = None,
        *,
        anime_type: str | None = None,
        episodes: int | None = None,
        released: bool = True,
        also: Iterable[str | Name] = (),
    ) -> Title:
        """Add a title and return it; `ids` may hold its `simkl` number, else one is made from what it is.

        `also` are its other names, as texts or with their language.
        """
        texts = {key: str(value) for key, value in (ids or {}).items()}
        number = texts.pop("simkl", None)
        simkl = int(number) if number else self._number(kind, title, year, texts)
        names = tuple(name if isinstance(name, Name) else Name(name) for name in also)
        made = Title(
            simkl=simkl,
            kind=kind,
            title=title,
            year=year,
            ids=texts,
            anime_type=anime_type,
            episodes=episodes,
            released=released,
            names=names,
        )
        self.put(made, made=True, loose=True)
        return made

    def alias(self, title: str, year: int | None, kind: Kind, simkl_id: int) -> None:
        """From now on `title` of `year` resolves to the title `simkl_id`, right or wrong, when no id decides."""
        self.aliases[kind, title.strip().casefold(), year] = simkl_id

    def merge(self, old: int, new: int) -> None:
        """Make `old` a number that leads to the title `new`, as when two entries turn out to be one title."""
        gone = self.titles.pop(old, None)
        self.made.pop(old, None)
        self.merged[old] = new
        if gone is not None:
            self.merged.update({number: new for number, target in self.merged.items() if target == old})
            self._ids.update({mark: new for mark, simkl in self._ids.items() if simkl == old})
            self._names.update({name: new for name, simkl in self._names.items() if simkl == old})
            self.aliases.update({name: new for name, simkl in self.aliases.items() if simkl == old})

    def lose(self, simkl: int) -> None:
        """Know a title no more: nothing leads to it from now on, though an account may still show its rating."""
        self.merged[simkl] = 0
        self._ids = {mark: number for mark, number in self._ids.items() if number != simkl}
        self._names = {name: number for name, number in self._names.items() if number != simkl}
        self.aliases = {name: number for name, number in self.aliases.items() if number != simkl}

    def refile(self, title: Title, kind: Kind, anime_type: str | None) -> Title:
        """File a title under another kind from now on, with the same number."""
        filed = replace(title, kind=kind, anime_type=anime_type)
        self.put(filed, made=True)
        return filed

    def put(self, title: Title, *, made: bool = False, loose: bool = False) -> None:
        """Store a title as it is.

        `made` marks it as one that a state file has to remember, `loose` lets it be found whatever the punctuation.
        """
        self.titles[title.simkl] = title
        if made:
            self.made[title.simkl] = title
        for key, value in title.ids.items():
            self._ids.setdefault((_namespace(key, film=title.film), value), title.simkl)
        for name in spellings(title):
            self._name(title, name.strip().casefold())
            if loose:
                self._name(title, loosely(name))

    def by_id(self, key: str, value: str, *, film: bool) -> Title | None:
        """Return the title with this id; `film` says which of the two namespaces of `tmdb` and `tvdb` is meant."""
        if key == "simkl":
            number = int(value) if value.isascii() and value.isdigit() else 0
            return self.titles.get(self.merged.get(number, number))
        simkl = self._ids.get((_namespace(key, film=film), value))
        return None if simkl is None else self.titles[simkl]

    def by_name(self, kinds: Iterable[Kind], title: str, year: int | None) -> Title | None:
        """Return the title of that name and year (None: of any year) among `kinds`, tried in their order."""
        exact = title.strip().casefold()
        kinds = tuple(kinds)
        for kind in kinds:
            if (alias := self.aliases.get((kind, exact, year))) is not None:
                return self.titles[alias]
        for name in (exact, loosely(title)):
            for kind in kinds:
                simkl = self._names.get((kind, name, year))
                if simkl is not None:
                    return self.titles[simkl]
        return None

    def find(self, kind: Kind, title: str, year: int | None = None) -> Title:
        """Return the title of that kind, name and year; raise LookupError where there is none."""
        found = self.by_name((kind,), title, year)
        if found is None:
            raise LookupError(f"no {kind} {title!r} ({year})")
        return found

    def make(self, kind: Kind, title: str, year: int | None, ids: dict[str, str]) -> Title:
        """Make a title on the fly, with a number derived from its identity, so that every process makes the same."""
        simkl = self._number(kind, title, year, ids)
        made = Title(
            simkl=simkl, kind=kind, title=title, year=year, ids=ids, anime_type="tv" if kind == "anime" else None
        )
        self.put(made, made=True)
        return made

    def learn(self, title: Title, ids: dict[str, str]) -> Title:
        """Give a title that was made on the fly the ids that another item names for it."""
        new = {key: value for key, value in ids.items() if key != "simkl" and key not in title.ids}
        if not new or title.simkl not in self.made:
            return title
        known = replace(title, ids={**title.ids, **new})
        self.put(known, made=True)
        return known

    def _name(self, title: Title, name: str) -> None:
        self._names.setdefault((title.kind, name, title.year), title.simkl)
        self._names.setdefault((title.kind, name, None), title.simkl)

    def _number(self, kind: Kind, title: str, year: int | None, ids: Mapping[str, str]) -> int:
        key = next((key for key in ID_KEYS if key in ids), None)
        identity = f"{kind}|{key}|{ids[key]}" if key else f"{kind}|{title.strip().casefold()}|{year}"
        digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        number = _MADE_FROM + int.from_bytes(digest, "big") % _MADE_RANGE
        while number in self.titles:
            number += 1
        return number


def _namespace(key: str, *, film: bool) -> str:
    if key in _SPLIT_KEYS:
        return f"{key}/film" if film else f"{key}/series"
    return key


def spellings(title: Title) -> tuple[str, ...]:
    """Return every name of a title, the main one first."""
    return (title.title, *(name.name for name in title.names))


def loosely(name: str) -> str:
    """Return a name without its punctuation and capitals, marked with a "~"."""
    # The mark keeps loosely spelled names of known titles apart from the exact names of titles made on the fly.
    return "~" + _NOT_WORDS.sub(" ", name.casefold()).strip()
