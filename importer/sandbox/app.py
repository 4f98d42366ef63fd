"""The sandbox: its parts, and what a test or a demo asks of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from importer.sandbox import state as state_file
from importer.sandbox.account import Account, Plan, Rating
from importer.sandbox.allowance import Allowance
from importer.sandbox.catalog import Catalog, Mode
from importer.sandbox.judge import PACE_KINDS, Violation
from importer.sandbox.lock import WriteLock
from importer.sandbox.log import Request
from importer.sandbox.schedule import Faults
from importer.sandbox.signin.auth import Auth
from importer.sandbox.throttle import Throttle
from importer.sandbox.titles import Kind
from importer.sandbox.tokens import ALL_SCOPES, DEFAULT_CLIENT, DEFAULT_TOKEN, Keyring


class Sandbox:
    """A Simkl look-alike. Served by `importer.sandbox.server.serve`, one or several times.

    `pace` is the least number of seconds between POSTs before it answers 429; with 0 it never does, but breaches of
    the real pace are still noted in `violations`; it also scales the waits of the write lock. `latency` is in seconds
    per answer, `item_seconds` in seconds per item that is written. `quota` is requests per account and day, by default
    that of the `plan`; `app_quota` those per client id and day under V1, by default without end. `clock` gives seconds
    since the epoch for everything dated, `sleep` waits.
    """

    def __init__(
        self,
        *,
        faults: Iterable[str] = (),
        state: Path | None = None,
        seed: int = 0,
        latency: float = 0.0,
        pace: float = 1.0,
        quota: int | None = None,
        app_quota: int | None = None,
        item_seconds: float = 0.0,
        plan: Plan = "free",
        catalog: Mode = "open",
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        token: str = DEFAULT_TOKEN,
        client_id: str = DEFAULT_CLIENT,
    ) -> None:
        self.faults = Faults(faults, seed)
        self.catalog = Catalog(catalog)
        self.keyring = Keyring(clock, seed)
        self.keyring.apps.setdefault(client_id, frozenset({"pin", "device"}))
        self.account = Account(id=51, name="Sandbox", catalog=self.catalog, clock=clock, plan=plan)
        self.accounts = {self.account.id: self.account}
        self.auth = Auth(self.keyring, clock, self.account.id)
        self.throttle = Throttle(pace, self.faults.dials)
        self.lock = WriteLock(pace, self.faults.dials, sleep)
        self.log: list[Request] = []
        self.token = token
        self.client_id = client_id
        self.latency = latency
        self.item_seconds = item_seconds
        self.allowance = Allowance(quota, app_quota, clock, self.faults.dials)
        self.findings: list[Violation] = []
        self.clock = clock
        self.sleep = sleep
        self._state = state
        self.writes = 0
        self.load()
        # After the load, so that these credentials are good again whatever ended them in an earlier process.
        self.keyring.add(token, self.account.id)

    @property
    def violations(self) -> list[Violation]:
        """Every breach of the pace and of what may be in a body, in order."""
        return sorted([*self.throttle.violations, *self.findings], key=lambda violation: violation.n)

    @property
    def pace_violations(self) -> list[Violation]:
        """The breaches of the pace alone."""
        return [violation for violation in self.violations if violation.kind in PACE_KINDS]

    @property
    def content_violations(self) -> list[Violation]:
        """The breaches of what may be in a body alone."""
        return list(self.findings)

    def add_account(self, name: str, plan: Plan = "free") -> Account:
        """Add another person's account; give it tokens with `add_token`."""
        account = Account(id=max(self.accounts) + 1, name=name, catalog=self.catalog, clock=self.clock, plan=plan)
        self.accounts[account.id] = account
        return account

    def add_token(
        self,
        token: str,
        account: Account | None = None,
        *,
        scopes: Iterable[str] = ALL_SCOPES,
        expires_in: float | None = None,
        v1: bool = False,
    ) -> None:
        """Accept one more token, by default of the first account, for ever or for some seconds; `v1` as of a PIN."""
        self.keyring.add(token, (account or self.account).id, scopes=scopes, expires_in=expires_in, v1=v1)

    def revoke(self, token: str) -> None:
        """End a token, as the person can on the site."""
        self.keyring.revoke(token)

    def expire(self, token: str) -> None:
        """Let a token be over its time."""
        self.keyring.expire(token)

    def merge(self, old: int, new: int) -> None:
        """Let two titles turn out to be one: `old` leads to `new` from now on, in every account too."""
        self.catalog.merge(old, new)
        for account in self.accounts.values():
            account.merge(old, new)

    def hold_writes(self, seconds: float, account: Account | None = None) -> None:
        """Let another app of a person (by default the first) write for so many seconds: ours have to wait for it."""
        self.lock.hold((account or self.account).id, seconds)

    def spend_elsewhere(self, requests: int, account: Account | None = None) -> None:
        """Let another app of a person (by default the first) spend some requests of the day."""
        (account or self.account).day.spend(self.clock(), None, requests)

    def rated(self, title: str, year: int | None = None, kind: Kind = "movie") -> Rating | None:
        """Return the first account's rating of a title by its name, None where it is unknown or unrated."""
        found = self.catalog.by_name((kind,), title, year)
        return None if found is None else self.account.ratings.get(found.simkl)

    def requests(self, method: str, path: str) -> list[Request]:
        """Return the logged requests of a method whose path is `path` or lies below it, in order."""
        return [
            entry
            for entry in self.log
            if entry.method == method
            and (entry.path == path or (method == "GET" and entry.path.startswith(path + "/")))
        ]

    def load(self) -> None:
        """Read the state file, where there is one."""
        if self._state is not None:
            state_file.load(self._state, self.accounts, self.catalog, self.keyring)

    def save(self) -> None:
        """Write the state file, where one is wanted."""
        if self._state is not None:
            state_file.save(self._state, self.accounts, self.catalog, self.keyring)
