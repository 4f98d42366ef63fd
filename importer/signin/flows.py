"""Sign-in, the pure half: what the two flows answer, as values, and how long a person is waited for.

The device flow (V2) is /api-reference/oauth2-device and /api-reference/oauth2-tokens, after RFC 8628; the PIN flow (V1)
is `GET /oauth/pin`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from typing import Any

import orjson

from importer.errors import CredentialsError, ImporterError, ServiceStopError
from importer.model import value
from importer.simkl.refusals import DEVELOPER
from importer.simkl.retry import ACCEPTED, APP_SPENT, RETRIED, USER_SPENT, Action, Verdict
from importer.simkl.wire import parse_error

SCOPES = ("media:read", "media:write")
"""What is asked for. Without the second a token is silently read-only (/api-reference/oauth2-scopes)."""

CODE_LIFE = 900.0
"""Seconds that a code lives where the answer does not say (/api-reference/oauth2-device)."""

PIN_ENDS = "April 2027"
"""When Simkl ends the PIN flow, as far as it says (/api-reference/oauth2-device)."""

POLL_GAP = 5.0
"""Seconds between two polls where the answer does not say, and what each "slow down" adds (RFC 8628, 3.2 and 3.5)."""

SHORTEST_GAP = 1.0
"""Seconds between two polls whatever the answer says."""


class Flow(StrEnum):
    """The two ways to sign in; an app is registered for one of them."""

    DEVICE = "device"
    PIN = "pin"


class Step(StrEnum):
    """What a poll tells."""

    GRANTED = "granted"
    PENDING = "pending"
    SLOW_DOWN = "slow down"
    DENIED = "denied"
    EXPIRED = "expired"
    TROUBLE = "trouble"


@value
class Code:
    """A code for the person to type at `address`; `direct` is an address that holds it already, or None.

    `interval` is the gap between polls and `lifetime` the code's life, both in seconds. `device_code` is what is
    polled with in the device flow.
    """

    flow: Flow
    user_code: str
    address: str
    direct: str | None
    interval: float
    lifetime: float
    device_code: str = field(repr=False)


@value
class Grant:
    """What a sign-in or a refresh gives. `lifetime` in seconds, None: it does not run out. `scopes` () where untold."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    lifetime: float | None
    scopes: tuple[str, ...] = ()

    @property
    def read_only(self) -> bool:
        """Tell whether the answer says that the token may read and not write."""
        return read_only(self.scopes)


@value
class Polled:
    """The meaning of one poll. `grant` is there where it is GRANTED; `why` tells of TROUBLE in plain words."""

    step: Step
    grant: Grant | None = None
    why: str = ""


@value
class Waiting:
    """How long a person is still waited for. Nobody says so when they decline: then only the code's own time ends it.

    `left` is what is left of the code's life and `interval` the gap that Simkl wants between polls, both in seconds.
    """

    left: float
    interval: float

    @classmethod
    def for_code(cls, code: Code) -> Waiting:
        """Begin to wait for a code that was just shown."""
        return cls(code.lifetime, code.interval)

    @property
    def gap(self) -> float:
        """Return the seconds until the next poll; 0 where the code's time is over."""
        return max(0.0, min(self.interval, self.left))

    def after(self, step: Step, spent: float) -> Waiting:
        """Return what is left after a poll that took `spent` seconds with its wait. Slow down means for good."""
        slower = POLL_GAP if step is Step.SLOW_DOWN else 0.0
        return Waiting(self.left - spent, self.interval + slower)


class OtherFlowError(CredentialsError):
    """The app is registered for the other of the two flows."""


_OTHER_FLOW = ("unauthorized_client", "unsupported_grant_type", "unsupported_response_type")
_NO_SUCH_PAGE = (404, 405, 410, 501)
_STEPS = {
    "authorization_pending": Step.PENDING,
    "slow_down": Step.SLOW_DOWN,
    "rate_limit": Step.SLOW_DOWN,
    "access_denied": Step.DENIED,
    "authorization_denied": Step.DENIED,
    "expired_token": Step.EXPIRED,
    "invalid_grant": Step.EXPIRED,
    "temporarily_unavailable": Step.TROUBLE,
}
_REGISTER = f"check the client id at {DEVELOPER}"


def parse_pin(status: int, body: bytes) -> Code:
    """Return the answer of `GET /oauth/pin`. Raises as `refusal` does, and ServiceStopError where it holds no code."""
    return _code(Flow.PIN, status, body)


def parse_device(status: int, body: bytes) -> Code:
    """Return the answer of `POST /oauth2/device`. Raises as `refusal` does, and ServiceStopError where it holds no
    code.
    """
    return _code(Flow.DEVICE, status, body)


def parse_token(flow: Flow, status: int, body: bytes) -> Polled:
    """Return the answer of `POST /oauth2/token` (a poll or a refresh) and of `GET /oauth/pin/{user_code}`.

    A PIN code that is gone, used or refused is answered with a fresh code object: EXPIRED. A refresh token that is
    over is EXPIRED too. Raises as `refusal` does where going on would not help.
    """
    document = _document(body)
    error = parse_error(body)
    fine = 200 <= status < 300 and not error
    name = error
    if fine:
        grant = _grant(document)
        if grant is not None:
            return Polled(Step.GRANTED, grant)
        if "device_code" in document or "user_code" in document:
            return Polled(Step.EXPIRED)
        message = document.get("message")
        name = message.strip().casefold().replace(" ", "_") if isinstance(message, str) else ""
    step = _STEPS.get(name)
    if step is not None:
        return Polled(step, why=f"HTTP {status}")
    if status == 429:
        return Polled(Step.SLOW_DOWN)
    if fine:
        return Polled(Step.TROUBLE, why="an answer that cannot be read")
    if status >= 500 or status in (408, 425):
        return Polled(Step.TROUBLE, why=f"HTTP {status}")
    raise refusal(flow, status, error)


def meaning(verdict: Verdict, status: int, body: bytes, *, empty: bool) -> Verdict:
    """Return what is done about an answer of sign-in, where `verdict` is what it would mean elsewhere.

    A spent day, a throttle block and a redirect stop; passing trouble is tried again, as is an answer without an
    object in it, unless it may be `empty`; all else, refusals above all, names a state of the flow: ACCEPT.
    """
    error = parse_error(body)
    if 200 <= status < 300:
        readable = empty or is_object(body)
        return ACCEPTED if readable else Verdict(Action.RESEND, "an answer that cannot be read")
    if verdict.action is Action.STOP:
        spent = status == 429 and error in (USER_SPENT, APP_SPENT)
        blocked = status == 412 and isinstance(verdict.error, ServiceStopError)
        return verdict if spent or blocked or status < 400 else ACCEPTED
    return verdict if verdict.action in RETRIED else ACCEPTED


def refusal(flow: Flow, status: int, error: str) -> ImporterError:
    """Return what a refusing answer means: OtherFlowError, CredentialsError, or ServiceStopError where Simkl is in
    trouble.
    """
    said = f"HTTP {status}" + (f" {error}" if error else "")
    if error in _OTHER_FLOW or (status in _NO_SUCH_PAGE and not error.startswith("client_id")):
        other = Flow.PIN if flow is Flow.DEVICE else Flow.DEVICE
        return OtherFlowError(
            f"this app does not take part in the {flow} flow ({said})", f"try: simkl-import login --flow {other}"
        )
    if status == 412 or error in ("invalid_client", "client_id_failed"):
        return CredentialsError(f"Simkl does not know the client id ({said})", _REGISTER)
    if status == 429 or status >= 500 or status in (408, 425):
        return ServiceStopError(f"Simkl cannot sign anybody in now ({said})", "try again later: simkl-import login")
    return CredentialsError(f"Simkl refuses the sign-in ({said})", _REGISTER)


def _code(flow: Flow, status: int, body: bytes) -> Code:
    error = parse_error(body)
    if not 200 <= status < 300 or error:
        raise refusal(flow, status, error)
    document = _document(body)
    user_code = _shown(document.get("user_code"))
    # The older PIN pages spell it `verification_url`.
    address = _shown(document.get("verification_uri") or document.get("verification_url"))
    device_code = document.get("device_code")
    if not user_code or not address or (flow is Flow.DEVICE and not isinstance(device_code, str)):
        raise ServiceStopError("Simkl's answer holds no code to sign in with", "try again: simkl-import login")
    return Code(
        flow=flow,
        user_code=user_code,
        address=address,
        direct=_shown(document.get("verification_uri_complete")) or None,
        interval=max(SHORTEST_GAP, _seconds(document.get("interval"), POLL_GAP)),
        lifetime=_seconds(document.get("expires_in"), CODE_LIFE) or CODE_LIFE,
        device_code=device_code if isinstance(device_code, str) else "",
    )


def _grant(document: dict[str, Any]) -> Grant | None:
    access, refresh = document.get("access_token"), document.get("refresh_token")
    if not usable(access):
        return None
    scope = document.get("scope")
    return Grant(
        str(access),
        str(refresh) if usable(refresh) else None,
        _seconds(document.get("expires_in"), 0.0) or None,
        tuple(scope.split()) if isinstance(scope, str) else (),
    )


def usable(token: object) -> bool:
    """Tell whether a value can be a client id or a token: printable ASCII without spaces, so that it fits into a
    header.
    """
    return isinstance(token, str) and bool(token) and token.isascii() and token.isprintable() and " " not in token


def read_only(scopes: Iterable[str]) -> bool:
    """Tell whether these scopes let a token read and not write. Where none is told, nobody knows."""
    told = set(scopes)
    return bool(told) and SCOPES[1] not in told


def is_object(body: bytes) -> bool:
    """Tell whether an answer is a JSON object at all, as every answer of sign-in but that of a revocation is."""
    return bool(_document(body))


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _shown(value: object) -> str:
    """Text for a terminal, or "" where it holds what could steer one."""
    return value if isinstance(value, str) and value.isprintable() and len(value) <= 2_000 else ""


def _seconds(value: object, default: float) -> float:
    if isinstance(value, str) and value.isdecimal():
        value = int(value[:9])
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return default
    return float(value)
