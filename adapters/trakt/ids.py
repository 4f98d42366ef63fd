"""What a Trakt title is known by: the ids that Simkl takes, and a key that stays the same over exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.reading.ids import is_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.reading.ids import IdReader
    from importer.model import Ids, Kind

_DIGITS = 12
_LIMIT = 10**_DIGITS
_LONGEST = 200
_SITES = ("imdb", "tmdb", "tvdb")
_NONE = (None, 0, "", "0")
"""How Trakt writes that a title has no such id."""


def taken(ids: Mapping[str, object], kind: Kind, reader: IdReader) -> Ids:
    """Pick the ids that Simkl takes and that can be true: no null, no 0, no numeric Trakt id, no `plex` object.

    `traktslug` is one of them only where there is no other.
    """
    found: list[tuple[str, str]] = []
    for site in _SITES:
        value = ids.get(site)
        if type(value) is int and 0 < value < _LIMIT and site != "imdb":
            found.append((site, str(value)))
        elif type(value) is str and is_plain(site, value):
            found.append((site, value))
        elif value not in _NONE and (text := reader.read(site, value if type(value) is str else repr(value), kind)):
            found.append((site, text))
    if not found and (name := slug(ids)):
        found.append(("traktslug", name))
    return tuple(found)


def key(kind: str, ids: Mapping[str, object], found: Ids, title: str, year: int | None) -> str:
    """Name a title by the first that it has: Trakt's number, its slug, another id, title and year."""
    if value := number(ids.get("trakt")):
        return f"trakt:{kind}:{value}"
    if name := slug(ids):
        return f"trakt:{kind}:slug:{name}"
    if found:
        return f"trakt:{kind}:{found[0][0]}:{found[0][1]}"
    return f"trakt:{kind}:title:{title.casefold()} ({year or '?'})"


def number(value: object) -> str:
    """Return a whole number above 0, given as such or in digits, as text without leading zeros; else ""."""
    if type(value) is int:
        return str(value) if 0 < value < _LIMIT else ""
    if type(value) is str and len(value) <= _DIGITS and value.isascii() and value.isdigit():
        return value.lstrip("0")
    return ""


def slug(ids: Mapping[str, object]) -> str:
    """Return a title's slug, or "" where it has none. A number is none: it would be taken for an id."""
    value = ids.get("slug")
    return value if type(value) is str and 0 < len(value) <= _LONGEST and not value.isspace() else ""
