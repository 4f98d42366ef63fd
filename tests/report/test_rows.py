"""The reports for machines: their fields, their order, and that nothing in a title breaks them."""

from __future__ import annotations

import csv
import io
import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.model import AccountRating, Kind, Outcome
from importer.record import Match, Summary, iso, summary_document
from importer.report.rows import (
    CSV_COLUMNS,
    write_csv,
    write_json,
    write_jsonl,
    write_snapshot,
)

JSONL = [
    *(
        "source",
        "file",
        "line",
        "key",
        "kind",
        "title",
        "year",
        "ids",
        "source_rating",
        "rating",
        "rated_at",
        "date_from",
    ),
    *("outcome", "reason", "note", "simkl_status", "prior_rating", "prior_rated_at", "matched", "batch"),
]
DOCUMENT = [
    *("schema", "command", "run", "exit", "dry_run", "account", "resume_file", "sources", "totals", "reasons", "notes"),
    *("dates", "requests", "resume_at", "seconds", "message", "open", "owed", "stuck"),
]
UNDO = ["read", "restored", "removed", "left", "unchanged", "not_found", "failed", "unconfirmed", "unlisted", "pending"]
HOSTILE = st.text() | st.sampled_from(["=1+1", '"', "a\rb", "a\nb", "\x00", "\ud800", ",;\t", "@x", "'"])


def written(write, records):
    stream = io.BytesIO()
    write(records, stream)
    return stream.getvalue()


def table(data):
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def storable(text):
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_614_859_205, "2021-03-04T12:00:05Z"),
        (-2_208_988_800, "1900-01-01T00:00:00Z"),
    ],
)
def test_times_are_whole_seconds_utc(seconds, text):
    """A time reads as the contract says, also before 1970."""
    assert iso(seconds) == text


def test_jsonl_has_the_fields_of_the_contract_in_its_order(record):
    """One object a row with exactly these fields."""
    lines = written(write_jsonl, [record(), record(matched=None, kind=None)]).splitlines()
    first, second = map(json.loads, lines)
    assert list(first) == list(second) == JSONL
    assert first["ids"] == {"imdb": "tt0113277", "tmdb": "949"}
    assert first["matched"] == {"title": "Heat", "year": 1995, "simkl": 53_536}
    assert (first["kind"], first["rated_at"], first["date_from"]) == ("movie", "2021-03-04T12:00:05Z", "rating")
    assert (second["kind"], second["matched"]) == (None, None)


@settings(deadline=None)
@given(HOSTILE)
def test_jsonl_keeps_every_title(record, title):
    """A title comes back as it was, save what UTF-8 cannot hold."""
    assert orjson.loads(written(write_jsonl, [record(title=title)]))["title"] == storable(title)


def test_json_is_one_document_with_the_summary_and_the_rows(record, summarise):
    """The summary is the one of --json."""
    records = [record(), record(outcome=Outcome.FAILED)]
    stream = io.BytesIO()
    write_json(summarise(records), iter(records), stream)
    document = json.loads(stream.getvalue())
    assert document["schema"] == 1
    assert document["run"] == summary_document(summarise(records))
    assert [row["outcome"] for row in document["rows"]] == ["applied", "failed"]


def test_json_without_rows_is_a_document(summarise):
    """No rows is an empty list."""
    stream = io.BytesIO()
    write_json(summarise([]), iter([]), stream)
    assert json.loads(stream.getvalue())["rows"] == []


def test_csv_flattens_ids_and_match(record):
    """Each id and each part of the match has its column."""
    header, row = table(written(write_csv, [record(ids=(("traktslug", "heat-1995"),))]))
    assert tuple(header) == CSV_COLUMNS
    cells = dict(zip(header, row, strict=True))
    assert (cells["traktslug"], cells["imdb"]) == ("heat-1995", "")
    assert (cells["matched_title"], cells["matched_year"], cells["matched_simkl"]) == ("Heat", "1995", "53536")
    assert [name for name in header if name in JSONL] == [name for name in JSONL if name not in ("ids", "matched")]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_disarms_formulas_in_every_text(record, text):
    """A spreadsheet shows the text and runs nothing."""
    one = record(
        title=text, file=text, key=text, source_rating=text, matched=Match(text, None, 1), ids=(("mal", text),)
    )
    cells = dict(zip(CSV_COLUMNS, table(written(write_csv, [one]))[1], strict=True))
    for name in ("title", "file", "key", "source_rating", "matched_title", "mal"):
        assert cells[name] == "'" + text


def test_snapshot_has_the_shape_of_the_services_backup():
    """Three lists, each row with its rating, date and title."""
    rows = [
        AccountRating(3, Kind.ANIME, "Monster", 2004, (("mal", "19"),), 10, None),
        AccountRating(1, Kind.MOVIE, "Heat", 1995, (("simkl", "1"), ("imdb", "tt0113277")), 9, 1_614_859_205),
        AccountRating(2, Kind.SHOW, "Lost", 2004, (), 7, 0),
    ]
    document = json.loads(written(write_snapshot, iter(rows)))
    assert list(document) == ["movies", "shows", "anime"]
    assert document["movies"] == [
        {
            "user_rating": 9,
            "user_rated_at": "2021-03-04T12:00:05Z",
            "movie": {"title": "Heat", "year": 1995, "ids": {"simkl": 1, "imdb": "tt0113277"}},
        }
    ]
    assert document["shows"][0]["show"]["ids"] == {"simkl": 2}
    assert document["anime"][0]["user_rated_at"] is None
    assert json.loads(written(write_snapshot, [])) == {"movies": [], "shows": [], "anime": []}


def test_summary_document_is_the_contracts(mixed, summarise):
    """Names and order of schema 1; totals name every outcome and add up."""
    document = summary_document(summarise(mixed))
    assert list(document) == DOCUMENT
    assert list(document["totals"]) == ["read", *Outcome]
    assert sum(document["totals"].values()) == 2 * document["totals"]["read"]
    assert document["account"] == {"id": 51, "name": "heidi"}
    assert document["requests"] == {"post": 11, "get": 3, "retries": 1, "left_today": None}
    assert document["dates"] == {"rating": 0, "entry": 0, "watched": 0, "edited": 0, "run": 0}
    assert document["seconds"] == 14.2
    assert orjson.loads(orjson.dumps(document))["notes"] == {"other_title": 1, "shared_title": 1}


def test_summary_document_of_nothing():
    """Where nothing was read the totals are null; undo has totals of its own."""
    assert summary_document(Summary(command="check", exit=5))["totals"] is None
    assert summary_document(Summary(command="check", exit=5))["account"] is None
    undo = summary_document(Summary(command="undo", exit=0, totals={"read": 2, "removed": 2}))
    assert list(undo["totals"]) == UNDO
