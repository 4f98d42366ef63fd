"""Who may speak to the page, decided from a request's headers alone. Pure.

A page of this machine's loopback address can be reached by every page in every browser here, and by every name that
somebody lets point here. So a request has to name this machine itself, come from the page itself, and carry what only
the browser that had the key was given.
"""

from __future__ import annotations

import hmac
import re

from importer.model import value
from importer.web.keys import Keys

WRITES = ("POST", "PUT", "PATCH", "DELETE")

TOKEN = "X-Page-Token"  # noqa: S105 (the name of a header)
"""The header of the second token: another site's page can make a browser send the cookie, but no header of its own."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""What every answer carries. An answer may name a policy of its own instead of POLICY."""

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


@value
class Visit:
    """What a request says of itself. Headers that are not there are None.

    `streams`: it asks for the stream of events. `enters`: it brings a one-time key, and has no cookie yet.
    """

    method: str
    host: str | None
    origin: str | None
    cookie: str | None
    token: str | None
    streams: bool = False
    enters: bool = False


def why_not(visit: Visit, keys: Keys) -> str | None:
    """Return why a request is refused, in a sentence for who sees it, or None for one that is let in."""
    if visit.host is None or not _HOST.fullmatch(visit.host):
        return "This page answers to 127.0.0.1 and localhost alone."
    if visit.origin is not None and visit.origin.casefold() != f"http://{visit.host}".casefold():
        return "Another site asked for this page."
    writes = visit.method in WRITES
    if writes and visit.origin is None:
        return "Nobody says which page asked for this."
    if visit.enters and not writes:
        return None
    if not _same(visit.cookie, keys.cookie):
        return "This browser has no key to the page. Press Enter where simkl-import runs: it prints a new address."
    if (writes or visit.streams) and not _same(visit.token, keys.token):
        return "The page is out of date: load it again."
    return None


def _same(given: str | None, wanted: str | None) -> bool:
    return given is not None and wanted is not None and hmac.compare_digest(given.encode(), wanted.encode())
