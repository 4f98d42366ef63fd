"""What each answer means, and the waits it asks for: the whole table, as values."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import CredentialsError, DefectError, ImporterError, ServiceStopError, when
from importer.simkl.quota import quota_reset
from importer.simkl.retry import LONGEST_WAIT, Action, Verdict, classify, given_up, next_wait, undivided

NOW = 1_750_000_000.0
"""2025-06-15 15:06:40 UTC, six minutes past midnight in Tokyo."""


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in Tokyo."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def verdict(status: int, error: str = "", *, accepted: bool = True, **headers: str) -> Verdict:
    """The verdict on an answer with the error envelope."""
    body = json.dumps({"error": error, "code": status}).encode() if error else b""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return classify(status, names, body, NOW, accepted=accepted)


@pytest.mark.parametrize(
    ("status", "error", "action"),
    [
        (200, "", Action.ACCEPT),
        (201, "", Action.ACCEPT),
        (200, "server_error", Action.RESEND),
        (429, "rate_limit", Action.SLOW_DOWN),
        (429, "user_limit_exceeded", Action.STOP),
        (429, "app_limit_exceeded", Action.STOP),
        (429, "", Action.STOP),
        (400, "RATE_LIMIT", Action.UNLOCK),
        (400, "rate_limit", Action.UNLOCK),
        (400, "wrong_parameter", Action.BISECT),
        (400, "", Action.BISECT),
        (422, "", Action.BISECT),
        (401, "user_token_failed", Action.STOP),
        (403, "forbidden", Action.STOP),
        (412, "client_id_failed", Action.STOP),
        (413, "", Action.HALVE),
        (408, "", Action.RESEND),
        (500, "", Action.RESEND),
        (502, "", Action.RESEND),
        (503, "", Action.RESEND),
        (504, "", Action.RESEND),
        (520, "", Action.RESEND),
        (404, "", Action.FAIL),
        (409, "", Action.FAIL),
        (418, "", Action.FAIL),
        (302, "", Action.STOP),
        (400, "Rate-Limit", Action.UNLOCK),
        (400, "ratelimit", Action.UNLOCK),
        (400, "unauthorized_client", Action.STOP),
        (429, "RATE_LIMIT", Action.SLOW_DOWN),
        (400, "empty_field", Action.BISECT),
        (400, "max_items", Action.BISECT),
        (199, "", Action.STOP),
        (299, "", Action.ACCEPT),
        (300, "", Action.STOP),
        (399, "", Action.STOP),
        (424, "", Action.FAIL),
        (425, "", Action.RESEND),
        (426, "", Action.FAIL),
        (499, "", Action.FAIL),
        (599, "", Action.RESEND),
    ],
)
def test_every_answer_has_its_reaction(status: int, error: str, action: Action) -> None:
    """By status, and by the error's name in whatever case."""
    assert verdict(status, error).action is action


@pytest.mark.parametrize(
    ("status", "error", "accepted", "kind", "said", "next_step"),
    [
        (400, "unauthorized_client", True, CredentialsError, "newer sign-in (V2)", "login --flow device"),
        (401, "user_token_failed", True, CredentialsError, "access token", "simkl-import login"),
        (401, "invalid_token", True, CredentialsError, "access token", "simkl-import login"),
        (401, "", True, CredentialsError, "access token", "simkl-import login"),
        (401, "user_token_required", True, DefectError, "defect of this program", "report"),
        (403, "insufficient_scope", True, CredentialsError, "not write", "allow both reading and writing"),
        (403, "forbidden", True, CredentialsError, "does not let this sign-in", "simkl-import login"),
        (403, "oauth2_token_required", True, CredentialsError, "newer kind (V2)", "TV, devices & command line"),
        (412, "client_id_failed", False, CredentialsError, "client id", "SIMKL_CLIENT_ID"),
        (412, "client_id_failed", True, ServiceStopError, "too fast", "run the same command"),
        (301, "", True, ServiceStopError, "redirect", "SIMKL_API_URL"),
    ],
)
def test_every_refusal_has_its_own_words_and_next_step(
    status: int, error: str, accepted: bool, kind: type[ImporterError], said: str, next_step: str
) -> None:
    """Whose matter it is decides the exit status. A 412 is the client id before any accepted call, then the block."""
    found = verdict(status, error, accepted=accepted).error
    assert type(found) is kind
    assert said in found.message
    assert error in found.message
    assert next_step in found.hint


def test_no_two_refusals_read_alike() -> None:
    """Somebody who asks for help quotes the line."""
    kinds = [
        (400, "unauthorized_client"),
        (401, "user_token_failed"),
        (401, "user_token_required"),
        (403, "insufficient_scope"),
        (403, "forbidden"),
        (403, "oauth2_token_required"),
        (412, "client_id_failed"),
        (429, "user_limit_exceeded"),
        (429, "app_limit_exceeded"),
        (301, ""),
    ]
    found = [str(verdict(status, error).error) for status, error in kinds]
    assert len(set(found)) == len(kinds)


def test_a_page_in_place_of_a_403_is_the_gate_before_the_service() -> None:
    """Nothing is wrong with the sign-in then: the status is that of a service that is not to be reached."""
    found = classify(403, {}, b"  <!DOCTYPE html><h1>403</h1>", NOW, accepted=True).error
    assert isinstance(found, ServiceStopError)
    assert "proxy" in found.hint


@pytest.mark.parametrize(
    ("error", "whose"), [("user_limit_exceeded", "your Simkl requests"), ("app_limit_exceeded", "this client id")]
)
def test_a_spent_day_says_whose_it_was_until_when_and_where_to_look(error: str, whose: str, tokyo: None) -> None:
    """Simkl's own seconds count; without them the day ends at midnight in New York."""
    found = verdict(429, error, retry_after="22320", x_ratelimit_limit="500").error
    assert isinstance(found, ServiceStopError)
    assert whose in found.message
    assert ("all 500" in found.message) == (whose == "your Simkl requests")
    assert found.message.endswith("; it can go on in 6 h 12 min (06:18 your time)")
    assert found.resume_at == NOW + 22_320
    assert "https://simkl.com/settings/connected-apps/" in found.hint
    for seconds in (1, 90_000):
        found = verdict(429, error, retry_after=str(seconds)).error
        assert isinstance(found, ServiceStopError)
        assert found.resume_at == NOW + seconds
    for told in ({}, {"retry_after": "0"}, {"retry_after": "90001"}, {"retry_after": "200000"}):
        found = verdict(429, error, **told).error
        assert isinstance(found, ServiceStopError)
        assert found.resume_at == quota_reset(NOW)
        assert found.message.endswith("(13:00 your time)")


def test_a_lock_that_outlasts_its_waits_stops_for_five_minutes(tokyo: None) -> None:
    """It is another app's, and nothing is wrong with the batch."""
    found = given_up(verdict(400, "RATE_LIMIT"), NOW)
    assert found.action is Action.STOP
    assert isinstance(found.error, ServiceStopError)
    assert (found.error.exit_code, found.error.resume_at) == (6, NOW + 300)
    assert "another app" in found.error.message
    assert found.error.message.endswith("; it can go on in 5 min (00:11 your time)")


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.UNLOCK, Action.STOP}))
def test_nothing_else_that_is_given_up_stops_the_run(action: Action) -> None:
    """The sender postpones the batch and goes on."""
    assert given_up(Verdict(action), NOW) == Verdict(action)


def test_what_cannot_be_divided_is_asked_again() -> None:
    """Where no answer came in time."""
    assert undivided(Verdict(Action.HALVE, "slow")) == Verdict(Action.RESEND, "slow")
    assert undivided(Verdict(Action.BISECT)) == Verdict(Action.BISECT)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (10, "in 1 min (00:06 your time)"),
        (61, "in 2 min (00:07 your time)"),
        (3_600, "in 1 h 0 min (01:06 your time)"),
        (22_320, "in 6 h 12 min (06:18 your time)"),
        (86_400, "in 24 h 0 min (2025-06-17 00:06 your time)"),
        (-50, "in 1 min (00:05 your time)"),
    ],
)
def test_a_moment_to_come_is_told_in_two_ways(seconds: float, text: str, tokyo: None) -> None:
    """How long it takes, rounded up, and what the clock on the wall will say."""
    assert when(NOW + seconds, NOW) == text


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


@pytest.mark.parametrize("text", ["Sun, 15 Jun 2025 15:07:40 -0000", "Sun, 15 Jun 2025 17:07:40 +0200"])
def test_a_date_is_the_moment_that_its_zone_says(text: str, tokyo: None) -> None:
    """Without one it is in UTC, wherever this machine is."""
    assert verdict(503, retry_after=text).wait == 60.0


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
    """Two minutes are slept, no second more."""
    assert verdict(status, retry_after="120").wait == 120.0
    found = verdict(status, retry_after="121")
    assert isinstance(found.error, ServiceStopError)
    assert found.error.resume_at == NOW + 121


def test_the_waits_grow_and_end() -> None:
    """1, 2, 4, 8, 16 s for lost answers; 5 and 21 s for the write lock; jitter only lengthens them."""
    resend, unlock = Verdict(Action.RESEND), Verdict(Action.UNLOCK)
    assert [next_wait(resend, nth, 0.0) for nth in range(1, 7)] == [1.0, 2.0, 4.0, 8.0, 16.0, None]
    assert [next_wait(unlock, nth, 0.0) for nth in range(1, 4)] == [5.0, 21.0, None]
    assert next_wait(resend, 5, 1.0) == 20.0
    assert next_wait(Verdict(Action.RESEND, wait=75.0), 1, 1.0) == 75.0
    assert [next_wait(Verdict(Action.WAIT, wait=0.5), nth, 1.0) for nth in range(1, 4)] == [0.5, 0.5, None]


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


@pytest.mark.parametrize(
    ("status", "error", "headers", "why"),
    [
        (500, "", {}, "HTTP 500"),
        (500, "server_error", {}, "HTTP 500 server_error"),
        (200, "server_error", {}, "an error (server_error) under HTTP 200"),
        (400, "RATE_LIMIT", {}, "another write to this account is going on"),
        (429, "rate_limit", {}, "asked to slow down"),
        (429, "", {"retry_after": "90"}, "HTTP 429: asked to wait 90 s"),
    ],
)
def test_a_person_is_told_why_it_is_tried_again(status: int, error: str, headers: dict[str, str], why: str) -> None:
    """In the words of the line that says when."""
    assert verdict(status, error, **headers).why == why


def test_who_is_asked_to_wait_for_nothing_waits_for_nothing() -> None:
    """Twice, and then the run goes on without."""
    found = verdict(429, "", retry_after="0")
    assert [next_wait(found, nth, 0.5) for nth in (1, 2, 3)] == [0.0, 0.0, None]


@pytest.mark.parametrize(("asked", "seconds"), [(None, 8.0), (1.0, 8.0), (30.0, 30.0)])
def test_a_wait_that_is_asked_for_never_shortens_ours(asked: float | None, seconds: float) -> None:
    """Simkl in trouble may ask for a second each time: the waits grow all the same."""
    assert next_wait(Verdict(Action.RESEND, wait=asked), 4, 0.0) == seconds
