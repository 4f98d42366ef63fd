"""Items to bytes, bytes to typed replies: how the JSON of a batch looks (/api-reference/simkl/add-ratings)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import orjson

from importer.identity import NUMERIC_KEYS
from importer.model import EPOCH, Ids, Kind, Outcome, maker, value
from importer.simkl.lenient import dict_of, dicts_in, ids_in, object_in, text_of, year_of

RATINGS = "/sync/ratings"
REMOVE = "/sync/ratings/remove"
UNLIST = "/sync/history/remove"
"""Takes a title out of the library entirely: list entry, history and rating (/api-reference/simkl/remove-from-history).
"""
LARGEST_ERROR = 1 << 16

_AS_ISO = orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z
"""Writes a moment as `iso` does, and in less time."""

RATE_LIMIT = "rate_limit"
"""Under a 429 the per-second limit, under a 400 the write lock (/resources/rate-limits)."""

TOKEN_REQUIRED = "user_token_required"  # noqa: S105 (the name of an error)
"""Under a 401: the request carried no token at all (/conventions/errors)."""

_ERROR_NAME = re.compile(r"[a-z_]{1,40}")
_SPELT = {"ratelimit": RATE_LIMIT, "oauth2tokenrequired": "oauth2_token_required"}
"""Names that come in several spellings (`RATE_LIMIT`), or hold a digit."""


@value
class Outgoing:
    """One title on its way: `rating` None means that its rating is removed. `rated_at` is seconds since the epoch."""

    key: str
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    rating: int | None
    rated_at: int | None


make_outgoing = maker(Outgoing)


@value
class Echo:
    """What a reply says of one title, as it names it: APPLIED, NOT_FOUND, or UNCONFIRMED of one that it does not name.

    `status` is the list that the title is on now, where the reply tells.
    """

    outcome: Outcome
    ids: Ids = ()
    title: str = ""
    year: int | None = None
    status: str | None = None


make_echo = maker(Echo)


@value
class Reply:
    """What Simkl says of a batch. Its counts are left out: they prove nothing."""

    statuses: tuple[Echo, ...]
    not_found: tuple[Echo, ...]


def item_bytes(item: Outgoing) -> bytes:
    """Return one item as it stands in a body. A removal has no rating and no date."""
    body: dict[str, Any] = {}
    if item.rating is not None:
        body["rating"] = item.rating
        body["rated_at"] = EPOCH + timedelta(seconds=item.rated_at if item.rated_at is not None else 0)
    if item.ids:
        body["ids"] = {
            key: int(value) if key in NUMERIC_KEYS and value.isdecimal() and len(value) < 16 else value
            for key, value in item.ids
        }
    if item.title:
        body["title"] = item.title
    if item.year is not None:
        body["year"] = item.year
    return orjson.dumps(body, option=_AS_ISO)


def weight(item: Outgoing) -> int:
    """Return the bytes that an item adds to a body."""
    return len(item_bytes(item)) + 1


class Encoder:
    """Turns items into bodies. One that was weighed, so that its batch stays small enough, is not encoded again."""

    def __init__(self) -> None:
        self._weighed: dict[str, bytes] = {}

    def weight(self, item: Outgoing) -> int:
        """Return the bytes that an item adds to a body."""
        found = self._weighed[item.key] = item_bytes(item)
        return len(found) + 1

    def body(self, items: Iterable[Outgoing]) -> bytes:
        """Return a whole request body: films under `movies`, all else under `shows`, which every page allows for
        anime."""
        movies: list[bytes] = []
        shows: list[bytes] = []
        for item in items:
            encoded = self._weighed.pop(item.key, None) or item_bytes(item)
            (movies if item.kind is Kind.MOVIE else shows).append(encoded)
        parts = [
            b'"%s":[%s]' % (name, b",".join(group)) for name, group in ((b"movies", movies), (b"shows", shows)) if group
        ]
        return b"{" + b",".join(parts) + b"}"


def parse_reply(body: bytes) -> Reply:
    """Return the reply of a ratings POST. Raises UnreadableReplyError unless it is an object."""
    document = object_in(body)
    added = document.get("added")
    statuses = added.get("statuses") if isinstance(added, dict) else None
    not_found = document.get("not_found")
    return Reply(
        tuple([_status(entry) for entry in dicts_in(statuses)]),
        tuple(
            [
                _echo(entry, Outcome.NOT_FOUND, None)
                for entries in (not_found.values() if isinstance(not_found, dict) else ())
                for entry in dicts_in(entries)
            ]
        ),
    )


def parse_removal(body: bytes) -> Reply:
    """Return the reply of a removal, which older pages show as an empty body: then nothing is said or proven."""
    return parse_reply(body) if body.strip() else Reply((), ())


def parse_error(body: bytes) -> str:
    """Return the error's name, lower case, from whatever a failing answer holds; "" where it holds none.

    Only what looks like a name: a server may echo the client id, and this ends up in messages. Nothing of LARGEST_ERROR
    bytes is an error: parsing all of an account's ratings to see that they are none would take most of the memory.
    """
    if len(body) > LARGEST_ERROR or b'"error"' not in body:
        return ""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    error = dict_of(document).get("error")
    if isinstance(error, dict):
        error = error.get("error") or error.get("type") or error.get("id") or error.get("code")
    name = str(error or "").lower()
    known = _SPELT.get(name.replace("_", "").replace("-", "").replace(" ", ""))
    if known is not None:
        return known
    return name if _ERROR_NAME.fullmatch(name) else ("error" if error else "")


def _status(entry: dict[str, Any]) -> Echo:
    status = dict_of(entry.get("response")).get("status")
    return _echo(dict_of(entry.get("request")), Outcome.APPLIED, status if isinstance(status, str) else None)


def _echo(entry: dict[str, Any], outcome: Outcome, status: str | None) -> Echo:
    return make_echo(
        outcome=outcome,
        ids=ids_in(dict_of(entry.get("ids"))),
        title=text_of(entry.get("title")),
        year=year_of(entry.get("year")),
        status=status,
    )
