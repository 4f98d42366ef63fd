"""Items to bytes, bytes to typed replies: the only code that knows how Simkl's JSON looks.

Pages: /api-reference/simkl/add-ratings, /guides/sync, /conventions/standard-media-objects,
/conventions/null-and-missing-values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from importer.identity import NUMERIC_KEYS
from importer.model import Ids, Kind
from importer.parts import array_parts
from importer.plan.sides import Theirs

RATINGS = "/sync/ratings"
REMOVE = "/sync/ratings/remove"
ACTIVITIES = "/sync/activities"
SETTINGS = "/users/settings"
ALL_RATINGS = ",".join(map(str, range(1, 11)))
READ = {kind: f"/sync/ratings/{name}/{ALL_RATINGS}" for kind, name in
        ((Kind.MOVIE, "movies"), (Kind.SHOW, "shows"), (Kind.ANIME, "anime"))}  # fmt: skip

_ONE_LIST = re.compile(rb'\s*\{\s*"(?:movies|shows|anime)"\s*:\s*\[')
_ERROR_NAME = re.compile(r"[a-z_]{1,40}")
_STAMPS = {Kind.MOVIE: "movies", Kind.SHOW: "tv_shows", Kind.ANIME: "anime"}


class UnreadableReplyError(ValueError):
    """A 2xx whose body is not what the page promises: HTML, empty, null, cut short. The write may have happened."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One title on its way: `rating` None means that its rating is removed. `rated_at` is seconds since the epoch."""

    key: str
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    rating: int | None
    rated_at: int | None


@dataclass(frozen=True, slots=True)
class Echo:
    """One title as a reply names it, with the list status it has now, where the reply tells."""

    ids: Ids
    title: str
    year: int | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What Simkl says of a batch. Its counts are left out: they prove nothing."""

    statuses: tuple[Echo, ...]
    not_found: tuple[Echo, ...]


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


def iso(seconds: int) -> str:
    """Seconds since the epoch as `2026-05-15T20:00:00Z`."""
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}Z"


def item_bytes(item: Outgoing) -> bytes:
    """One item as it stands in a body. A removal has no rating and no date."""
    body: dict[str, Any] = {}
    if item.rating is not None:
        body["rating"] = item.rating
        body["rated_at"] = iso(item.rated_at if item.rated_at is not None else 0)
    if item.ids:
        body["ids"] = {key: int(value) if key in NUMERIC_KEYS and value.isdecimal() and len(value) < 16 else value
                       for key, value in item.ids}  # fmt: skip
    if item.title:
        body["title"] = item.title
    if item.year is not None:
        body["year"] = item.year
    return orjson.dumps(body)


def body_bytes(items: Iterable[Outgoing]) -> bytes:
    """A whole request body: films under `movies`, all else under `shows`, which every page allows for anime."""
    movies: list[bytes] = []
    shows: list[bytes] = []
    for item in items:
        (movies if item.kind is Kind.MOVIE else shows).append(item_bytes(item))
    parts = [
        b'"%s":[%s]' % (name, b",".join(group)) for name, group in ((b"movies", movies), (b"shows", shows)) if group
    ]
    return b"{" + b",".join(parts) + b"}"


def parse_reply(body: bytes) -> Reply:
    """The reply of a ratings POST. Raises UnreadableReplyError unless it is an object."""
    document = _object(body)
    added = document.get("added")
    statuses = added.get("statuses") if isinstance(added, dict) else None
    not_found = document.get("not_found")
    return Reply(
        tuple(_statuses(statuses)),
        tuple(_echo(entry, None) for entries in (not_found.values() if isinstance(not_found, dict) else ())
              for entry in _dicts(entries)),
    )  # fmt: skip


def parse_removal(body: bytes) -> Reply:
    """The reply of a removal, which older pages show as an empty body: nothing is said then, and nothing proven."""
    return parse_reply(body) if body.strip() else Reply((), ())


def parse_error(body: bytes) -> str:
    """The error's name, lower case, from whatever a failing answer holds; "" where it holds none.

    Only what looks like a name: a server may echo the client id, and this ends up in messages.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    error = _dict(document).get("error")
    if isinstance(error, dict):
        error = error.get("error") or error.get("type") or error.get("id") or error.get("code")
    name = str(error or "").lower()
    return name if _ERROR_NAME.fullmatch(name) else ("error" if error else "")


def parse_settings(body: bytes) -> AccountName:
    """The answer of POST /users/settings."""
    document = _object(body)
    account = _dict(document.get("account"))
    number = account.get("id")
    if not isinstance(number, int):
        raise UnreadableReplyError("no account id")
    name = _dict(document.get("user")).get("name")
    return AccountName(
        number,
        name if isinstance(name, str) else "",
        str(account.get("timezone") or ""),
        str(account.get("type") or "free"),
    )


def parse_stamps(body: bytes) -> Stamps:
    """The answer of GET /sync/activities: when ratings moved, and where only `all` is told, when anything did."""
    document = _object(body)

    def stamp(kind: Kind) -> str | None:
        part = _dict(document.get(_STAMPS[kind]))
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
            yield from filter(None, (_theirs(kind, row) for row in _dicts(part)))
            count, left = count + len(part), more
    if left:
        yield from filter(None, (_theirs(kind, row) for row in _dicts(_rated(body)[count:])))


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
    media = _dict(row.get("movie") or row.get("show") or row.get("anime"))
    rating = row.get("user_rating")
    ids = _dict(media.get("ids"))
    simkl = ids.get("simkl", ids.get("simkl_id"))
    if not isinstance(rating, int | float) or not rating or not str(simkl).isdecimal():
        return None
    return Theirs(
        int(str(simkl)), kind, _text(media.get("title")), _year(media.get("year")),
        tuple(pair for pair in _ids(ids) if pair[0] not in ("simkl", "simkl_id", "slug")),
        int(rating), parse_time(row.get("user_rated_at")),
    )  # fmt: skip


def _statuses(entries: object) -> Iterator[Echo]:
    for entry in _dicts(entries):
        response = _dict(entry.get("response"))
        status = response.get("status")
        yield _echo(_dict(entry.get("request")), status if isinstance(status, str) else None)


def _echo(entry: dict[str, Any], status: str | None) -> Echo:
    return Echo(tuple(_ids(_dict(entry.get("ids")))), _text(entry.get("title")), _year(entry.get("year")), status)


def _ids(ids: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in ids.items():
        if isinstance(value, str | int) and not isinstance(value, bool) and value not in ("", 0, "0"):
            yield key, str(value)


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableReplyError(str(error)) from None
    if not isinstance(document, dict):
        raise UnreadableReplyError("not an object")
    return document


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(values: object) -> Iterator[dict[str, Any]]:
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, dict))


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _year(value: object) -> int | None:
    if isinstance(value, int):
        return value or None
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 6 else None
