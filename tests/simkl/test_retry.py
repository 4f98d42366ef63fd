"""What each answer means, and the waits it asks for: the whole table, as values."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import CredentialsError, ServiceStopError
from importer.simkl.retry import LONGEST_WAIT, Action, Verdict, classify, next_wait

NOW = 1_750_000_000.0


def verdict(status: int, error: str = "", *, accepted: bool = True, **headers: str) -> Verdict:
    """The verdict on an answer with the error envelope."""
    body = json.dumps({"error": error, "code": status}).encode() if error else b""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return classify(status, names, body, NOW, accepted=accepted)


@pytest.mark.parametrize(
    ("status", "error", "action"),
    [
        (200, "", Action.ACCEPT), (201, "", Action.ACCEPT), (200, "server_error", Action.RESEND),
        (429, "rate_limit", Action.SLOW_DOWN), (429, "user_limit_exceeded", Action.STOP),
        (429, "app_limit_exceeded", Action.STOP), (429, "", Action.STOP), (400, "RATE_LIMIT", Action.UNLOCK),
        (400, "rate_limit", Action.UNLOCK), (400, "wrong_parameter", Action.BISECT), (400, "", Action.BISECT),
        (422, "", Action.BISECT), (401, "user_token_failed", Action.STOP), (403, "forbidden", Action.STOP),
        (412, "client_id_failed", Action.STOP), (413, "", Action.HALVE), (408, "", Action.RESEND),
        (500, "", Action.RESEND), (502, "", Action.RESEND), (503, "", Action.RESEND), (504, "", Action.RESEND),
        (520, "", Action.RESEND), (404, "", Action.FAIL), (409, "", Action.FAIL), (418, "", Action.FAIL),
        (302, "", Action.STOP),
    ],
)  # fmt: skip
def test_every_answer_has_its_reaction(status: int, error: str, action: Action) -> None:
    """By status, and by the error's name in whatever case."""
    assert verdict(status, error).action is action


@pytest.mark.parametrize(
    ("status", "accepted", "kind"),
    [
        (401, True, CredentialsError), (403, True, CredentialsError), (412, False, CredentialsError),
        (412, True, ServiceStopError), (301, True, ServiceStopError),
    ],
)  # fmt: skip
def test_what_stops_a_run_says_whose_matter_it_is(status: int, accepted: bool, kind: type[Exception]) -> None:
    """A 412 is the client id before any accepted call, and the throttle block after one."""
    assert type(verdict(status, accepted=accepted).error) is kind


def test_the_retry_after_of_a_per_second_429_counts_for_nothing() -> None:
    """It may carry the seconds to the daily reset."""
    found = verdict(429, "rate_limit", retry_after="40000")
    assert found.wait is None
    assert [next_wait(found, nth, 0.5) for nth in range(1, 7)] == [1.5] * 5 + [None]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("text", "seconds"), [("90", 90.0), ("Sun, 15 Jun 2025 15:07:40 GMT", 60.0)])
def test_a_retry_after_is_seconds_or_a_date(status: int, text: str, seconds: float) -> None:
    """Both are honoured up to two minutes."""
    assert verdict(status, retry_after=text).wait == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5", "1e3", "Sun, 99 Foo 2025", "nan"])
def test_a_retry_after_that_is_none_is_ignored(text: str) -> None:
    """The usual waits hold."""
    found = verdict(503, retry_after=text)
    assert (found.action, found.wait) == (Action.RESEND, None)


def test_a_date_that_is_over_asks_for_no_wait() -> None:
    """A clock that runs ahead makes no negative wait."""
    assert verdict(503, retry_after="Sun, 15 Jun 2025 14:00:00 GMT").wait == 0.0


@pytest.mark.parametrize("status", [429, 503])
def test_a_longer_retry_after_stops_and_says_until_when(status: int) -> None:
    """Nobody sleeps that long."""
    found = verdict(status, retry_after=str(int(LONGEST_WAIT) + 1))
    assert isinstance(found.error, ServiceStopError)
    assert found.error.resume_at == NOW + LONGEST_WAIT + 1


def test_the_waits_grow_and_end() -> None:
    """1, 2, 4, 8, 16 s for lost answers; 5 and 21 s for the write lock; jitter only lengthens them."""
    resend, unlock = Verdict(Action.RESEND), Verdict(Action.UNLOCK)
    assert [next_wait(resend, nth, 0.0) for nth in range(1, 7)] == [1.0, 2.0, 4.0, 8.0, 16.0, None]
    assert [next_wait(unlock, nth, 0.0) for nth in range(1, 4)] == [5.0, 21.0, None]
    assert next_wait(resend, 5, 1.0) == 20.0
    assert next_wait(Verdict(Action.RESEND, wait=75.0), 1, 1.0) == 75.0


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.HALVE, Action.BISECT, Action.FAIL, Action.STOP])
def test_nothing_else_is_repeated(action: Action) -> None:
    """The sender deals with these."""
    assert next_wait(Verdict(action), 1, 0.5) is None


@given(st.integers(100, 599), st.binary(max_size=60), st.text(max_size=30), st.booleans())
def test_no_answer_is_without_a_verdict(status: int, body: bytes, retry_after: str, accepted: bool) -> None:
    """Whatever comes over the wire has one meaning, and what is said of it quotes nothing of it but a name."""
    found = classify(status, {"retry-after": retry_after}, body, NOW, accepted=accepted)
    assert (found.action is Action.STOP) == (found.error is not None)
    assert found.wait is None or 0 <= found.wait <= LONGEST_WAIT
    assert found.why.isascii()


def test_an_error_that_quotes_a_secret_is_not_repeated() -> None:
    """Servers echo what they were sent."""
    for error in ("client 5ecret0123456789 is unknown", {"error": "5ecret0123456789"}, ["5ecret0123456789"]):
        body = json.dumps({"error": error}).encode()
        for status in (200, 400, 404, 412, 429, 500):
            found = classify(status, {}, body, NOW, accepted=True)
            assert "5ecret" not in f"{found.why} {found.error}"
