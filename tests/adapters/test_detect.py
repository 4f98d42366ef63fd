"""Whose export a source is: every format by content, nobody's refused, no two for one file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import ADAPTERS, detect
from adapters.protocol import About, Choices, Claim, Source
from adapters.reading.files import open_source
from adapters.reading.scale import Scale
from adapters.reading.text import decode
from importer.errors import ExportError
from importer.model import Remark, Row

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
MANGA = SAMPLES / "mal" / "mangalist.xml"
JOBS = SAMPLES / "jobs"
ALL = sorted(path for path in SAMPLES.glob("*/*") if path.parent != JOBS and not path.name.startswith("."))
GOLDEN = Path(__file__).resolve().parents[1] / "samples"
REFUSED = {
    golden.name.removesuffix(".golden")
    for golden in GOLDEN.glob("*/*.golden")
    if golden.read_text("utf-8")[:8] == "refused:"
}
EXPORTS = [path for path in ALL if path.name not in REFUSED]

REJECTS = (
    "reason,source,file,line,key,type,title,year,rating,rated_at,"
    "simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,letterboxd"
)
VIP = (
    "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,tvdb_id,url,released,season_number,episode_number,"
    "episode_title,episode_released,episode_trakt_rating,episode_trakt_id,episode_imdb_id,episode_tmdb_id,"
    "episode_tvdb_id,genres,rating"
)
HEADERS = {
    "letterboxd": [
        "Date,Name,Year,Letterboxd URI,Rating",
        "Date;Name;Year;Letterboxd URI;Rating",
        "Date,Name,Year,Letterboxd URI,Rating,Tags,Watched Date",
        "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date",
        "LetterboxdURI,Title,Year,Rating,WatchedDate",
        "tmdbID,imdbID,Title,Year,Directors,Rating10,WatchedDate,Rewatch,Tags,Review",
        "imdbID,Rating",
        "imdbID,tmdbID,Title,Year,Rating,WatchedDate",
        "imdbID,Title,Year,Rating",
    ],
    "trakt": [
        VIP,
        "imdb_id,type,watched_at,watchlisted_at,rating,rated_at",
        "Title,Year,ImdbId,TmdbId,TraktId,Slug,RatedAt,Rating",
        "Title,Year,ImdbId,TmdbId,TvdbId,TraktId,Slug,RatedAt,Rating",
    ],
    "imdb": [
        "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes",
        "Const;Your Rating;Title Type",
        '"position","const","created","Title","Title type","Directors","You rated","IMDb Rating","Year"',
    ],
    "tmdb": ["TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated"],
    "simkl": [
        "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB,MAL_ID",
        "simkl_id,TVDB_ID,TMDB,IMDB_ID,MAL_ID,Type,Title,Year,LastEpWatched,Watchlist,WatchedDate,Rating,Memo",
    ],
    "tvtime": [
        "imdb_id,tvdb_id,type,title,season,episode,is_special,is_watched,watched_at,status,is_watchlisted,rating"
    ],
    "criticker": [
        "Score, Film Name, Year, Date Rated, Mini Review, URL, IMDB ID",
        "Score, Film Name, Year, Mini Review, URL, IMDB ID",
    ],
    "movielens": ["movie_id,imdb_id,tmdb_id,rating,average_rating,title"],
    "yamtrack": [
        "media_id,source,media_type,title,image,season_number,episode_number,score,progress,status,start_date,end_date",
        "score,title,media_type,source,media_id",
    ],
    "movary": ["title,year,tmdbId,imdbId,userRating"],
    "crosswatch": [
        "imdbID,tmdbID,Title,Year,Rating",
        "Rating,Year,Title,tmdbID,imdbID",
        ",imdbID,tmdbID,Title,Year,Rating",
        "imdbID,tmdbID,Title,Year,Rating,WatchedDate,Feature,Provider",
    ],
    "generic": [
        "type,title,year,rating",
        "rating,year,title,type,imdb",
        REJECTS,
    ],
}
FOREIGN = [
    "Title,Year,Rating",
    "Title,Year,URL,Rating",
]


WITHOUT_RATINGS = {
    "research data set": ["userId,movieId,rating,timestamp", "user_id,movie_id,rating"],
    "wish list": ["movie_id,imdb_id,tmdb_id,average_rating,title"],
    "thumbs": ["Profile Name,Title Name,Rating Type,Star Value,Thumbs Value,Device Model,Event Utc Ts"],
    "viewing activity": ["Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type"],
    "Movary's history or watchlist": ["title,year,tmdbId,imdbId,addedAt", "title,year,tmdbId,imdbId,watchedAt,comment"],
    "a watchlist or a history": ["imdbID,tmdbID,Title,Year", "imdbID,tmdbID,Title,Year,WatchedDate"],
    "Criticker watchlist": ["PSI, Film Name, Year, Rating"],
    "Yamtrack lists": ["row_type,media_id,source,media_type,title,list_uid,list_name"],
    "Letterboxd films without ratings": ["Date,Name,Year,Letterboxd URI"],
}


def table(head: str) -> Source:
    """Make a source of one CSV with a header and no rows."""
    return Source("some.csv", {"some.csv": (head + "\n").encode})


@pytest.mark.parametrize(("name", "head"), [(name, head) for name, heads in HEADERS.items() for head in heads])
def test_a_header_is_claimed_by_one_format(name: str, head: str) -> None:
    """Each known header belongs to exactly one adapter."""
    assert detect(table(head))[0].name == name


@pytest.mark.parametrize("head", FOREIGN)
def test_another_sites_table_is_claimed_by_nobody(head: str) -> None:
    """The error names the columns that it has."""
    with pytest.raises(ExportError, match=r"no known export.*its columns are") as caught:
        detect(table(head))
    assert caught.value.exit_code == 5
    assert caught.value.hint


@pytest.mark.parametrize(
    ("words", "head"), [(words, head) for words, heads in WITHOUT_RATINGS.items() for head in heads]
)
def test_a_known_table_without_ratings_is_refused_with_the_reason(words: str, head: str) -> None:
    """It says what the file is, and not that nobody knows it."""
    with pytest.raises(ExportError, match=words) as caught:
        detect(table(head))
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"\x89PNG\r\n\x1a\n", b"\0" * 99, b"hello", b"[]", b"{}"]
)
def test_what_is_no_export_is_claimed_by_nobody(data: bytes) -> None:
    """A PDF, a picture, nothing but NUL, prose."""
    with pytest.raises(ExportError, match="no known export"):
        detect(Source("f.bin", {"f.bin": lambda: data}))


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_is_claimed_by_one_adapter_alone(path: Path) -> None:
    """The matrix of samples and adapters: one claims, or one refuses what is its own; all others leave it alone."""
    answers: dict[str, str] = {}
    source = open_source(path)
    for adapter in ADAPTERS:
        try:
            answer = "claimed" if isinstance(adapter.claim(source), Claim) else ""
        except ExportError:
            answer = "refused"
        if answer:
            answers[adapter.name] = answer
    assert list(answers) == [path.parent.name]


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_is_read_to_the_last_row(path: Path) -> None:
    """Each sample is told by its content, and no row of it is missing: in a table one for each of its lines."""
    source = open_source(path, Choices(scale=Scale.POINT_5))
    adapter, claim = detect(source)
    assert adapter.name == path.parent.name
    rows = [row for row in adapter.read(source, claim) if not isinstance(row, Remark)]
    assert rows
    if claim.members[0].endswith(".csv"):
        texts = [decode(source.members[name](), None, name).text for name in claim.members]
        assert len(rows) >= sum(len([line for line in csv.reader(text.splitlines(True)) if line]) - 1 for text in texts)


def test_a_sites_own_refusal_is_told_when_nobody_claims() -> None:
    """A manga list is MyAnimeList's and nothing to import: that is the line to show, not "no known export"."""
    with pytest.raises(ExportError, match="manga"):
        detect(open_source(MANGA))


def test_two_claims_are_an_error_that_names_both() -> None:
    """Nothing is guessed: the candidates are told, and the option that decides."""

    class Greedy:
        def __init__(self, name: str) -> None:
            self.name = name
            self.about = About("", "", "", "", "")

        def claim(self, source: Source) -> Claim:
            return Claim(tuple(source.members), f"because {self.name}")

        def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
            raise AssertionError(source, claim)

    with pytest.raises(ExportError, match=r"one \(because one\); two \(because two\)") as caught:
        detect(table("x"), (Greedy("one"), Greedy("two")))
    assert "--from" in caught.value.hint


def test_a_zip_within_is_named() -> None:
    """It is not opened; the hint says what to do."""
    with pytest.raises(ExportError) as caught:
        detect(Source("a.zip", {"in/export.zip": lambda: b"PK\x03\x04"}))
    assert "in/export.zip" in caught.value.hint


def test_names_are_unique() -> None:
    """A format's name stands before the colon of each key."""
    assert len({adapter.name for adapter in ADAPTERS}) == len(ADAPTERS)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "ratings.xlsx",
            {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"},
            "a spreadsheet: save",
        ),
        ("poster.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR,\0,", "it is no text"),
        (
            "ratings.tar.gz",
            b"ratings.csv" + bytes(246) + b"ustar\x0000" + bytes(248) + b"Date,Name\n",
            "a tar archive: unpack",
        ),
        ("ratings.7z", b"7z\xbc\xaf\x27\x1c\0,\0,", "a 7z archive: unpack"),
        ("ratings.rar", b"Rar!\x1a\x07\x01\0,\0,", "a RAR archive: unpack"),
        ("ratings.zip", b"<!DOCTYPE html><html><body>Sign in, please</body></html>", "a web page.*: sign in there"),
        ("ratings.txt", b"My films of 2026\n", "text without columns"),
        ("ratings.csv", b"PK\x03\x04\x14\0,\0,", "a zip within another: unpack it"),
        ("ratings.csv", b"\x1f\x8b\x08\0,\0,", "gzip within another: unpack it"),
    ],
)
def test_what_is_no_text_is_named_and_never_shown_as_columns(
    name: str, data: bytes | dict[str, bytes], words: str
) -> None:
    """Bytes of a picture or an archive with a comma in them would look like names of columns."""
    members = data if isinstance(data, dict) else {name: data}
    source = Source(name, {member: lambda body=body: body for member, body in members.items()})  # type: ignore[misc]
    with pytest.raises(ExportError, match=words) as caught:
        detect(source)
    assert "its columns" not in caught.value.message
    assert "nearest" not in caught.value.message
    assert "a zip within" not in caught.value.hint
    assert "--map" not in caught.value.hint


def test_a_table_of_nobodys_can_be_told_column_by_column() -> None:
    """The hint names the way; a foreign table is not taken for Letterboxd's only because it has ids and stars."""
    for head in (
        "Naam,Jaar,Cijfer",
        "movieId,imdbId,tmdbId,rating,timestamp,title",
        "tmdbID,Title,Rating,average_rating",
    ):
        with pytest.raises(ExportError, match="its columns are") as caught:
            detect(table(head))
        assert "--map COLUMN=FIELD" in caught.value.hint
        with pytest.raises(ExportError, match="no export of IMDb") as caught:
            detect(table(head), tuple(adapter for adapter in ADAPTERS if adapter.name == "imdb"))
        assert "--map" not in caught.value.hint


def test_a_damage_is_told_with_the_name_of_the_file_once() -> None:
    """The path stands before the whole sentence already."""

    def damaged() -> bytes:
        raise ExportError("down/list.json: is damaged: the gzip file is cut off")

    source = Source("down/list.json", {"list.json": damaged}, heads={"list.json": lambda: b'[{"a": 1'})
    with pytest.raises(ExportError) as caught:
        detect(source)
    assert caught.value.message.count("list.json") == 1
