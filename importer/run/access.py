"""Who a command works for: the account behind a token, its lock, its resume file, its client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.journal.file import copy_journal, open_journal
from importer.journal.owner import set_owner
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.machine.lock import exclusive, shared_folder
from importer.machine.places import APP, Places, account_name, digest
from importer.machine.state_file import StateFile
from importer.machine.version import program_version
from importer.model import value
from importer.signin.credentials import Credentials

if TYPE_CHECKING:
    from importer.events import Listen
    from importer.simkl.client import Client


ONTO_LISTS = "onto_lists"
"""Where the state folder remembers accounts of which a whole run has put titles onto lists."""


@value
class Owner:
    """The account behind a token, as remembered in the state folder."""

    id: int
    name: str
    plan: str


@value
class Access:
    """The API, in whose name it is spoken to, and where what is remembered of its accounts is kept.

    `host` names the API in files: the sandbox has another port each time and stays the same. `alone`: no other process
    can reach it.
    """

    url: str
    host: str
    credentials: Credentials
    places: Places
    alone: bool = False

    @property
    def _name(self) -> str:
        """Return the token's name in files. A refresh token stays while access tokens come and go."""
        token = self.credentials.token
        return digest(token.refresh_token or token.access_token)

    def known_owner(self) -> Owner | None:
        """Whose token it is, where Simkl was asked before."""
        try:
            kept = self._accounts.read()[f"{self._name}@{self.host}"]
            return Owner(int(kept["id"]), str(kept["name"]), str(kept["plan"]))
        except (ValueError, KeyError, TypeError):
            return None

    def remember(self, owner: Owner) -> None:
        """Remember whose token it is. A folder that cannot be written costs a request next time, and no more."""
        known = {"id": owner.id, "name": owner.name, "plan": owner.plan}
        self._accounts.change(lambda kept: kept.update({f"{self._name}@{self.host}": known}))

    def has_put_onto_lists(self, owner: Owner) -> bool:
        """Tell whether a whole run of this account has put titles onto lists before, as remembered."""
        return account_name(self.host, owner.id) in _accounts_in(self._accounts.read())

    def remember_lists(self, owner: Owner) -> None:
        """Remember that one has: the next one need not ask."""

        def change(kept: dict[str, Any]) -> None:
            kept[ONTO_LISTS] = sorted({*_accounts_in(kept), account_name(self.host, owner.id)})

        self._accounts.change(change)

    def pace_file(self, owner: Owner | None) -> Path:
        """Return where the pace is kept: by account, or by token until the account is known."""
        name = account_name(self.host, owner.id) if owner is not None else f"token-{self._name}"
        return self.places.state / f"{name}.pace"

    def lock_file(self, owner: Owner | None) -> Path:
        """Return what a command locks: the account, or the token until the account is known."""
        return self.pace_file(owner).with_suffix(".lock")

    def shared_file(self, owner: Owner | None) -> Path | None:
        """Return what every process of the account on this machine holds while it posts, whatever its home folder."""
        if owner is None or self.alone:
            return None
        return shared_folder() / f"{APP}-{digest(account_name(self.host, owner.id))}.lock"

    @property
    def _accounts(self) -> StateFile:
        return StateFile(self.places.state / "accounts.json")

    @asynccontextmanager
    async def client(self, owner: Owner | None, clock: Clock, patience: float, listen: Listen) -> AsyncIterator[Client]:
        """A client over a session of its own."""
        from importer.signin.edge import SignIn
        from importer.simkl.client import Client
        from importer.simkl.pace import Pace
        from importer.simkl.transport import open_session

        path = self.pace_file(owner)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pace = Pace(clock, path, self.shared_file(owner), listen)
        found = self.credentials
        async with open_session() as session:
            signin = SignIn(
                session=session,
                clock=clock,
                pace=pace,
                url=self.url,
                version=program_version(),
                client_id=found.client_id,
                timeout=patience,
            )
            yield Client(
                session=session,
                url=self.url,
                version=program_version(),
                client_id=found.client_id,
                tokens=found.tokens(signin),
                clock=clock,
                pace=pace,
                timeout=patience,
                listen=listen,
            )

    async def owner(self, client: Client) -> Owner:
        """Ask Simkl whose token it is (/users/settings), remember it, and go on at that account's pace."""
        from importer.simkl.reads import SETTINGS, parse_settings

        account = await client.get(SETTINGS, parse_settings)
        owner = Owner(account.id, account.name, account.plan)
        self.remember(owner)
        client.pace.move_to(self.pace_file(owner), self.shared_file(owner))
        return owner

    @contextmanager
    def journal(self, owner: Owner, path: Path | None, *, dry_run: bool, checked: bool = False) -> Iterator[Journal]:
        """The account's resume file; in a dry run a copy of it in memory. `checked`: it was found whole just before."""
        account = account_name(self.host, owner.id)
        place = path if path is not None else self.places.resume_file(account)
        opening = copy_journal if dry_run else open_journal
        journal = opening(place, account, checked=checked)
        try:
            if not dry_run:
                set_owner(journal, owner.name)
            yield journal
        finally:
            journal.close()

    @contextmanager
    def lock(self, owner: Owner | None) -> Iterator[None]:
        """Hold the account for this command. Raises LockedError where another one does."""
        with exclusive(self.lock_file(owner)):
            yield


def _accounts_in(kept: dict[str, Any]) -> list[str]:
    found = kept.get(ONTO_LISTS)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
