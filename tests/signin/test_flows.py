"""The answers of both sign-in flows, as values."""

from __future__ import annotations

import json

import pytest

from importer.errors import CredentialsError, ServiceStopError
from importer.signin.flows import (
    CODE_LIFE,
    POLL_GAP,
    SHORTEST_GAP,
    Code,
    Flow,
    OtherFlowError,
    Step,
    Waiting,
    is_object,
    meaning,
    parse_device,
    parse_pin,
    parse_token,
    usable,
)
from importer.simkl.retry import Action, Verdict

PIN = {
    "result": "OK",
    "device_code": "DEVICE_CODE",
    "user_code": "ABCDE",
    "verification_url": "https://simkl.com/pin",
    "expires_in": 900,
    "interval": 5,
}
DEVICE = {
    "device_code": "d3v1c3",
    "user_code": "WXYZ-1234",
    "verification_uri": "https://simkl.com/device",
    "verification_uri_complete": "https://simkl.com/device?user_code=WXYZ-1234",
    "expires_in": "600",
    "interval": 7,
}


def body(**content: object) -> bytes:
    """An answer's bytes."""
    return json.dumps(content).encode()


def test_a_pin_answer_gives_its_code() -> None:
    """The code, its address, its life and the gap between polls are taken as they stand."""
    code = parse_pin(200, body(**PIN))
    assert (code.flow, code.user_code, code.address) == (Flow.PIN, "ABCDE", "https://simkl.com/pin")
    assert (code.interval, code.lifetime, code.direct) == (5.0, 900.0, None)


def test_a_device_answer_gives_its_code_and_the_direct_address() -> None:
    """Numbers may come as text, and the address that holds the code is kept."""
    code = parse_device(200, body(**DEVICE))
    assert (code.user_code, code.device_code, code.lifetime, code.interval) == ("WXYZ-1234", "d3v1c3", 600.0, 7.0)
    assert code.direct == "https://simkl.com/device?user_code=WXYZ-1234"
    assert "d3v1c3" not in repr(code)


def test_what_an_answer_leaves_out_gets_the_documented_value() -> None:
    """No gap and no life means 5 s and 15 minutes; a gap of nothing never makes us hammer."""
    bare = {key: value for key, value in PIN.items() if key not in ("expires_in", "interval")}
    code = parse_pin(200, body(**bare))
    assert (code.interval, code.lifetime) == (POLL_GAP, CODE_LIFE)
    assert parse_pin(200, body(**{**PIN, "interval": 0})).interval == SHORTEST_GAP


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"<html>",
        body(result="KO"),
        body(**{**PIN, "user_code": None}),
        body(**{**PIN, "user_code": "A\x1b[2J"}),
        body(**{**PIN, "verification_url": 5}),
    ],
)
def test_an_answer_without_a_code_stops_the_sign_in(answer: bytes) -> None:
    """Also one whose code could steer the terminal."""
    with pytest.raises(ServiceStopError):
        parse_pin(200, answer)


def test_a_device_answer_needs_its_device_code() -> None:
    """There would be nothing to poll with."""
    with pytest.raises(ServiceStopError):
        parse_device(200, body(**{**DEVICE, "device_code": None}))


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, "unauthorized_client", OtherFlowError),
        (404, "url_failed", OtherFlowError),
        (410, "", OtherFlowError),
        (412, "client_id_failed", CredentialsError),
        (401, "invalid_client", CredentialsError),
        (400, "invalid_scope", CredentialsError),
        (503, "", ServiceStopError),
        (429, "rate_limit", ServiceStopError),
        (200, "unauthorized_client", OtherFlowError),
    ],
)
def test_a_refused_code_says_why(status: int, error: str, kind: type[Exception]) -> None:
    """The app is of the other kind, the client id is wrong, or Simkl is in trouble: each has its own error."""
    with pytest.raises(kind) as caught:
        parse_device(status, body(error=error))
    assert type(caught.value) is kind


def test_a_refusal_never_repeats_what_the_server_wrote() -> None:
    """A server may echo the client id in its error: only names of plain letters are shown."""
    with pytest.raises(CredentialsError) as caught:
        parse_device(400, body(error="no app 1234abcd", message="no app 1234abcd"))
    assert "1234abcd" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("status", "answer", "step"),
    [
        (200, body(result="KO", message="Authorization pending"), Step.PENDING),
        (200, body(result="KO", message="Slow down"), Step.SLOW_DOWN),
        (200, body(**PIN), Step.EXPIRED),
        (400, body(error="authorization_pending"), Step.PENDING),
        (400, body(error="slow_down"), Step.SLOW_DOWN),
        (400, body(error="access_denied"), Step.DENIED),
        (400, body(error="expired_token"), Step.EXPIRED),
        (400, body(error="invalid_grant"), Step.EXPIRED),
        (200, body(error="authorization_pending"), Step.PENDING),
        (429, b"", Step.SLOW_DOWN),
        (503, b"<html>", Step.TROUBLE),
        (200, b"<html>", Step.TROUBLE),
        (200, b"", Step.TROUBLE),
        (200, body(access_token=""), Step.TROUBLE),
        (200, body(access_token="a b\nc"), Step.TROUBLE),
    ],
)
def test_a_poll_names_its_step(status: int, answer: bytes, step: Step) -> None:
    """Every documented answer of either flow, and what is in none of them, has one meaning."""
    assert parse_token(Flow.DEVICE, status, answer).step is step


def test_a_granted_token_keeps_its_parts_out_of_sight() -> None:
    """The token, its refresh token, its life and its scopes are there, and no text shows the secrets."""
    polled = parse_token(
        Flow.DEVICE,
        200,
        body(access_token="acc3ss", refresh_token="r3fresh", expires_in=604_800, scope="media:read media:write"),
    )
    grant = polled.grant
    assert grant is not None
    assert (grant.access_token, grant.refresh_token, grant.lifetime) == ("acc3ss", "r3fresh", 604_800.0)
    assert not grant.read_only
    assert "acc3ss" not in repr(polled)
    assert "r3fresh" not in repr(polled)


def test_a_token_without_the_right_to_write_is_known_as_such() -> None:
    """Only where the answer says so: an answer without scopes says nothing."""
    reading = parse_token(Flow.DEVICE, 200, body(access_token="t", scope="media:read")).grant
    silent = parse_token(Flow.PIN, 200, body(access_token="t")).grant
    assert reading is not None
    assert reading.read_only
    assert silent is not None
    assert not silent.read_only
    assert silent.lifetime is None


def test_polling_for_the_other_kind_of_app_is_refused() -> None:
    """Going on would not help."""
    with pytest.raises(OtherFlowError):
        parse_token(Flow.PIN, 400, body(error="unauthorized_client"))


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ("media:read media:write", False),
        ("media:write", False),
        ("media:read", True),
        ("media:reed", True),
        ("", False),
        (None, False),
        (5, False),
    ],
)
def test_whatever_was_granted_without_writing_is_read_only(scope: object, found: bool) -> None:
    """Scopes that were left out or misspelt are silently missing."""
    grant = parse_token(Flow.DEVICE, 200, body(access_token="t", scope=scope)).grant
    assert grant is not None
    assert grant.read_only is found


def code(lifetime: float = 900.0, interval: float = 5.0) -> Code:
    """A code that was just shown."""
    return Code(Flow.DEVICE, "WXYZ-1234", "https://simkl.com/device", None, interval, lifetime, "d3v1c3")


def test_a_code_is_polled_at_its_gap_until_its_time_is_over() -> None:
    """The last poll comes at the very end, and none after it."""
    waiting, gaps = Waiting.for_code(code(lifetime=12.0)), []
    while waiting.gap > 0:
        gaps.append(waiting.gap)
        waiting = waiting.after(Step.PENDING, waiting.gap)
    assert gaps == [5.0, 5.0, 2.0]


def test_slow_down_adds_five_seconds_for_good() -> None:
    """Each one does; the time that a poll itself takes counts too."""
    waiting = Waiting.for_code(code())
    for step in (Step.SLOW_DOWN, Step.PENDING, Step.SLOW_DOWN, Step.TROUBLE):
        waiting = waiting.after(step, 100.0)
    assert (waiting.left, waiting.gap) == (500.0, 15.0)


PASSING = Verdict(Action.RESEND, "HTTP 503")


@pytest.mark.parametrize(
    ("verdict", "status", "answer", "empty", "found"),
    [
        (Verdict(Action.ACCEPT), 200, b'{"a":1}', False, Action.ACCEPT),
        (Verdict(Action.RESEND), 200, body(error="authorization_pending"), False, Action.ACCEPT),
        (Verdict(Action.ACCEPT), 200, b"<html>", False, Action.RESEND),
        (Verdict(Action.ACCEPT), 200, b"", False, Action.RESEND),
        (Verdict(Action.ACCEPT), 200, b"", True, Action.ACCEPT),
        (PASSING, 503, b"", False, Action.RESEND),
        (Verdict(Action.BISECT), 400, body(error="authorization_pending"), False, Action.ACCEPT),
        (Verdict(Action.STOP, error=CredentialsError("x")), 401, body(error="invalid_client"), False, Action.ACCEPT),
        (Verdict(Action.STOP, error=CredentialsError("x")), 412, b"", False, Action.ACCEPT),
        (Verdict(Action.STOP, error=ServiceStopError("x")), 412, b"", False, Action.STOP),
        (Verdict(Action.STOP, error=ServiceStopError("x")), 302, b"", False, Action.STOP),
        (Verdict(Action.STOP, error=ServiceStopError("x")), 429, body(error="user_limit_exceeded"), False, Action.STOP),
        (Verdict(Action.STOP, error=ServiceStopError("x")), 429, body(error="app_limit_exceeded"), False, Action.STOP),
        (Verdict(Action.STOP, error=ServiceStopError("x")), 429, b"", False, Action.ACCEPT),
        (Verdict(Action.FAIL), 404, b"", False, Action.ACCEPT),
    ],
)
def test_a_refusal_names_a_state_of_the_flow_unless_it_stops_everything(
    verdict: Verdict, status: int, answer: bytes, empty: bool, found: Action
) -> None:
    """A spent day, the throttle block and a redirect stop; passing trouble is tried again."""
    assert meaning(verdict, status, answer, empty=empty).action is found


@pytest.mark.parametrize("value", ["", "a b", "a\nb", "clé", None, 5])
def test_what_does_not_fit_into_a_header_is_no_token(value: object) -> None:
    """Spaces, line ends and letters beyond ASCII would break or forge a header."""
    assert not usable(value)


def test_only_a_json_object_is_an_answer() -> None:
    """An empty page, a list and null are lost answers."""
    assert [is_object(answer) for answer in (b"", b"[]", b"null", b"{", b'{"a":1}')] == [False] * 4 + [True]
