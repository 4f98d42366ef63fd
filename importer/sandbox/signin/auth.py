"""The codes that people type, from the first request to the token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from importer.sandbox.schedule import Play
from importer.sandbox.tokens import Keyring

Flow = Literal["pin", "device"]
CODE_SECONDS = 900
POLL_SECONDS = 5
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, nothing that looks like something else


class Stage(StrEnum):
    """How far a code has come. A poll is told nothing of DECLINED: it looks like nobody being there."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    DENIED = "denied"
    DEAD = "dead"


@dataclass(slots=True)
class Code:
    """A code the person types on the site. `expires` and `polled` are in seconds since the epoch."""

    user_code: str
    device_code: str
    flow: Flow
    client_id: str
    scopes: frozenset[str]
    expires: float
    interval: float
    polled: float | None = None
    polls: int = 0
    stage: Stage = Stage.PENDING


class Auth:
    """Both flows over one keyring; approved codes give tokens of the account `account`.

    `interval` is the number of seconds a client must leave between polls (0 in tests), `code_seconds` the life of a
    code, `approve_after` the poll at which a code approves itself (None: a person does, on the page).
    """

    def __init__(self, keyring: Keyring, clock: Callable[[], float], account: int) -> None:
        self.keyring = keyring
        self.account = account
        self.clock = clock
        self.interval: float = POLL_SECONDS
        self.code_seconds: float = CODE_SECONDS
        self.approve_after: int | None = None
        self.codes: dict[str, Code] = {}

    def approve(self, code: str) -> None:
        """Let the person approve a user code; raise LookupError where there is no such code waiting."""
        self._waiting(code).stage = Stage.APPROVED

    def deny(self, code: str) -> None:
        """Let the person decline a user code, of which no poll is told; LookupError where no such code is waiting."""
        self._waiting(code).stage = Stage.DECLINED

    def expire_code(self, code: str) -> None:
        """Let the time of a user code be over."""
        self.codes[normal(code)].expires = self.clock() - 1

    def known(self, code: str) -> Code | None:
        """Return the code that a person would type so."""
        return self.codes.get(normal(code))

    def new(self, flow: Flow, client_id: str, scopes: frozenset[str]) -> Code:
        """Make a code: five letters for a PIN, XXXX-YYYY for a device."""
        secret = self.keyring.secret("device")
        letters = "".join(_LETTERS[int(secret[place : place + 2], 16) % len(_LETTERS)] for place in range(0, 16, 2))
        user_code = letters[:5] if flow == "pin" else f"{letters[:4]}-{letters[4:]}"
        code = Code(
            user_code=user_code,
            device_code=secret,
            flow=flow,
            client_id=client_id,
            scopes=scopes,
            expires=self.clock() + self.code_seconds,
            interval=self.interval,
        )
        self.codes[normal(user_code)] = code
        return code

    def poll(self, code: Code, play: Play) -> bool:
        """Count a poll, move the code on where its time or a fault says so, and return whether it came too early."""
        now = self.clock()
        early = code.polled is not None and now - code.polled < code.interval
        code.polled = now
        code.polls += 1
        waiting = code.stage in (Stage.PENDING, Stage.DECLINED)
        if now >= code.expires or "auth-expired" in play:
            code.stage = Stage.DEAD
        elif waiting and "auth-denied" in play:
            code.stage = Stage.DENIED
        elif code.stage is Stage.PENDING and self.approve_after is not None and code.polls >= self.approve_after:
            code.stage = Stage.APPROVED
        return early or "auth-slow-down" in play

    def _waiting(self, code: str) -> Code:
        found = self.known(code)
        if found is None or found.stage is not Stage.PENDING or found.expires <= self.clock():
            raise LookupError(f"no code {code!r} is waiting")
        return found


def normal(code: str) -> str:
    """Return a user code as people type it in one form: capitals, no dash, no spaces."""
    return "".join(letter for letter in code.upper() if letter.isalnum())
