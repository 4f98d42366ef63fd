"""Apps and access tokens: who may call, for which account, with which scopes, until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b

READ, WRITE = "media:read", "media:write"
ALL_SCOPES = frozenset({READ, WRITE})
ACCESS_SECONDS = 7 * 86_400
REFRESH_SECONDS = 180 * 86_400
PIN_SECONDS = 5 * 365 * 86_400
ACCESS_PREFIX, REFRESH_PREFIX = "simkl_at_", "simkl_rt_"

DEFAULT_CLIENT = "sandbox-client"
DEFAULT_TOKEN = "sandbox-token"  # noqa: S105 - accepted by this look-alike alone
PIN_CLIENT = "sandbox-pin-client"
DEVICE_CLIENT = "sandbox-device-client"


@dataclass(slots=True)
class Token:
    """An access token. `expires` is in seconds since the epoch, None for never; `refresh` is the token it came from.

    `v1` marks one of the PIN flow; `counted` is how many of its requests were counted.
    """

    value: str
    account: int
    scopes: frozenset[str] = ALL_SCOPES
    expires: float | None = None
    refresh: str | None = None
    revoked: bool = False
    v1: bool = False
    counted: int = 0


@dataclass(slots=True)
class RefreshToken:
    """A refresh token; `access` is the one access token it stands behind."""

    value: str
    account: int
    client_id: str
    scopes: frozenset[str]
    expires: float
    access: str = ""
    revoked: bool = False


class Keyring:
    """The registered apps and every token.

    An app is its client id and the flows that it may use: "pin" makes it a V1 client, "device" a V2 client. The
    service knows no app with both; the default one has both, so that a demo can show either.
    """

    def __init__(self, clock: Callable[[], float], seed: int = 0) -> None:
        both = frozenset({"pin", "device"})
        self.apps: dict[str, frozenset[str]] = {
            DEFAULT_CLIENT: both,
            PIN_CLIENT: frozenset({"pin"}),
            DEVICE_CLIENT: frozenset({"device"}),
        }
        self.tokens: dict[str, Token] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self._clock = clock
        self._seed = seed
        self._made = 0

    def add(
        self,
        value: str,
        account: int,
        *,
        scopes: Iterable[str] = ALL_SCOPES,
        expires_in: float | None = None,
        refresh: str | None = None,
        v1: bool = False,
    ) -> Token:
        """Accept a token for an account from now on; `expires_in` is in seconds."""
        expires = None if expires_in is None else self._clock() + expires_in
        token = Token(value=value, account=account, scopes=frozenset(scopes), expires=expires, refresh=refresh, v1=v1)
        self.tokens[value] = token
        return token

    def is_v1(self, client_id: str) -> bool:
        """Return whether a client id is one of V1 alone."""
        return self.apps.get(client_id) == frozenset({"pin"})

    def valid(self, value: str) -> Token | None:
        """Return the token where it is known, not revoked and not expired."""
        token = self.tokens.get(value)
        if token is None or token.revoked or (token.expires is not None and token.expires <= self._clock()):
            return None
        return token

    def revoke(self, value: str) -> None:
        """End an access token, or a refresh token together with its access token. Unknown ones are ignored."""
        if (token := self.tokens.get(value)) is not None:
            token.revoked = True
        if (refresh := self.refresh_tokens.get(value)) is not None:
            refresh.revoked = True
            self.revoke(refresh.access)

    def expire(self, value: str) -> None:
        """Let an access token be over its time; its refresh token lives on."""
        self.tokens[value].expires = self._clock() - 1

    def issue(self, account: int, client_id: str, scopes: frozenset[str]) -> tuple[Token, RefreshToken]:
        """Make the pair of tokens of the device flow."""
        value = REFRESH_PREFIX + self.secret("refresh")
        refresh = RefreshToken(value, account, client_id, scopes, expires=self._clock() + REFRESH_SECONDS)
        self.refresh_tokens[refresh.value] = refresh
        return self.renew(refresh), refresh

    def renew(self, refresh: RefreshToken) -> Token:
        """Make a new access token; the previous one ends, the refresh token stays the same and its time starts anew."""
        refresh.expires = self._clock() + REFRESH_SECONDS
        if refresh.access in self.tokens:
            self.tokens[refresh.access].revoked = True
        token = self.add(
            ACCESS_PREFIX + self.secret("access"),
            refresh.account,
            scopes=refresh.scopes,
            expires_in=ACCESS_SECONDS,
            refresh=refresh.value,
        )
        refresh.access = token.value
        return token

    def secret(self, kind: str) -> str:
        """Return a fresh text of 40 hex digits, the same in every process with the same seed and number of calls."""
        self._made += 1
        material = f"{kind}|{self._seed}|{self._made}|{len(self.tokens)}"
        return blake2b(material.encode(), digest_size=20).hexdigest()
