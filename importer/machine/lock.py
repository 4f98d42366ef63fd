"""The one place with fcntl: a lock that the kernel releases when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importer.errors import LockedError, UsageError


@contextmanager
def exclusive(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock at `path`, made with its folder where missing; the file stays, empty.

    Raises LockedError where another process holds it and we do not `wait`, UsageError where it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(
            f"cannot lock {path}: {error.strerror}", "choose a writable folder: SIMKL_IMPORT_HOME"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError("another run for this account is going on", "wait until it has ended") from None
        except OSError as error:  # a network folder without locks
            raise UsageError(
                f"cannot lock {path}: {error.strerror}", "choose a folder on this machine: SIMKL_IMPORT_HOME"
            ) from error
        yield
    finally:
        os.close(handle)
