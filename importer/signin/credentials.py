"""Who a command speaks for: what the environment says, else what the token file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import CredentialsError
from importer.machine.places import Places
from importer.signin.flows import usable
from importer.signin.tokens import FileTokens, Token, load

if TYPE_CHECKING:
    from importer.signin.edge import SignIn
    from importer.simkl.client import Tokens

CLIENT_ID = "SIMKL_CLIENT_ID"
ACCESS_TOKEN = "SIMKL_ACCESS_TOKEN"  # noqa: S105 (the name of a variable)

_NEXT = f"sign in: simkl-import login (or set {CLIENT_ID} and {ACCESS_TOKEN})"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The app and the sign-in a command uses. `path` is the token file, None where the token is the environment's."""

    client_id: str = field(repr=False)
    token: Token
    path: Path | None

    def tokens(self, signin: SignIn) -> Tokens:
        """The sign-in as the client asks for it; `signin` renews that of a file."""
        if self.path is None:
            from importer.simkl.client import FixedToken

            return FixedToken(self.token.access_token)
        return FileTokens(self.path, self.token, signin)


def credentials(environment: Mapping[str, str], places: Places) -> Credentials:
    """The credentials to use: SIMKL_CLIENT_ID and SIMKL_ACCESS_TOKEN win, each by itself, over the token file.

    Raises CredentialsError with the next step where one of them is nowhere or cannot be used.
    """
    client_id = named(environment, CLIENT_ID)
    access_token = named(environment, ACCESS_TOKEN)
    if client_id and access_token:
        return Credentials(client_id, Token(client_id, access_token), None)
    kept = load(places.token_file)
    if access_token:
        if kept is None:
            raise CredentialsError(f"{ACCESS_TOKEN} is set, but there is no client id", f"set {CLIENT_ID} as well")
        return Credentials(kept.client_id, Token(kept.client_id, access_token), None)
    if kept is None:
        raise CredentialsError("not signed in to Simkl", _NEXT)
    return Credentials(client_id or kept.client_id, kept, places.token_file)


def named(environment: Mapping[str, str], variable: str) -> str:
    """A secret of the environment, "" where it is unset or empty. Raises CredentialsError where it cannot be one."""
    text = environment.get(variable, "").strip()
    if text and not usable(text):
        # The value is not shown: it may be the secret with something pasted beside it.
        raise CredentialsError(
            f"{variable} holds characters that no such value has", f"set {variable} again, or unset it"
        )
    return text
