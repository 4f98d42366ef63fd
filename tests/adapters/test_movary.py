"""Movary's ratings as CSV."""

from __future__ import annotations

import pytest

from adapters import detect, read
from adapters.protocol import Source
from importer.errors import ExportError
from importer.model import Item, Kind, Remark, Row

HEAD = "title,year,tmdbId,imdbId,userRating\n"
HISTORY = "title,year,tmdbId,imdbId,watchedAt,comment,location\nHeat,1995,949,tt0113277,2024-02-09,,\n"


def reading(files: dict[str, str]) -> list[Row | Remark]:
    """Detect and read a folder that must be Movary's."""
    source = Source("folder", {name: text.encode for name, text in files.items()})
    adapter, claim = detect(source)
    assert adapter.name == "movary"
    return list(read(source, adapter, claim))


@pytest.mark.parametrize(
    ("text", "year", "ids"),
    [
        ("1995,949,tt0113277", 1995, (("imdb", "tt0113277"), ("tmdb", "949"))),
        ("1995,949,", 1995, (("tmdb", "949"),)),
        (",,", None, ()),
    ],
)
def test_a_film_has_the_ids_and_the_year_that_are_known(
    text: str, year: int | None, ids: tuple[tuple[str, str], ...]
) -> None:
    """Each of them may be missing; a rating date there never is."""
    [row] = reading({"r.csv": f"{HEAD}Heat,{text},10\n"})
    assert isinstance(row, Item)
    assert (row.kind, row.title, row.year, row.ids, row.rating, row.date) == (Kind.MOVIE, "Heat", year, ids, 10, None)


def test_points_are_taken_as_they_are() -> None:
    """Five of ten are no five stars, and eleven are nothing that is brought back onto the scale."""
    found = reading({"r.csv": HEAD + "".join(f"Film {n},2000,{n},,{n}\n" for n in (1, 5, 10, 11))})
    assert [row.rating for row in found if isinstance(row, Item)] == [1, 5, 10, 11]


def test_history_and_watchlist_have_no_ratings() -> None:
    """Alone they are refused; beside the ratings they are left."""
    with pytest.raises(ExportError, match="Movary's history or watchlist, which has no ratings"):
        reading({"h.csv": HISTORY})
    assert len(reading({"export-history-1.csv": HISTORY, "export-ratings-1.csv": HEAD + "Heat,1995,949,,9\n"})) == 1
