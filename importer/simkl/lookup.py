"""Titles looked up in Simkl's catalogue: their own pages, where an id leads, and what a search finds.

Pages: /conventions/standard-media-objects, /api-reference/redirect, /api-reference/simkl/search-by-text.
"""

from __future__ import annotations

import re
from typing import Any

from importer.model import Ids, Kind, value
from importer.simkl.client import Client
from importer.simkl.lenient import (
    UnreadableReplyError,
    dict_of,
    dicts_in,
    document_in,
    names_in,
    other_ids,
    simkl_in,
    text_of,
    year_of,
)

REDIRECT = "/redirect"

_PAGES = {Kind.MOVIE: "movies", Kind.SHOW: "tv", Kind.ANIME: "anime"}
_SEARCHES = {Kind.MOVIE: "movie", Kind.SHOW: "tv", Kind.ANIME: "anime"}
_KINDS = {"movies": Kind.MOVIE, "movie": Kind.MOVIE, "tv": Kind.SHOW, "show": Kind.SHOW, "anime": Kind.ANIME}
_PLACE = re.compile(r"(?:(?:https?:)?//[^/?#]+)?/(movies|tv|anime)/([0-9]{1,15})(?:[/?#]|$)")
_NAMES = ("title_en", "en_title", "title_romaji")
_NAME_LISTS = ("all_titles", "alt_titles")


@value
class Lead:
    """Where an id leads: a title of the catalogue."""

    kind: Kind
    simkl: int


@value
class Entry:
    """A title as the catalogue knows it. `other_titles` are its names in other languages, each once; `form` is what an
    anime is, as Simkl says it: tv, movie, ova, ona, special, "music video"; "" where it does not.
    """

    simkl: int
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    other_titles: tuple[str, ...]
    address: str
    form: str = ""


def page_path(kind: Kind, simkl: int) -> str:
    """Return the address of a title's page in the API, which is cached and uncounted."""
    return f"/{_PAGES[kind]}/{simkl}"


def parse_page(kind: Kind, body: bytes) -> Entry | None:
    """Read a title's page. An id that Simkl does not know answers `[]`: None. Raises UnreadableReplyError."""
    document = document_in(body)
    if document == [] or document is None:
        return None
    if not isinstance(document, dict):
        raise UnreadableReplyError("not an object")
    found = _entry(kind, document)
    if found is None:
        raise UnreadableReplyError("a title without an id")
    return found


def redirect_query(kind: Kind, key: str, value: str) -> dict[str, str]:
    """Return the query that asks where one id leads. A tmdb number says nothing by itself; it files anime as series."""
    query = {"to": "simkl", key: value}
    if key == "tmdb":
        query["type"] = "movie" if kind is Kind.MOVIE else "tv"
    return query


def parse_lead(location: str) -> Lead | None:
    """Read the address that a redirect names; None where it is no title's: Simkl does not know the id."""
    found = _PLACE.match(location)
    return Lead(_KINDS[found[1]], int(found[2])) if found is not None else None


def search_path(kind: Kind) -> str:
    """Return the address of the search among one kind. For titles without any id alone, and never in a long loop."""
    return f"/search/{_SEARCHES[kind]}"


def search_query(title: str, year: int | None = None) -> dict[str, str]:
    """Return the query of a search. A year narrows it, where one is known."""
    return {"q": f"{title} {year}" if year else title, "extended": "full"}


def parse_search(kind: Kind, body: bytes) -> tuple[Entry, ...]:
    """Read what a search found, best first. Raises UnreadableReplyError for what is no list."""
    document = document_in(body)
    if document is None or document == {}:
        return ()
    if not isinstance(document, list):
        raise UnreadableReplyError("not a list")
    found = (_entry(kind, one) for one in dicts_in(document))
    return tuple([entry for entry in found if entry is not None])


def title_address(kind: Kind, simkl: int, slug: str = "") -> str:
    """Return the address of a title on Simkl's site, for a person to open."""
    words = slug if re.fullmatch(r"[a-z0-9-]{1,200}", slug) else ""
    return f"https://simkl.com/{_PAGES[kind]}/{simkl}" + (f"/{words}" if words else "")


async def look_up(client: Client, kind: Kind, simkl: int) -> Entry | None:
    """Read a title's own page in the catalogue, which nobody counts; None where Simkl does not know the id."""
    found = await client.look(page_path(kind, simkl), lambda body: [parse_page(kind, body)])
    return found[0]


async def where_leads(client: Client, kind: Kind, key: str, value: str) -> Lead | None:
    """Tell which title an id leads to, without sending it in a rating; None where Simkl does not know it."""
    return parse_lead(await client.resolve(REDIRECT, redirect_query(kind, key, value)))


async def where_named(client: Client, kind: Kind, title: str, year: int) -> Lead | None:
    """Tell which title of a kind a name and a year lead to; None where Simkl knows none. Nobody counts that."""
    query = {"to": "simkl", "title": title, "year": str(year), "type": _SEARCHES[kind]}
    return parse_lead(await client.resolve(REDIRECT, query))


async def search(client: Client, kind: Kind, title: str, year: int | None) -> tuple[Entry, ...]:
    """Search among one kind: one request, counted."""
    return await client.get(search_path(kind), lambda body: parse_search(kind, body), search_query(title, year))


def _entry(kind: Kind, document: dict[str, Any]) -> Entry | None:
    ids = dict_of(document.get("ids"))
    simkl = simkl_in(ids)
    if simkl is None:
        return None
    kind = _KINDS.get(text_of(document.get("endpoint_type")), kind)
    title, slug = text_of(document.get("title")), text_of(ids.get("slug"))
    names = [document.get(key) for key in _NAMES]
    names += [name for key in _NAME_LISTS for name in names_in(document.get(key))]
    return Entry(
        simkl=simkl,
        kind=kind,
        title=title,
        year=year_of(document.get("year")),
        ids=other_ids(ids),
        other_titles=tuple([name for name in names_in(names) if name != title]),
        address=title_address(kind, simkl, slug),
        form=(text_of(document.get("anime_type")) or text_of(document.get("type"))) if kind is Kind.ANIME else "",
    )
