"""Faults that replace an answer before the work, or break it after the work."""

from __future__ import annotations

import re
from email.utils import formatdate

import orjson

from importer.sandbox.answers import Answer, Delivery, error, ok, page
from importer.sandbox.dials import Dials
from importer.sandbox.quota import spent_answer
from importer.sandbox.schedule import Play

_SERVER_STATUS = re.compile(r"status-(5\d\d)(-html|-empty)?")
_LATE_STATUS = re.compile(r"status-(5\d\d)-after-write")
_UNAUTHORIZED = {
    "status-401": "user_token_failed",
    "status-401-v2": "invalid_token",
    "status-401-no-token": "user_token_required",
}
_REFUSALS: dict[str, tuple[int, str, str]] = {
    "status-400": (400, "wrong_parameter", "this cannot be read"),
    "status-400-client": (400, "unauthorized_client", "this client id belongs to V2"),
    "status-403-scope": (403, "insufficient_scope", "media:write is missing"),
    "status-403-forbidden": (403, "forbidden", ""),
    "status-403-v2": (403, "oauth2_token_required", "only a token of /oauth2 may do this"),
    "status-404": (404, "url_failed", ""),
    "status-409": (409, "conflict", ""),
    "status-412": (412, "client_id_failed", ""),
}
_NAMES = {500: "server_error", 502: "bad_gateway", 503: "service_unavailable", 504: "gateway_timeout"}


def instead(play: Play, dials: Dials, clock: float) -> Answer | None:
    """Return the answer a fault gives instead of doing the work, or None."""
    for name in sorted(play):
        answer = _special(name, dials, clock) or _plain(name)
        if answer is not None:
            return answer
    return None


def afterwards(answer: Answer, play: Play, dials: Dials) -> Answer:
    """Return the answer as the faults leave it once the work is done."""
    if answer.status < 300:
        answer = _spoilt(answer, play)
    for name, delivery in (
        ("slow-drip", Delivery.DRIP),
        ("close-mid-body", Delivery.CLOSE_MID_BODY),
        ("reset-mid-body", Delivery.RESET_MID_BODY),
        ("reset-after-write", Delivery.RESET),
    ):
        if name in play:
            answer = answer.but(delivery=delivery)
    return answer.but(delay=dials.stall) if "stall" in play else answer


def _spoilt(answer: Answer, play: Play) -> Answer:
    for name in sorted(play):
        late = _LATE_STATUS.fullmatch(name)
        if late is not None:
            return error(int(late[1]), _NAMES[int(late[1])], "failed after the work")
    if "html-200-after-write" in play:
        return page(200, "Simkl", "Everything is fine.")
    if "empty-200" in play:
        return answer.but(status=200, body=b"")
    if "null-200" in play:
        return answer.but(status=200, body=b"null")
    if "cut-json" in play:
        return answer.but(body=answer.body[: len(answer.body) // 2])
    return answer


def unauthorized(name: str) -> Answer:
    """Return the 401 of a token that is missing, bad or over (`/conventions/errors`)."""
    challenge = ("WWW-Authenticate", 'Bearer realm="simkl", error="invalid_token"')
    return error(401, name, "a valid access token is needed", (challenge,))


def no_scope() -> Answer:
    """Return the 403 of a token that may only read."""
    return error(*_REFUSALS["status-403-scope"])


def _special(name: str, dials: Dials, clock: float) -> Answer | None:
    match name:
        case "reset-before-write":
            return Answer(0, delivery=Delivery.RESET)
        case "stall-before-write":
            return error(504, "gateway_timeout").but(delay=dials.stall)
        case "rate-limit":
            return error(429, "rate_limit", headers=(("Retry-After", str(dials.misleading_retry_after)),))
        case "quota":
            return spent_answer("user_limit_exceeded", clock)
        case "app-quota":
            return spent_answer("app_limit_exceeded", clock)
        case "unknown-429":
            return page(429, "Slow down").but(headers=(("Retry-After", f"{dials.retry_after:.0f}"),))
        case "retry-after-seconds":
            wait = (("Retry-After", f"{dials.retry_after:.0f}"),)
            return error(503, "service_unavailable", headers=wait)
        case "retry-after-date":
            # A date in an HTTP header is in whole seconds: round up, or it may already be over.
            date = formatdate(int(clock + dials.retry_after) + 1, usegmt=True)
            return error(503, "service_unavailable", headers=(("Retry-After", date),))
        case "error-object":
            body = {"error": {"id": "server_error", "message": "something broke"}, "code": 500}
            return Answer(500, orjson.dumps(body))
        case _:
            return None


def _plain(name: str) -> Answer | None:
    server = _SERVER_STATUS.fullmatch(name)
    if server is not None:
        status = int(server[1])
        if server[2] == "-html":
            return page(status, f"{status} {_NAMES[status].replace('_', ' ')}")
        return Answer(status) if server[2] == "-empty" else error(status, _NAMES[status], "try again later")
    match name:
        case "html-200":
            return page(200, "Welcome", "Sign in to use this network.")
        case "error-200":
            return ok({"error": "server_error", "code": 500})
    if name in _UNAUTHORIZED:
        return unauthorized(_UNAUTHORIZED[name])
    refusal = _REFUSALS.get(name)
    return None if refusal is None else error(*refusal)
