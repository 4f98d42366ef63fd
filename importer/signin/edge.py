"""Sign-in, the edge: asks for a code, waits for the person, renews and revokes. What answers mean is in `flows`.

Pages: /api-reference/oauth2-device and /api-reference/oauth2-tokens (V2); of the PIN flow (V1) only its addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from urllib.parse import quote, urlencode

from importer.errors import CredentialsError, ServiceStopError
from importer.events import Listen, Retrying, nobody
from importer.machine.clock import Clock
from importer.model import value
from importer.signin.flows import (
    SCOPES,
    Code,
    Flow,
    Grant,
    OtherFlowError,
    Polled,
    Step,
    Waiting,
    meaning,
    parse_device,
    parse_pin,
    parse_token,
)
from importer.simkl.answer import Answer
from importer.simkl.loop import persist
from importer.simkl.pace import Pace
from importer.simkl.retry import Verdict, classify, undivided
from importer.simkl.transport import PATIENCE, Response, Session, exchange, identity
from importer.simkl.wire import parse_error

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
"""RFC 8628, 3.4."""

_FORM = "application/x-www-form-urlencoded"


@value
class SignIn:
    """Sign-in with one app at one API. `timeout` in seconds; `listen` hears of trouble and the wait that follows it."""

    session: Session
    clock: Clock
    pace: Pace
    url: str
    version: str
    client_id: str = field(repr=False)
    timeout: float = PATIENCE
    listen: Listen = nobody

    async def code(self, flow: Flow | None) -> Code:
        """Return a fresh code. None tries the device flow, and the PIN flow where the app is of that kind.

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
        """Poll until the person has decided or the code's time is over: GRANTED, DENIED or EXPIRED.

        Trouble on the way is told and waited out. Raises CredentialsError and ServiceStopError where waiting is vain.
        """
        waiting = Waiting.for_code(code)
        while (gap := waiting.gap) > 0:
            await self.clock.sleep(gap)
            began = self.clock.monotonic()
            polled = await self._poll(code)
            waiting = waiting.after(polled.step, gap + self.clock.monotonic() - began)
            if polled.step in (Step.GRANTED, Step.DENIED, Step.EXPIRED):
                return polled
            if polled.step is Step.TROUBLE:
                self._tell(polled.why, waiting.gap)
        return Polled(Step.EXPIRED)

    async def refresh(self, refresh_token: str) -> Grant:
        """Return a new access token; the previous one ends with it. The refresh token stays unless a new one comes.

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
        answer = await self._steady("POST", "/oauth2/revoke", {"token": token, "token_type_hint": kind}, empty=True)
        error = parse_error(answer.body)
        if not 200 <= answer.status < 300 and error not in ("invalid_token", "invalid_grant"):
            raise ServiceStopError(f"Simkl did not revoke the sign-in (HTTP {answer.status})", "try again later")

    async def _device_code(self) -> Code:
        answer = await self._steady("POST", "/oauth2/device", {"scope": " ".join(SCOPES)})
        if parse_error(answer.body) == "invalid_client":
            # Said of an id that nobody knows, and of one that is registered for the PIN flow.
            raise OtherFlowError("Simkl does not know this app in the device flow", "simkl-import login --flow pin")
        return parse_device(answer.status, answer.body)

    async def _poll(self, code: Code) -> Polled:
        if code.flow is Flow.PIN:
            answer = await self._ask("GET", f"/oauth/pin/{quote(code.user_code, safe='')}", {})
        else:
            fields = {"grant_type": DEVICE_GRANT, "device_code": code.device_code}
            answer = await self._ask("POST", "/oauth2/token", fields)
        verdict = self._verdict(answer, accepted=True, empty=False)
        if verdict.error is not None:
            raise verdict.error
        if answer.status == 0:
            return Polled(Step.TROUBLE, why=verdict.why)
        return parse_token(code.flow, answer.status, answer.body)

    async def _steady(
        self, method: str, path: str, fields: Mapping[str, str], *, accepted: bool = False, empty: bool = False
    ) -> Response:
        """Ask, and again after passing trouble: each of these requests may be repeated without harm.

        `accepted` as in `classify`; `empty` tells that the answer need not hold anything.
        """

        async def once() -> Answer[Response]:
            response = await self._ask(method, path, fields)
            return Answer(response.status, self._verdict(response, accepted=accepted, empty=empty), content=response)

        answer = await persist(once, self.clock, self._tell)
        if answer.content is None or answer.status == 0:
            raise ServiceStopError(f"Simkl does not answer ({answer.verdict.why})", "try again later")
        return answer.content

    def _tell(self, reason: str, seconds: float) -> None:
        self.listen(Retrying(reason, seconds))

    def _verdict(self, answer: Response, *, accepted: bool, empty: bool) -> Verdict:
        if answer.trouble is not None:
            return undivided(answer.trouble)
        found = classify(answer.status, answer.headers, answer.body, self.clock.now(), accepted=accepted)
        return meaning(found, answer.status, answer.body, empty=empty)

    async def _ask(self, method: str, path: str, fields: Mapping[str, str]) -> Response:
        query, headers = identity(self.client_id, self.version)
        data = None
        if method == "POST":
            headers["Content-Type"] = _FORM
            data = urlencode({"client_id": self.client_id, **fields}).encode()
        async with self.pace.get() if method == "GET" else self.pace.post():
            return await exchange(
                self.session,
                self.clock,
                self.timeout,
                method,
                self.url + path,
                query=query,
                headers=headers,
                data=data,
            )
