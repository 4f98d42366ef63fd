"""Both sign-in flows against the sandbox, over sockets, on a clock that only moves when somebody waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from importer.errors import CredentialsError, ServiceStopError
from importer.events import Event, Retrying
from importer.machine.clock import Clock
from importer.sandbox.app import Sandbox
from importer.sandbox.server import serve
from importer.sandbox.tokens import DEFAULT_CLIENT, DEVICE_CLIENT, PIN_CLIENT
from importer.signin.edge import SignIn
from importer.signin.flows import Code, Flow, OtherFlowError, Step
from importer.simkl.pace import Pace
from importer.simkl.transport import open_session


class Hours(Clock):
    """A clock that stands still but for the waits, which it keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.moment = 1_700_000_000.0

    def now(self) -> float:
        return self.moment

    def monotonic(self) -> float:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.moment += seconds
        self.check()


class Stage:
    """A sandbox, a clock that both sides share, and what was told on the way."""

    def __init__(self) -> None:
        self.clock = Hours()
        self.sandbox = Sandbox(pace=0, clock=self.clock.now)
        self.told: list[str] = []

    @asynccontextmanager
    async def signin(self, client_id: str = DEFAULT_CLIENT) -> AsyncIterator[SignIn]:
        async with serve(self.sandbox) as url, open_session() as session:
            yield SignIn(
                session,
                self.clock,
                Pace(self.clock),
                url,
                "1",
                client_id,
                timeout=60,
                listen=self.hear,
            )

    def hear(self, event: Event) -> None:
        if isinstance(event, Retrying):
            self.told.append(event.reason)

    async def granted(self, signin: SignIn, flow: Flow | None) -> tuple[Code, Step]:
        code = await signin.code(flow)
        polled = await signin.wait(code)
        return code, polled.step


@pytest.fixture
def stage() -> Stage:
    """A sandbox in which every code approves itself at the second poll."""
    stage = Stage()
    stage.sandbox.auth.approve_after = 2
    return stage


@pytest.mark.parametrize(
    ("client_id", "flow", "used"),
    [
        (DEVICE_CLIENT, Flow.DEVICE, Flow.DEVICE),
        (PIN_CLIENT, Flow.PIN, Flow.PIN),
        (DEVICE_CLIENT, None, Flow.DEVICE),
        (PIN_CLIENT, None, Flow.PIN),
        (DEFAULT_CLIENT, None, Flow.DEVICE),
    ],
)
async def test_either_flow_ends_with_a_token(stage: Stage, client_id: str, flow: Flow | None, used: Flow) -> None:
    """Without a wish the device flow comes first, and the PIN flow where the app is of that kind."""
    async with stage.signin(client_id) as signin:
        code = await signin.code(flow)
        polled = await signin.wait(code)
    assert code.flow is used
    assert polled.grant is not None
    assert stage.sandbox.keyring.valid(polled.grant.access_token) is not None
    assert (polled.grant.refresh_token is not None) == (used is Flow.DEVICE)
    assert [wait for wait in stage.clock.waits if wait > 1.1] == [5.0, 5.0]


@pytest.mark.parametrize(("client_id", "flow"), [(PIN_CLIENT, Flow.DEVICE), (DEVICE_CLIENT, Flow.PIN)])
async def test_the_wrong_flow_is_refused_with_the_right_one_named(stage: Stage, client_id: str, flow: Flow) -> None:
    """Whoever asks for one flow gets that flow or a line that names the other."""
    async with stage.signin(client_id) as signin:
        with pytest.raises(OtherFlowError) as caught:
            await signin.code(flow)
    assert ("pin" if flow is Flow.DEVICE else "device") in caught.value.hint


async def test_an_unknown_client_id_is_refused_and_not_shown(stage: Stage) -> None:
    """Neither flow knows it: the error says so, without the id."""
    async with stage.signin("n0b0dy5") as signin:
        with pytest.raises(CredentialsError) as caught:
            await signin.code(None)
    assert "client id" in caught.value.message
    assert "n0b0dy5" not in f"{caught.value!r} {caught.value.hint}"


@pytest.mark.parametrize("flow", [Flow.DEVICE, Flow.PIN])
async def test_slow_down_widens_the_gap_for_good(stage: Stage, flow: Flow) -> None:
    """Each one adds five seconds, as RFC 8628 asks for."""
    stage.sandbox.auth.approve_after = 4
    stage.sandbox.faults.script("POST /oauth2/token", ["auth-slow-down"] * 2)
    stage.sandbox.faults.script("GET /oauth/pin", [None, "auth-slow-down", "auth-slow-down"])
    async with stage.signin() as signin:
        assert (await stage.granted(signin, flow))[1] is Step.GRANTED
    assert [wait for wait in stage.clock.waits if wait > 1.1] == [5.0, 10.0, 15.0, 15.0]


async def test_a_denied_device_code_is_told_from_an_expired_one(stage: Stage) -> None:
    """The person said no: nobody is asked again."""
    stage.sandbox.faults.script("POST /oauth2/token", ["auth-denied"])
    async with stage.signin() as signin:
        assert (await stage.granted(signin, Flow.DEVICE))[1] is Step.DENIED


@pytest.mark.parametrize("fault", ["auth-denied", "auth-expired"])
async def test_a_dead_pin_code_ends_although_a_fresh_one_comes(stage: Stage, fault: str) -> None:
    """Simkl answers a dead code with a new code object, which nobody has seen: it is not waited for."""
    stage.sandbox.faults.script("GET /oauth/pin", [None, fault])
    async with stage.signin() as signin:
        assert (await stage.granted(signin, Flow.PIN))[1] is Step.EXPIRED
    assert len(stage.sandbox.requests("GET", "/oauth/pin")) == 2


@pytest.mark.parametrize("flow", [Flow.DEVICE, Flow.PIN])
async def test_a_code_that_nobody_approves_expires(stage: Stage, flow: Flow) -> None:
    """After its 15 minutes the waiting is over, by our own count: who declines is never told of."""
    stage.sandbox.auth.approve_after = None
    async with stage.signin() as signin:
        began = stage.clock.moment
        assert (await stage.granted(signin, flow))[1] is Step.EXPIRED
    assert stage.clock.moment - began == pytest.approx(900, abs=2)


async def test_a_code_that_nobody_approves_ends_also_where_no_wait_takes_any_time() -> None:
    """The waits that were asked for are what counts."""
    sandbox = Sandbox(pace=0)
    async with serve(sandbox) as url, open_session() as session:
        clock = Clock(0.0)
        signin = SignIn(session, clock, Pace(clock), url, "1", DEFAULT_CLIENT)
        code = replace(await signin.code(Flow.DEVICE), lifetime=20.0)
        assert (await signin.wait(code)).step is Step.EXPIRED
    assert 2 <= len(sandbox.requests("POST", "/oauth2/token")) <= 4


@pytest.mark.parametrize("flow", [Flow.DEVICE, Flow.PIN])
async def test_trouble_while_waiting_is_waited_out(stage: Stage, flow: Flow) -> None:
    """A reset, a server error, a page of HTML and a cut line end nothing, and are told."""
    request = "POST /oauth2/token" if flow is Flow.DEVICE else "GET /oauth/pin"
    troubles = ["reset-before-write", "status-503", "html-200", "reset-mid-body"]
    stage.sandbox.auth.approve_after = 3
    stage.sandbox.faults.script(request, ([None] if flow is Flow.PIN else []) + troubles)
    async with stage.signin() as signin:
        assert (await stage.granted(signin, flow))[1] is Step.GRANTED
    # A read that is reset before any answer may be repeated by the HTTP client itself, unseen.
    assert len(stage.told) >= 3


async def test_trouble_before_the_code_is_tried_again(stage: Stage) -> None:
    """Asking for a code twice does no harm."""
    stage.sandbox.faults.script("POST /oauth2/device", ["reset-before-write", "status-502-html", "html-200"])
    async with stage.signin() as signin:
        assert (await signin.code(None)).flow is Flow.DEVICE
    assert len(stage.told) == 3


async def test_a_service_that_stays_away_ends_the_sign_in(stage: Stage) -> None:
    """After the last try there is a line, not an endless wait."""
    stage.sandbox.faults.script("POST /oauth2/device", ["reset-before-write"] * 20)
    async with stage.signin() as signin:
        with pytest.raises(ServiceStopError):
            await signin.code(None)
    assert len(stage.sandbox.log) == 6


async def test_a_spent_quota_ends_the_waiting(stage: Stage) -> None:
    """No poll can help until the day is over."""
    stage.sandbox.faults.script("POST /oauth2/token", ["quota"])
    async with stage.signin() as signin:
        code = await signin.code(None)
        with pytest.raises(ServiceStopError):
            await signin.wait(code)


async def test_a_refresh_gives_a_new_token_and_a_revocation_ends_it(stage: Stage) -> None:
    """The refresh token stays good, until it is revoked."""
    async with stage.signin() as signin:
        grant = (await signin.wait(await signin.code(Flow.DEVICE))).grant
        assert grant is not None
        assert grant.refresh_token is not None
        stage.sandbox.faults.script("POST /oauth2/token", ["status-503", "html-200"])
        fresh = await signin.refresh(grant.refresh_token)
        assert stage.sandbox.keyring.valid(grant.access_token) is None
        assert stage.sandbox.keyring.valid(fresh.access_token) is not None
        await signin.revoke(grant.refresh_token, "refresh_token")
        assert stage.sandbox.keyring.valid(fresh.access_token) is None
        with pytest.raises(CredentialsError):
            await signin.refresh(grant.refresh_token)


async def test_sign_in_asks_for_writing_and_keeps_its_secrets_out_of_paths(stage: Stage) -> None:
    """Both scopes are asked for, every request says who asks, and tokens travel in bodies alone."""
    async with stage.signin() as signin:
        await stage.granted(signin, Flow.DEVICE)
    first = stage.sandbox.log[0]
    assert b"scope=media%3Aread+media%3Awrite" in first.raw
    assert all({"client_id", "app-name", "app-version"} <= set(entry.query) for entry in stage.sandbox.log)
    assert all(entry.user_agent for entry in stage.sandbox.log)
    assert not any(entry.has_authorization for entry in stage.sandbox.log)
