"""The account as Simkl tells of it: whose it is, when which part of it moved, and its ratings.

Pages: /guides/sync, /api-reference/simkl/get-user-ratings, /conventions/null-values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from importer.arrays import array_parts
from importer.model import AccountRating, Kind, make_rating, value
from importer.simkl.lenient import (
    UnreadableReplyError,
    dict_of,
    dicts_in,
    document_in,
    object_in,
    other_ids,
    parse_time,
    simkl_in,
    text_of,
    year_of,
)

ACTIVITIES = "/sync/activities"
SETTINGS = "/users/settings"
ALL_RATINGS = ",".join(map(str, range(1, 11)))
SECTIONS = {Kind.MOVIE: "movies", Kind.SHOW: "shows", Kind.ANIME: "anime"}
READ = {kind: f"/sync/ratings/{name}/{ALL_RATINGS}" for kind, name in SECTIONS.items()}

RATINGS_SINCE = "/sync/ratings"
"""With `since` and without a rating segment, which would hide the removals: every rating that changed, of all kinds."""

_ONE_LIST = re.compile(rb'\s*\{\s*"(?:movies|shows|anime)"\s*:\s*\[')
_STAMPS = {Kind.MOVIE: "movies", Kind.SHOW: "tv_shows", Kind.ANIME: "anime"}
_KINDS = {name: kind for kind, name in SECTIONS.items()}


@value
class AccountName:
    """Who a token belongs to. `plan` is free, pro or vip."""

    id: int
    name: str
    timezone: str
    plan: str


@value
class Part:
    """When each thing of one kind last moved, as Simkl writes it; None where it never did or nothing is said.

    `anything` is the newest of them all. `lists` are the lists' own, in the order of LISTS.
    """

    anything: str | None
    rated: str | None
    removed_from_list: str | None
    playback: str | None
    lists: tuple[str | None, ...]


@value
class Stamps:
    """When what of the account last moved. `newest` is the `all` at the top: what a delta is asked for with."""

    newest: str | None
    settings: str | None
    movie: Part
    show: Part
    anime: Part

    def part(self, kind: Kind) -> Part:
        """Return the stamps of one kind."""
        return {Kind.MOVIE: self.movie, Kind.SHOW: self.show, Kind.ANIME: self.anime}[kind]

    def of(self, kind: Kind) -> str | None:
        """Return when the ratings of one kind last moved."""
        return self.part(kind).rated


@value
class Removal:
    """A title whose rating was removed."""

    simkl: int
    kind: Kind


@value
class Delta:
    """What changed among the ratings since a stamp."""

    rated: tuple[AccountRating, ...]
    removed: tuple[Removal, ...]


LISTS = ("plantowatch", "watching", "completed", "hold", "dropped")
"""The lists of the library. Movies know neither `watching` nor `hold`."""

OLD_DROPPED = "notinteresting"
"""What old client ids are told instead of `dropped`."""


def since(stamp: str) -> dict[str, str]:
    """Return the query that asks for what changed after a stamp, which goes back exactly as it came."""
    return {"date_from": stamp}


def parse_settings(body: bytes) -> AccountName:
    """Read the answer of GET /users/settings."""
    document = object_in(body)
    account = dict_of(document.get("account"))
    number = account.get("id")
    if not isinstance(number, int):
        raise UnreadableReplyError("no account id")
    name = dict_of(document.get("user")).get("name")
    return AccountName(
        id=number,
        name=name if isinstance(name, str) else "",
        timezone=str(account.get("timezone") or ""),
        plan=str(account.get("type") or "free"),
    )


def parse_stamps(body: bytes) -> Stamps:
    """Read the answer of GET /sync/activities. Where a kind tells only that anything moved, its ratings may have."""
    document = object_in(body)
    movie, show, anime = (_part(dict_of(document.get(_STAMPS[kind]))) for kind in (Kind.MOVIE, Kind.SHOW, Kind.ANIME))
    return Stamps(
        newest=_stamp(document, "all"),
        settings=_stamp(dict_of(document.get("settings")), "all"),
        movie=movie,
        show=show,
        anime=anime,
    )


def parse_ratings(kind: Kind, body: bytes) -> Iterator[AccountRating]:
    """Read the rated titles of one kind. An empty account answers `null`, `{}`, `[]` or empty lists.

    Raises UnreadableReplyError for anything else, possibly after the first titles.
    """
    return filter(None, (rating_in(kind, row) for _, row in rows_in(body)))


def parse_delta(body: bytes) -> Delta:
    """Read the answer of RATINGS_SINCE. Only a row that has the key `user_rating`, with null, is a removal.

    Raises UnreadableReplyError for what is no answer.
    """
    rated: list[AccountRating] = []
    removed: list[Removal] = []
    for section, row in rows_in(body):
        kind = section or kind_of(row)
        if kind is None:
            continue
        if "user_rating" in row and row["user_rating"] is None:
            simkl = simkl_in(dict_of(media_in(row).get("ids")))
            if simkl is not None:
                removed.append(Removal(simkl, kind))
        elif (theirs := rating_in(kind, row)) is not None:
            rated.append(theirs)
    return Delta(tuple(rated), tuple(removed))


def rows_in(body: bytes) -> Iterator[tuple[Kind | None, dict[str, Any]]]:
    """Yield every row of an answer about the library, with the kind whose section it stands in, where it has one.

    Raises UnreadableReplyError for what is no such answer, possibly after the first rows.
    """
    count, left = 0, True
    head = _ONE_LIST.match(body)
    if head is not None:
        section = _KINDS[head[0].split(b'"')[1].decode()]
        for part, more in array_parts(body, head.end(), body.rfind(b"]") + 1):
            for row in dicts_in(part):
                yield section, row
            count, left = count + len(part), more
    if left:
        for kind, row in _whole(body)[count:]:
            if isinstance(row, dict):
                yield kind, row


def media_in(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row says of its title."""
    return dict_of(row.get("movie") or row.get("show") or row.get("anime"))


def kind_of(row: dict[str, Any]) -> Kind | None:
    """Return the kind of a row that stands in no section; anime may nest under `show`, with its `anime_type` beside."""
    if row.get("movie"):
        return Kind.MOVIE
    if row.get("anime") or row.get("anime_type"):
        return Kind.ANIME
    return Kind.SHOW if row.get("show") else None


def rating_in(kind: Kind, row: dict[str, Any]) -> AccountRating | None:
    """Return a row's rating. A row that cannot be a rating is none: nothing of ours may be decided by it."""
    rating = row.get("user_rating")
    if not isinstance(rating, (int, float)) or isinstance(rating, bool) or not 1 <= rating <= 10:
        return None
    media = media_in(row)
    ids = dict_of(media.get("ids"))
    simkl = simkl_in(ids)
    if simkl is None:
        return None
    return make_rating(
        simkl=simkl,
        kind=kind,
        title=text_of(media.get("title")),
        year=year_of(media.get("year")),
        ids=other_ids(ids),
        rating=int(rating),
        rated_at=parse_time(row.get("user_rated_at")),
    )


def _part(document: dict[str, Any]) -> Part:
    anything = _stamp(document, "all")
    lists = {name: _stamp(document, name) for name in LISTS}
    lists["dropped"] = lists["dropped"] or _stamp(document, OLD_DROPPED)
    return Part(
        anything=anything,
        rated=_stamp(document, "rated_at") if "rated_at" in document else anything,
        removed_from_list=_stamp(document, "removed_from_list"),
        playback=_stamp(document, "playback"),
        lists=tuple(lists.values()),
    )


def _stamp(document: dict[str, Any], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) and value else None


def _whole(body: bytes) -> list[tuple[Kind | None, Any]]:
    document = document_in(body)
    if document is None or isinstance(document, list):
        return [(None, row) for row in document or ()]
    if not isinstance(document, dict):
        raise UnreadableReplyError("neither an object nor a list")
    if "error" in document:
        raise UnreadableReplyError("an error in an answer that says success")
    return [(_KINDS.get(name), row) for name, value in document.items() if isinstance(value, list) for row in value]
