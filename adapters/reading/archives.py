"""Zip and gzip in memory: members by name, counted while they inflate, never unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from adapters.protocol import HEAD, Source
from adapters.reading.text import shown
from importer.errors import ExportError

MAX_MEMBERS = 2_000
"""Files in a zip or folder; the largest exports known have some hundred."""

MAX_MEMBER = 64 * 1024 * 1024
"""Bytes of one member once inflated, and of one file on disk. Counted while inflating: declared sizes lie."""

MAX_TOTAL = 256 * 1024 * 1024
"""Bytes of all members opened of one source, once inflated, and of a zip on disk."""

MAX_GZIP_PARTS = 64
"""Gzip streams one after the other in one file."""

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP_MAGIC = b"\x1f\x8b"

Opener: TypeAlias = Callable[[], bytes]

# Every entry of a zip's directory begins so. Counting them costs less than parsing a directory made to be endless.
_ENTRY = b"PK\x01\x02"
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:[/\\]|(?:.*[/\\])?\.\.(?:[/\\]|$)", re.DOTALL)
# What zipfile and zlib raise on bytes that are no sound archive.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, LookupError, OSError)


@dataclass(slots=True)
class Budget:
    """Counts what has been opened of one source: each member once, at its real size."""

    path: str
    sizes: dict[str, int] = field(default_factory=dict)

    def take(self, member: str, data: bytes) -> bytes:
        """Pass a member's bytes through. Raises ExportError where it, or all so far, are over the limit."""
        if len(data) > MAX_MEMBER:
            raise ExportError(f"{shown(self.path)}: refused: {member} is larger than {MAX_MEMBER >> 20} MiB unpacked")
        self.sizes[member] = len(data)
        if sum(self.sizes.values()) > MAX_TOTAL:
            raise ExportError(f"{shown(self.path)}: refused: holds more than {MAX_TOTAL >> 20} MiB unpacked")
        return data


def hidden(part: str) -> bool:
    """Tell whether a file or folder of this name is none of the export's: dot files and what macOS adds to zips."""
    return part.startswith(".") or part == "__MACOSX"


def refusal(message: str, hint: str = "") -> Opener:
    """Make the opener of a member that may not be read: it raises ExportError, so only who takes the member is told."""

    def opener() -> bytes:
        raise ExportError(message, hint)

    return opener


def gunzip(data: bytes, path: str) -> bytes:
    """Inflate a gzip file to at most MAX_MEMBER + 1 bytes. Raises ExportError where it is damaged or cut off."""
    parts: list[bytes] = []
    left = MAX_MEMBER + 1
    for _ in range(MAX_GZIP_PARTS):
        inflater = zlib.decompressobj(31)
        try:
            parts.append(inflater.decompress(data, left))
        except zlib.error:
            raise ExportError(f"{shown(path)}: is damaged: no sound gzip file", "download it again") from None
        left -= len(parts[-1])
        if left <= 0:
            break
        if not inflater.eof:
            raise ExportError(f"{shown(path)}: is damaged: the gzip file is cut off", "download it again")
        data = inflater.unused_data
        if not data.startswith(GZIP_MAGIC):
            break
    else:
        raise ExportError(f"{shown(path)}: refused: more than {MAX_GZIP_PARTS} gzip streams in one file")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def inflated(data: bytes, path: str) -> bytes:
    """Return a file's bytes as they are, or inflated where they are gzip, whatever its name says."""
    return gunzip(data, path) if data.startswith(GZIP_MAGIC) and len(data) <= MAX_MEMBER else data


def gunzip_head(data: bytes, path: str) -> bytes:
    """Inflate the first bytes of a gzip file from its first bytes; HEAD at most."""
    try:
        return zlib.decompressobj(31).decompress(data, HEAD)
    except zlib.error:
        raise ExportError(f"{shown(path)}: is damaged: no sound gzip file", "download it again") from None


def unzip(data: bytes, path: str, budget: Budget | None = None) -> tuple[dict[str, Opener], dict[str, Opener]]:
    """List a zip's members: what opens each of them, and what opens its first bytes; `budget` is what they share.

    Raises ExportError for a zip that is damaged, empty, over a limit, or has a member whose name leads out of it.
    A member that is encrypted, a link, damaged or too large refuses when it is opened, and so does a name of two files.
    """
    place = shown(path)
    if len(data) > MAX_TOTAL:
        raise ExportError(f"{place}: refused: larger than {MAX_TOTAL >> 20} MiB")
    if data.count(_ENTRY) > 4 * MAX_MEMBERS:
        raise ExportError(f"{place}: refused: more than {MAX_MEMBERS:,} members")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE:
        raise ExportError(f"{place}: is damaged: no sound zip file, perhaps cut off", "download it again") from None
    budget = budget or Budget(path)
    members: dict[str, Opener] = {}
    heads: dict[str, Opener] = {}
    contents: dict[str, tuple[int, int] | None] = {}
    for info in archive.infolist():
        if _OUTSIDE.match(info.filename):
            raise ExportError(f"{place}: refused as unsafe: the name {shown(info.filename)!r} leads out of the zip")
        parts = [part for part in re.split(r"[/\\]", info.filename) if part not in ("", ".")]
        if info.is_dir() or not parts or any(map(hidden, parts)):
            continue
        name = shown("/".join(parts))
        same = (info.CRC, info.file_size)
        # Which of two is meant nobody knows here, and to take one would lose the rows of the other.
        if contents.setdefault(name, same) == same:
            members[name] = _member(archive, info, name, budget)
        else:
            contents[name] = None
            members[name] = refusal(
                f"{name}: is in the zip more than once, each time another file",
                "unpack it, see which one is meant, and give that",
            )
        heads[name] = _member(archive, info, name, None)
    if len(members) > MAX_MEMBERS:
        raise ExportError(f"{place}: refused: more than {MAX_MEMBERS:,} members")
    if not members:
        raise ExportError(f"{place}: the zip holds no files; expected an export")
    return members, heads


def unpacked(source: Source) -> Source | None:
    """Open the zips among an export's members; None where there are none. A zip within such a zip stays closed.

    One that is damaged, refused as unsafe or too large stays the one member that it was, and so does one with a member
    of a name that there is already.
    """
    members = dict(source.members)
    heads = dict(source.heads)
    budget = Budget(source.path)
    for name in source.members:
        if not name.lower().endswith(".zip"):
            continue
        try:
            if source.head(name)[:4] not in ZIP_MAGIC:
                continue
            inner, first = unzip(source.members[name](), name, budget)
        except ExportError:
            continue
        opened = {f"{name}/{member}": opener for member, opener in inner.items()}
        if not members.keys().isdisjoint(opened):
            continue
        del members[name]
        heads.pop(name, None)
        members |= opened
        heads |= {f"{name}/{member}": opener for member, opener in first.items()}
    if members.keys() == source.members.keys():
        return None
    if len(members) > MAX_MEMBERS:
        raise ExportError(f"{shown(source.path)}: refused: more than {MAX_MEMBERS:,} files")
    return replace(source, members=members, heads=heads)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget | None) -> Opener:
    """Make a member's opener; without a budget that of its first bytes."""
    if info.flag_bits & 0x1:
        return refusal(f"{name}: is encrypted", "unpack it with its password and give the folder")
    if stat.S_ISLNK(info.external_attr >> 16):
        return refusal(f"{name}: is a link in the zip, which is not followed", "give the file itself")
    # The other methods of zipfile inflate without a bound.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return refusal(f"{name}: is packed in a way that is not read here", "unpack the zip and give the folder")

    def opener() -> bytes:
        try:
            with archive.open(info) as file:
                data = file.read(HEAD if budget is None else MAX_MEMBER + 1)
        except _DAMAGE:
            raise ExportError(f"{name}: is damaged in its zip file", "download the export again") from None
        if budget is None:
            return gunzip_head(data, name) if data.startswith(GZIP_MAGIC) else data
        return budget.take(name, inflated(data, name))

    return opener
