"""IMDb's ratings: types in every spelling, forms of every generation, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from importer.errors import ExportError
from importer.model import Item, Kind, Reason, Rejected, Remark, Skipped

HEAD = "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Year\n"


def one(reads: Any, line: str, head: str = HEAD) -> Any:
    """Read a file of one line."""
    name, rows = reads({"ratings.csv": head + line})
    assert name == "imdb"
    return rows[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ("movie", "Movie", "tvMovie", "TV Movie", "Short", "tvShort", "video", "TV Special", "Film", "Corto"),
            Kind.MOVIE,
        ),
        (("tvSeries", "TV Series", "TV Mini Series", "tvMiniSeries", "Serie TV", "Mini serie TV"), Kind.SHOW),
        (("TV Episode", "tvEpisode", "Video Game", "Podcast Series", "Music Video", "Episodio TV"), UNSUPPORTED),
        (("Fernsehserie", "", "TV Movies of a Kind", "映画"), UNKNOWN),
    ],
)
def test_a_type_in_any_spelling_is_known_or_told(reads: Any, words: tuple[str, ...], expected: Kind | Reason) -> None:
    """With blanks or camels, in English or Italian; a type that nobody knows is never taken for a film."""
    for word in words:
        row = one(reads, f"tt0113277,9,2024-05-11,Heat,,{word},8.3,1995\n")
        assert (row.kind if isinstance(row, Item) else row.reason) is expected


def test_an_unknown_type_says_how_to_help_it(reads: Any) -> None:
    """The types are in the language of the person's IMDb."""
    _, rows = reads({"ratings.csv": HEAD + "tt0113277,9,2024-05-11,Heat,,Spielfilm,8.3,1995\n"})
    row, told = rows
    assert isinstance(row, Rejected)
    assert (row.reason, row.text) == (Reason.UNKNOWN_KIND, "Spielfilm")
    assert isinstance(told, Remark)
    assert "switch IMDb to English and export again" in told.text


def test_the_communitys_rating_is_never_taken(reads: Any) -> None:
    """An empty cell under Your Rating is unrated, whatever IMDb Rating says."""
    row = one(reads, "tt0113277,,,Heat,,Movie,8.3,1995\n")
    assert isinstance(row, Skipped)
    assert row.reason is Reason.UNRATED


def test_a_person_in_a_list_lends_no_id(reads: Any) -> None:
    """nm is no title; a file of nothing but people is refused."""
    row = one(reads, "nm0000134,9,2024-05-11,Robert De Niro,,Movie,,\n")
    assert isinstance(row, Skipped)
    assert (row.reason, row.item.ids) == (Reason.UNSUPPORTED_KIND, ())
    with pytest.raises(ExportError, match="list of people"):
        reads({"people.csv": "Position,Const,Created,Modified,Description,Name,Known For,Birth Date\n"})


def test_a_list_without_ratings_is_refused_with_that_sentence(reads: Any) -> None:
    """Its header has no column Your Rating; one that has it is read."""
    head = "Position,Const,Created,Modified,Description,Title,URL,Title Type,IMDb Rating,Year"
    with pytest.raises(ExportError, match="no column Your Rating"):
        reads({"list.csv": head + "\n1,tt0113277,2022-01-01,,,Heat,,movie,8.3,1995\n"})
    row = one(reads, "1,tt0113277,2022-01-01,,,Heat,,Movie,8.3,1995,9,2023-02-03\n", head + ",Your Rating,Date Rated\n")
    assert isinstance(row, Item)
    assert row.date is not None
    assert row.date.day == 19391


def test_another_programs_file_in_this_form_is_read(reads: Any) -> None:
    """An ISO time for the day, columns left empty, no title and no year."""
    row = one(reads, "tt0113277,9,2024-05-11T10:00:00Z,,,movie,,\n")
    assert isinstance(row, Item)
    assert (row.key, row.title, row.year, row.rating) == ("imdb:tt0113277", "", None, 9)
