"""The PIN flow: `/oauth/pin`, for V1 client ids alone."""

from __future__ import annotations

from importer.sandbox.answers import Answer, error, ok
from importer.sandbox.schedule import Play
from importer.sandbox.signin.auth import Auth, Stage
from importer.sandbox.tokens import ALL_SCOPES, PIN_SECONDS

_DEVICE_CODE = "DEVICE_CODE"  # these very letters, for everybody: the page shows them so


def refused(auth: Auth, client_id: str) -> Answer | None:
    """Return the refusal of a client id that may not use this flow, or None."""
    flows = auth.keyring.apps.get(client_id)
    if flows is None:
        return error(412, "client_id_failed")
    return None if "pin" in flows else error(400, "unauthorized_client", "this client id signs in at /oauth2")


def start(auth: Auth, client_id: str, base: str) -> Answer:
    """Hand out a fresh code."""
    code = auth.new("pin", client_id, ALL_SCOPES)
    return ok(
        {
            "result": "OK",
            "device_code": _DEVICE_CODE,
            "user_code": code.user_code,
            "verification_url": f"{base}/pin",
            "expires_in": int(auth.code_seconds),
            "interval": int(auth.interval),
        }
    )


def poll(auth: Auth, user_code: str, client_id: str, base: str, play: Play) -> Answer:
    """Answer a poll: pending, too fast, a token; a code that is gone is not called so, a fresh one comes instead."""
    code = auth.known(user_code)
    if code is None or code.flow != "pin" or code.client_id != client_id:
        return start(auth, client_id, base)
    early = auth.poll(code, play)
    if code.stage in (Stage.DEAD, Stage.DENIED):
        return start(auth, client_id, base)
    if early:
        return ok({"result": "KO", "message": "Slow down"})
    if code.stage is not Stage.APPROVED:
        return ok({"result": "KO", "message": "Authorization pending"})
    code.stage = Stage.DEAD
    secret = auth.keyring.secret("pin")
    token = auth.keyring.add(secret, auth.account, expires_in=PIN_SECONDS, v1=True)
    return ok({"result": "OK", "access_token": token.value})
