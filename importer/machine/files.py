"""Files written whole or not at all, through no link that somebody planted; streams are written into as they are."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from importer.machine.targets import Identity, Place

PRIVATE = 0o600
_USUAL = 0o666
_STANDARD = ("stdin", "stdout", "stderr")


class Sink(Protocol):
    """Where the bytes of a file go."""

    def write(self, data: bytes, /) -> object:
        """Take the bytes."""
        ...


def write_file(path: Path, write: Callable[[Sink], object], *, private: bool = False) -> str:
    """Let `write` fill the file at `path`, and return the SHA-256 of what it wrote.

    The content is made beside the file and moved there once it is whole, so that the old file stays if anything fails.
    A link to a file stays a link. `private`: for its owner alone, and on the disk before it counts.
    Raises OSError if it cannot be written.
    """
    if is_stream(path):
        with path.open("ab") as stream:
            return _fill(stream, write)
    target = Path(os.path.realpath(path))
    # No name that anybody could guess, and none that follows a link: a shared folder may hold somebody's trap.
    draft = target.with_name(f".simkl-import-{secrets.token_hex(8)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(draft, flags, PRIVATE if private else _USUAL)
    try:
        with os.fdopen(handle, "wb") as stream:
            digest = _fill(stream, write)
            stream.flush()
            if private:
                os.fsync(stream.fileno())
            else:
                with suppress(OSError):  # a new file has the usual mode; not every file system knows another
                    os.fchmod(stream.fileno(), stat.S_IMODE(target.stat().st_mode))
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    return digest


def digest_of(write: Callable[[Sink], object]) -> str:
    """Return the SHA-256 of what `write` would put into a file."""
    hashed = _Hashed(None)
    write(hashed)
    return hashed.sha256.hexdigest()


def digest_at(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_stream(path: Path) -> bool:
    """Tell whether a path is no regular file but a pipe, a device or what a shell gives: it is written into."""
    if _is_handle(path.absolute().parts):
        return True  # also if it leads into a file: which one that is, is the shell's business
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def unwritable(path: Path) -> str:
    """Return why a file could not be written there, as far as one can see beforehand, or ""."""
    if is_stream(path):
        return "" if os.access(path, os.W_OK) else "it is not open for writing"
    target = Path(os.path.realpath(path))
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return "its folder cannot be written to"
    try:
        longest = os.pathconf(target.parent, "PC_NAME_MAX")
    except (OSError, ValueError):
        return ""
    return "its name is too long" if len(os.fsencode(target.name)) > longest else ""


def place_of(path: Path) -> Place:
    """Look at a path and at the folders that it lies in."""
    real = Path(os.path.realpath(path))
    beside = Path(os.path.realpath(path.absolute().parent))
    folders = {real.parent, *real.parent.parents, beside, *beside.parents}
    within = {identity for folder in folders if (identity := identity_of(folder)) is not None}
    return Place(path, real, identity_of(path), frozenset(within))


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there; a path that no file system could have is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def members_of(folder: Path) -> frozenset[Identity]:
    """Return the identities of all files in a folder, those that links lead to as well."""
    found = (identity_of(Path(root, name)) for root, _, names in os.walk(folder) for name in names)
    return frozenset(identity for identity in found if identity is not None)


def identity_of(path: Path) -> Identity | None:
    """Return device and inode of what is at a path, or None if nothing is."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _is_handle(parts: tuple[str, ...]) -> bool:
    """Tell whether a path names an open file of a process: /dev/stdout, /dev/fd/3, /proc/self/fd/1."""
    if parts[:2] == ("/", "dev"):
        return parts[2:3] == ("fd",) or (len(parts) == 3 and parts[2] in _STANDARD)
    return parts[:2] == ("/", "proc") and parts[-2:-1] == ("fd",)


def _fill(stream: BinaryIO, write: Callable[[Sink], object]) -> str:
    hashed = _Hashed(stream)
    write(hashed)
    return hashed.sha256.hexdigest()


class _Hashed:
    """Passes bytes on and keeps their digest."""

    __slots__ = ("_stream", "sha256")

    def __init__(self, stream: BinaryIO | None) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes, /) -> object:
        self.sha256.update(data)
        return None if self._stream is None else self._stream.write(data)
