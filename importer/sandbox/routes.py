"""Which kind of call a path is: what the pace, the quota and the faults go by."""

from __future__ import annotations

from importer.sandbox.titles import Kind

RATE, REMOVE, UNLIST = "/sync/ratings", "/sync/ratings/remove", "/sync/history/remove"
WRITES = frozenset({RATE, REMOVE, UNLIST})
PAGES: dict[str, Kind] = {"movies": "movie", "tv": "show", "anime": "anime"}
REDIRECT = "/redirect"
_CALLS = ("/sync/", "/users/", "/search/")


def is_call(path: str) -> bool:
    """Return whether a path is paced and counted, as all of a person's calls and the search are."""
    return path.startswith(_CALLS)


def is_page(path: str) -> bool:
    """Return whether a path is a title's page: cached at the edge, so neither paced nor counted, and without token."""
    first, _, number = path.strip("/").partition("/")
    return first in PAGES and bool(number)


def is_lookup(path: str) -> bool:
    """Return whether a path looks a title up."""
    return is_page(path) or path == REDIRECT or path.startswith("/search/")


def is_sign_in(path: str) -> bool:
    """Return whether a path belongs to sign-in; `/pin` and `/device` are the pages for the person."""
    return path in ("/pin", "/device") or path.startswith(("/oauth/", "/oauth2/"))
