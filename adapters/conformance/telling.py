"""What an export reads as, one line a row: the text of a golden file, kept beside a sample and compared in review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from adapters import ADAPTERS, detect, read
from adapters.protocol import Choices
from adapters.reading.files import open_source
from importer.errors import ExportError
from importer.model import Date, Item, Precision, Rejected, Remark, Row, Skipped

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from adapters.protocol import Adapter

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN: Final = Choices()


def told(
    path: Path, choices: Choices = _PLAIN, today: date | None = None, adapters: Sequence[Adapter] = ADAPTERS
) -> list[str]:
    """Read an export; return one line for each thing that is said of it: the claim, every row and remark, a refusal.

    `today` tells what a two-digit year means. The lines are the same on every machine.
    """
    source = open_source(path, choices, today)
    try:
        adapter, claim = detect(source, tuple(adapters))
        lines = [f"{adapter.name}: {claim.why}"]
        lines += [line(said) for said in read(source, adapter, claim)]
    except ExportError as refusal:
        lines = [f"refused: {refusal.message}"]
    return [text.replace(str(path), path.name) for text in lines]


def line(said: Row | Remark) -> str:
    """Write a row or a remark as one line: its fate, key, kind, title, ids, rating, date and place."""
    if isinstance(said, Remark):
        return f"remark    {said.file}:{said.line} | {said.text}"
    item = said if isinstance(said, Item) else said.item
    fate = said.reason if isinstance(said, Rejected | Skipped) else type(said).__name__.lower()
    text = f" {said.text!r}" if isinstance(said, Rejected) and said.text else ""
    year = "" if item.year is None else f" ({item.year})"
    ids = " ".join(f"{key}={value}" for key, value in item.ids) or "no ids"
    rating = f"{item.source_rating!r} -> {item.rating}"
    facts = (f"{fate}{text}", item.key, str(item.kind), f"{item.title}{year}", ids, rating, when(item.date))
    return " | ".join((*facts, f"{item.file}:{item.line}"))


def when(stamp: Date | None) -> str:
    """Write a date at its precision, with its origin."""
    if stamp is None:
        return "no date"
    moment = _EPOCH + timedelta(seconds=stamp.value)
    day = stamp.precision is Precision.DAY
    return f"{moment.date() if day else moment.isoformat()} {stamp.origin}"
