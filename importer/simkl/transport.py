"""The only aiohttp client: one request, one answer, and every trouble on the way as a value."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias

import aiohttp

from importer.errors import ServiceStopError
from importer.machine.clock import Clock
from importer.model import value
from importer.simkl.retry import Action, Verdict

APP_NAME = "simkl-import"

PATIENCE = 60.0
"""Seconds for one request: Simkl may hold a write for 20 while another app's goes on (/resources/rate-limits)."""

CONNECT_PATIENCE = 10.0

LOOK_UPS = 4
"""Pages of the catalogue that are asked for at once: they are cached and not counted (/resources/rate-limits)."""

Session: TypeAlias = aiohttp.ClientSession


@value
class Response:
    """What came back: `headers` have lower-case names. `status` 0: nothing did, and `trouble` says why.

    `left` is False where the request surely never left this machine.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    trouble: Verdict | None = None
    left: bool = True


@asynccontextmanager
async def open_session() -> AsyncIterator[Session]:
    """Open one session with connections for the account's one request at a time, and for a few look-ups beside it."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_PATIENCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1 + LOOK_UPS), timeout=timeout) as session:
        yield session


def identity(client_id: str, version: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the query and the header that say on every request who asks (/conventions/headers)."""
    query = {"client_id": client_id, "app-name": APP_NAME, "app-version": version}
    return query, {"User-Agent": f"{APP_NAME}/{version}"}


async def exchange(
    session: Session,
    clock: Clock,
    patience: float,
    method: str,
    url: str,
    *,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    data: bytes | None,
) -> Response:
    """Send one request and return its answer, within `patience` seconds. Redirects are never followed."""
    try:
        with clock.flight(patience):
            async with session.request(
                method, url, params=query, headers=headers, data=data, allow_redirects=False
            ) as response:
                body = await response.read()
                names = {name.lower(): value for name, value in response.headers.items()}
                return Response(response.status, names, body)
    except aiohttp.ConnectionTimeoutError:
        return Response(0, {}, b"", Verdict(Action.RESEND, "no connection"), left=False)
    except TimeoutError:
        clock.check()
        return Response(0, {}, b"", Verdict(Action.HALVE, f"no answer within {patience:g} s"))
    except aiohttp.ClientSSLError as error:
        # Never ignored and never tried again: whoever answers there is not to be trusted with the token.
        return Response(0, {}, b"", Verdict(Action.STOP, "no safe connection", error=_unsafe(error)), left=False)
    except aiohttp.ClientConnectorError as error:
        return Response(0, {}, b"", Verdict(Action.RESEND, f"no connection: {_unreached(error)}"), left=False)
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as error:
        return Response(0, {}, b"", Verdict(Action.RESEND, f"the connection failed: {_broken_off(error)}"))


def _unreached(error: aiohttp.ClientConnectorError) -> str:
    """Say why there is no connection. The error's own text may carry the URL, and with it the client id."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the name of the address cannot be found"
    return os.strerror(error.errno).lower() if error.errno else "the address does not answer"


def _broken_off(error: aiohttp.ClientError) -> str:
    """Say how a connection ended, by the error's kind: its own text may carry the URL, and with it the client id."""
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the answer was cut short"
    if isinstance(error, aiohttp.ClientResponseError):
        return "what came is no answer"
    if isinstance(error, aiohttp.ClientOSError) and error.errno:
        return os.strerror(error.errno).lower()
    return "it was closed before an answer came"


def _unsafe(error: aiohttp.ClientSSLError) -> ServiceStopError:
    what = "certificate" if isinstance(error, aiohttp.ClientConnectorCertificateError) else "encryption"
    return ServiceStopError(
        f"the {what} of Simkl's address cannot be trusted: nothing was sent",
        "check SIMKL_API_URL, this machine's clock and the network; somebody may be listening",
    )
