"""Files that a person names to be written: whole or not at all, through links, and into devices as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def write_file(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Let `write` fill the file at `path`. Raises OSError where that cannot be done; the old file stays then."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        # A pipe or a device is written into: it must not become a file.
        with target.open("wb") as stream:
            write(stream)
        return
    beside = target.with_name(f".{target.name}.part")
    try:
        with beside.open("wb") as stream:
            write(stream)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
