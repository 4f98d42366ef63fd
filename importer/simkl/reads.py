"""The account as Simkl tells of it: whose it is, when its ratings moved, and the ratings themselves.

Pages: /guides/sync, /conventions/null-and-missing-values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from importer.arrays import array_parts
from importer.model import Kind
from importer.plan.sides import Theirs
from importer.simkl.lenient import UnreadableReplyError, dict_of, dicts_in, ids_in, object_in, text_of, year_of

ACTIVITIES = "/sync/activities"
SETTINGS = "/users/settings"
ALL_RATINGS = ",".join(map(str, range(1, 11)))
READ = {kind: f"/sync/ratings/{name}/{ALL_RATINGS}" for kind, name in
        ((Kind.MOVIE, "movies"), (Kind.SHOW, "shows"), (Kind.ANIME, "anime"))}  # fmt: skip

_ONE_LIST = re.compile(rb'\s*\{\s*"(?:movies|shows|anime)"\s*:\s*\[')
_STAMPS = {Kind.MOVIE: "movies", Kind.SHOW: "tv_shows", Kind.ANIME: "anime"}


@dataclass(frozen=True, slots=True)
class AccountName:
    """Who a token belongs to. `plan` is free, pro or vip."""

    id: int
    name: str
    timezone: str
    plan: str


@dataclass(frozen=True, slots=True)
class Stamps:
    """When the ratings of each kind last moved, as Simkl writes it; None where nothing ever did or nothing is said."""

    movie: str | None
    show: str | None
    anime: str | None

    def of(self, kind: Kind) -> str | None:
        """The stamp of one kind."""
        return {Kind.MOVIE: self.movie, Kind.SHOW: self.show, Kind.ANIME: self.anime}[kind]


def parse_settings(body: bytes) -> AccountName:
    """The answer of POST /users/settings."""
    document = object_in(body)
    account = dict_of(document.get("account"))
    number = account.get("id")
    if not isinstance(number, int):
        raise UnreadableReplyError("no account id")
    name = dict_of(document.get("user")).get("name")
    return AccountName(
        number,
        name if isinstance(name, str) else "",
        str(account.get("timezone") or ""),
        str(account.get("type") or "free"),
    )


def parse_stamps(body: bytes) -> Stamps:
    """The answer of GET /sync/activities: when ratings moved, and where only `all` is told, when anything did."""
    document = object_in(body)

    def stamp(kind: Kind) -> str | None:
        part = dict_of(document.get(_STAMPS[kind]))
        value = part.get("rated_at") or (part.get("all") if "rated_at" not in part else None)
        return value if isinstance(value, str) else None

    return Stamps(stamp(Kind.MOVIE), stamp(Kind.SHOW), stamp(Kind.ANIME))


def parse_ratings(kind: Kind, body: bytes) -> Iterator[Theirs]:
    """The rated titles of one kind. An empty account answers `null`, `{}`, `[]` or empty lists.

    Raises UnreadableReplyError for anything else, possibly after the first titles.
    """
    count, left = 0, True
    head = _ONE_LIST.match(body)
    if head is not None:
        for part, more in array_parts(body, head.end(), body.rfind(b"]") + 1):
            yield from filter(None, (_theirs(kind, row) for row in dicts_in(part)))
            count, left = count + len(part), more
    if left:
        yield from filter(None, (_theirs(kind, row) for row in dicts_in(_rated(body)[count:])))


def _rated(body: bytes) -> list[Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableReplyError(str(error)) from None
    if document is None or isinstance(document, list):
        return document or []
    if not isinstance(document, dict):
        raise UnreadableReplyError("neither an object nor a list")
    if "error" in document:
        raise UnreadableReplyError("an error under a 2xx")
    return [row for value in document.values() if isinstance(value, list) for row in value]


def parse_time(text: object) -> int | None:
    """Simkl's times to seconds since the epoch; None for null, empty and unreadable ones."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _theirs(kind: Kind, row: dict[str, Any]) -> Theirs | None:
    media = dict_of(row.get("movie") or row.get("show") or row.get("anime"))
    rating = row.get("user_rating")
    ids = dict_of(media.get("ids"))
    simkl = str(ids.get("simkl", ids.get("simkl_id")))
    # A row that cannot be a rating is none: nothing of ours may be decided by it.
    if not isinstance(rating, int | float) or not 1 <= rating <= 10 or not simkl.isdecimal() or len(simkl) > 15:
        return None
    return Theirs(
        int(simkl), kind, text_of(media.get("title")), year_of(media.get("year")),
        tuple(pair for pair in ids_in(ids) if pair[0] not in ("simkl", "simkl_id", "slug")),
        int(rating), parse_time(row.get("user_rated_at")),
    )  # fmt: skip
