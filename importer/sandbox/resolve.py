"""Which title an item means, as the service decides it.

The first id that resolves wins and the others are ignored: `simkl` first, then the rest, then title and year, then
the title alone (`/conventions/standard-media-objects`). No confidence is ever returned.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from importer.sandbox.catalog import ANIME_KEYS, ID_KEYS, Catalog
from importer.sandbox.titles import UNKNOWN_IDS, UNKNOWN_TITLES, Kind, Title

Section = Literal["movies", "shows", "anime"]
SECTIONS: tuple[Section, ...] = ("movies", "shows", "anime")
_ANIME_KEYS = frozenset(ANIME_KEYS)
# Listed on one page, or for look-ups alone: nobody has shown that they lead anywhere.
_DOUBTED = frozenset({"letterboxd", "traktslug", "netflix", "hulu", "crunchyroll"})
_BRACKET = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item says about its title: its kind, name ("" for none), year and ids as text, in order of trust."""

    kind: Kind
    title: str
    year: int | None
    ids: dict[str, str]

    @property
    def marks(self) -> list[tuple[str, object]]:
        """Everything that names it: two items of one body that share a mark may be one title."""
        named: list[tuple[str, object]] = [("title", (self.title.casefold(), self.year))] if self.title else []
        return [*self.ids.items(), *named]


def asked(section: Section, item: Mapping[str, object]) -> Asked:
    """Read the title part of an item, whatever the types of its values."""
    raw = item.get("ids")
    known: Mapping[str, object] = raw if isinstance(raw, dict) else {}
    ids = {
        key: str(value)
        for key in ID_KEYS
        if (value := known.get(key)) is not None and isinstance(value, (str, int)) and value != ""
    }
    name = item.get("title")
    year = item.get("year")
    if isinstance(year, str):
        year = int(year) if year.isascii() and year.isdigit() else None
    kind: Kind = "movie" if section == "movies" else "show"
    if section == "anime" or (kind == "show" and not _ANIME_KEYS.isdisjoint(ids)):
        kind = "anime"
    return Asked(kind, name.strip() if isinstance(name, str) else "", year if isinstance(year, int) else None, ids)


def resolve(
    catalog: Catalog, section: Section, item: Mapping[str, object], play: Collection[str] = (), *, make: bool = True
) -> Title | None:
    """Return the title an item means, or None where the service would not find one.

    `play` names the faults that bend the answer. Without `make` an open catalogue makes no new title.
    """
    wanted = asked(section, item)
    if "slugs-unknown" in play:
        wanted = replace(wanted, ids={key: value for key, value in wanted.ids.items() if key not in _DOUBTED})
    if "one-title" in play:
        wanted = replace(wanted, title=_BRACKET.sub("", wanted.title))
    found = _by_ids(catalog, section, wanted)
    if found is None:
        found = _by_name(catalog, section, wanted)
        if found is None:
            found = _made(catalog, wanted) if make and catalog.mode == "open" else None
        if found is not None and "wrong-title" in play and not wanted.ids:
            return _other(catalog, found, f"{found.title}: The Other One")
    if found is not None and "film-as-anime" in play and found.kind == "movie":
        return catalog.refile(found, "anime", "movie")
    if found is None or (found.film if section == "movies" else found.kind != "movie"):
        return found
    if "wrong-kind-not-found" in play:
        return None
    if "wrong-kind-other-title" in play:
        return _other(catalog, found, f"{found.title}: The {'Film' if section == 'movies' else 'Series'}")
    return found


def plausible(section: Section, item: Mapping[str, object]) -> bool:
    """Return whether an open catalogue would make a title of this item."""
    return _makeable(asked(section, item))


def _by_ids(catalog: Catalog, section: Section, wanted: Asked) -> Title | None:
    film = section == "movies"
    for key, value in wanted.ids.items():
        title = catalog.by_id(key, value, film=film)
        if title is not None:
            return catalog.learn(title, wanted.ids) if title.simkl in catalog.made else title
    return None


def _by_name(catalog: Catalog, section: Section, wanted: Asked) -> Title | None:
    if not wanted.title or _never_known(wanted):
        return None
    kinds: tuple[Kind, ...] = ("anime",) if wanted.kind == "anime" else (wanted.kind, "anime")
    found = catalog.by_name(kinds, wanted.title, wanted.year)
    if found is None and wanted.year is not None and catalog.mode == "closed":
        found = catalog.by_name(kinds, wanted.title, None)
    if found is None or (section == "movies" and not found.film):
        return None
    if catalog.mode == "open" and any(found.ids.get(key, value) != value for key, value in wanted.ids.items()):
        # The open catalogue holds everything: other ids are another title that happens to share name and year.
        return None
    return catalog.learn(found, wanted.ids)


def _made(catalog: Catalog, wanted: Asked) -> Title | None:
    if not _makeable(wanted):
        return None
    ids = {key: value for key, value in wanted.ids.items() if key != "simkl"}
    if wanted.kind == "movie":
        ids = {key: value for key, value in ids.items() if key not in _ANIME_KEYS}
    key, value = next(iter(ids.items()), ("", ""))
    return catalog.make(wanted.kind, wanted.title or f"{key} {value}", wanted.year, ids)


def _makeable(wanted: Asked) -> bool:
    if _never_known(wanted):
        return False
    # A simkl number that is not there is wrong, not new.
    return bool(wanted.title) or any(key != "simkl" for key in wanted.ids)


def _never_known(wanted: Asked) -> bool:
    if wanted.ids:
        return not UNKNOWN_IDS.isdisjoint(wanted.ids.items())
    return wanted.title.casefold() in UNKNOWN_TITLES


def _other(catalog: Catalog, title: Title, name: str) -> Title:
    kind: Kind = title.kind
    found = catalog.by_name((kind,), name, title.year)
    return found or catalog.make(kind, name, title.year, {})
