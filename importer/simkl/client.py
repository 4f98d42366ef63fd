"""The only aiohttp client: one session a run, one request at a time, one retry loop."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

import aiohttp
import tenacity

from importer.errors import ServiceStopError
from importer.events import Answered, Listen, Retrying, nobody
from importer.machine.clock import Clock
from importer.record import Requests
from importer.simkl.pace import Pace
from importer.simkl.retry import Action, Verdict, classify, next_wait

APP_NAME = "simkl-import"
CONNECT_PATIENCE = 10.0

T = TypeVar("T")
_RETRIED = (Action.RESEND, Action.SLOW_DOWN, Action.UNLOCK, Action.WAIT)
TOO_LARGE = 413
_UNTOLD = (Action.RESEND, Action.HALVE)
"""What is done about an answer that was lost; a 413 aside, nobody knows then whether the request was carried out."""


class Tokens(Protocol):
    """Where the access token comes from; it never appears in a text."""

    async def current(self) -> str:
        """The token to use now, renewed beforehand where it is about to run out."""
        ...

    async def renew(self) -> str | None:
        """A new token after the service refused the current one; None where there is none to be had."""
        ...


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token that cannot be renewed: from the environment, or of a PIN sign-in."""

    token: str = field(repr=False)

    async def current(self) -> str:
        """The one there is."""
        return self.token

    async def renew(self) -> str | None:
        """There is no other."""
        return None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: `headers` have lower-case names. `status` 0: nothing did, and `trouble` says why.

    `left` is False where the request surely never left this machine.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    trouble: Verdict | None = None
    left: bool = True


async def exchange(
    session: aiohttp.ClientSession, clock: Clock, patience: float, method: str, url: str,
    *, query: Mapping[str, str], headers: Mapping[str, str], data: bytes | None,
) -> Response:  # fmt: skip
    """One request, one answer, within `patience` seconds. Trouble on the way is a value, not an exception."""
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
        return Response(0, {}, b"", Verdict(Action.RESEND, f"no connection ({type(error).__name__})"), left=False)
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as error:
        # The error's own text may carry the URL, and with it the client id: only its kind is told.
        return Response(0, {}, b"", Verdict(Action.RESEND, f"the connection failed ({type(error).__name__})"))


def _unsafe(error: aiohttp.ClientSSLError) -> ServiceStopError:
    what = "certificate" if isinstance(error, aiohttp.ClientConnectorCertificateError) else "encryption"
    return ServiceStopError(
        f"the {what} of Simkl's address is not to be trusted: nothing was sent",
        "check SIMKL_API_URL, this machine's clock and the network; somebody may be listening",
    )


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The last answer to a request. `status` 0: none came. The verdict tells what to do with it; `content` is what was
    read in it, where that is ACCEPT.

    `doubtful` tells that the service may have carried the request out although this answer does not say so: it left
    this machine, or did so on an earlier try, and its answer was lost.
    """

    status: int
    verdict: Verdict
    doubtful: bool = False
    content: T | None = None


class _TryAgainError(Exception):
    def __init__(self, answer: Answer[Any]) -> None:
        super().__init__(answer.verdict.why)
        self.answer = answer


class Client:
    """Speaks to one API for one person. `listen` hears of every retry and every answer."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, version: str, client_id: str, tokens: Tokens, clock: Clock,
        pace: Pace, *, timeout: float = 30.0, listen: Listen = nobody,
    ) -> None:  # fmt: skip
        self._session = session
        self._url = url.rstrip("/")
        self._query = {"client_id": client_id, "app-name": APP_NAME, "app-version": version}
        self._headers = {"User-Agent": f"{APP_NAME}/{version}", "Content-Type": "application/json"}
        self._tokens = tokens
        self._renewed = False
        self._clock = clock
        self._timeout = timeout
        self._listen = listen
        self.pace = pace
        self._count: Counter[str] = Counter()
        self.accepted = False

    @property
    def requests(self) -> Requests:
        """What was asked so far."""
        return Requests(self._count["POST"], self._count["GET"], self._count["retries"])

    async def post(self, path: str, body: bytes, *, splittable: bool, read: Callable[[bytes], T]) -> Answer[T]:
        """POST and retry as the verdicts say, always the same bytes.

        `splittable`: a request out of patience is answered with HALVE instead of being resent. `read` makes
        something of a 2xx body, or raises ValueError where it is not what it should be: that counts as a lost answer.
        The Answer's action is ACCEPT, HALVE, BISECT, FAIL, or the one that was retried in vain. STOP raises its error.
        """
        return await self._retrying("POST", path, body, splittable=splittable, read=read)

    async def get(self, path: str, read: Callable[[bytes], T]) -> T:
        """GET and retry; return what was read. Raises ServiceStopError where no readable answer came."""
        answer = await self._retrying("GET", path, None, splittable=False, read=read)
        if answer.verdict.action is not Action.ACCEPT or answer.content is None:
            raise ServiceStopError(f"Simkl does not answer ({answer.verdict.why})", "run the same command later")
        return answer.content

    async def _retrying(
        self, method: str, path: str, body: bytes | None, *, splittable: bool, read: Callable[[bytes], T]
    ) -> Answer[T]:
        tries: Counter[Action] = Counter()
        waits: dict[int, float | None] = {}
        lost = False

        def wait(state: tenacity.RetryCallState) -> float:
            # tenacity asks for the wait before it asks whether to stop: both follow from one decision.
            nonlocal lost
            answer = _answer(state)
            verdict = answer.verdict
            lost = lost or answer.doubtful
            tries[verdict.action] += 1
            chance = random.random()  # noqa: S311 (jitter, no secret)
            waits[state.attempt_number] = next_wait(verdict, tries[verdict.action], chance)
            return waits[state.attempt_number] or 0.0

        def tell(state: tenacity.RetryCallState) -> None:
            self._count["retries"] += 1
            self._listen(Retrying(_answer(state).verdict.why, waits[state.attempt_number] or 0.0))

        loop = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(_TryAgainError),
            wait=wait,
            stop=lambda state: waits[state.attempt_number] is None,
            before_sleep=tell,
            sleep=self._clock.sleep,
            reraise=True,
        )
        try:
            answer: Answer[T] = await loop(self._once, method, path, body, splittable, read)
        except _TryAgainError as given_up:
            answer = given_up.answer
        return replace(answer, doubtful=True) if lost else answer

    async def _once(
        self, method: str, path: str, body: bytes | None, splittable: bool, read: Callable[[bytes], T]
    ) -> Answer[T]:
        response, verdict = await self._ask(method, path, body)
        doubtful = response.left and verdict.action in _UNTOLD and response.status != TOO_LARGE
        answer: Answer[T] = Answer(response.status, verdict, doubtful)
        if verdict.action is Action.ACCEPT:
            try:
                answer = replace(answer, content=read(response.body))
            except ValueError as error:
                why = f"an unreadable answer ({error})"
                answer = replace(answer, verdict=Verdict(Action.RESEND, why), doubtful=True)
            else:
                self.accepted = True
                self._renewed = False
        if answer.verdict.action is Action.HALVE and not splittable and answer.status == 0:
            answer = replace(answer, verdict=Verdict(Action.RESEND, answer.verdict.why))
        if answer.verdict.error is not None:
            raise answer.verdict.error
        if answer.verdict.action in _RETRIED:
            raise _TryAgainError(answer)
        return answer

    async def _ask(self, method: str, path: str, body: bytes | None) -> tuple[Response, Verdict]:
        response, verdict = await self._exchange(method, path, body, await self._tokens.current())
        if response.status == 401 and not self._renewed:
            self._renewed = True
            token = await self._tokens.renew()
            if token is not None:
                return await self._exchange(method, path, body, token)
        return response, verdict

    async def _exchange(self, method: str, path: str, body: bytes | None, token: str) -> tuple[Response, Verdict]:
        turn = self.pace.get() if method == "GET" else self.pace.post()
        async with turn:
            self._count[method] += 1
            began = self._clock.monotonic()
            response = await exchange(
                self._session, self._clock, self._timeout, method, self._url + path,
                query=self._query, headers={**self._headers, "Authorization": f"Bearer {token}"}, data=body,
            )  # fmt: skip
            self._listen(Answered(method, path, response.status, self._clock.monotonic() - began))
        return response, response.trouble or classify(
            response.status, response.headers, response.body, self._clock.now(), accepted=self.accepted
        )


def _answer(state: tenacity.RetryCallState) -> Answer[Any]:
    failure = state.outcome.exception() if state.outcome is not None else None
    if not isinstance(failure, _TryAgainError):
        raise TypeError("only an answer worth retrying is retried")
    return failure.answer


@asynccontextmanager
async def open_session() -> AsyncIterator[aiohttp.ClientSession]:
    """One session of one connection: there is never more than one request under way."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_PATIENCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1), timeout=timeout) as session:
        yield session
