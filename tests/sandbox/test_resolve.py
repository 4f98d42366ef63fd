"""Which title an item lands on."""

from __future__ import annotations

import pytest

from importer.sandbox.catalog import Catalog
from importer.sandbox.resolve import resolve


@pytest.mark.parametrize(
    ("section", "item", "title"),
    [
        ("movies", {"ids": {"simkl": 53001}}, "The Matrix"),
        ("movies", {"ids": {"simkl": "53001", "imdb": "tt0110912"}}, "The Matrix"),
        ("movies", {"ids": {"imdb": "tt0110912", "tmdb": 603}}, "Pulp Fiction"),
        ("movies", {"ids": {"imdb": "tt-nobody", "tmdb": 603}}, "The Matrix"),
        ("movies", {"ids": {"letterboxd": "pulp-fiction"}}, "Pulp Fiction"),
        ("movies", {"title": "the MATRIX ", "year": 1999}, "The Matrix"),
        ("movies", {"title": "The Matrix", "year": "1999"}, "The Matrix"),
        ("movies", {"title": "The Matrix"}, "The Matrix"),
        ("movies", {"title": "The Matrix", "year": 2050}, "The Matrix"),
        ("movies", {"title": "WALL-E", "year": 2008}, "WALL·E"),
        ("movies", {"title": "Mad Max - Fury Road", "year": 2015}, "Mad Max: Fury Road"),
        ("movies", {"title": "Gisaengchung", "year": 2019}, "Parasite"),
        ("movies", {"title": "Spirited Away", "year": 2001}, "Spirited Away"),
        ("movies", {"ids": {"tmdb": 129}}, "Spirited Away"),
        ("shows", {"ids": {"tmdb": 1396}}, "Breaking Bad"),
        ("movies", {"ids": {"tmdb": 1396}}, None),
        ("shows", {"ids": {"tmdb": 603}}, None),
        ("shows", {"ids": {"imdb": "tt0133093"}}, "The Matrix"),
        ("shows", {"ids": {"mal": 5114}}, "Fullmetal Alchemist: Brotherhood"),
        ("anime", {"ids": {"anidb": "7729"}}, "Steins;Gate"),
        ("shows", {"title": "Cowboy Bebop", "year": 1998}, "Cowboy Bebop"),
        ("anime", {"title": "Breaking Bad", "year": 2008}, None),
        ("movies", {"title": "Breaking Bad", "year": 2008}, None),
        ("movies", {"title": "Cowboy Bebop", "year": 1998}, None),
        ("movies", {"title": "No Such Film", "year": 1999}, None),
        ("movies", {"ids": {"slug": "the-matrix"}}, None),
        ("movies", {}, None),
    ],
)
def test_a_closed_catalogue_resolves_by_ids_then_name(section, item, title):
    """simkl first, then other ids in their namespaces, then title and year, then the title."""
    found = resolve(Catalog("closed"), section, item)
    assert (found.title if found else None) == title


def test_the_two_haunted_castles_are_told_apart_by_ids_alone():
    """Two films share name and year: their ids find each, the name always the first."""
    catalog = Catalog()
    by_id = {resolve(catalog, "movies", {"ids": {"imdb": imdb}}).simkl for imdb in ("tt0000230", "tt0221262")}
    by_name = resolve(catalog, "movies", {"title": "The Haunted Castle", "year": 1897}).simkl
    assert (len(by_id), by_name in by_id) == (2, True)


@pytest.mark.parametrize(
    ("section", "ids", "kind"),
    [
        ("movies", {"tmdb": 7}, "movie"),
        ("shows", {"tvdb": 7}, "show"),
        ("shows", {"mal": 7}, "anime"),
        ("anime", {}, "anime"),
        ("movies", {}, "movie"),
        ("shows", {}, "show"),
    ],
)
def test_an_open_catalogue_makes_what_it_does_not_know(section, ids, kind):
    """Every well-formed item becomes a title of the kind its section and ids say, the same in every process."""
    item = {"title": "Brand New", "year": 2024, "ids": ids}
    made = [resolve(Catalog(), section, item) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].kind == kind


def test_later_items_find_a_made_title_by_any_id_or_by_name():
    """A title made on the fly keeps every id that came with it, and learns more."""
    catalog = Catalog()
    first = resolve(catalog, "movies", {"title": "Brand New", "year": 2024})
    for item in (
        {"title": "Brand New", "year": 2024, "ids": {"imdb": "tt5", "tmdb": 5}},
        {"ids": {"tmdb": "5"}},
        {"title": "brand new", "year": 2024},
        {"title": "Another Name", "year": 1, "ids": {"imdb": "tt5"}},
    ):
        assert resolve(catalog, "movies", item).simkl == first.simkl
    others = [
        {"title": "Brand New", "year": 2025},
        {"title": "Brand New", "year": 2024, "ids": {"tmdb": 6}},
        {"title": "Brand New!", "year": 2024},
    ]
    assert len({resolve(catalog, "movies", item).simkl for item in others} | {first.simkl}) == 4


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"ids": {"simkl": 7}},
        {"ids": {"trakt": 7}},
        {"title": "A Film Nobody Filed"},
        {"title": "Anything", "ids": {"imdb": "tt9999999"}},
    ],
)
def test_an_open_catalogue_still_does_not_know_some(item):
    """Items without an identity, wrong simkl numbers and the titles kept unknown stay unknown."""
    assert resolve(Catalog(), "movies", item) is None


def test_an_unknown_title_is_found_once_it_has_an_id():
    """What a person mends with an id resolves by it."""
    item = {"title": "A Film Nobody Filed", "ids": {"imdb": "tt0133093"}}
    assert resolve(Catalog(), "movies", item).title == "The Matrix"


async def test_an_alias_is_a_wrong_match(play):
    """A test can say that a name and year land on another title; ids still win."""
    async with play() as caller:
        catalog = caller.sandbox.catalog
        catalog.alias("The Matrix", 1999, "movie", catalog.find("movie", "Jaws").simkl)
        await caller.rate({"title": "The Matrix", "year": 1999, "rating": 3})
        assert (caller.sandbox.rated("Jaws").rating, caller.sandbox.rated("Casablanca")) == (3, None)
        assert resolve(catalog, "movies", {"ids": {"imdb": "tt0133093"}}).title == "The Matrix"


async def test_two_requests_on_one_title_are_both_reported_and_the_last_wins(play):
    """Items that collapse are echoed each, and one rating stands."""
    async with play() as caller:
        catalog = caller.sandbox.catalog
        jaws = catalog.find("movie", "Jaws").simkl
        for name in ("Jaws (Restored)", "Jaws 4K"):
            catalog.alias(name, 1975, "movie", jaws)
        names = [{"title": name, "year": 1975, "rating": n} for n, name in ((6, "Jaws (Restored)"), (8, "Jaws 4K"))]
        assert len((await caller.rate(*names)).echoed) == 2
        assert {key: rating.rating for key, rating in caller.sandbox.account.ratings.items()} == {jaws: 8}


async def test_titles_can_be_added_with_other_spellings(play):
    """A test's own title is found by its ids, its name in any spelling and its other names."""
    async with play(catalog="closed") as caller:
        added = caller.sandbox.catalog.add("movie", "Señor: The Film", 2020, {"tmdb": 77}, also=["El Señor"])
        for item in (
            {"title": "señor - the film", "year": 2020},
            {"title": "El Señor", "year": 2020},
            {"ids": {"tmdb": 77}},
        ):
            await caller.rate({**item, "rating": 2})
        assert list(caller.sandbox.account.ratings) == [added.simkl]
