"""What speaks to one API for one person: requests at their pace, counted by the day, each tried until it is settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import anyio

from importer.events import Answered, Listen, Retrying, nobody
from importer.machine.clock import Clock
from importer.record import Requests
from importer.simkl import refusals
from importer.simkl.answer import Answer, NoAnswerError, T, filled
from importer.simkl.loop import persist
from importer.simkl.pace import Pace
from importer.simkl.quota import KEPT, Day, quota_reset
from importer.simkl.retry import ACCEPTED, Action, Verdict, classify, moment_of, undivided
from importer.simkl.token import Tokens
from importer.simkl.transport import LOOK_UPS, PATIENCE, Response, Session, exchange, identity
from importer.simkl.wire import TOKEN_REQUIRED, parse_error

_REDIRECTS = (301, 302, 303, 307, 308)
_NOTHING: Mapping[str, str] = {}


class Client:
    """Speaks to one API for one person. `listen` hears of every retry and every answer.

    `service_time` is when Simkl gave its last counted answer, by its own clock, in seconds since the epoch; `ahead` by
    how many seconds that clock is ahead of this machine's, None while no answer told.
    """

    def __init__(
        self,
        session: Session,
        url: str,
        version: str,
        client_id: str,
        tokens: Tokens,
        clock: Clock,
        pace: Pace,
        *,
        timeout: float = PATIENCE,
        listen: Listen = nobody,
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._query, self._headers = identity(client_id, version)
        self._tokens = tokens
        self._renewed = False
        self._clock = clock
        self._timeout = timeout
        self._listen = listen
        self.pace = pace
        self._count: Counter[str] = Counter()
        self._day = Day()
        self._look_ups = anyio.Semaphore(LOOK_UPS)
        self._redirects_want_token = False
        self.accepted = False
        self.service_time = clock.now()
        self.ahead: float | None = None

    def now(self) -> float:
        """Return the time on this machine, in seconds since the epoch."""
        return self._clock.now()

    @property
    def requests(self) -> Requests:
        """Return what was asked so far. Look-ups in the catalogue are left out: Simkl does not count them either."""
        return Requests(self._count["POST"], self._count["GET"], self._count["retries"], self.left_today)

    @property
    def left_today(self) -> int | None:
        """Return how many requests Simkl says are left of this day; None if it did not say."""
        return self._day.at(self._clock.now()).left

    @property
    def limit_today(self) -> int | None:
        """Return how many requests Simkl says that a whole day has; None if it did not say."""
        return self._day.limit

    def may_send(self, kept: int = KEPT) -> int | None:
        """Return how many requests may still be made today so that `kept` remain; None if nobody knows of a bound.

        The last KEPT of a day are for what was sent: the activities, one read, one giving back.
        """
        return self._day.at(self._clock.now()).may(kept)

    async def post(
        self, path: str, body: bytes, *, splittable: bool, read: Callable[[bytes], T], kept: int = 0
    ) -> Answer[T]:
        """POST and retry as the verdicts say, always the same bytes.

        `splittable`: a request out of patience is answered with HALVE instead of being resent. `read` makes
        something of a 2xx body, or raises ValueError where it is not what it should be: that counts as a lost answer.
        The Answer's action is ACCEPT, HALVE, BISECT, FAIL, or the one that was retried in vain. STOP raises its error;
        so does, before each try, a day of which no more than `kept` requests are left.
        """

        async def once() -> Answer[T]:
            return self._counted(*await self._asked("POST", path, body, _NOTHING, kept), read, splittable=splittable)

        return await self._persist(once)

    async def get(self, path: str, read: Callable[[bytes], T], query: Mapping[str, str] = _NOTHING) -> T:
        """GET and retry; return what was read. Raises NoAnswerError if no readable answer came."""

        async def once() -> Answer[T]:
            return self._counted(*await self._asked("GET", path, None, query, 0), read, splittable=False)

        answer = await self._persist(once)
        if answer.verdict.action is not Action.ACCEPT or answer.content is None:
            raise NoAnswerError(answer.verdict)
        return answer.content

    async def look(self, path: str, read: Callable[[bytes], T], query: Mapping[str, str] = _NOTHING) -> T:
        """Return what a page of the catalogue says: without a token, unpaced, uncounted, a few at a time.

        Raises NoAnswerError if no readable answer came. (/resources/rate-limits)
        """

        async def once() -> Answer[T]:
            response, seconds = await self._exchange("GET", path, None, query, None)
            return filled(response, self._verdict(response), read, seconds)

        return await self._looked_up(once)

    async def resolve(self, path: str, query: Mapping[str, str]) -> str:
        """Return the address to which a look-up redirects, without going there; "" if it names none.

        Asked like a page of the catalogue, and with the token once Simkl wants one. Raises NoAnswerError if no
        readable answer came. (/api-reference/redirect)
        """

        async def once() -> Answer[str]:
            response, seconds = await self._redirect(path, query)
            place = response.headers.get("location", "")
            verdict = ACCEPTED if response.status in _REDIRECTS else self._verdict(response)
            return filled(response, verdict, lambda _: place, seconds)

        return await self._looked_up(once)

    async def rehearse(self, path: str, limit: str) -> Verdict:
        """Return what Simkl's refusal of a spent day means, played by it for `limit` "user" or "app".

        Asked once, neither counted nor remembered. The verdict's name is the refusal's. (/resources/rate-limits)
        """
        token = await self._tokens.current()
        async with self.pace.get(counted=False):
            response, _ = await self._exchange("GET", path, None, {"debug_limit": limit}, token)
        return replace(self._verdict(response), name=parse_error(response.body))

    async def _looked_up(self, once: Callable[[], Awaitable[Answer[T]]]) -> T:
        async with self._look_ups:
            answer = await persist(once, self._clock, self._retrying)
        if answer.verdict.action is not Action.ACCEPT or answer.content is None:
            raise NoAnswerError(answer.verdict)
        return answer.content

    async def _persist(self, once: Callable[[], Awaitable[Answer[T]]]) -> Answer[T]:
        def told(reason: str, seconds: float) -> None:
            self._count["retries"] += 1
            self._retrying(reason, seconds)

        return await persist(once, self._clock, told)

    def _retrying(self, reason: str, seconds: float) -> None:
        self._listen(Retrying(reason, seconds))

    def _counted(
        self, response: Response, seconds: float, read: Callable[[bytes], T], *, splittable: bool
    ) -> Answer[T]:
        """Tell what a request on the account came to."""
        verdict = self._verdict(response)
        if splittable and response.status == 0:
            verdict = response.trouble or verdict
        answer = filled(response, verdict, read, seconds)
        if answer.verdict.action is Action.ACCEPT:
            self.accepted = True
            self._renewed = False
        return answer

    async def _asked(
        self, method: str, path: str, body: bytes | None, query: Mapping[str, str], kept: int
    ) -> tuple[Response, float]:
        """Ask in the person's name, once more with a new token where theirs is refused."""
        response, seconds = await self._in_turn(method, path, body, query, kept, await self._tokens.current())
        if response.status == 401 and not self._renewed and parse_error(response.body) != TOKEN_REQUIRED:
            self._renewed = True
            token = await self._tokens.renew()
            if token is not None:
                return await self._in_turn(method, path, body, query, kept, token)
        return response, seconds

    async def _in_turn(
        self, method: str, path: str, body: bytes | None, query: Mapping[str, str], kept: int, token: str
    ) -> tuple[Response, float]:
        self.check_day(kept)
        async with self.pace.get() if method == "GET" else self.pace.post():
            self._count[method] += 1
            response, seconds = await self._exchange(method, path, body, query, token)
            self._day = self._day.answered(response.status, response.headers, self._clock.now())
            told, now = moment_of(response.headers.get("date", "")), self._clock.now()
            self.service_time = told or now
            if told is not None:
                self.ahead = told - now
        return response, seconds

    async def _redirect(self, path: str, query: Mapping[str, str]) -> tuple[Response, float]:
        if not self._redirects_want_token:
            response, seconds = await self._exchange("GET", path, None, query, None)
            if response.status != 401 or parse_error(response.body) != TOKEN_REQUIRED:
                return response, seconds
            self._redirects_want_token = True
        token = await self._tokens.current()
        async with self.pace.get(counted=False):
            return await self._exchange("GET", path, None, query, token)

    async def _exchange(
        self, method: str, path: str, body: bytes | None, query: Mapping[str, str], token: str | None
    ) -> tuple[Response, float]:
        """Send one request now; return its answer and how long that took."""
        headers = dict(self._headers)
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        began = self._clock.monotonic()
        response = await exchange(
            self._session,
            self._clock,
            self._timeout,
            method,
            self._url + path,
            query={**query, **self._query},
            headers=headers,
            data=body,
        )
        seconds = self._clock.monotonic() - began
        self._listen(Answered(method, path, response.status, seconds))
        return response, seconds

    def _verdict(self, response: Response) -> Verdict:
        if response.trouble is not None:
            return undivided(response.trouble)
        return classify(response.status, response.headers, response.body, self._clock.now(), accepted=self.accepted)

    def check_day(self, kept: int) -> None:
        """Raise ServiceStopError rather than go into a refusal that Simkl has announced: DayKeptError where there are
        requests left, but no more than the `kept` ones.
        """
        now = self._clock.now()
        day = self._day.at(now)
        if day.left is None or day.left > kept:
            return
        reset = quota_reset(now)
        if day.left:
            raise refusals.day_kept(day.left, day.limit, reset, now)
        raise refusals.day_spent(of_app=False, limit=day.limit, resume_at=reset, now=now)
