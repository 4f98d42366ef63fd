"""The columns of the table `rows`: what stands in them for a record, and the record of what stands there.

One more column takes three lines here: one in ADDED, one in `_findings_of` and one in `record_of`.
"""

from __future__ import annotations

from typing import Any

from importer.journal.values import ids_text, ids_value
from importer.model import AccountRating, Kind, Note, Origin, Outcome, Precision, Reason
from importer.record import Match, Record, TakenBack

ADDED: tuple[tuple[int, str], ...] = ()
"""Columns that came after version 3, each with the schema version that first has it: `(4, "comment TEXT")`.

They stand last in the table, and are NULL in rows that an older program wrote.
"""

_PLAIN = (
    "source, file, line, key, kind, title, year, ids, source_rating, rating, rated_at, date_from, precision, outcome,"
    " fresh"
)
_FINDINGS = (
    "said_date, said_kind, reason, note, simkl_status, prior_rating, prior_rated_at, matched_simkl, matched_title,"
    " matched_year, batch"
)

COLUMNS = ", ".join((_PLAIN, _FINDINGS, *(column.split()[0] for _, column in ADDED)))
"""Their names; `run`, `place` and `n` stand before them."""

_NO_FINDINGS = (None,) * (len(_FINDINGS.split(", ")) + len(ADDED))

_KINDS = {kind.value: kind for kind in Kind}
_ORIGINS = {origin.value: origin for origin in Origin}
_PRECISIONS = {precision.value: precision for precision in Precision}
_OUTCOMES: dict[str, Outcome | TakenBack] = {
    **{outcome.value: outcome for outcome in Outcome},
    **{outcome.value: outcome for outcome in TakenBack},
}
_REASONS = {reason.value: reason for reason in Reason}
_NOTES = {note.value: note for note in Note}


def values_of(record: Record) -> tuple[Any, ...]:
    """Return what stands in the columns for a record, in their order.

    What it leaves out at their end is NULL: most rows are written before anything is found out about them, and to write
    a NULL takes as long as to write a text.
    """
    findings = _findings_of(record)
    return _plain_of(record) if findings == _NO_FINDINGS else (*_plain_of(record), *findings)


def _plain_of(r: Record) -> tuple[Any, ...]:
    return (
        r.source,
        r.file,
        r.line,
        r.key,
        r.kind and str(r.kind),
        r.title,
        r.year,
        ids_text(r.ids),
        r.source_rating,
        r.rating,
        r.rated_at,
        r.date_from and str(r.date_from),
        r.precision and str(r.precision),
        str(r.outcome),
        int(r.fresh),
    )


def _findings_of(r: Record) -> tuple[Any, ...]:
    return (
        r.said_date or None,
        r.said_kind or None,
        r.reason and str(r.reason),
        r.note and str(r.note),
        r.simkl_status,
        r.prior_rating,
        r.prior_rated_at,
        *match_columns(r.matched),
        r.batch,
    )


def match_columns(match: Match | AccountRating | None) -> tuple[int | None, str | None, int | None]:
    """Return what stands in the columns of the title that a row was found on."""
    return (None, None, None) if match is None else (match.simkl, match.title, match.year)


def record_of(row: tuple[Any, ...]) -> Record:
    """Return the record of what stands in the columns, given in their order."""
    return Record(
        source=row[0],
        file=row[1],
        line=row[2],
        key=row[3],
        kind=_KINDS.get(row[4]),
        title=row[5],
        year=row[6],
        ids=ids_value(row[7]),
        source_rating=row[8],
        rating=row[9],
        rated_at=row[10],
        date_from=_ORIGINS.get(row[11]),
        precision=_PRECISIONS.get(row[12]),
        outcome=_OUTCOMES[row[13]],
        fresh=bool(row[14]),
        said_date=row[15] or "",
        said_kind=row[16] or "",
        reason=_REASONS.get(row[17]),
        note=_NOTES.get(row[18]),
        simkl_status=row[19],
        prior_rating=row[20],
        prior_rated_at=row[21],
        matched=None if row[22] is None else Match(row[23], row[24], row[22]),
        batch=row[25],
    )
