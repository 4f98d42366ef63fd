"""The client: who asks, what it counts as lost, what is left of the day, and how long it waits for an answer."""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import anyio
import pytest
from aiohttp import web

from importer.errors import CredentialsError, DefectError, InterruptedRunError, ServiceStopError
from importer.machine import clock as clocks
from importer.machine.clock import Clock
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.simkl.client import Client
from importer.simkl.pace import Pace
from importer.simkl.reads import ACTIVITIES, parse_delta, parse_stamps
from importer.simkl.retry import Action
from importer.simkl.token import FixedToken
from importer.simkl.transport import open_session
from importer.simkl.wire import RATINGS, parse_reply

BODY = b'{"movies":[{"rating":7,"title":"Heat","year":1995,"rated_at":"2024-01-02T03:04:05Z"}]}'


class Moving(Clock):
    """A clock that moves by its waits, and by so many seconds for each request."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.steady = 0.0
        self.waited = 0.0
        self._seconds = seconds

    def monotonic(self) -> float:
        return self.steady

    @contextmanager
    def flight(self, patience: float) -> Iterator[None]:
        with super().flight(patience):
            yield
        self.steady += self._seconds

    async def sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.steady += seconds


@asynccontextmanager
async def speaking(sandbox: Sandbox, clock: Clock, *, patience: float = 60.0) -> AsyncIterator[Client]:
    """A client that speaks to a sandbox."""
    async with serve(sandbox) as url, open_session() as session:
        token = FixedToken(sandbox.token)
        yield Client(session, url, "1", sandbox.client_id, token, clock, Pace(clock), timeout=patience)


@pytest.mark.parametrize(
    ("faults", "doubtful"),
    [
        (["reset-after-write", "status-404"], True),
        (["status-500", "status-404"], True),
        (["html-200", "status-404"], True),
        (["rate-limit", "status-404"], False),
        (["write-lock", "status-404"], False),
        (["status-404"], False),
    ],
)
async def test_a_refusal_after_a_lost_answer_is_doubtful(faults: list[str], doubtful: bool) -> None:
    """The first try may have been written, whatever the second one says."""
    sandbox = Sandbox(pace=0)
    sandbox.faults.script("POST /sync/ratings", faults)
    async with speaking(sandbox, Clock(0.0)) as client:
        answer = await client.post(RATINGS, BODY, splittable=False, read=parse_reply)
    assert (answer.verdict.action, answer.doubtful) == (Action.FAIL, doubtful)


async def test_nobody_at_home_leaves_no_doubt() -> None:
    """The request never left this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    clock = Clock(0.0)
    async with open_session() as session:
        client = Client(session, f"http://127.0.0.1:{port}", "1", "c", FixedToken("t"), clock, Pace(clock))
        answer = await client.post(RATINGS, BODY, splittable=False, read=parse_reply)
        assert (answer.verdict.action, answer.doubtful) == (Action.RESEND, False)
        with pytest.raises(ServiceStopError):
            await client.get(ACTIVITIES, parse_stamps)


async def test_a_redirect_is_never_followed() -> None:
    """Wherever it leads, the token does not go there."""

    async def answer(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            await stream.receive()
            await stream.send(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(anyio.abc.SocketAttribute.local_port)
    clock = Clock(0.0)
    async with anyio.create_task_group() as tasks, open_session() as session:
        tasks.start_soon(listener.serve, answer)
        client = Client(session, f"http://127.0.0.1:{port}", "1", "c", FixedToken("t"), clock, Pace(clock))
        with pytest.raises(ServiceStopError, match="redirect"):
            await client.post(RATINGS, BODY, splittable=False, read=parse_reply)
        tasks.cancel_scope.cancel()
    await listener.aclose()


async def test_every_request_says_who_asks(service: type[Any]) -> None:
    """Client id, app name and version in the query, the program in a header; a body on a POST alone."""
    told = service(lambda _: web.json_response({}))
    async with told.client() as client:
        await client.get("/sync/ratings", parse_delta, {"date_from": "2026-01-09T00:00:09+05:00"})
        await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
        await client.look("/movies/5", lambda body: body)
    for request in told.asked:
        named = {name: request.query.get(name) for name in ("client_id", "app-name", "app-version")}
        assert named == {"client_id": "cl1ent", "app-name": "simkl-import", "app-version": "1.2"}
        assert request.headers["User-Agent"] == "simkl-import/1.2"
    read, write, _ = told.asked
    assert read.query["date_from"] == "2026-01-09T00:00:09+05:00"
    assert told.bodies == [b"", BODY, b""]
    assert "Content-Type" not in read.headers
    assert write.headers["Content-Type"] == "application/json"
    assert [request.headers.get("Authorization") for request in told.asked] == ["Bearer t0ken", "Bearer t0ken", None]


async def test_the_time_of_an_answer_is_that_of_its_own_request() -> None:
    """Waits and earlier tries are left out: they say nothing of how long a batch takes."""
    sandbox = Sandbox(pace=0)
    sandbox.faults.script("POST /sync/ratings", ["write-lock", "write-lock", None])
    clock = Moving(seconds=0.5)
    async with speaking(sandbox, clock) as client:
        answer = await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
    assert answer.verdict.action is Action.ACCEPT
    assert clock.waited > 26
    assert answer.seconds == pytest.approx(0.5)


async def test_the_third_lock_in_a_row_stops_and_divides_nothing() -> None:
    """Three times the same bytes, and then five minutes of rest."""
    sandbox = Sandbox(pace=0)
    sandbox.faults.script("POST /sync/ratings", ["write-lock"] * 3)
    async with speaking(sandbox, Clock(0.0)) as client:
        with pytest.raises(ServiceStopError, match="another app") as stop:
            await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
    assert stop.value.resume_at == pytest.approx(time.time() + 300, abs=60)
    assert [entry.raw for entry in sandbox.requests("POST", RATINGS)] == [BODY] * 3


async def test_a_request_that_went_without_its_token_is_a_defect_and_no_renewal_helps(service: type[Any]) -> None:
    """One request, and it is said whose fault it is."""
    told = service(lambda _: web.json_response({"error": "user_token_required"}, status=401))
    async with told.client() as client:
        with pytest.raises(DefectError):
            await client.get(ACTIVITIES, parse_stamps)
    assert len(told.asked) == 1


async def test_told_to_stop_a_request_in_flight_gets_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """No longer, whatever the patience; and nothing is sent again."""
    assert clocks.LAST_FLIGHT == 10.0
    monkeypatch.setattr(clocks, "LAST_FLIGHT", 0.2)
    sandbox = Sandbox(pace=0)
    sandbox.faults.script("POST /sync/ratings", ["stall-before-write"])
    clock = Clock(0.0)
    async with speaking(sandbox, clock, patience=3600) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_once, clock, lambda: sandbox.requests("POST", RATINGS))
        with pytest.raises(InterruptedRunError), anyio.fail_after(60):
            await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
    assert len(sandbox.requests("POST", RATINGS)) == 1


async def test_told_to_stop_an_answer_on_its_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch in flight is finished; the next one is not begun."""
    sandbox = Sandbox(pace=0)
    clock, stopped = Clock(0.0), anyio.Event()

    async def until_it_stops(_seconds: float) -> None:
        await stopped.wait()

    sandbox.sleep = until_it_stops
    sandbox.faults.script("POST /sync/ratings", ["stall"])
    async with speaking(sandbox, clock) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_once, clock, lambda: sandbox.requests("POST", RATINGS), stopped.set)
        answer = await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
        assert answer.verdict.action is Action.ACCEPT
        with pytest.raises(InterruptedRunError):
            await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
    assert len(sandbox.requests("POST", RATINGS)) == 1


async def _stop_once(clock: Clock, true: Callable[[], object], then: Callable[[], object] = lambda: None) -> None:
    while not true():  # noqa: ASYNC110 - the sandbox's log rings no bell
        await anyio.sleep(0.005)
    clock.stop(2)
    then()


@pytest.mark.parametrize("fault", ["html-200", "status-503"])
async def test_an_answer_that_is_lost_is_asked_for_again_and_counted(fault: str) -> None:
    """The second one is taken, and in doubt whether the first was written as well."""
    sandbox = Sandbox(pace=0)
    sandbox.faults.script("POST /sync/ratings", [fault])
    async with speaking(sandbox, Clock(0.0)) as client:
        answer = await client.post(RATINGS, BODY, splittable=False, read=parse_reply)
        await client.get(ACTIVITIES, parse_stamps)
    assert (answer.verdict.action, answer.doubtful) == (Action.ACCEPT, True)
    counted = client.requests
    assert (counted.post, counted.get, counted.retries) == (2, 1, 1)


class _Renewed:
    """Tokens that are renewed as often as they are asked for that."""

    def __init__(self) -> None:
        self.renewals = 0

    async def current(self) -> str:
        return f"token {self.renewals}"

    async def renew(self) -> str | None:
        self.renewals += 1
        return f"token {self.renewals}"


async def test_a_token_is_renewed_once_until_one_is_accepted(service: type[Any]) -> None:
    """Whoever refuses whatever comes is asked for no further one; after an accepted one it may run out once more."""
    tokens, accepted = _Renewed(), {"token 9"}
    told = service(
        lambda request: (
            web.json_response({})
            if request.headers["Authorization"].removeprefix("Bearer ") in accepted
            else web.json_response({"error": "invalid_token"}, status=401)
        )
    )
    async with told.client(tokens=tokens) as client:
        for _ in range(3):
            with pytest.raises(CredentialsError):
                await client.get(ACTIVITIES, parse_stamps)
        assert tokens.renewals == 1
        accepted.add("token 1")
        await client.get(ACTIVITIES, parse_stamps)
        accepted.remove("token 1")
        accepted.add("token 2")
        await client.get(ACTIVITIES, parse_stamps)
    assert tokens.renewals == 2


async def test_no_new_token_is_asked_for_where_none_was_sent(service: type[Any]) -> None:
    """The next one would get lost on the way as well."""
    tokens = _Renewed()
    told = service(lambda _: web.json_response({"error": "user_token_required"}, status=401))
    async with told.client(tokens=tokens) as client:
        with pytest.raises(DefectError):
            await client.get(ACTIVITIES, parse_stamps)
    assert (tokens.renewals, len(told.asked)) == (0, 1)


async def test_each_kind_of_trouble_has_waits_of_its_own() -> None:
    """Asked to slow down before, it waits for a lock as often as ever."""
    sandbox = Sandbox(pace=0)
    sandbox.faults.script("POST /sync/ratings", ["rate-limit", "rate-limit", "write-lock", "write-lock"])
    async with speaking(sandbox, Clock(0.0)) as client:
        answer = await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
    assert answer.verdict.action is Action.ACCEPT


async def test_a_412_means_the_client_id_until_anything_was_accepted(service: type[Any]) -> None:
    """From then on the same answer is the block of those who ask too fast."""
    answers = [web.Response(status=412), web.json_response({}), web.Response(status=412)]
    told = service(lambda _: answers.pop(0))
    async with told.client() as client:
        with pytest.raises(CredentialsError, match="client id"):
            await client.get(ACTIVITIES, parse_stamps)
        await client.get(ACTIVITIES, parse_stamps)
        with pytest.raises(ServiceStopError, match="blocked"):
            await client.get(ACTIVITIES, parse_stamps)


async def test_simkls_clock_is_told_as_ahead_of_this_machines(service: type[Any]) -> None:
    """By the date of its answer; the time of an answer is by its clock."""

    class Late(Clock):
        def now(self) -> float:
            return time.time() - 3600

    told = service(lambda _: web.json_response({}))
    async with told.client(Late(0.0)) as client:
        await client.get(ACTIVITIES, parse_stamps)
    assert client.ahead == pytest.approx(3600, abs=120)
    assert client.service_time == pytest.approx(time.time(), abs=120)


async def test_a_batch_that_is_too_large_was_surely_not_written(service: type[Any]) -> None:
    """It is halved, and its record says that nothing of it was carried out."""
    told = service(lambda _: web.Response(status=413))
    async with told.client() as client:
        answer = await client.post(RATINGS, BODY, splittable=True, read=parse_reply)
    assert (answer.verdict.action, answer.doubtful) == (Action.HALVE, False)
