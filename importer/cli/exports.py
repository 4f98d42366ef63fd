"""Where adapters and importer meet: paths become exports, each claimed by one adapter."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adapters import ADAPTERS, detect
from adapters.reading.files import open_source
from adapters.reading.text import shown
from importer.errors import ExportError, UsageError
from importer.machine.settings import nearest
from importer.run.reading import Export

if TYPE_CHECKING:
    from adapters.protocol import Adapter, Claim, Source

GROUP = "simkl_import.adapters"
"""Entry points of other people's adapters: each names an object with the Adapter protocol."""


def all_adapters() -> tuple[Adapter, ...]:
    """Ours, then those that other packages bring. Raises UsageError for one that cannot be loaded."""
    return ADAPTERS + tuple(_loaded(entry) for entry in entry_points(group=GROUP))


def _loaded(entry: EntryPoint) -> Adapter:
    try:
        adapter: Adapter = entry.load()
    except Exception as error:  # noqa: BLE001 (whatever somebody else's module does when it is imported)
        package = entry.dist.name if entry.dist is not None else entry.value
        raise UsageError(
            f"the adapter {entry.name} of {package} cannot be loaded ({type(error).__name__})",
            f"mend it, or remove it: pip uninstall {package}",
        ) from None
    return adapter


def chosen_adapters(wanted: str | None) -> tuple[Adapter, ...]:
    """The one that `--from` names, else all. Raises a usage error that names the nearest right one."""
    adapters = all_adapters()
    if wanted is None:
        return adapters
    chosen = tuple(adapter for adapter in adapters if adapter.name == wanted)
    if not chosen:
        near = nearest(wanted, tuple(adapter.name for adapter in adapters))
        raise click.BadParameter(f"cannot be {wanted!r}{near}", param_hint="'--from'")
    return chosen


def open_exports(
    paths: Sequence[Path], adapters: tuple[Adapter, ...], encoding: str | None
) -> list[tuple[Export, str]]:
    """Open and claim every export; with each the claim's reason. Raises ExportError for the first that cannot be."""
    return [_open(path, adapters, encoding) for path in paths]


def _open(path: Path, adapters: tuple[Adapter, ...], encoding: str | None) -> tuple[Export, str]:
    source = open_source(path, encoding)
    adapter, claim = detect(source, adapters)
    return (
        Export(
            shown(str(path)),
            adapter.name,
            _fingerprint(path, source, claim, adapter),
            lambda: adapter.read(source, claim),
        ),
        claim.why,
    )


def _fingerprint(path: Path, source: Source, claim: Claim, adapter: Adapter) -> str:
    """A digest of the export's bytes: of the file, or in a folder of the members that are read."""
    digest = hashlib.sha256(f"{adapter.name} {source.encoding}".encode())
    try:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        else:
            for name in claim.members:
                digest.update(name.encode("utf-8", "surrogatepass") + b"\0" + source.members[name]())
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest()
