"""A path to named byte members: a plain file, gzip or zip told by their first bytes, or a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from adapters.protocol import HEAD, Choices, Source
from adapters.reading.archives import (
    GZIP_MAGIC,
    MAX_MEMBER,
    MAX_MEMBERS,
    MAX_TOTAL,
    ZIP_MAGIC,
    Budget,
    Opener,
    gunzip_head,
    hidden,
    inflated,
    refusal,
    unzip,
)
from adapters.reading.text import all_shown, shown
from importer.errors import ExportError


def open_source(path: Path, choices: Choices = Choices(), today: date | None = None) -> Source:  # noqa: B008 (frozen)
    """List an export's members; their bytes are read when an adapter asks for them.

    `today` tells what a two-digit year means.

    Raises ExportError where the path is missing, empty, no file or folder, over a limit, or damaged.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _folder(path, choices, today)
        if not stat.S_ISREG(status.st_mode):
            raise ExportError(f"{shown(str(path))}: is neither a file nor a folder; expected an export")
        magic = _load(path, 4)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if not magic:
        raise ExportError(f"{shown(str(path))}: is empty; expected an export")
    if magic in ZIP_MAGIC:
        members, heads = unzip(_load(path, MAX_TOTAL + 1), str(path))
        return Source(path=str(path), members=members, choices=choices, heads=heads, today=today)
    name = shown(path.name)
    return Source(
        path=str(path),
        members={name: _whole(path, name, Budget(str(path)))},
        choices=choices,
        heads={name: _first(path)},
        today=today,
    )


def _folder(root: Path, choices: Choices, today: date | None) -> Source:
    place = shown(str(root))
    budget = Budget(str(root))
    home = root.resolve()
    members: dict[str, Opener] = {}
    heads: dict[str, Opener] = {}
    paths = list(islice(_walk(root), MAX_MEMBERS + 1))
    if len(paths) > MAX_MEMBERS:
        raise ExportError(
            f"{place}: refused: more than {MAX_MEMBERS:,} files", "give the export itself, not a folder above it"
        )
    for path, name in zip(paths, all_shown([path.relative_to(root).as_posix() for path in paths]), strict=True):
        if path.is_symlink() and not path.resolve().is_relative_to(home):
            members[name] = heads[name] = refusal(
                f"{place}: {name} is a link that leads out of the folder and is not followed", "give the file itself"
            )
        else:
            members[name] = _whole(path, name, budget)
            heads[name] = _first(path)
    if not members:
        raise ExportError(f"{place}: the folder holds no files; expected an export")
    return Source(path=str(root), members=members, choices=choices, heads=heads, today=today)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        # os.walk follows no links to folders. Sorted, so that the order does not depend on the file system.
        folders[:] = sorted(name for name in folders if not hidden(name))
        for name in sorted(files):
            path = Path(folder, name)
            if not hidden(name) and path.is_file():
                yield path


def _whole(path: Path, name: str, budget: Budget) -> Opener:
    def opener() -> bytes:
        return budget.take(name, inflated(_load(path, MAX_MEMBER + 1), str(path)))

    return opener


def _first(path: Path) -> Opener:
    def opener() -> bytes:
        data = _load(path, HEAD)
        return gunzip_head(data, str(path)) if data.startswith(GZIP_MAGIC) else data

    return opener


def _load(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError | ValueError) -> ExportError:
    place = shown(str(path))
    if isinstance(error, FileNotFoundError):
        return ExportError(f"{place}: no such file or folder; expected an export")
    reason = (error.strerror if isinstance(error, OSError) else None) or "not a path"
    return ExportError(f"{place}: cannot be read: {reason}")
