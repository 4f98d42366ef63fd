"""No bytes make an adapter raise anything but its own error, and whatever it yields can be written down."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.mal.adapter import MyAnimeList
from adapters.protocol import Adapter, Claim, Source
from adapters.reading import documents
from adapters.reading.files import open_source
from adapters.trakt.adapter import Trakt
from importer.errors import ExportError
from importer.model import Item, Remark

ADAPTERS: tuple[Adapter, ...] = (MyAnimeList(), Trakt())
SAMPLES = sorted(
    path
    for site in ("mal", "trakt")
    for path in (Path(__file__).resolve().parents[2] / "samples" / site).iterdir()
    if path.is_file()
)
PLAIN = [path for path in SAMPLES if path.suffix in {".xml", ".json", ".csv"}]
ROW = (
    b'{"rated_at":"2026-06-30T19:55:52.000Z","rating":9,"type":"movie",'
    b'"movie":{"title":"%s","year":1999,"ids":{"trakt":1}}}'
)
NAMES = """
    rating rated_at type movie show season episode ids trakt imdb tmdb slug title year node list_status my_list_status
    score data paging next id anime_id manga_id finish_date updated_at ratings
"""
QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def outcome(source: Source, adapter: Adapter, forced: str = "") -> str:
    """Claim and read; return what came of it. Forced: also what the adapter did not claim, as a file of that kind."""
    try:
        claim = adapter.claim(source)
        if not isinstance(claim, Claim) and forced:
            claim = Claim(tuple(source.members), "told so", dict.fromkeys(source.members, forced))
        if not isinstance(claim, Claim):
            return "unclaimed"
        count = 0
        for row in adapter.read(source, claim):
            count += 1
            if isinstance(row, Remark):
                assert row.text.isprintable()
                continue
            item = row if isinstance(row, Item) else row.item
            "".join((item.key, item.title, item.source_rating, *map("".join, item.ids))).encode()
            assert item.line >= 1
            assert len(item.title) + len(item.source_rating) + len(item.key) < 20_000
    except ExportError as error:
        return "refused" if error.message.isprintable() else repr(error.message)
    return f"{count} rows"


def attempt(data: bytes, name: str = "x") -> list[str]:
    source = Source(name, {name: lambda: data})
    found = [outcome(source, adapter, forced) for adapter in ADAPTERS for forced in ("", "json")]
    found.append(outcome(source, MyAnimeList(), "xml"))
    assert all(word in {"unclaimed", "refused"} or word.endswith(" rows") for word in found), found
    return found


@QUIET
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes):
    """As they come, and behind the beginnings that make an adapter look closer."""
    for head in (b"", b"<myanimelist>", b"<myanimelist><anime><series_title>", b"[", b"[" + ROW + b","):
        attempt(head + data)


@QUIET
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(sorted(NAMES.split())),
                inner | st.sampled_from(["movie", "show", "season", "episode", "tt1", "2020-01-01"]),
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json(document: object):
    """Known names with values of every type in every place."""
    attempt(json.dumps(document).encode())
    attempt(
        json.dumps([document, {"rating": 1, "movie": {}}, {"node": {}, "list_status": {}}]).encode(),
        "ratings-movies.json",
    )


@QUIET
@given(
    st.sampled_from(PLAIN),
    st.lists(
        st.tuples(st.sampled_from(["flip", "cut", "drop", "double", "insert"]), st.floats(0, 1), st.binary(max_size=6)),
        min_size=1,
        max_size=4,
    ),
    st.none() | st.sampled_from(PLAIN),
)
def test_any_damage_to_a_sample(path: Path, changes: list[tuple[str, float, bytes]], behind: Path | None):
    """Bytes flipped, cut, dropped, doubled, inserted, and two files in one."""
    data = path.read_bytes()
    for change, where, extra in changes:
        at = int(where * len(data))
        match change:
            case "flip":
                data = data[:at] + bytes(byte ^ 0x55 for byte in data[at : at + 2]) + data[at + 2 :]
            case "cut":
                data = data[:at]
            case "drop":
                data = data[:at] + data[at + 40 :]
            case "double":
                data = data[:at] + data[at : at + 300] + data[at:]
            case _:
                data = data[:at] + extra + data[at:]
    attempt(data + (behind.read_bytes() if behind else b""), path.name)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_of_one_format(path: Path):
    """Exactly one adapter takes it, save the manga list, which its own refuses."""
    found = [outcome(open_source(path), adapter) for adapter in ADAPTERS]
    assert found.count("unclaimed") == 1
    assert found.count("refused") == (path.name == "mangalist.xml")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("deep arrays", b"[" * 10_000, "refused"),
        ("deep and closed", b"[" * 10_000 + b"]" * 10_000, "refused"),
        ("deep objects", b'{"ratings":' * 10_000, "refused"),
        ("deep within a row", b"[" + ROW + b',{"a":' + b"[" * 10_000, "refused"),
        ("deep and small", b"[" * 200_000, "refused"),
        ("a byte order mark", b"\xef\xbb\xbf[" + ROW + b"]", "1 rows"),
        ("utf-16", ("[" + ROW.decode() + "]").encode("utf-16"), "1 rows"),
        ("utf-16 without a mark", ("[" + ROW.decode() + "]").encode("utf-16-le"), "1 rows"),
        ("half a pair", b"[" + ROW % rb"\ud800 \udc00x \ud83d\ude00 \\ud800" + b"]", "1 rows"),
        ("a raw control character", b"[" + ROW % b"a\x00\x1fb" + b"]", "1 rows"),
        ("another encoding", b"[" + ROW % b"caf\xe9" + b"]", "2 rows"),
        ("a repeated key", b"[" + ROW.replace(b'"year":1999', b'"year":1,"year":1999') + b"]", "1 rows"),
        ("an endless title", b"[" + ROW % (b"a" * 2_000_000) + b"]", "1 rows"),
        ("a number beyond floats", b"[" + ROW.replace(b'"rating":9', b'"rating":9e999') + b"]", "1 rows"),
        ("a cut row", b"[" + ROW + b"," + ROW[:-20], "refused"),
        ("too many values", b"[" + ROW + b",[]" * 2_500_000 + b"]", "refused"),
        ("nothing but strings", b"[" + ROW + b',"a"' * 5_000_000 + b"]", "refused"),
    ],
)
def test_every_known_trick_in_json_has_its_end(name: str, data: bytes, expected: str):
    """Read where it is harmless, refused with one line where it is not, and never slow."""
    begun = process_time()
    assert outcome(Source(name, {name: lambda: data}), ADAPTERS[1], "json") == expected
    assert process_time() - begun < 5


def test_depth_is_refused_before_a_parser_that_knows_no_bound_reads_it():
    """Python's own reads any depth in newer versions; the first parser's word counts."""
    with pytest.raises(ExportError, match="too deep"):
        documents.load(b"[" * 1_100 + b"]" * 1_100, "x")
    assert documents.load(b"[" * 900 + b"]" * 900, "x").value


def test_reading_leaves_the_recursion_limit_alone():
    """Depth is refused, not made room for."""
    before = sys.getrecursionlimit()
    attempt(b"[" * 100_000)
    assert sys.getrecursionlimit() == before


def test_titles_never_hold_half_a_pair():
    """A lone surrogate is replaced, a pair and an escaped backslash are kept."""
    found = documents.load(rb'["\ud800 \udc00x \ud83d\ude00 \\ud800", NaN]', "x").value
    assert found == ["\ufffd \ufffdx \U0001f600 \\ud800", "NaN"]


@pytest.mark.parametrize(
    "data",
    [
        b'<myanimelist><anime x="' + b"a" * 20_000_000 + b'"/></myanimelist>',
        b"<myanimelist>" + b"<a>" * 500_000,
        b"<myanimelist><anime><my_comments>" + b"a" * 20_000_000,
        b"<myanimelist><anime><my_comments>\xff" + b"a" * 15_000_000 + b"</my_comments></anime></myanimelist>",
    ],
    ids=["attribute", "tags", "text", "scrubbed text"],
)
def test_every_known_trick_in_xml_has_its_end(data: bytes):
    """Huge attributes, deep nesting, huge texts: rows or one clear line, and never slow."""
    begun = process_time()
    assert outcome(Source("x", {"x": lambda: data}), ADAPTERS[0], "xml") != "unclaimed"
    assert process_time() - begun < 2.5
