"""The plain lines of a table: what is read of them without a call for each cell is what the form's own `row` reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from itertools import chain, combinations, product, zip_longest
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.criticker.tables import FORMS as CRITICKER
from adapters.crosswatch.tables import EIGHT
from adapters.generic import GENERIC
from adapters.imdb import IMDB
from adapters.movary import MOVARY
from adapters.movielens import MOVIELENS
from adapters.protocol import Source
from adapters.reading.forms import Fit, Form, table_headers
from adapters.reading.table import Table, read_table
from adapters.simkl.tables import CSV
from adapters.tmdb import TMDB
from adapters.trakt.csv_forms import VIP
from adapters.tvtime.forms import ACTIVITY
from adapters.yamtrack import YAMTRACK
from importer.errors import ExportError
from importer.model import Remark, Row

FORMS: dict[str, tuple[str, Form]] = {
    "imdb": ("Const,Your Rating,Date Rated,Title,Title Type,Year", IMDB.forms[0]),
    "tmdb": (
        "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated",
        TMDB.forms[0],
    ),
    "simkl": ("SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB,MAL_ID", CSV),
    "trakt": (
        "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,tvdb_id,url,season_number,episode_trakt_id,rating",
        VIP,
    ),
    "yamtrack": ("media_id,source,media_type,title,season_number,episode_number,score,end_date", YAMTRACK.forms[0]),
    "criticker": ("Score,Film Name,Year,Date Rated,URL,IMDB ID", CRITICKER[0]),
    "movielens": ("movie_id,imdb_id,tmdb_id,rating,average_rating,title", MOVIELENS.forms[0]),
    "movary": ("title,year,tmdbId,imdbId,userRating", MOVARY.forms[0]),
    "crosswatch": ("imdbID,tmdbID,Title,Year,Rating,WatchedDate,Feature,Provider", EIGHT),
    "generic": ("type,title,year,rating,rated_at,imdb,tmdb,letterboxd,key", GENERIC),
    "tvtime": ("imdb_id,tvdb_id,type,title,year,season,episode,is_watched,watched_at,rating", ACTIVITY),
}
PLAIN = [
    ("imdb", "tt0133093,9,2024-05-01,The Matrix,Movie,1999"),
    ("imdb", "tt0583459,9,2024-05-01,Pilot,TV Episode,1994"),
    ("tmdb", "603,tt0133093,movie,The Matrix,1999-03-31T00:00:00Z,,,8.2,9,2024-05-01T10:00:00Z"),
    ("simkl", "53992,The Matrix,movie,1999,completed,,2024-05-01,9,,,603,tt0133093,"),
    ("trakt", "2024-05-01T10:00:00.000Z,movie,The Matrix,1999,8.2,481,tt0133093,603,,,,,9"),
    ("trakt", "2024-05-01T10:00:00.000Z,episode,Friends,1994,8.2,1657,tt0108778,1668,79168,,1,73640,9"),
    ("tmdb", "1,tt0583459,tv,Pilot,1994-09-22T00:00:00Z,1,1,8.2,9,2024-05-01T10:00:00Z"),
    ("simkl", "53992,The Matrix,movie,1999,completed,,,9,,,603,tt0133093,"),
    ("simkl", "53992,The Matrix,movie,1999,plantowatch,,,,,,603,tt0133093,"),
    ("yamtrack", "603,tmdb,movie,The Matrix,,,9.0,2024-05-01"),
    ("yamtrack", "1668,tmdb,season,Friends,1,,9.0,2024-05-01"),
    ("criticker", "90,The Matrix,1999,2024-05-01,http://www.criticker.com/film/The-Matrix/,tt0133093"),
    ("criticker", "90,The Matrix (1999),,2024-05-01,http://www.criticker.com/tv/The-Matrix/,tt0133093"),
    ("movielens", "2571,0133093,603,4.5,4.16,The Matrix (1999)"),
    ("movary", "The Matrix,1999,603,tt0133093,9"),
    ("crosswatch", "tt0133093,603,The Matrix,1999,9,2024-05-01,ratings,SIMKL"),
    ("generic", "movie,The Matrix,1999,9,2024-05-01,tt0133093,603,,"),
    ("tvtime", "tt0583459,169,episode,Friends,,1,1,true,2024-05-01T10:00:00Z,"),
    ("tvtime", "tt0133093,169,movie,The Matrix,1999,,,true,2024-05-01T10:00:00Z,10"),
]
_NUMBERS = ("", "603", "0603", "0", "603.0", " 603", "٦٠٣", "12345678901234", "x", "-1")
_IMDB = (
    *("", "tt0133093", "00133093", "133093", "0000000", "tt15574124", "tt0000000", "tt00000000", "0133093"),
    *("TT0133093", "tt٦٠٣٦٠٣٦", "nm0000206", "0tt133093", "tttt13309"),
)
_DATES = (
    "2024-05-01T10:00:00Z",
    "2024-05-01T10:00:00.000Z",
    "2024-05-01",
    "2024-05-01 00:00:00",
    "",
    "5/13/2020",
    "none",
    "1970-01-01T00:00:00Z",
    "2024-05-01T25:00:00Z",
)
_TYPES = (
    "movie",
    "Movie",
    " tv",
    "tv",
    "show",
    "shows",
    "TV Series",
    "anime",
    "episode",
    "season",
    "TV Episode",
    "x",
    "",
)
_YEARS = ("1999", "1999.0", "1999-03-31", "1999-03-31T00:00:00Z", "0", "", "99")
_RATINGS = ("7", "10", "0", "11", "7.5", "7,5", "", " 8 ", "-1", "x", "8.0")
_TITLES = ("Heat", " Heat ", "", "\u00a0Heat", "Heat (1995)", "Heat (0000)", "Ocean&#039;s Eleven", "Heat, Part II")
_SOURCES = ("tmdb", "TMDB", "mal", "imdb", "manual", " tmdb", "")
_ADDRESSES = ("http://www.criticker.com/tv/X/", "https://WWW.criticker.com/film/X/", "criticker.com/game/X/", "x", "")
_PART = ("", "", "1", " ")
_CELLS = {
    **dict.fromkeys(("tmdb id", "simkl_id", "tvdb", "tmdb", "mal_id", "trakt_id", "tmdb_id", "tvdb_id"), _NUMBERS),
    **dict.fromkeys(("media_id", "movie_id", "tmdbid"), _NUMBERS),
    **dict.fromkeys(("const", "imdb id", "imdb", "imdb_id", "imdbid"), _IMDB),
    **dict.fromkeys(("date rated", "watcheddate", "rated_at", "watched_at", "end_date"), _DATES),
    **dict.fromkeys(("type", "title type", "media_type"), _TYPES),
    **dict.fromkeys(("year", "release date"), _YEARS),
    **dict.fromkeys(("rating", "your rating", "userrating", "score"), _RATINGS),
    **dict.fromkeys(("title", "name", "film name"), _TITLES),
    **dict.fromkeys(("season number", "episode number", "season_number", "episode_number", "season", "episode"), _PART),
    "episode_trakt_id": _NUMBERS,
    "source": _SOURCES,
    "url": _ADDRESSES,
    "key": ("", "mal:5", " "),
    "letterboxd": ("", "heat", "603"),
}


def said(text: str, form: Form, name: str) -> list[Row | Remark] | str:
    """Read a table: all that is said of it, or why it is refused."""
    source = Source("f.csv", {"f.csv": text.encode}, today=date(2026, 11, 27))
    try:
        return list(read_table(source, "f.csv", Fit(form, table_headers(source, "f.csv")[0]), name))
    except ExportError as refusal:
        return refusal.message


def changed(head: str, cells: str, most: int) -> Iterator[list[str]]:
    """Return a line as it is, and with every odd content of so many of its cells at the most."""
    odd = [
        [(place, cell) for cell in _CELLS.get(name, ("", "x"))] for place, name in enumerate(head.lower().split(","))
    ]
    for number in range(most + 1):
        for contents in chain.from_iterable(product(*chosen) for chosen in combinations(odd, number)):
            line = cells.split(",")
            for place, cell in contents:
                line[place] = cell
            yield line


def agree(name: str, lines: Iterable[list[str]]) -> None:
    """Expect that a table is read the short way as the long way reads it."""
    head, form = FORMS[name]
    assert form.plain is not None
    text = StringIO()
    text.write(f"{head}\n")
    csv.writer(text, lineterminator="\n").writerows(lines)
    table = text.getvalue()
    for short, long in zip_longest(said(table, form, name), said(table, replace(form, plain=None), name)):
        assert short == long, table if len(table) < 2000 else ""


@pytest.mark.parametrize(("name", "cells"), PLAIN)
def test_a_plain_line_is_read_as_its_form_reads_it(name: str, cells: str) -> None:
    """Whatever stands in a cell of it among plain lines, and in two of them among all such lines: the short way gives
    the same row, or leaves the line to the long one."""
    plain = cells.split(",")
    for line in changed(FORMS[name][0], cells, 1):
        agree(name, [plain, line, plain])
    agree(name, changed(FORMS[name][0], cells, 2))


@pytest.mark.parametrize(("name", "cells"), PLAIN)
@given(seed=st.integers())
@settings(max_examples=5)
def test_a_few_lines_are_read_as_their_form_reads_them(name: str, cells: str, seed: int) -> None:
    """Some columns can be read the short way for all lines of a table at once, and others cannot."""
    dice = Random(seed)
    lines = list(changed(FORMS[name][0], cells, 2))
    for _ in range(40):
        agree(name, dice.choices(lines, k=dice.randint(1, 4)))


@pytest.mark.parametrize(("name", "cells"), PLAIN)
def test_a_line_in_the_commonest_spelling_is_plain(name: str, cells: str) -> None:
    """Else nothing would be gained, and nobody would notice."""
    head, form = FORMS[name]
    source = Source("f.csv", {"f.csv": f"{head}\n{cells}\n{cells}\n".encode}, today=date(2026, 11, 27))
    table = Table(source, "f.csv", Fit(form, table_headers(source, "f.csv")[0]), name)
    [(first, piece, _)] = table.batches()
    assert table.plain is not None
    assert None not in table.plain.rows(piece, first)
