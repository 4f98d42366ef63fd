"""The token file: who is signed in, readable for its owner alone, renewed in time and by one process at a time."""

from __future__ import annotations

import json
import os
import shlex
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.errors import CredentialsError, ImporterError, InterruptedRunError, LockedError, UsageError
from importer.events import Retrying
from importer.machine.files import write_file
from importer.machine.lock import exclusive
from importer.model import value
from importer.signin.flows import usable

if TYPE_CHECKING:
    from importer.machine.clock import Clock
    from importer.signin.edge import SignIn
    from importer.signin.flows import Grant

MARGIN = 300.0
"""Seconds before its end that a token is renewed: longer than a request with all its retries takes."""

REST = 60.0
"""Seconds until a renewal that failed is tried again while the token still holds."""

LOCK_GAP = 0.2
"""Seconds between two looks at whether another process has finished its renewal."""

_LARGEST = 64 * 1024
_LAST_MOMENT = 253_402_300_800  # the year 10000
_LOGIN = "sign in: simkl-import login"


@value
class Token:
    """One sign-in. Times in seconds since the epoch; `expires_at` None: it never runs out. `flow` is device or pin, and
    `scope` what it may do in Simkl's words, "" where that was not told.
    """

    client_id: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: float | None = None
    issued_at: float | None = None
    flow: str = ""
    scope: str = ""

    def granted(self, grant: Grant, now: float) -> Token:
        """This sign-in with what was granted at `now`; a refresh token stays where no new one came."""
        return replace(
            self,
            access_token=grant.access_token,
            refresh_token=grant.refresh_token or self.refresh_token,
            expires_at=None if grant.lifetime is None else now + grant.lifetime,
            issued_at=now,
            scope=" ".join(grant.scopes) or self.scope,
        )

    def due(self, now: float) -> bool:
        """Tell whether it is to be renewed: MARGIN seconds before its end, or a tenth of its life where that is
        shorter.
        """
        if self.refresh_token is None or self.expires_at is None:
            return False
        life = self.expires_at - self.issued_at if self.issued_at is not None else MARGIN * 10
        return now >= self.expires_at - min(MARGIN, max(0.0, life) / 10)


def load(path: Path, *, shared: bool = False) -> Token | None:
    """Return the sign-in kept at `path`, None where there is none.

    Raises CredentialsError for a file that others may read or write (unless `shared`), or that cannot be read.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CredentialsError(f"cannot read the token file {path}: {error.strerror}", _LOGIN) from None
    if mode & 0o077 and not shared:
        raise CredentialsError(
            f"the token file {path} is open to other people on this machine (mode {mode:04o})",
            f"close it: chmod 600 {shlex.quote(str(path))}",
        )
    token = _parse(content)
    if token is None:
        raise CredentialsError(f"the token file {path} is damaged", f"remove it and {_LOGIN}")
    return token


def save(path: Path, token: Token) -> None:
    """Write the sign-in in one step, mode 0600, in a folder made with mode 0700. Raises UsageError where it cannot."""
    kept = {
        "client_id": token.client_id,
        "access_token": token.access_token,
        "refresh_token": token.refresh_token,
        "expires_at": token.expires_at,
        "issued_at": token.issued_at,
        "flow": token.flow,
        "scope": token.scope or None,
    }
    text = json.dumps({name: value for name, value in kept.items() if value is not None})
    try:
        Path(os.path.realpath(path)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(path, lambda stream: stream.write(text.encode()), private=True)
    except OSError as error:
        raise UsageError(
            f"cannot write the token file {path}: {error.strerror}", "choose a writable folder: SIMKL_IMPORT_HOME"
        ) from None


def remove(path: Path) -> bool:
    """Remove the sign-in; False where there was none. Raises UsageError where it cannot be removed."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UsageError(f"cannot remove the token file {path}: {error.strerror}", "remove it by hand") from None
    return True


def lock_file(path: Path) -> Path:
    """Return the lock under which the token file at `path` is changed."""
    return path.with_name(path.name + ".lock")


@asynccontextmanager
async def held(path: Path, clock: Clock) -> AsyncIterator[None]:
    """Hold the lock of the token file at `path`, waiting for other processes without stopping this one's loop."""
    while True:
        lock = exclusive(lock_file(path), wait=False)
        try:
            lock.__enter__()
        except LockedError:
            await clock.sleep(LOCK_GAP)
        else:
            break
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


class FileTokens:
    """The sign-in of a file as the client asks for it: renewed in time, shared with other processes."""

    def __init__(self, path: Path, token: Token, signin: SignIn) -> None:
        self._path = path
        self._token = token
        # The token belongs to the app it was given to, whatever SIMKL_CLIENT_ID says now.
        self._signin = replace(signin, client_id=token.client_id)
        self._stamp = _stamp(path)
        self._rest_until = 0.0

    async def current(self) -> str:
        """Return the token to use now. A renewal that fails is put off while the token still holds."""
        if (stamp := _stamp(self._path)) != self._stamp:
            self._stamp = stamp
            self._token = load(self._path) or self._token
        now = self._signin.clock.now()
        if self._token.due(now) and now >= self._rest_until:
            try:
                return await self._renewed()
            except InterruptedRunError:
                raise
            except ImporterError:
                if self._token.expires_at is None or now >= self._token.expires_at:
                    raise
                self._rest_until = now + REST
        return self._token.access_token

    async def renew(self) -> str | None:
        """Return a new token after a 401: another process's, else a refreshed one; None where there is none to be had.

        Raises CredentialsError where the sign-in has run out or is gone, ServiceStopError where no answer came.
        """
        kept = load(self._path)
        if kept is not None and kept.access_token != self._token.access_token:
            return self._adopt(kept)
        return None if self._token.refresh_token is None else await self._renewed()

    async def _renewed(self) -> str:
        async with held(self._path, self._signin.clock):
            kept = load(self._path)
            if kept is not None and kept.access_token != self._token.access_token:
                return self._adopt(kept)
            if kept is None or kept.refresh_token is None:
                raise CredentialsError("the sign-in was removed meanwhile", _LOGIN)
            grant = await self._signin.refresh(kept.refresh_token)
            token = kept.granted(grant, self._signin.clock.now())
            try:
                save(self._path, token)
            except UsageError as error:
                # This run goes on with the new token; the refresh token on disk still serves the next one.
                self._signin.listen(Retrying(error.message, 0.0))
            return self._adopt(token)

    def _adopt(self, token: Token) -> str:
        self._token = token
        self._stamp = _stamp(self._path)
        return token.access_token


def _parse(content: bytes) -> Token | None:
    try:
        kept: Any = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(kept, dict) or not (usable(kept.get("client_id")) and usable(kept.get("access_token"))):
        return None
    refresh = kept.get("refresh_token")
    return Token(
        client_id=kept["client_id"],
        access_token=kept["access_token"],
        refresh_token=refresh if usable(refresh) else None,
        expires_at=_moment(kept.get("expires_at")),
        issued_at=_moment(kept.get("issued_at")),
        flow=str(kept.get("flow") or ""),
        scope=str(kept.get("scope") or ""),
    )


def _moment(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LAST_MOMENT:
        return None
    return float(value)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
