"""The daily quota of requests: per account, over all its tokens, by the day in New York."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from importer.sandbox.account import Account, Plan
from importer.sandbox.answers import Answer, error

QUOTAS: dict[Plan, int] = {"free": 500, "pro": 1_000, "vip": 10_000}


def spend(account: Account, quota: int) -> Answer | None:
    """Count one request; return the refusal where the day's quota was spent before it."""
    now = new_york(account.clock())
    today = now.date().isoformat()
    day, used = account.spent
    if day != today:
        used = 0
    if used >= quota:
        return spent_answer("user_limit_exceeded", account.clock())
    account.spent = (today, used + 1)
    return None


def spent_answer(name: str, clock: float) -> Answer:
    """Return the 429 of a spent quota, with the seconds to the reset as Retry-After."""
    return error(429, name, "Daily limit exceeded", (("Retry-After", str(seconds_to_reset(clock))),))


def seconds_to_reset(clock: float) -> int:
    """Return the seconds from `clock` (since the epoch) to the next midnight in New York."""
    now = new_york(clock)
    midnight = datetime(now.year, now.month, now.day, tzinfo=now.tzinfo) + timedelta(days=1)
    return int((midnight - now).total_seconds()) + 1


def new_york(clock: float) -> datetime:
    """Return the wall time in New York. By rule, not from a zone file: small machines have none."""
    moment = datetime.fromtimestamp(clock, UTC)
    # Summer time: from 02:00 EST on the second Sunday of March to 02:00 EDT on the first Sunday of November.
    march, november = datetime(moment.year, 3, 8, 7, tzinfo=UTC), datetime(moment.year, 11, 1, 6, tzinfo=UTC)
    start = march + timedelta(days=6 - march.weekday())
    end = november + timedelta(days=6 - november.weekday())
    return moment - timedelta(hours=4 if start <= moment < end else 5)
