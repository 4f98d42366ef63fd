"""The library as Simkl tells of it: every title on one of the account's lists, with its rating where it has one.

Page: /api-reference/simkl/get-all-items.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from importer.model import AccountRating, Ids, Kind, value
from importer.simkl.lenient import count_of, dict_of, other_ids, parse_time, simkl_in, text_of, year_of
from importer.simkl.reads import LISTS, OLD_DROPPED, SECTIONS, kind_of, media_in, rating_in, rows_in

MAX_ITEMS = "max_items"
"""The error of a library that is too large for one answer: each of its lists is asked for by itself then."""

LISTS_OF = {
    Kind.MOVIE: ("plantowatch", "completed", "dropped"),
    Kind.SHOW: LISTS,
    Kind.ANIME: LISTS,
}
"""The lists that titles of a kind can be on."""


@value
class Listed:
    """A title on a list of the account. Times are in seconds since the epoch, None where there is none.

    `status` names the list, in today's words, "" where the row names none. `watched_at` is when it was last watched
    and `added_at` when it was put onto a list. `episodes` is how many were watched. `rating` is what the row says of
    one, None where the title is unrated.
    """

    simkl: int
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    status: str
    watched_at: int | None
    added_at: int | None
    episodes: int
    rating: AccountRating | None


def library_path(kind: Kind, status: str = "") -> str:
    """Return the address of all titles of a kind, or of one of its lists."""
    return f"/sync/all-items/{SECTIONS[kind]}" + (f"/{status}" if status else "")


def parse_library(kind: Kind | None, body: bytes) -> Iterator[Listed]:
    """Read the titles of one kind (None: of all, each in its section). An empty library answers like empty ratings.

    Raises UnreadableReplyError for anything else, possibly after the first titles.
    """
    for section, row in rows_in(body):
        found = kind or section or kind_of(row)
        listed = _listed(found, row) if found is not None else None
        if listed is not None:
            yield listed


def _listed(kind: Kind, row: dict[str, Any]) -> Listed | None:
    media = media_in(row)
    ids = dict_of(media.get("ids"))
    simkl = simkl_in(ids)
    if simkl is None:
        return None
    status = text_of(row.get("status"))
    return Listed(
        simkl=simkl,
        kind=kind,
        title=text_of(media.get("title")),
        year=year_of(media.get("year")),
        ids=other_ids(ids),
        status="dropped" if status == OLD_DROPPED else status,
        watched_at=parse_time(row.get("last_watched_at")),
        added_at=parse_time(row.get("added_to_watchlist_at")),
        episodes=count_of(row.get("watched_episodes_count")),
        rating=rating_in(kind, row),
    )
