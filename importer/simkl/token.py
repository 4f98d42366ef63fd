"""Where the access token comes from, as the client asks for it."""

from __future__ import annotations

from dataclasses import field
from typing import Protocol

from importer.model import value


class Tokens(Protocol):
    """What knows the access token; it never appears in a text."""

    async def current(self) -> str:
        """Return the token to use now, renewed beforehand where it is about to run out."""
        ...

    async def renew(self) -> str | None:
        """Return a new token after the service refused the current one; None where there is none to be had."""
        ...


@value
class FixedToken:
    """A token that cannot be renewed: from the environment, or of a PIN sign-in."""

    token: str = field(repr=False)

    async def current(self) -> str:
        """Return the one there is."""
        return self.token

    async def renew(self) -> str | None:
        """Return nothing: there is no other."""
        return None
