"""What an answer means and what to do about it: one pure table, and the waits it asks for (/conventions/errors)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

from importer.errors import CredentialsError, ImporterError, ServiceStopError
from importer.simkl.pace import quota_reset
from importer.simkl.wire import parse_error

LONGEST_WAIT = 120.0
"""Seconds of Retry-After that are waited for; a longer one ends the run, which can be resumed."""

BLOCK_REST = 600.0
"""Seconds to leave a throttle block alone: every further hit prolongs it."""

RESEND_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)
LOCK_WAITS = (5.0, 21.0)
PACE_WAITS = (1.0,) * 5


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer's meaning. `why` is plain words without secrets; `wait` a Retry-After worth honouring, in seconds;
    `error` what stops the run, where the action is STOP.
    """

    action: Action
    why: str = ""
    wait: float | None = None
    error: ImporterError | None = None


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
    match status:
        case 429:
            return _too_many(error, why, retry_after, now)
        case 400 if error == "rate_limit":
            return Verdict(Action.UNLOCK, "Simkl is still writing the last batch")
        case 400 | 422:
            return Verdict(Action.BISECT, why)
        case 401 | 403 | 412:
            return _stop(_refusal(status, why, now, accepted=accepted), why)
        case 413:
            return Verdict(Action.HALVE, why)
        case 408 | 425:
            return Verdict(Action.RESEND, why)
        case _ if status >= 500:
            return _server_trouble(why, retry_after, now)
        case _ if status < 400:
            return _stop(
                ServiceStopError(f"Simkl's address answers with a redirect ({why})", "check SIMKL_API_URL"), why
            )
    return Verdict(Action.FAIL, why)


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


_SIGN_IN = "sign in again: simkl-import login"
_SCOPE = "sign in again and allow both reading and writing: simkl-import login"
_CLIENT_ID = "check SIMKL_CLIENT_ID, or sign in again: simkl-import login"
_LATER = "run the same command later: it goes on where it stopped"


def _stop(error: ImporterError, why: str) -> Verdict:
    return Verdict(Action.STOP, why, error=error)


def _refusal(status: int, why: str, now: float, *, accepted: bool) -> ImporterError:
    if status == 401:
        return CredentialsError(f"Simkl does not accept the access token ({why})", _SIGN_IN)
    if status == 403:
        return CredentialsError(f"Simkl does not let this token write ({why})", _SCOPE)
    # One code for two things: before any accepted call it means the client id, after one the throttle block.
    if accepted:
        return ServiceStopError("Simkl has blocked us for asking too fast", _LATER, now + BLOCK_REST)
    return CredentialsError("Simkl does not know the client id", _CLIENT_ID)


def _server_trouble(why: str, retry_after: float | None, now: float) -> Verdict:
    if retry_after is not None and retry_after > LONGEST_WAIT:
        return _stop(ServiceStopError(f"Simkl asks to come back later ({why})", _LATER, now + retry_after), why)
    return Verdict(Action.RESEND, why, wait=retry_after)


def _too_many(error: str, why: str, retry_after: float | None, now: float) -> Verdict:
    if error == "rate_limit":
        # Its Retry-After may carry the seconds to the daily reset: not to be slept on.
        return Verdict(Action.SLOW_DOWN, "asked to slow down")
    if error in ("user_limit_exceeded", "app_limit_exceeded"):
        return _stop(ServiceStopError("the requests of this day are used up", _LATER, quota_reset(now)), why)
    if retry_after is not None and retry_after <= LONGEST_WAIT:
        return Verdict(Action.WAIT, f"{why}: asked to wait {retry_after:.0f} s", wait=retry_after)
    resume_at = now + retry_after if retry_after is not None else None
    return _stop(ServiceStopError("Simkl asks to come back later", _LATER, resume_at), why)


def _retry_after(text: str | None, now: float) -> float | None:
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text.strip()[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)
