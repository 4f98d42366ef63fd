"""MovieLens: a person's own ratings, and not those of everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import detect, read
from adapters.protocol import Source
from adapters.reading.files import open_source
from importer.errors import ExportError
from importer.model import Item, Kind, Remark, Row

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "movielens"
HEAD = "movie_id,imdb_id,tmdb_id,rating,average_rating,title\r\n"


def rows(given: str | Path) -> list[Row | Remark]:
    """Detect and read a file that must be MovieLens'."""
    source = open_source(given) if isinstance(given, Path) else Source("m.csv", {"m.csv": given.encode})
    adapter, claim = detect(source)
    assert adapter.name == "movielens"
    return list(read(source, adapter, claim))


def item(text: str) -> Item:
    """Read a file of one film."""
    row = rows(HEAD + text + "\r\n")[0]
    assert isinstance(row, Item)
    return row


def test_the_persons_rating_is_taken_and_never_the_average() -> None:
    """Both are numbers of the same kind, side by side."""
    found = item("2571,0133093,603,0.5,4.16544,The Matrix (1999)")
    assert (found.kind, found.title, found.year, found.rating) == (Kind.MOVIE, "The Matrix", 1999, 1)
    assert found.date is None


@pytest.mark.parametrize("step", range(1, 11))
def test_half_stars_are_doubled_exactly(step: int) -> None:
    """In the site's own spelling, which has a decimal always."""
    assert item(f"1,0114709,862,{step / 2:.1f},3.9,Toy Story (1995)").rating == step


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("0114709,862", (("imdb", "tt0114709"), ("tmdb", "862"))),
        ("114709,862.0", (("imdb", "tt0114709"), ("tmdb", "862"))),
        ("114709.0,", (("imdb", "tt0114709"),)),
        ("12,775", (("imdb", "tt0000012"), ("tmdb", "775"))),
        ("15239678,693134", (("imdb", "tt15239678"), ("tmdb", "693134"))),
        ("tt0114709,862", (("imdb", "tt0114709"), ("tmdb", "862"))),
        (",", ()),
        ("0,0", ()),
    ],
)
def test_imdbs_numbers_stand_there_without_tt(text: str, ids: tuple[tuple[str, str], ...]) -> None:
    """Seven digits with zeros in front, which spreadsheets take; newer ones have eight."""
    assert item(f"1,{text},4.0,3.9,Toy Story (1995)").ids == ids


def test_the_number_of_the_site_names_a_film_and_is_no_id() -> None:
    """It stays the same over exports."""
    found = item("1,,,4.0,3.9,Toy Story (1995)")
    assert (found.key, found.ids) == ("movielens:1", ())


def test_a_re_save_with_decimal_commas_is_read() -> None:
    """As spreadsheets write it where commas are decimal."""
    found = [row for row in rows(SAMPLES / "ratings-excel.csv") if isinstance(row, Item)]
    assert [(row.rating, row.ids[0][1]) for row in found] == [(8, "tt0114709"), (9, "tt0133093")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("movielens-wishlist.csv", "wish list without ratings"),
        ("ml-latest-small.csv", "research data set.*many people"),
    ],
)
def test_what_is_no_ones_ratings_is_refused_with_the_reason(name: str, words: str) -> None:
    """A wish list has everybody's average alone, a research data set has everybody's ratings."""
    with pytest.raises(ExportError, match=words):
        rows(SAMPLES / name)


def test_in_a_folder_the_ratings_are_taken_and_the_rest_is_left() -> None:
    """The wish list lies beside them, and is nothing to tell of."""
    files = {"movielens-ratings.csv": HEAD + "1,,,4.0,3.9,A (1999)\r\n", "wishlist.csv": HEAD.replace("rating,", "", 1)}
    source = Source("folder", {name: text.encode for name, text in files.items()})
    adapter, claim = detect(source)
    assert [type(row) for row in read(source, adapter, claim)] == [Item]
