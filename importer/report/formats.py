"""Rows in one of the formats of `report`, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.report import rows
from importer.report.rejects import write_rejects

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importer.record import Record, Summary
    from importer.report.sink import Sink


def write_kind(stream: Sink, kind: str, summary: Summary, records: Iterable[Record]) -> None:
    """Write rows in one of the formats of `report`."""
    match kind:
        case "html":
            from importer.report.html import write_html

            write_html(summary, records, stream)
        case "json":
            rows.write_json(summary, records, stream)
        case "jsonl":
            rows.write_jsonl(records, stream)
        case "rejects":
            write_rejects(records, stream)
        case _:
            rows.write_csv(records, stream)
