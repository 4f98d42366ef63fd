"""Sign-in: the PIN flow, and the device flow of RFC 8628."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

from aiohttp import web

from importer.sandbox import auth_pages
from importer.sandbox.answers import Answer, error, ok
from importer.sandbox.schedule import Play
from importer.sandbox.tokens import ACCESS_SECONDS, ALL_SCOPES, READ, REFRESH_SECONDS, Keyring, RefreshToken, Token

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_GRANT = "refresh_token"
CODE_SECONDS = 900
POLL_SECONDS = 5
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, nothing that looks like something else


class Stage(StrEnum):
    """How far a code has come."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    DEAD = "dead"


@dataclass(slots=True)
class Code:
    """A code the person types on the site. `expires` and `polled` are in seconds since the epoch."""

    user_code: str
    device_code: str
    flow: str  # "pin" or "device"
    client_id: str
    scopes: frozenset[str]
    expires: float
    interval: float
    polled: float | None = None
    polls: int = 0
    stage: Stage = Stage.PENDING


class Auth:
    """Both flows over one keyring; approved codes give tokens of the account `account`.

    `interval` is the number of seconds a client must leave between polls (0 in tests), `code_seconds` the life of a
    code, `approve_after` the poll at which a code approves itself (None: a person does, on the page).
    """

    def __init__(self, keyring: Keyring, clock: Callable[[], float], account: int) -> None:
        self.keyring = keyring
        self.account = account
        self.interval: float = POLL_SECONDS
        self.code_seconds: float = CODE_SECONDS
        self.approve_after: int | None = None
        self.codes: dict[str, Code] = {}
        self._clock = clock

    def claims(self, path: str) -> bool:
        """Return whether a path belongs to sign-in."""
        return path in auth_pages.PATHS or path.startswith(("/oauth/", "/oauth2/"))

    def approve(self, code: str) -> None:
        """Let the person approve a user code; raise LookupError where there is no such code waiting."""
        self._waiting(code).stage = Stage.APPROVED

    def deny(self, code: str) -> None:
        """Let the person deny a user code; raise LookupError where there is no such code waiting."""
        self._waiting(code).stage = Stage.DENIED

    def expire_code(self, code: str) -> None:
        """Let the time of a user code be over."""
        self.codes[normal(code)].expires = self._clock() - 1

    def answer(self, request: web.Request, raw: bytes, play: Play) -> Answer:
        """Answer a request of either flow or of the approval pages; `raw` is its body."""
        form = dict(parse_qsl(raw.decode("utf-8", "replace")))
        base = f"{request.scheme}://{request.host}"
        client_id = request.query.get("client_id") or request.headers.get("simkl-api-key") or ""
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["oauth", "pin"]:
                return self._refused("pin", client_id) or self._new_pin(client_id, base)
            case "GET", ["oauth", "pin", code]:
                return self._refused("pin", client_id) or self._poll_pin(code, client_id, base, play)
            case "POST", ["oauth2", "device" | "token" | "revoke" as step]:
                return self._device(step, request.content_type, form, base, play)
            case method, ["pin" | "device" as flow] if method in ("GET", "POST"):
                return auth_pages.answer(self, flow, method, form or dict(request.query))
            case _:
                return error(404, "url_failed")

    def _refused(self, flow: str, client_id: str) -> Answer | None:
        kinds = self.keyring.apps.get(client_id)
        if kinds is None:
            return error(412, "client_id_failed") if flow == "pin" else error(401, "invalid_client")
        if flow not in kinds:
            return error(400, "unauthorized_client", "this app uses the other sign-in")
        return None

    def _new_pin(self, client_id: str, base: str) -> Answer:
        code = self._code("pin", client_id, ALL_SCOPES)
        return ok(
            {
                "result": "OK",
                "device_code": code.device_code,
                "user_code": code.user_code,
                "verification_url": f"{base}/pin",
                "expires_in": int(self.code_seconds),
                "interval": int(self.interval),
            }
        )

    def _poll_pin(self, user_code: str, client_id: str, base: str, play: Play) -> Answer:
        code = self.codes.get(normal(user_code))
        if code is None or code.flow != "pin" or code.client_id != client_id:
            return self._new_pin(client_id, base)
        early = self._poll(code, play)
        if code.stage in (Stage.DEAD, Stage.DENIED):
            # A dead code is not called dead: the poll makes a fresh one.
            return self._new_pin(client_id, base)
        if early:
            return ok({"result": "KO", "message": "Slow down"})
        if code.stage is Stage.PENDING:
            return ok({"result": "KO", "message": "Authorization pending"})
        code.stage = Stage.DEAD
        token = self.keyring.add(self.keyring.secret("access"), self.account)
        return ok({"result": "OK", "access_token": token.value})

    def _device(self, step: str, content_type: str, form: Mapping[str, str], base: str, play: Play) -> Answer:
        if content_type != "application/x-www-form-urlencoded":
            return error(400, "invalid_request", "the body must be form-encoded")
        client_id = form.get("client_id", "")
        if (refused := self._refused("device", client_id)) is not None:
            return refused
        if step == "revoke":
            self.keyring.revoke(form.get("token", ""))
            return ok({})
        if step == "token":
            return self._token(client_id, form, play)
        # Scopes that were not asked for are not granted, without a word; reading alone is the least.
        scopes = (frozenset(form.get("scope", "").split()) & ALL_SCOPES) or frozenset({READ})
        code = self._code("device", client_id, scopes)
        return ok(
            {
                "device_code": code.device_code,
                "user_code": code.user_code,
                "verification_uri": f"{base}/device",
                "verification_uri_complete": f"{base}/device?user_code={code.user_code}",
                "expires_in": int(self.code_seconds),
                "interval": int(self.interval),
            }
        )

    def _token(self, client_id: str, form: Mapping[str, str], play: Play) -> Answer:
        grant = form.get("grant_type")
        if grant == REFRESH_GRANT:
            refresh = self.keyring.refresh_tokens.get(form.get("refresh_token", ""))
            if refresh is None or "refresh-refused" in play or not self._good(refresh, client_id):
                return error(400, "invalid_grant")
            return _pair(self.keyring.renew(refresh), refresh)
        if grant != DEVICE_GRANT:
            return error(400, "unsupported_grant_type")
        sent = form.get("device_code")
        code = next((code for code in self.codes.values() if code.flow == "device" and code.device_code == sent), None)
        if code is None or code.client_id != client_id:
            return error(400, "invalid_grant")
        early = self._poll(code, play)
        if code.stage is Stage.DENIED:
            return error(400, "access_denied")
        if code.stage is Stage.DEAD:
            return error(400, "expired_token")
        if early:
            code.interval += POLL_SECONDS if self.interval else 0
            return error(400, "slow_down")
        if code.stage is Stage.PENDING:
            return error(400, "authorization_pending")
        code.stage = Stage.DEAD
        return _pair(*self.keyring.issue(self.account, client_id, code.scopes))

    def _poll(self, code: Code, play: Play) -> bool:
        """Count a poll, move the code on where its time or a fault says so, and return whether it came too early."""
        now = self._clock()
        early = code.polled is not None and now - code.polled < code.interval
        code.polled = now
        code.polls += 1
        if now >= code.expires or "auth-expired" in play:
            code.stage = Stage.DEAD
        elif code.stage is Stage.PENDING and "auth-denied" in play:
            code.stage = Stage.DENIED
        elif code.stage is Stage.PENDING and self.approve_after is not None and code.polls >= self.approve_after:
            code.stage = Stage.APPROVED
        return early or "auth-slow-down" in play

    def _good(self, refresh: RefreshToken, client_id: str) -> bool:
        return not refresh.revoked and refresh.client_id == client_id and refresh.expires > self._clock()

    def _code(self, flow: str, client_id: str, scopes: frozenset[str]) -> Code:
        secret = self.keyring.secret("device")
        letters = "".join(_LETTERS[int(secret[place : place + 2], 16) % len(_LETTERS)] for place in range(0, 16, 2))
        user_code = letters[:5] if flow == "pin" else f"{letters[:4]}-{letters[4:]}"
        code = Code(user_code, secret, flow, client_id, scopes, self._clock() + self.code_seconds, self.interval)
        self.codes[normal(user_code)] = code
        return code

    def _waiting(self, code: str) -> Code:
        found = self.codes.get(normal(code))
        if found is None or found.stage is not Stage.PENDING or found.expires <= self._clock():
            raise LookupError(f"no code {code!r} is waiting")
        return found


def normal(code: str) -> str:
    """Return a user code as people type it in one form: capitals, no dash, no spaces."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _pair(token: Token, refresh: RefreshToken) -> Answer:
    return ok(
        {
            "access_token": token.value,
            "token_type": "bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh.value,
            "refresh_token_expires_in": REFRESH_SECONDS,
            "scope": " ".join(sorted(token.scopes)),
        }
    )
