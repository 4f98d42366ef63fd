"""The files that a person drops onto the page, kept in a private folder and within the limits of the readers."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import anyio

from adapters.reading.archives import MAX_MEMBERS, MAX_TOTAL
from importer.errors import ExportError
from importer.model import value

LONGEST_NAME = 200
"""Bytes of a name that is kept; file systems take 255."""

MOST = 50
"""Exports that are kept at once."""


@value
class Upload:
    """One export as a person gave it: a file, or a folder with its files. `size` in bytes."""

    number: int
    name: str
    path: Path
    size: int
    files: int


class Uploads:
    """The exports in `folder`, in the order in which they came. The folder is the server's own, and goes with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._last = 0
        self._kept: dict[int, Upload] = {}
        self._groups: dict[tuple[str, str], int] = {}

    @property
    def kept(self) -> tuple[Upload, ...]:
        """Return every export."""
        return tuple(self._kept.values())

    async def receive(self, path: str, group: str, pieces: AsyncIterator[bytes]) -> Upload:
        """Keep one file while it arrives, and return the export that it is, or is part of.

        `path` is its name, or within a dropped folder its path from that folder's name on; `group` is the same for all
        files of one drop. Raises ExportError for a name that cannot be kept, and as soon as a limit is passed; then
        nothing of it stays.
        """
        parts = _parts(path)
        number = self._number(parts, group)
        kept = self._kept.get(number)
        try:
            size = await self._write(
                self.folder / str(number) / Path(*parts), pieces, kept.size if kept is not None else 0
            )
            upload = Upload(
                number=number,
                name=parts[0],
                path=self.folder / str(number) / parts[0],
                size=size + (kept.size if kept is not None else 0),
                files=1 + (kept.files if kept is not None else 0),
            )
            if upload.files > MAX_MEMBERS:
                raise ExportError(f"{parts[0]} holds more than {MAX_MEMBERS:,} files", "drop the export alone")
        except BaseException:
            self.remove(number)
            raise
        self._kept[number] = upload
        return upload

    def remove(self, number: int) -> None:
        """Let an export go; one that is gone already does no harm."""
        self._kept.pop(number, None)
        self._groups = {group: found for group, found in self._groups.items() if found != number}
        shutil.rmtree(self.folder / str(number), ignore_errors=True)

    def _number(self, parts: tuple[str, ...], group: str) -> int:
        """Return the number of the export that a file belongs to: files of one folder that came together are one."""
        if len(parts) > 1 and (group, parts[0]) in self._groups:
            return self._groups[group, parts[0]]
        if len(self._kept) >= MOST:
            raise ExportError(f"there are {MOST} exports here already", "take one away first")
        self._last += 1
        if len(parts) > 1:
            self._groups[group, parts[0]] = self._last
        return self._last

    async def _write(self, target: Path, pieces: AsyncIterator[bytes], before: int) -> int:
        size = 0
        with _kept(target):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = await anyio.open_file(target, "xb")
        async with file:
            async for piece in pieces:  # what breaks off here is the network's fault, and no fault of the name
                size += len(piece)
                if before + size > MAX_TOTAL:
                    raise ExportError(
                        f"{target.name} is larger than {MAX_TOTAL >> 20} MB", "no tracker's export is that large"
                    )
                with _kept(target):
                    await file.write(piece)
        return size


@contextmanager
def _kept(target: Path) -> Iterator[None]:
    """Say in plain words why a file cannot be kept."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"{target.name} cannot be kept here: {error.strerror}", "try another name") from None


def _parts(path: str) -> tuple[str, ...]:
    """Return the parts of a path as a browser names it. Raises ExportError for one that leads elsewhere."""
    parts = PurePosixPath(path).parts
    for part in parts:
        odd = part in ("/", ".", "..") or "\\" in part or any(ord(letter) < 32 or letter == "\x7f" for letter in part)
        if odd or len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
            raise ExportError("the name of this file cannot be used here", "rename the file and drop it again")
    if not parts or len(parts) > 20:
        raise ExportError("the name of this file cannot be used here", "rename the file and drop it again")
    return parts
