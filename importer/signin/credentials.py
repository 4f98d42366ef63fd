"""Who a command speaks for: what the environment says, else what the token file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import CredentialsError, UsageError
from importer.machine.places import Places
from importer.model import value
from importer.signin.flows import usable
from importer.signin.tokens import FileTokens, Token, load

if TYPE_CHECKING:
    from importer.signin.edge import SignIn
    from importer.simkl.token import Tokens

CLIENT_ID = "SIMKL_CLIENT_ID"
ACCESS_TOKEN = "SIMKL_ACCESS_TOKEN"  # noqa: S105 (the name of a variable)
ACCESS_TOKEN_FILE = "SIMKL_ACCESS_TOKEN_FILE"  # noqa: S105 (the name of a variable)

_NEXT = f"sign in: simkl-import login (or set {CLIENT_ID} and {ACCESS_TOKEN})"
_LARGEST = 64 * 1024


@value
class Credentials:
    """The app and the sign-in a command uses.

    `path` is the token file, None if the token is the environment's; `variable` then tells which one it is of.
    """

    client_id: str = field(repr=False)
    token: Token
    path: Path | None
    variable: str = ""

    def tokens(self, signin: SignIn) -> Tokens:
        """Return the sign-in as the client asks for it; `signin` renews that of a file."""
        if self.path is None:
            from importer.simkl.token import FixedToken

            return FixedToken(self.token.access_token)
        return FileTokens(self.path, self.token, signin)


def credentials(environment: Mapping[str, str], places: Places) -> Credentials:
    """Return the credentials to use.

    SIMKL_CLIENT_ID wins over the token file's app; SIMKL_ACCESS_TOKEN, then SIMKL_ACCESS_TOKEN_FILE, over its token.
    Raises CredentialsError with the next step if one of them is nowhere or cannot be used, and UsageError if a named
    profile has a sign-in beside a token of the environment.
    """
    refuse_both(environment, places)
    client_id = named(environment, CLIENT_ID)
    variable = winning_variable(environment)
    access_token = named(environment, ACCESS_TOKEN) or _from_file(environment)
    if client_id and access_token:
        return Credentials(client_id, Token(client_id, access_token), None, variable)
    kept = load(places.token_file)
    if access_token:
        if kept is None:
            raise CredentialsError(f"{variable} is set, but there is no client id", f"set {CLIENT_ID} as well")
        return Credentials(kept.client_id, Token(kept.client_id, access_token), None, variable)
    if kept is None:
        who = f" as {places.label}" if places.profile else ""
        raise CredentialsError(f"not signed in to Simkl{who}", _NEXT)
    return Credentials(client_id or kept.client_id, kept, places.token_file)


def winning_variable(environment: Mapping[str, str]) -> str:
    """Return the variable whose token wins over the token file, "" if there is none."""
    return next((name for name in (ACCESS_TOKEN, ACCESS_TOKEN_FILE) if environment.get(name, "").strip()), "")


def refuse_both(environment: Mapping[str, str], places: Places) -> None:
    """Raise UsageError if a named profile has a sign-in, and the environment a token: whose is meant is not told."""
    variable = winning_variable(environment)
    if variable and places.profile and places.token_file.exists():
        raise UsageError(
            f"{variable} is set, and {places.label} is signed in by {places.token_file}: they may be two accounts",
            f"unset {variable}, or leave the profile out",
        )


def named(environment: Mapping[str, str], variable: str) -> str:
    """Return a secret of the environment, "" if it is unset or empty. Raises CredentialsError if it cannot be one."""
    text = environment.get(variable, "").strip()
    if text and not usable(text):
        # The value is not shown: it may be the secret with something pasted beside it.
        raise CredentialsError(
            f"{variable} holds characters that no such value has", f"set {variable} again, or unset it"
        )
    return text


def _from_file(environment: Mapping[str, str]) -> str:
    """Return the token in the file that SIMKL_ACCESS_TOKEN_FILE names, "" if it names none."""
    path = environment.get(ACCESS_TOKEN_FILE, "").strip()
    if not path:
        return ""
    again = f"put the access token alone into it, or unset {ACCESS_TOKEN_FILE}"
    try:
        # Its mode is not looked at: what systemd and containers hand over, they guard themselves.
        with Path(path).open("rb") as file:
            text = file.read(_LARGEST).decode("ascii").strip()
    except OSError as error:
        raise CredentialsError(f"{ACCESS_TOKEN_FILE}: cannot read {path}: {error.strerror}", again) from None
    except UnicodeDecodeError:
        text = ""
    if not usable(text):
        raise CredentialsError(f"{ACCESS_TOKEN_FILE}: {path} holds no access token", again)
    return text
