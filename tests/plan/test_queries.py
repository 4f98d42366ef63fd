"""What a row is searched for with: its title as it stands, then in another way."""

from __future__ import annotations

import pytest

from importer.model import Kind
from importer.plan.queries import Query, first_query, other_kinds, search_words, second_query


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The Seven Samurai", "Seven Samurai"),
        ("Dark Knight, The", "Dark Knight"),
        ("Thing, The", "The Thing"),
        ("Die Hard", "Die Hard"),
        ("Heat (1995)", "Heat"),
        ("A", "A"),
        ("Crouching Tiger, Hidden Dragon", "Crouching Tiger, Hidden Dragon"),
        ("2001: A Space Odyssey", "2001: A Space Odyssey"),
        ("(1995)", "(1995)"),
    ],
)
def test_a_title_is_searched_for_without_what_sites_write_differently(title: str, words: str) -> None:
    """Articles stand in front, behind, or nowhere."""
    assert search_words(title) == words


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Fast and Furious", "Fast Furious"),
        ("Lilo & Stitch", "Lilo Stitch"),
        ("Blade Runner (Director's Cut)", "Blade Runner"),
        ("Das Boot - Director's Cut", "Das Boot"),
        ("Seven Samurai (Shichinin no samurai)", "Seven Samurai"),
        ("Dune (Part 2)", "Dune (Part 2)"),
        ("And Then", "And Then"),
    ],
)
def test_what_one_site_says_and_another_does_not_is_left_out(title: str, words: str) -> None:
    """Joining words, editions, second titles; a number in brackets tells two titles apart."""
    assert search_words(title) == words


@pytest.mark.parametrize(
    ("kind", "title", "year", "found", "query"),
    [
        ("movie", "Rocky Balboa 2", 1979, False, Query(Kind.MOVIE, "rocky balboa")),
        ("movie", "Rocky 2", 1979, False, Query(Kind.MOVIE, "rocky", 1979)),
        ("movie", "Seven Samurais", 1954, False, Query(Kind.MOVIE, "samurais", 1954)),
        ("movie", "Le fabuleux Destin d'Amélie", 2001, False, Query(Kind.MOVIE, "fabuleux", 2001)),
        ("movie", "Seven Samurais", 1954, True, Query(Kind.ANIME, "Seven Samurais")),
        ("movie", "Seven Samurais", None, False, Query(Kind.ANIME, "Seven Samurais")),
        ("movie", "Akira", 1988, False, Query(Kind.ANIME, "Akira")),
        ("show", "Vinland Saga", 2019, True, Query(Kind.ANIME, "Vinland Saga")),
        ("anime", "Avatar", 2005, False, Query(Kind.SHOW, "Avatar")),
        ("anime", "Pokemon: The Movie", 1998, True, Query(Kind.MOVIE, "Pokemon: The Movie")),
    ],
)
def test_the_second_search_is_for_the_telling_words_or_among_another_kind(
    kind: str, title: str, year: int | None, found: bool, query: Query
) -> None:
    """Where something was found the words are right, so that the kind may be wrong."""
    assert first_query(Kind(kind), title).kind is Kind(kind)
    assert second_query(Kind(kind), title, year, found=found) == query


def test_no_kind_is_asked_for_twice() -> None:
    """The row's own is not among the others."""
    for kind in Kind:
        assert sorted((kind, *other_kinds(kind, "Heat"))) == sorted(Kind)
