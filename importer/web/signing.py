"""Signing in on the page: the code of a sign-in while somebody allows it elsewhere, and whose account it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from importer.errors import CredentialsError, ImporterError
from importer.events import Event, Retrying
from importer.machine.clock import Clock
from importer.machine.places import Places
from importer.machine.version import program_version
from importer.signin.credentials import CLIENT_ID, Credentials, credentials, named, winning_variable
from importer.signin.edge import SignIn
from importer.signin.flows import Code, Flow, Step, read_only, usable
from importer.signin.tokens import Token, held, load, remove, save
from importer.simkl.pace import Pace
from importer.simkl.transport import Session, open_session
from importer.web.words import Trouble, trouble_of


class Stage(StrEnum):
    """Where a sign-in stands."""

    OUT = "out"
    ASKING = "asking"
    WAITING = "waiting"
    OVER = "over"
    IN = "in"


@dataclass(slots=True)
class Signing:
    """The sign-in of one person at one API. `url` is the API's, `scale` multiplies waits, `changed` hears of each step.

    `fixed` are credentials that are not the page's to change: the sandbox's, or those of the environment.
    """

    url: str
    scale: float
    places: Places
    environment: Mapping[str, str] = field(repr=False)
    changed: Callable[[], None]
    fixed: Credentials | None = None
    stage: Stage = Stage.OUT
    code: Code | None = None
    ends: float = 0.0
    trouble: Trouble | None = None
    told: str = ""
    given: str = ""
    read_only: bool = False
    _task: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Find out whether somebody is signed in already."""
        try:
            scope = self.credentials().token.scope
        except CredentialsError as error:
            self.stage = Stage.OUT
            # Not to be signed in is how everybody begins; a file that is damaged or open to others is told.
            self.trouble = None if self._untouched else trouble_of(error)
        except ImporterError as error:
            self.stage, self.trouble = Stage.OUT, trouble_of(error)
        else:
            self.stage, self.trouble = Stage.IN, None
            self.read_only = read_only(scope.split())

    @property
    def _untouched(self) -> bool:
        return not self.places.token_file.exists() and not winning_variable(self.environment)

    def credentials(self) -> Credentials:
        """Return the credentials to use. Raises CredentialsError if nobody is signed in."""
        return self.fixed if self.fixed is not None else credentials(self.environment, self.places)

    @property
    def in_environment(self) -> bool:
        """Tell whether the sign-in is not the page's to change."""
        return self.fixed is not None or bool(winning_variable(self.environment))

    @property
    def known_app(self) -> str:
        """Return the client id that is known already, or ""."""
        try:
            kept = load(self.places.token_file, shared=True)
            return named(self.environment, CLIENT_ID) or (kept.client_id if kept is not None else "")
        except CredentialsError:
            return ""

    def begin(self, client_id: str) -> None:
        """Ask for a code with the app of this client id, "" for the one that is known already."""
        self.given = client_id.strip()
        app = self.given or self.known_app
        if not usable(app):
            self.trouble = Trouble(
                "This is no client id: it is empty, or holds a space or an odd character.",
                "Copy it from Simkl's page once more.",
            )
            self.changed()
            return
        self.cancel()
        self.stage, self.trouble, self.code, self.told = Stage.ASKING, None, None, ""
        self._task = asyncio.get_running_loop().create_task(self._sign_in(app))
        self.changed()

    def cancel(self) -> None:
        """Wait no longer."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.stage, self.code = Stage.OUT, None

    async def close(self) -> None:
        """End what is still waited for."""
        task = self._task
        self.cancel()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    async def sign_out(self) -> None:
        """End the sign-in at Simkl where it can be ended from here, and remove it from this machine."""
        path = self.places.token_file
        if self.in_environment or not path.exists():
            return
        async with held(path, Clock(self.scale)):
            try:
                token = load(path, shared=True)
                if token is not None and token.refresh_token is not None:
                    async with open_session() as session:
                        signin = self._at(session, token.client_id)
                        await signin.revoke(token.refresh_token, "refresh_token")
                        await signin.revoke(token.access_token, "access_token")
            except ImporterError as error:
                self.trouble = trouble_of(error)
            remove(path)
        self.stage = Stage.OUT
        self.changed()

    async def _sign_in(self, client_id: str) -> None:
        try:
            async with open_session() as session:
                signin = self._at(session, client_id)
                code = await signin.code(None)
                self.code, self.ends, self.stage = code, time.time() + code.lifetime * self.scale, Stage.WAITING
                self.changed()
                polled = await signin.wait(code)
            if polled.grant is None:
                self.stage = Stage.OVER
                declined = polled.step is Step.DENIED
                self.trouble = Trouble(
                    "The sign-in was declined." if declined else "The code ran out, or the sign-in was declined.",
                    "Get a new code to try again.",
                )
            else:
                token = Token(client_id, "", flow=str(code.flow)).granted(polled.grant, time.time())
                async with held(self.places.token_file, Clock(self.scale)):
                    save(self.places.token_file, token)
                self.stage, self.read_only = Stage.IN, polled.grant.read_only
        except ImporterError as error:
            self.stage, self.trouble = Stage.OUT, trouble_of(error)
        self.code = None
        self.changed()

    def _at(self, session: Session, client_id: str) -> SignIn:
        clock = Clock(self.scale)
        return SignIn(
            session=session,
            clock=clock,
            pace=Pace(clock),
            url=self.url,
            version=program_version(),
            client_id=client_id,
            listen=self._hear,
        )

    def _hear(self, event: Event) -> None:
        if isinstance(event, Retrying):
            self.told = f"Simkl: {event.reason}. It is asked again."
            self.changed()


def older_kind(code: Code) -> bool:
    """Tell whether the app is of the kind that signs in with a PIN, which Simkl ends."""
    return code.flow is Flow.PIN
