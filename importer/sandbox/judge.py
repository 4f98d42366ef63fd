"""What a well-behaved client never does, noted without ever changing an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from importer.sandbox.log import Request
from importer.sandbox.resolve import SECTIONS, asked
from importer.sandbox.routes import RATE, is_page

# The id keys that a request may carry (`/conventions/standard-media-objects`); `slug` is for answers alone.
SENDABLE = frozenset(
    {
        "simkl",
        "imdb",
        "tmdb",
        "tvdb",
        "mal",
        "anidb",
        "anilist",
        "kitsu",
        "livechart",
        "anisearch",
        "animeplanet",
        "letterboxd",
        "traktslug",
        "netflix",
        "hulu",
        "crunchyroll",
    }
)


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: its kind, the number of the request, and what was seen.

    Kinds of pace: early-post, overlap (two POSTs at once), parallel (any two user calls at once), read-rate. Kinds of
    content: bad-rating, no-rated-at, bad-id-key, alike (two items of one body share an id or title and year), get-body
    (a GET with a body, which counts as a write), token-on-page (a title's page asked for with a token).
    """

    kind: str
    n: int
    text: str


PACE_KINDS = frozenset({"early-post", "overlap", "parallel", "read-rate"})


def form_breaches(request: Request) -> Iterator[Violation]:
    """Yield what is wrong with a request whatever is in its body."""
    if request.method == "GET" and request.raw:
        yield Violation("get-body", request.n, f"{len(request.raw)} bytes with GET {request.path}")
    if request.has_authorization and is_page(request.path):
        yield Violation("token-on-page", request.n, request.path)


def breaches(request: Request, body: object) -> Iterator[Violation]:
    """Yield what is wrong with the body of a rating or removal request."""
    if not isinstance(body, dict):
        return
    seen: set[tuple[str, object]] = set()
    rating = request.path == RATE
    for section in SECTIONS:
        items = body.get(section)
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, dict):
                continue
            if rating:
                yield from _rating_breaches(request.n, item)
            ids = item.get("ids")
            for key in ids if isinstance(ids, dict) else ():
                if key not in SENDABLE:
                    yield Violation("bad-id-key", request.n, f"{key} in ids of {item.get('title')!r}")
            for mark in asked(section, item).marks:
                if mark in seen:
                    yield Violation("alike", request.n, f"{mark[0]} {mark[1]!r} twice in one body")
                seen.add(mark)


def _rating_breaches(n: int, item: dict[str, object]) -> Iterator[Violation]:
    if not well_rated(item.get("rating")):
        yield Violation("bad-rating", n, f"rating {item.get('rating')!r} of {item.get('title')!r}")
    if not isinstance(item.get("rated_at"), str):
        yield Violation("no-rated-at", n, f"no rated_at for {item.get('title')!r}")


def well_rated(rating: object) -> bool:
    """Return whether this is a rating the service takes: an integer from 1 to 10, not a text, not a bool."""
    return type(rating) is int and 1 <= rating <= 10
