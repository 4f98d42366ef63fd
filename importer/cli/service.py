"""The API as the sign-in commands speak to it: where it is, in whose name, and what is told on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from importer.cli.version import program_version
from importer.errors import ServiceStopError

if TYPE_CHECKING:
    from importer.credentials import Credentials
    from importer.simkl.reads import AccountName
    from importer.simkl.signin import SignIn
    from importer.tokens import Token


@dataclass(frozen=True, slots=True)
class Service:
    """Where the API is, and by how much every wait is multiplied there."""

    url: str
    scale: float

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Service:
        """As the environment says; what it says in vain is told. Raises UsageError where it cannot be used."""
        from importer.simkl.address import api_url, time_scale

        url = api_url(environment)
        scale, warning = time_scale(environment, url)
        if warning:
            tell(f"warning: {warning}")
        return cls(url, scale)

    @asynccontextmanager
    async def signin(self, client_id: str) -> AsyncIterator[SignIn]:
        """Sign-in with the app of this client id, over a session of its own."""
        from importer.clock import Clock
        from importer.simkl.client import open_session
        from importer.simkl.pace import Pace
        from importer.simkl.signin import SignIn

        clock = Clock(self.scale)
        async with open_session() as session:
            yield SignIn(session, clock, Pace(clock), self.url, program_version(), client_id, told=_told)

    async def name_of(self, found: Credentials) -> AccountName:
        """Ask whose sign-in this is, renewing it where that is due. Raises CredentialsError and ServiceStopError."""
        from importer.simkl.client import Client
        from importer.simkl.reads import SETTINGS, parse_settings
        from importer.simkl.retry import Action

        async with self.signin(found.client_id) as signin:
            client = Client(
                signin.session, signin.url, signin.version, found.client_id, found.tokens(signin), signin.clock,
                signin.pace, told=_told,
            )  # fmt: skip
            answer = await client.post(SETTINGS, b"{}", splittable=False, readable=parse_settings)
            if answer.verdict.action is not Action.ACCEPT:
                raise ServiceStopError(
                    f"Simkl does not tell who is signed in ({answer.verdict.why})", "run the same command later"
                )
            return parse_settings(answer.body)

    async def revoke(self, token: Token) -> bool:
        """End a sign-in at Simkl; False for one that only its site can end. Raises ServiceStopError where it fails."""
        if token.refresh_token is None:
            return False  # there is no page for it: a PIN sign-in ends on the site alone
        async with self.signin(token.client_id) as signin:
            await signin.revoke(token.refresh_token, "refresh_token")
            await signin.revoke(token.access_token, "access_token")
        return True


def tell(text: str) -> None:
    """One line on stderr."""
    click.echo(text, err=True)


def _told(reason: str, seconds: float) -> None:
    tell(f"Simkl: {reason}" + (f"; trying again in {seconds:.0f} s" if seconds else ""))
