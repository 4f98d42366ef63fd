"""Where adapters and importer meet: paths become exports, each claimed by one adapter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adapters import ADAPTERS, read, recognise
from adapters.protocol import Choices
from adapters.reading.dates import DateOrder
from adapters.reading.files import open_source
from adapters.reading.scale import Rounding, Scale
from adapters.reading.text import shown
from importer.errors import ExportError, UsageError
from importer.machine.settings import nearest
from importer.run.reading import Export

if TYPE_CHECKING:
    from adapters.protocol import Adapter, Claim, Source
    from importer.cli.options import Effective
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


def choices_of(values: Effective) -> Choices:
    """What the person chose about how exports are read."""
    order, scale, rounding = values["date-order"], values["scale"], values["round"]
    return Choices(
        encoding=values["encoding"],
        date_order=None if order is None else DateOrder(order),
        scale=None if scale is None else Scale(scale),
        round=None if rounding is None else Rounding(rounding),
        map=tuple(_pair(text, last=True) for text in values["map"]),
        set=tuple(_pair(text, last=False) for text in values["set"]),
    )


def _pair(text: str, *, last: bool) -> tuple[str, str]:
    """Part NAME=VALUE; a column's name may hold an equals sign, and so may a value."""
    name, _, value = text.rpartition("=") if last else text.partition("=")
    return name.strip(), value.strip()


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
    opened: list[tuple[Export, str]] = []
    for path, source in zip(paths, sources, strict=True):
        others = tuple(other for other in sources if other is not source)
        opened.append(_open(path, replace(source, beside=others), adapters))
    return opened


def _open(path: Path, source: Source, adapters: tuple[Adapter, ...]) -> tuple[Export, str]:
    source, adapter, claim = recognise(source, adapters)
    return (
        Export(
            shown(str(path)),
            adapter.name,
            _fingerprint(path, source, claim, adapter),
            lambda: read(source, adapter, claim),
        ),
        claim.why,
    )


def _fingerprint(path: Path, source: Source, claim: Claim, adapter: Adapter) -> str:
    """A digest of how an export is read and of its bytes: of the file, or in a folder of the members that are read."""
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
    """The choices as a text; as in earlier versions where the encoding is all that was chosen."""
    return f"{choices.encoding}" if choices == Choices(choices.encoding) else repr(choices)
