"""Sign-in, the edge: asks for a code, waits for the person, renews and revokes.

Pages: `/oauth/pin` (V1), `/oauth2/device`, `/oauth2/token`, `/oauth2/revoke` (V2).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import aiohttp

from importer.errors import CredentialsError, ImporterError, ServiceStopError
from importer.events import Listen, Retrying, nobody
from importer.machine.clock import Clock
from importer.signin.flows import (
    POLL_GAP,
    SCOPES,
    Code,
    Flow,
    Grant,
    OtherFlowError,
    Polled,
    Step,
    is_object,
    parse_device,
    parse_pin,
    parse_token,
)
from importer.simkl.client import APP_NAME, Response, exchange
from importer.simkl.pace import Pace
from importer.simkl.retry import Action, Verdict, classify, next_wait
from importer.simkl.wire import parse_error

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
"""RFC 8628, 3.4."""

_FORM = "application/x-www-form-urlencoded"
_QUOTA = ("user_limit_exceeded", "app_limit_exceeded")


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sign-in with one app at one API. `timeout` in seconds; `listen` hears of trouble and the wait that follows it."""

    session: aiohttp.ClientSession
    clock: Clock
    pace: Pace
    url: str
    version: str
    client_id: str = field(repr=False)
    timeout: float = 30.0
    listen: Listen = nobody

    async def code(self, flow: Flow | None) -> Code:
        """A fresh code. None tries the device flow, and the PIN flow where the app is of that kind.

        Raises CredentialsError where Simkl refuses the app, ServiceStopError where no answer came.
        """
        if flow is not Flow.PIN:
            try:
                return await self._device_code()
            except OtherFlowError:
                if flow is Flow.DEVICE:
                    raise
        answer = await self._steady("GET", "/oauth/pin", {})
        return parse_pin(answer.status, answer.body)

    async def wait(self, code: Code) -> Polled:
        """Poll until the person has decided or the code is over: GRANTED, DENIED or EXPIRED.

        Trouble on the way is told and waited out. Raises CredentialsError and ServiceStopError where waiting is vain.
        """
        interval = code.interval
        ends = self.clock.monotonic() + code.lifetime
        while True:
            await self.clock.sleep(interval)
            polled = await self._poll(code)
            match polled.step:
                case Step.GRANTED | Step.DENIED | Step.EXPIRED:
                    return polled
                case Step.SLOW_DOWN:
                    interval += POLL_GAP
                case Step.TROUBLE:
                    self.listen(Retrying(polled.why, interval))
                case Step.PENDING:
                    pass
            if self.clock.monotonic() >= ends:
                return Polled(Step.EXPIRED)

    async def refresh(self, refresh_token: str) -> Grant:
        """A new access token; the previous one ends with it. The refresh token stays as it is unless a new one comes.

        Raises CredentialsError where the refresh token is over, ServiceStopError where no answer came.
        """
        fields = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        # The client id was good when the person signed in: a 412 now is the throttle block.
        answer = await self._steady("POST", "/oauth2/token", fields, accepted=True)
        polled = parse_token(Flow.DEVICE, answer.status, answer.body)
        if polled.grant is not None:
            return polled.grant
        if polled.step in (Step.EXPIRED, Step.DENIED):
            raise CredentialsError("the sign-in has run out or was revoked", "sign in again: simkl-import login")
        raise ServiceStopError("Simkl does not renew the access token now", "run the same command later")

    async def revoke(self, token: str, kind: str) -> None:
        """End a token; `kind` is access_token or refresh_token. One that Simkl no longer knows is ended already.

        Raises CredentialsError or ServiceStopError where Simkl does not do it.
        """
        answer = await self._steady("POST", "/oauth2/revoke", {"token": token, "token_type_hint": kind})
        error = parse_error(answer.body)
        if not 200 <= answer.status < 300 and error not in ("invalid_token", "invalid_grant"):
            raise ServiceStopError(f"Simkl did not revoke the sign-in (HTTP {answer.status})", "try again later")

    async def _device_code(self) -> Code:
        answer = await self._steady("POST", "/oauth2/device", {"scope": " ".join(SCOPES)})
        if parse_error(answer.body) == "invalid_client":
            # A server that keeps its two kinds of apps apart may not know one of the other kind at all.
            raise OtherFlowError("Simkl does not know this app in the device flow", "simkl-import login --flow pin")
        return parse_device(answer.status, answer.body)

    async def _poll(self, code: Code) -> Polled:
        if code.flow is Flow.PIN:
            answer = await self._ask("GET", f"/oauth/pin/{quote(code.user_code, safe='')}", {})
        else:
            fields = {"grant_type": DEVICE_GRANT, "device_code": code.device_code}
            answer = await self._ask("POST", "/oauth2/token", fields)
        if answer.trouble is not None:
            return Polled(Step.TROUBLE, why=answer.trouble.why)
        stop = _stop(answer, self._verdict(answer, accepted=True))
        if stop is not None:
            raise stop
        return parse_token(code.flow, answer.status, answer.body)

    async def _steady(self, method: str, path: str, fields: Mapping[str, str], *, accepted: bool = False) -> Response:
        """Ask once, and again after passing trouble. All of these requests may be repeated without harm."""
        nth = 0
        while True:
            answer = await self._ask(method, path, fields)
            verdict = self._verdict(answer, accepted=accepted)
            if verdict.action is Action.ACCEPT and not path.endswith("/revoke") and not is_object(answer.body):
                verdict = Verdict(Action.RESEND, "an answer that cannot be read")
            nth += 1
            wait = next_wait(verdict, nth, random.random())  # noqa: S311 (jitter, no secret)
            if wait is None:
                break
            self.listen(Retrying(verdict.why, wait))
            await self.clock.sleep(wait)
        if answer.status == 0:
            raise ServiceStopError(f"Simkl does not answer ({verdict.why})", "try again later")
        stop = _stop(answer, verdict)
        if stop is not None:
            raise stop
        return answer

    def _verdict(self, answer: Response, *, accepted: bool) -> Verdict:
        if answer.trouble is not None:
            return Verdict(Action.RESEND, answer.trouble.why)
        verdict = classify(answer.status, answer.headers, answer.body, self.clock.now(), accepted=accepted)
        if 200 <= answer.status < 300 and verdict.action is Action.RESEND:
            # An error under a 2xx is for the parser: in sign-in it names a state.
            return Verdict(Action.ACCEPT)
        return verdict

    async def _ask(self, method: str, path: str, fields: Mapping[str, str]) -> Response:
        query = {"client_id": self.client_id, "app-name": APP_NAME, "app-version": self.version}
        headers = {"User-Agent": f"{APP_NAME}/{self.version}"}
        data = None
        if method == "POST":
            headers["Content-Type"] = _FORM
            data = urlencode({"client_id": self.client_id, **fields}).encode()
        async with self.pace.get() if method == "GET" else self.pace.post():
            return await exchange(
                self.session, self.clock, self.timeout, method, self.url + path,
                query=query, headers=headers, data=data,
            )  # fmt: skip


def _stop(answer: Response, verdict: Verdict) -> ImporterError | None:
    """What ends a sign-in whatever the flow: a throttle block, a redirect, a spent quota."""
    spent = answer.status == 429 and parse_error(answer.body) in _QUOTA
    blocked = answer.status == 412 and isinstance(verdict.error, ServiceStopError)
    unsafe = answer.trouble is not None
    return verdict.error if spent or blocked or unsafe or 300 <= answer.status < 400 else None
