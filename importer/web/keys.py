"""The keys of the page: one that is good once, and what the browser that brought it is given."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

COOKIE = "page"

_BYTES = 16
"""As many as nobody guesses, and so few that an address stays on one line of a terminal."""


def _new() -> str:
    return secrets.token_urlsafe(_BYTES)


@dataclass(slots=True)
class Keys:
    """`path` is the first part of every address, so that a cookie of this page goes to no other server of this machine.

    `key` is good once, None when it is used. `cookie` and `token` are None until somebody brought it.
    """

    path: str = field(default_factory=_new)
    key: str | None = field(default_factory=_new, repr=False)
    cookie: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def enter(self, key: str) -> str | None:
        """Use the key up; return the cookie for who brought it, or None if it is not the key, or no longer."""
        if self.key is None or not hmac.compare_digest(key.encode(), self.key.encode()):
            return None
        self.key = None
        self.cookie, self.token = _new(), _new()
        return self.cookie

    def renew(self) -> str:
        """Make a new key, and end what older ones opened."""
        self.cookie = self.token = None
        self.key = _new()
        return self.key

    @property
    def entrance(self) -> str:
        """Return the path that the key opens. Raises ValueError if the key is used up."""
        if self.key is None:
            raise ValueError("the key is used up")
        return f"/{self.path}/enter/{self.key}"
