"""The API as the sign-in commands speak to it: where it is, in whose name, and what is told on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click

from importer.events import Event, Retrying
from importer.machine.version import program_version
from importer.model import value

if TYPE_CHECKING:
    from importer.machine.places import Places
    from importer.run.access import Owner
    from importer.signin.credentials import Credentials
    from importer.signin.edge import SignIn
    from importer.signin.tokens import Token


@value
class Service:
    """Where the API is, and by how much every wait is multiplied there."""

    url: str
    scale: float

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Service:
        """As the environment says; what it says in vain is told. Raises UsageError where it cannot be used."""
        from importer.machine.address import api_url, time_scale

        url = api_url(environment)
        scale, warning = time_scale(environment, url)
        if warning:
            tell(f"warning: {warning}")
        return cls(url, scale)

    @asynccontextmanager
    async def signin(self, client_id: str) -> AsyncIterator[SignIn]:
        """Sign-in with the app of this client id, over a session of its own."""
        from importer.machine.clock import Clock
        from importer.signin.edge import SignIn
        from importer.simkl.pace import Pace
        from importer.simkl.transport import open_session

        clock = Clock(self.scale)
        async with open_session() as session:
            yield SignIn(
                session=session,
                clock=clock,
                pace=Pace(clock),
                url=self.url,
                version=program_version(),
                client_id=client_id,
                listen=retries_told,
            )

    async def owner_of(self, found: Credentials, places: Places) -> Owner:
        """Ask whose sign-in this is, renewing it where that is due, and remember it for the next run.

        At the account's pace and under its lock, like every other POST of it. Raises CredentialsError,
        ServiceStopError, and LockedError while a run for the account is going on.
        """
        from importer.machine.clock import Clock
        from importer.machine.places import host_of
        from importer.run.access import Access
        from importer.simkl.transport import PATIENCE

        access = Access(self.url, host_of(self.url), found, places)
        owner = access.known_owner()
        with access.lock(owner):
            async with access.client(owner, Clock(self.scale), PATIENCE, retries_told) as client:
                return await access.owner(client)

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


def retries_told(event: Event) -> None:
    """Tell of every retry; single answers are of no interest here."""
    if isinstance(event, Retrying):
        tell(f"Simkl: {event.reason}" + (f"; trying again in {event.seconds:.0f} s" if event.seconds else ""))
