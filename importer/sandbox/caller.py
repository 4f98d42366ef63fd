"""Who asks: which tokens are let in for what (`/conventions/errors`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from importer.sandbox import routes
from importer.sandbox.account import Account
from importer.sandbox.answers import Answer
from importer.sandbox.effects import unauthorized
from importer.sandbox.schedule import Play
from importer.sandbox.tokens import WRITE, Keyring, Token


@dataclass(frozen=True, slots=True)
class Caller:
    """A client id, and the token and account where a token was needed."""

    client_id: str
    token: Token | None
    account: Account | None

    @property
    def v1(self) -> bool:
        """Whether the day of the client id is drawn on, not that of a person."""
        return self.token is None or self.token.v1

    @property
    def may_write(self) -> bool:
        """Whether its token has the scope for it."""
        return self.token is None or WRITE in self.token.scopes


def admitted(
    keyring: Keyring, accounts: Mapping[int, Account], *, path: str, client_id: str, token: str, play: Play
) -> Caller | Answer:
    """Return who asks, or the refusal of a token ("" for none) that is missing, bad or over."""
    v1 = keyring.is_v1(client_id)
    if not token:
        open_to_all = path == routes.REDIRECT and "redirect-open" in play
        if open_to_all or (v1 and routes.is_lookup(path)):
            return Caller(client_id, None, None)
        return unauthorized("user_token_required")
    known = keyring.valid(token)
    if known is None:
        over = keyring.tokens.get(token)
        return unauthorized("user_token_failed" if (v1 if over is None else over.v1) else "invalid_token")
    return Caller(client_id, known, accounts[known.account])
