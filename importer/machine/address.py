"""Where the API is, and what may be done only where it is on this machine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address
from urllib.parse import urlsplit

from importer.errors import UsageError

DEFAULT_URL = "https://api.simkl.com"
"""The API (/conventions/headers)."""

_LOOPBACK = IPv4Network("127.0.0.0/8")


def api_url(environment: Mapping[str, str]) -> str:
    """Return the base address of the API without a slash at its end: SIMKL_API_URL, else DEFAULT_URL.

    Raises UsageError for anything but https, save plain http to this machine, and for an address with a user name,
    a password, a query or a fragment: none of these belong there, and some are secrets.
    """
    text = environment.get("SIMKL_API_URL", "").strip() or DEFAULT_URL
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _unusable("is not an address") from None
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise _unusable("may hold neither a user name nor a query")
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or not text.isprintable() or " " in text:
        raise _unusable("is not a web address")
    if parts.scheme == "http" and not _loopback(host):
        shown = f"[{host}]" if ":" in host else host
        raise UsageError(
            f"SIMKL_API_URL: plain http to {shown} would show the access token to the network",
            f"use https://{shown}{f':{port}' if port else ''}; http is for this machine alone (127.0.0.1, localhost)",
        )
    return text.rstrip("/")


def on_loopback(url: str) -> bool:
    """Tell whether the API is on this machine: 127.0.0.0/8, ::1 or localhost."""
    return _loopback(urlsplit(url).hostname or "")


def time_scale(environment: Mapping[str, str], url: str) -> tuple[float, str | None]:
    """Return, by how much every wait is multiplied, and a warning where SIMKL_IMPORT_TIME_SCALE is ignored.

    It counts only while the API at `url` is on this machine. Raises UsageError unless it is 0 or a positive number.
    """
    text = environment.get("SIMKL_IMPORT_TIME_SCALE", "").strip()
    if not text:
        return 1.0, None
    if not on_loopback(url):
        return 1.0, "SIMKL_IMPORT_TIME_SCALE is ignored: it counts only while the API is on this machine"
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not (math.isfinite(scale) and scale >= 0):
        raise UsageError("SIMKL_IMPORT_TIME_SCALE is not 0 or a positive number", "unset it, or set it to 1")
    return scale, None


def _loopback(host: str) -> bool:
    if host.casefold() == "localhost":
        return True
    try:
        return IPv4Address(host) in _LOOPBACK
    except AddressValueError:
        pass
    try:
        return IPv6Address(host) == IPv6Address("::1")
    except AddressValueError:
        return False


def _unusable(why: str) -> UsageError:
    # The address itself is not shown: one that cannot be taken apart may hold anything.
    return UsageError(f"SIMKL_API_URL {why}", f"unset it, or set it to {DEFAULT_URL}")
