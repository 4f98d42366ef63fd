"""The device flow: `/oauth2/device`, `/oauth2/token`, `/oauth2/revoke`, for V2 client ids alone.

Its errors have a description and no code (`/api-reference/oauth2-device`, `/api-reference/oauth2-tokens`).
"""

from __future__ import annotations

from collections.abc import Mapping

from importer.sandbox.answers import Answer, bare_error, error, ok
from importer.sandbox.schedule import Play
from importer.sandbox.signin.auth import POLL_SECONDS, Auth, Stage
from importer.sandbox.tokens import ACCESS_SECONDS, ALL_SCOPES, READ, RefreshToken, Token

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_GRANT = "refresh_token"
_READ_ALONE = frozenset({READ})


def answer(auth: Auth, step: str, content_type: str, form: Mapping[str, str], base: str, play: Play) -> Answer:
    """Answer a request of the flow; `step` is the last part of its path."""
    if step == "revoke":
        # Nobody is told whether there was such a token.
        auth.keyring.revoke(form.get("token", ""))
        return ok({})
    if content_type != "application/x-www-form-urlencoded":
        return bare_error(400, "invalid_request", "the body must be form-encoded")
    client_id = form.get("client_id", "")
    if "device" not in auth.keyring.apps.get(client_id, frozenset()):
        return bare_error(401, "invalid_client", "no V2 client has this id")
    match step:
        case "device":
            return _start(auth, client_id, form.get("scope", ""), base)
        case "token" if form.get("grant_type") == REFRESH_GRANT:
            return _refresh(auth, client_id, form.get("refresh_token", ""), play)
        case "token" if form.get("grant_type") == DEVICE_GRANT:
            return _poll(auth, client_id, form.get("device_code", ""), play)
        case "token":
            return bare_error(400, "unsupported_grant_type")
        case _:
            return error(404, "url_failed")


def _start(auth: Auth, client_id: str, scope: str, base: str) -> Answer:
    # Scopes that were not asked for are not granted, without a word; reading alone is the least.
    code = auth.new("device", client_id, (frozenset(scope.split()) & ALL_SCOPES) or _READ_ALONE)
    return ok(
        {
            "device_code": code.device_code,
            "user_code": code.user_code,
            "verification_uri": f"{base}/device",
            "verification_uri_complete": f"{base}/device?user_code={code.user_code}",
            "expires_in": int(auth.code_seconds),
            "interval": int(auth.interval),
        }
    )


def _poll(auth: Auth, client_id: str, device_code: str, play: Play) -> Answer:
    found = (code for code in auth.codes.values() if code.flow == "device" and code.device_code == device_code)
    code = next(found, None)
    if code is None or code.client_id != client_id:
        return bare_error(400, "invalid_grant", "no such device code")
    early = auth.poll(code, play)
    if code.stage is Stage.DENIED:
        return bare_error(400, "access_denied", "the person declined")
    if code.stage is Stage.DEAD:
        return bare_error(400, "expired_token", "the code is over: start again")
    if early:
        code.interval += POLL_SECONDS if auth.interval else 0
        return bare_error(400, "slow_down", "wait longer between two polls")
    if code.stage is not Stage.APPROVED:
        return bare_error(400, "authorization_pending", "nobody has approved the code yet")
    code.stage = Stage.DEAD
    scopes = _READ_ALONE if "auth-read-only" in play else code.scopes
    return _pair(*auth.keyring.issue(auth.account, client_id, scopes))


def _refresh(auth: Auth, client_id: str, refresh_token: str, play: Play) -> Answer:
    refresh = auth.keyring.refresh_tokens.get(refresh_token)
    good = refresh is not None and not refresh.revoked and refresh.expires > auth.clock()
    if refresh is None or not good or refresh.client_id != client_id or "refresh-refused" in play:
        return bare_error(400, "invalid_grant", "the refresh token is over")
    return _pair(auth.keyring.renew(refresh), refresh)


def _pair(token: Token, refresh: RefreshToken) -> Answer:
    return ok(
        {
            "access_token": token.value,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh.value,
            "scope": " ".join(sorted(token.scopes)),
        }
    )
