"""The rejects file: the rows that need a person, to be mended in a spreadsheet and imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.model import Note, Origin, Outcome, Precision, Reason, iso
from importer.report.sink import Cell, Sink, Table, harmless, ids_by_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from importer.record import Record

IDS = ("simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "letterboxd")
COLUMNS = (
    *("reason", "source", "file", "line", "key", "type", "title", "year", "rating", "rated_at"),
    *IDS,
    "source_rating",
)

BOM = b"\xef\xbb\xbf"
"""By this spreadsheet programs know that a CSV file is UTF-8."""

_OUTCOMES = frozenset({Outcome.REJECTED, Outcome.NOT_FOUND, Outcome.FAILED, Outcome.UNCONFIRMED})


def write_rejects(records: Iterable[Record], stream: Sink) -> None:
    """Write the rows that were rejected, not found, failed, unconfirmed, or landed on another title."""
    stream.write(BOM)
    table = Table(stream, COLUMNS)
    for record in records:
        if record.outcome in _OUTCOMES or record.note is Note.OTHER_TITLE:
            table.write([harmless(cell) for cell in _cells(record)])


SUGGESTED = ("suggestion_simkl", "suggestion_title", "suggestion_year", "suggestion_url")
"""Columns beside the others that tell of a title and are never used by themselves."""


def write_suggestions(rows: Iterable[tuple[Record, Sequence[Cell]]], stream: Sink) -> None:
    """Write a rejects file with a suggestion beside every row, in the cells of SUGGESTED; none: four empty ones."""
    stream.write(BOM)
    table = Table(stream, (*COLUMNS, *SUGGESTED))
    for record, suggestion in rows:
        table.write([harmless(cell) for cell in (*_cells(record), *(suggestion or [None] * len(SUGGESTED)))])


def _cells(record: Record) -> list[Cell]:
    place: list[Cell] = [_why(record), record.source, record.file, record.line, record.key]
    if record.reason is Reason.MALFORMED_ROW:
        # Its columns do not fit: nobody knows which cell is which.
        return [*place, None, record.title, *[None] * (len(COLUMNS) - 7)]
    ids = ids_by_key(record.ids)
    title = [record.said_kind or record.kind, record.title, record.year, _rating(record), _date(record)]
    return [*place, *title, *(ids.get(name) for name in IDS), record.source_rating]


def _why(record: Record) -> str:
    if record.note is Note.OTHER_TITLE:
        return record.note
    return record.reason or record.outcome


def _rating(record: Record) -> int | None:
    """Return the rating on the 1-10 scale; a value that has no place there stands in `source_rating` alone."""
    return record.rating if record.rating is not None and 1 <= record.rating <= 10 else None


def _date(record: Record) -> str | None:
    """Return the date at the precision that is known, or what stands there word for word if nobody can read it."""
    if record.said_date:
        return record.said_date
    # The start of a run as rating date would pass for a true one when it is read back.
    if record.rated_at is None or record.date_from is Origin.RUN:
        return None
    moment = iso(record.rated_at)
    return moment[:10] if record.precision is Precision.DAY else moment
