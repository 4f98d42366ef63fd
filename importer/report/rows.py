"""A run row by row for machines and spreadsheets: json, jsonl, csv and the account snapshot.

Every writer takes its rows one by one and writes UTF-8 to a binary stream as it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importer.model import Kind, iso_or_none
from importer.record import summary_document
from importer.report.sink import Sink, Table, encode, harmless, ids_by_key, write_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from importer.model import AccountRating
    from importer.record import Record, Summary

ID_COLUMNS = ("simkl", "imdb", "tmdb", "tvdb", "mal", "anidb", "anilist", "kitsu", "letterboxd", "traktslug")

CSV_COLUMNS = (
    *("source", "file", "line", "key", "kind", "title", "year", *ID_COLUMNS),
    *("source_rating", "rating", "rated_at", "date_from", "outcome", "reason", "note", "simkl_status"),
    *("prior_rating", "prior_rated_at", "matched_title", "matched_year", "matched_simkl", "batch"),
)


def write_jsonl(records: Iterable[Record], stream: Sink) -> None:
    """One object a line, in the order given."""
    for record in records:
        stream.write(encode(_row(record)) + b"\n")


def write_json(summary: Summary, records: Iterable[Record], stream: Sink) -> None:
    """One document: the summary under `run`, the rows as in jsonl under `rows`."""
    stream.write(b'{"schema":1,"run":' + encode(summary_document(summary)) + b',"rows":[')
    write_list((encode(_row(record)) for record in records), stream)
    stream.write(b"]}\n")


def write_csv(records: Iterable[Record], stream: Sink) -> None:
    """The fields of jsonl as columns. A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    table = Table(stream, CSV_COLUMNS)
    for record in records:
        row = _row(record)
        ids, matched = row.pop("ids"), row.pop("matched") or {}
        row |= {column: ids.get(column) for column in ID_COLUMNS}
        row |= {f"matched_{name}": matched.get(name) for name in ("title", "year", "simkl")}
        table.write([harmless(row[column]) for column in CSV_COLUMNS])


def write_snapshot(rows: Iterable[AccountRating], stream: Sink) -> None:
    """The account's ratings in the shape of Simkl's own backup: movies, shows, anime."""
    later: dict[Kind, list[bytes]] = {Kind.SHOW: [], Kind.ANIME: []}

    def movies() -> Iterable[bytes]:
        for row in rows:
            # Movies are the bulk and come first: only the other two kinds wait, encoded.
            if row.kind is Kind.MOVIE:
                yield encode(_backup(row))
            else:
                later[row.kind].append(encode(_backup(row)))

    stream.write(b'{"movies":[')
    write_list(movies(), stream)
    for name, kind in (("shows", Kind.SHOW), ("anime", Kind.ANIME)):
        stream.write(b'],"%s":[' % name.encode())
        write_list(later[kind], stream)
    stream.write(b"]}\n")


def _row(record: Record) -> dict[str, Any]:
    """Return a record as the contract's jsonl object."""
    found = record.matched
    return {
        "source": record.source,
        "file": record.file,
        "line": record.line,
        "key": record.key,
        "kind": record.kind,
        "title": record.title,
        "year": record.year,
        "ids": ids_by_key(record.ids),
        "source_rating": record.source_rating,
        "rating": record.rating,
        "rated_at": iso_or_none(record.rated_at),
        "date_from": record.date_from,
        "outcome": record.outcome,
        "reason": record.reason,
        "note": record.note,
        "simkl_status": record.simkl_status,
        "prior_rating": record.prior_rating,
        "prior_rated_at": iso_or_none(record.prior_rated_at),
        "matched": None if found is None else {"title": found.title, "year": found.year, "simkl": found.simkl},
        "batch": record.batch,
    }


def _backup(row: AccountRating) -> dict[str, Any]:
    ids: dict[str, str | int] = {} if row.simkl is None else {"simkl": row.simkl}
    ids |= {key: value for key, value in row.ids if key != "simkl"}
    return {
        "user_rating": row.rating,
        "user_rated_at": iso_or_none(row.rated_at),
        "movie" if row.kind is Kind.MOVIE else "show": {"title": row.title, "year": row.year, "ids": ids},
    }
