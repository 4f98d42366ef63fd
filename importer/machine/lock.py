"""The one place with fcntl: locks that the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importer.errors import LockedError, UsageError

try:
    import fcntl
except ImportError:  # Windows: without locks two runs would not know of each other, so nothing that needs one begins
    missing = "this system has no file locks of Unix"
    raise UsageError(missing, "on Windows, use WSL: simkl-import help questions") from None


@contextmanager
def exclusive(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock at `path`, made with its folder where missing; the file stays, empty.

    Raises LockedError if another process holds it and we do not `wait`, UsageError where it cannot be made.
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


def shared_folder() -> Path:
    """Return the system's folder for temporary files, which the processes of all home folders have in common."""
    return Path(os.environ.get("TMPDIR") or tempfile.gettempdir())


class Note:
    """A short text that processes of several people share, held by one of them at a time: see `hold_note`."""

    LONGEST = 64

    def __init__(self, handle: int, *, fresh: bool) -> None:
        self._handle = handle
        self.fresh = fresh

    def read(self) -> bytes:
        """Return what stands there."""
        return os.pread(self._handle, self.LONGEST, 0)

    def write(self, text: bytes) -> None:
        """Let `text` be all that stands there. Raises OSError if there is no room."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text, 0)

    def close(self) -> None:
        """Let the next process have it."""
        os.close(self._handle)


def hold_note(path: Path) -> Note | None:
    """Return the note at `path`, held until it is closed; None while another process holds it.

    It may lie in a folder that everybody on this machine may write to: it is made with mode 0666, no link is followed,
    and what is no plain file of one name is left alone. Raises OSError if it cannot be opened or locked.
    """
    handle, fresh = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        found, named = os.fstat(handle), path.stat(follow_symlinks=False)
        # Folders for temporary files are swept: a file that was removed meanwhile is held by nobody else.
        if (found.st_dev, found.st_ino) == (named.st_dev, named.st_ino):
            return Note(handle, fresh=fresh)
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _open(path: Path) -> tuple[int, bool]:
    # Systems refuse O_CREAT on somebody else's file in a folder such as /tmp, so it is asked for only where it is new.
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    fresh = False
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        try:
            handle = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o666)
            fresh = True
        except FileExistsError:  # another process was faster
            handle = os.open(path, flags)
    try:
        if fresh:
            os.fchmod(handle, 0o666)  # whatever the umask says
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise OSError(errno.EPERM, "it is not a regular file with a single name", str(path))
    except BaseException:
        os.close(handle)
        raise
    return handle, fresh
