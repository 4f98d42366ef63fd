"""Kitsu: dumps of a library as the API gives it. The site's own XML has MyAnimeList's shape; that adapter reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from adapters.protocol import About
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_forms import Join, JsonForm, at
from adapters.reading.kinds import UNSUPPORTED
from adapters.reading.scale import Scale
from adapters.reading.values import object_of, objects_of, text_of
from importer.model import Kind, Origin, Precision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.reading.documents import Object
    from adapters.reading.json_entries import JsonEntry
    from importer.model import Row

_MEDIA: Final = ("anime", "manga", "drama", "media")
"""Under which names an entry may point to its title."""

_SITES: Final = {"myanimelist/anime": "mal", "anilist/anime": "anilist", "anidb": "anidb"}
"""Kitsu's words for the sites whose ids are sent. `thetvdb/season` is the number of a season, and no show's."""

_ENTRIES: Final = ("libraryEntries", "library-entries")
_TITLE: Final = "about.canonicalTitle|about.titles.en_jp|about.titles.en|about.titles.en_us|about.titles.ja_jp"
_MIDNIGHT: Final = re.compile(r"T00:00:00(?:\.0+)?Z$")
"""How Kitsu stores a day that was picked and no time."""

_NO_STARS: Final = ("", "0", "0.0")


def _row(entry: JsonEntry) -> Row:
    kind, number = entry["media.type"], entry["media.id"]
    anime = kind in ("", "anime")
    key = f"kitsu:{number}" if anime else f"kitsu:{kind}:{number}"
    if not number:
        key = f"kitsu:entry:{entry['id']}" if entry["id"] else ""
    stars = entry["attributes.rating"]
    # `rating` says the same in stars, less exactly, and counts only where a dump has nothing else.
    old = "ratingTwenty" not in object_of(entry.at("attributes")) and stars not in _NO_STARS
    return entry.row(
        key=key,
        sort=Kind.ANIME if anime else UNSUPPORTED,
        title=entry[_TITLE],
        year=entry.year("about.startDate"),
        ids=entry.ids(Kind.ANIME) if anime else (),
        rating=stars if old else None,
        scale=Scale.FIVE if old else None,
    )


def _join(pages: list[Object]) -> Join:
    """Bring together what the API spreads: an entry, the title that it points to, and that title's ids elsewhere."""
    included = [resource for page in pages for resource in objects_of(page.get("included"))]
    titles = {_name(resource): resource for resource in included if resource.get("type") in _MEDIA}
    mappings = {_name(resource): object_of(resource.get("attributes")) for resource in included}
    of_title: dict[tuple[str, str], list[Object]] = {}
    for resource in included:
        if resource.get("type") == "mappings":
            owner = object_of(at(resource, "relationships.item.data"))
            of_title.setdefault(_name(owner), []).append(object_of(resource.get("attributes")))

    def joined(entry: Object) -> Iterator[Object]:
        relations = object_of(entry.get("relationships"))
        media = next((found for name in _MEDIA if (found := object_of(at(relations, f"{name}.data")))), {})
        title = titles.get(_name(media), {})
        told = [mappings.get(_name(one), {}) for one in objects_of(at(title, "relationships.mappings.data"))]
        attributes = object_of(entry.get("attributes"))
        yield {
            "id": entry.get("id"),
            "attributes": attributes,
            "media": media,
            "about": title.get("attributes"),
            "ids": _ids([*told, *(of_title.get(_name(media), []) if media else [])]),
            "finished": _MIDNIGHT.sub("", text_of(attributes.get("finishedAt"))),
            "edited": attributes.get("updatedAt"),
        }

    return joined


def _ids(mappings: list[Object]) -> Object:
    """Take a title's ids on other sites; where Kitsu has two for one site, nobody can tell which is right."""
    found: dict[str, set[str]] = {}
    for mapping in mappings:
        site = _SITES.get(text_of(mapping.get("externalSite")))
        if site is not None:
            found.setdefault(site, set()).add(text_of(mapping.get("externalId")))
    return {site: values.pop() for site, values in found.items() if len(values) == 1}


def _name(resource: Object) -> tuple[str, str]:
    return text_of(resource.get("type")), text_of(resource.get("id"))


def _is_entry(entry: Object, _page: Object) -> bool:
    return entry.get("type") in _ENTRIES


def _is_other(entry: Object) -> bool:
    """Tell an entry that is of no anime: raw, or as it is joined."""
    kind = at(entry, "media.type") or next(
        (name for name in _MEDIA if at(entry, f"relationships.{name}.data") is not None), None
    )
    return kind in ("manga", "drama")


def _notes(pages: list[Object]) -> Iterator[str]:
    if pages and at(pages[-1], "links.next") is not None:
        yield "is not the last page of the library: the entries of the next one are not in this file"


_LIBRARY: Final = JsonForm(
    why="pages of a Kitsu library",
    inside="data",
    needs=("type", "attributes"),
    when=_is_entry,
    join=_join,
    row=_row,
    rating="attributes.ratingTwenty",
    scale=Scale.TWENTY,
    dates={
        "finished": DateColumn(Origin.WATCHED, Precision.SECOND),
        "edited": DateColumn(Origin.EDITED, Precision.SECOND),
    },
    ids={"kitsu": "media.id", "mal": "ids.mal", "anilist": "ids.anilist", "anidb": "ids.anidb"},
    notes=_notes,
    other=_is_other,
    others="is a manga library; Simkl has no manga: take the anime library instead",
)

KITSU: Final = JsonAdapter(
    name="kitsu",
    about=About(
        site="Kitsu",
        where="the API: https://kitsu.app/api/edge/library-entries?filter[userId]=…&include=anime.mappings",
        forms="pages of the API as JSON; the site's own XML (Settings, Exports) is read as MyAnimeList's (mal)",
        scale="2 to 20, halved: odd ones lie between two whole points, and go as --round says",
        dates="none: the time of finishing stands in, else the last edit",
    ),
    forms=(_LIBRARY,),
)
