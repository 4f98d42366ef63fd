"""Where adapters and importer meet: paths become exports, each claimed by one adapter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from adapters import ADAPTERS, read, recognise
from adapters.protocol import Choices
from adapters.reading.files import open_source
from adapters.reading.text import shown
from importer.errors import ExportError, UsageError
from importer.run.reading import Export

if TYPE_CHECKING:
    from adapters.protocol import Adapter, Claim, Source
    from importer.model import Date

GROUP = "simkl_import.adapters"
"""Entry points of other people's adapters: each names an object with the Adapter protocol."""


def all_adapters() -> tuple[Adapter, ...]:
    """Ours, then those that other packages bring. Raises UsageError for one that cannot be loaded."""
    return ADAPTERS + tuple(_loaded(entry) for entry in entry_points(group=GROUP))


def _loaded(entry: EntryPoint) -> Adapter:
    try:
        adapter: Adapter = entry.load()
    except Exception:  # noqa: BLE001 (whatever somebody else's module does when it is imported)
        package = entry.dist.name if entry.dist is not None else entry.value
        raise UsageError(
            f"the adapter {entry.name} of {package} cannot be loaded",
            f"mend it, or remove it: pip uninstall {package}",
        ) from None
    return adapter


def open_exports(
    paths: Sequence[Path],
    adapters: tuple[Adapter, ...],
    choices: Choices | None = None,
    recorded: Callable[[str], Date | None] | None = None,
) -> list[tuple[Export, str]]:
    """Open and claim every export; with each the claim's reason. Raises ExportError for the first that cannot be.

    `recorded` gives the date on record for a row's key, for rows that a person has mended.
    """
    today = datetime.now(UTC).date()
    sources = [open_source(path, choices or Choices(), today) for path in paths]
    if recorded is not None:
        sources = [replace(source, recorded=recorded) for source in sources]
    return [_open(path, source, sources, adapters) for path, source in zip(paths, sources, strict=True)]


def open_each(
    exports: Sequence[tuple[Path, Choices]],
    adapters: Sequence[tuple[Adapter, ...]],
    recorded: Callable[[str], Date | None] | None = None,
) -> list[tuple[Export, str] | ExportError]:
    """Open and claim every export, each by its own choices and as one of its own adapters.

    In the place of one that cannot be, its error. As in `open_exports`, one may be completed by another beside it.
    """
    today = datetime.now(UTC).date()
    sources: list[Source | ExportError] = []
    for path, choices in exports:
        try:
            opened = open_source(path, choices, today)
            sources.append(opened if recorded is None else replace(opened, recorded=recorded))
        except ExportError as error:
            sources.append(error)
    whole = [source for source in sources if not isinstance(source, ExportError)]
    found: list[tuple[Export, str] | ExportError] = []
    for (path, _), source, among in zip(exports, sources, adapters, strict=True):
        try:
            found.append(source if isinstance(source, ExportError) else _open(path, source, whole, among))
        except ExportError as error:
            found.append(error)
    return found


def _open(
    path: Path, source: Source, all_sources: Sequence[Source], adapters: tuple[Adapter, ...]
) -> tuple[Export, str]:
    others = tuple(other for other in all_sources if other is not source)
    source, adapter, claim = recognise(replace(source, beside=others), adapters)
    fingerprint = _fingerprint(path, source, claim, adapter)
    return Export(shown(str(path)), adapter.name, fingerprint, lambda: read(source, adapter, claim)), claim.why


def _fingerprint(path: Path, source: Source, claim: Claim, adapter: Adapter) -> str:
    """Return a digest of how an export is read and of its bytes: of the file, or in a folder of the members that are
    read.
    """
    digest = hashlib.sha256(f"{adapter.name} {_deciding(source.choices)}".encode())
    try:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        else:
            for name in (*claim.members, *claim.helpers):
                digest.update(name.encode("utf-8", "surrogatepass") + b"\0" + source.members[name]())
        for other in claim.joined:
            for opener in other.members.values():
                digest.update(opener())
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest()


def _deciding(choices: Choices) -> str:
    """Return the choices as a text; as in earlier versions where the encoding is all that was chosen."""
    return f"{choices.encoding}" if choices == Choices(choices.encoding) else repr(choices)
