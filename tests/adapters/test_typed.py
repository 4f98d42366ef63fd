"""Ids as people type them."""

from __future__ import annotations

import pytest

from adapters.reading.typed import typed_id
from importer.model import Kind

ANY = tuple(Kind)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tt0113277", ("imdb", "tt0113277", ANY)),
        (" TT0113277 ", ("imdb", "tt0113277", ANY)),
        ("imdb:tt0113277", ("imdb", "tt0113277", ANY)),
        ("MAL: 5114", ("mal", "5114", ANY)),
        ("53036", ("simkl", "53036", ANY)),
        ("simkl:7", ("simkl", "7", ANY)),
        ("https://simkl.com/movies/53036/heat", ("simkl", "53036", (Kind.MOVIE,))),
        ("https://www.themoviedb.org/tv/1396-breaking-bad", ("tmdb", "1396", (Kind.SHOW, Kind.ANIME))),
        ("https://myanimelist.net/anime/5114", ("mal", "5114", ANY)),
        ("7", None),
        ("", None),
        ("Heat", None),
        ("imdb:none", None),
        ("https://example.org/title/1", None),
        ("letterboxd:heat", None),
    ],
)
def test_an_id_names_its_site_and_the_kinds_that_it_can_mean(
    text: str, found: tuple[str, str, tuple[Kind, ...]] | None
) -> None:
    """Bare, with its site in front, or as an address; a small number is that of a line, and a name is no id."""
    assert typed_id(text) == found
