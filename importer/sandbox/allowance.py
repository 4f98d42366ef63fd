"""What a request draws on, and what its answer says is left of the day (`/resources/rate-limits`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer
from importer.sandbox.caller import Caller
from importer.sandbox.dials import Dials
from importer.sandbox.quota import QUOTAS, Day, spent_answer
from importer.sandbox.schedule import Play


class Allowance:
    """The days of people and of client ids.

    `quota` is requests per account and day (None: those of its plan), `app_quota` per client id (None: without end).
    """

    def __init__(self, quota: int | None, app_quota: int | None, clock: Callable[[], float], dials: Dials) -> None:
        self.quota = quota
        self.app_quota = app_quota
        self._clock = clock
        self._dials = dials
        self._apps: defaultdict[str, Day] = defaultdict(Day)

    def spend(self, caller: Caller, play: Play) -> Answer | None:
        """Count a request on the day that it draws on; return the refusal where that was spent before."""
        clock = self._clock()
        if caller.v1 or caller.account is None:
            spent = not self._apps[caller.client_id].spend(clock, self.app_quota)
            return spent_answer("app_limit_exceeded", clock) if spent else None
        day, quota = caller.account.day, self._quota(caller.account)
        if "few-left" in play:
            day.leave(clock, quota, self._dials.few_left)
        spent = not day.spend(clock, quota, 1 + (self._dials.other_app if "other-app" in play else 0))
        return spent_answer("user_limit_exceeded", clock) if spent else None

    def told(self, answer: Answer, caller: Caller, play: Play) -> Answer:
        """Return a counted answer with what is left: under V2, and from a token's second request on."""
        token, account = caller.token, caller.account
        if token is None or account is None:
            return answer
        token.counted += 1
        if token.v1 or token.counted == 1 or "no-quota-headers" in play:
            return answer
        quota = self._quota(account)
        left = account.day.left(self._clock(), quota)
        told = (("X-RateLimit-Limit", str(quota)), ("X-RateLimit-Remaining", str(left)))
        return answer.but(headers=(*answer.headers, *told))

    def _quota(self, account: Account) -> int:
        return QUOTAS[account.plan] if self.quota is None else self.quota
