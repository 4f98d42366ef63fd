"""What an answer means and what to do about it: one pure table, and the waits it asks for (/conventions/errors)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

from importer.errors import ImporterError
from importer.model import value
from importer.simkl import refusals
from importer.simkl.quota import LIMIT, LONGEST_DAY, quota_reset, told_number
from importer.simkl.wire import RATE_LIMIT, parse_error

LONGEST_WAIT = 120.0
"""Seconds of Retry-After that are waited for; a longer one ends the run, which can be resumed."""

RESEND_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)
LOCK_WAITS = (5.0, 21.0)
"""Seconds between tries while another write holds the account, which takes 20 at most (/resources/rate-limits)."""

PACE_WAITS = (1.0,) * 5

USER_SPENT, APP_SPENT = "user_limit_exceeded", "app_limit_exceeded"
"""The errors of a spent day: this person's, or that of everybody with this client id (/resources/rate-limits)."""


class Action(StrEnum):
    """What to do with an answer."""

    ACCEPT = "accept"
    RESEND = "resend"
    SLOW_DOWN = "slow down"
    UNLOCK = "unlock"
    WAIT = "wait"
    HALVE = "halve"
    BISECT = "bisect"
    FAIL = "fail"
    STOP = "stop"


RETRIED = frozenset({Action.RESEND, Action.SLOW_DOWN, Action.UNLOCK, Action.WAIT})
"""What is done by asking again."""


@value
class Verdict:
    """An answer's meaning. `why` is plain words without secrets; `wait` a Retry-After worth honouring, in seconds;
    `error` what stops the run, where the action is STOP; `name` what Simkl calls the fault of a refused request.
    """

    action: Action
    why: str = ""
    wait: float | None = None
    error: ImporterError | None = None
    name: str = ""


ACCEPTED = Verdict(Action.ACCEPT)


def classify(status: int, headers: Mapping[str, str], body: bytes, now: float, *, accepted: bool) -> Verdict:
    """Tell what an answer means. `headers` have lower-case names; `accepted`: any call of this run went through before.

    A 2xx is ACCEPT unless it carries an error; whether its body is readable is for the parser to say.
    """
    error = parse_error(body)
    if 200 <= status < 300:
        return ACCEPTED if not error else Verdict(Action.RESEND, f"an error ({error}) under HTTP {status}")
    retry_after = _retry_after(headers.get("retry-after"), now)
    why = f"HTTP {status}" + (f" {error}" if error else "")
    refusal = _refusal(status, error, why, body, now, accepted=accepted)
    if refusal is not None:
        return _stop(refusal, why)
    match status:
        case 429:
            return _too_many(error, why, retry_after, told_number(headers, LIMIT), now)
        case 400 if error == RATE_LIMIT:
            return Verdict(Action.UNLOCK, "another write to this account is going on")
        case 400 | 422:
            return Verdict(Action.BISECT, why, name=error)
        case 413:
            return Verdict(Action.HALVE, why)
        case 408 | 425:
            return Verdict(Action.RESEND, why)
        case _ if status >= 500:
            return _server_trouble(why, retry_after, now)
    return Verdict(Action.FAIL, why, name=error)


def next_wait(verdict: Verdict, nth: int, chance: float) -> float | None:
    """Seconds before the `nth` resend (from 1) for this kind of verdict, or None where it is given up.

    `chance` in 0..1 is the jitter's dice.
    """
    waits = {
        Action.RESEND: RESEND_WAITS,
        Action.UNLOCK: LOCK_WAITS,
        Action.WAIT: (0.0, 0.0),
        Action.SLOW_DOWN: PACE_WAITS,
    }
    steps = waits.get(verdict.action, ())
    if nth > len(steps):
        return None
    step = steps[nth - 1]
    jitter = chance if verdict.action is Action.SLOW_DOWN else step * 0.25 * chance
    return max(step + jitter, verdict.wait or 0.0)


def given_up(verdict: Verdict, now: float) -> Verdict:
    """Return what a verdict means once its last wait is over.

    A lock that outlasted them all stops the run. Nothing is wrong with the batch then: it must not be divided.
    """
    return _stop(refusals.locked(now), verdict.why) if verdict.action is Action.UNLOCK else verdict


def undivided(verdict: Verdict) -> Verdict:
    """Return what an answer that did not come in time means for a request that cannot be divided: ask again."""
    return replace(verdict, action=Action.RESEND) if verdict.action is Action.HALVE else verdict


def _refusal(status: int, error: str, why: str, body: bytes, now: float, *, accepted: bool) -> ImporterError | None:
    """Return what stops a run, where an answer is of that kind."""
    match status:
        case 400 if error == "unauthorized_client":
            return refusals.wrong_kind(why)
        case 401:
            return refusals.bad_token(error, why)
        case 403:
            return refusals.forbidden(error, why, page=body.lstrip()[:1] == b"<")
        case 412:
            return refusals.client_failed(why, now, accepted=accepted)
        case _ if status < 400:
            return refusals.redirected(why)
    return None


def _stop(error: ImporterError, why: str) -> Verdict:
    return Verdict(Action.STOP, why, error=error)


def _server_trouble(why: str, retry_after: float | None, now: float) -> Verdict:
    if retry_after is not None and retry_after > LONGEST_WAIT:
        return _stop(refusals.later(why, now + retry_after, now), why)
    return Verdict(Action.RESEND, why, wait=retry_after)


def _too_many(error: str, why: str, retry_after: float | None, limit: int | None, now: float) -> Verdict:
    if error == RATE_LIMIT:
        # Its Retry-After is that of the day: not to be slept on.
        return Verdict(Action.SLOW_DOWN, "asked to slow down")
    if error in (USER_SPENT, APP_SPENT):
        # The seconds that Simkl names hold also where this machine's clock is wrong.
        told = retry_after is not None and 0 < retry_after <= LONGEST_DAY
        resume_at = now + retry_after if told and retry_after is not None else quota_reset(now)
        return _stop(refusals.day_spent(of_app=error == APP_SPENT, limit=limit, resume_at=resume_at, now=now), why)
    if retry_after is not None and retry_after <= LONGEST_WAIT:
        return Verdict(Action.WAIT, f"{why}: asked to wait {retry_after:.0f} s", wait=retry_after)
    return _stop(refusals.later(why, now + retry_after if retry_after is not None else None, now), why)


def _retry_after(text: str | None, now: float) -> float | None:
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text.strip()[:9])
    moment = moment_of(text)
    return None if moment is None else max(0.0, moment - now)


def moment_of(text: str) -> float | None:
    """Read a date of HTTP ("Sun, 06 Nov 1994 08:49:37 GMT") as seconds since the epoch; None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
