"""Titles looked up: pages by number, the redirect, the search."""

from __future__ import annotations

import pytest

from importer.sandbox.names import NAMES
from importer.sandbox.titles import TITLES
from importer.sandbox.tokens import PIN_CLIENT


async def redirect(caller, **query):
    query = {**caller.query, "to": "simkl", **query}
    reply = await caller.get("/redirect", params=query, allow_redirects=False)
    return reply.status, reply.headers.get("Location")


async def found(caller, kind, q, **query):
    return (await caller.get(f"/search/{kind}", params={**caller.query, "q": q, **query})).json


async def test_a_page_tells_a_titles_other_names(play):
    """Title, year, ids, and names with their language, without a token."""
    async with play() as caller:
        caller.token = None
        page = (await caller.get("/movies/53009")).json
        assert (page["title"], page["year"], page["ids"]["imdb"]) == ("Amélie", 2001, "tt0211915")
        assert {"name": "Le Fabuleux Destin d'Amélie Poulain", "lang": "fr"} in page["alt_titles"]
        assert (await caller.get("/anime/37001")).json["anime_type"] == "movie"
        assert (await caller.get("/tv/17001")).json["title"] == "Breaking Bad"


@pytest.mark.parametrize("path", ["/movies/1", "/movies/x", "/tv/53001", "/anime/53001", "/movies/53001/cast"])
async def test_an_unknown_number_is_an_empty_list(play, path):
    """200 all the same; a number of another type is as unknown."""
    async with play() as caller:
        caller.token = None
        reply = await caller.get(path)
        assert (reply.status, reply.content) == (200, b"[]")


async def test_a_page_asked_for_with_a_token_is_on_record(play):
    """The answer is the same: pages are cached for everybody."""
    async with play() as caller:
        assert (await caller.get("/movies/53001")).json["title"] == "The Matrix"
        assert [violation.kind for violation in caller.sandbox.violations] == ["token-on-page"]


@pytest.mark.parametrize(("fault", "names"), [("alt-titles-text", ["Le château hanté"]), ("alt-titles-missing", None)])
async def test_other_names_take_other_forms(play, fault, names):
    """A list of texts, or none at all."""
    async with play(faults=[fault]) as caller:
        assert (await caller.get("/movies/53029")).json.get("alt_titles") == names


async def test_many_titles_have_names_in_several_languages(play):
    """A few dozen of the built-in titles; each of these names leads to its title, with the year."""
    async with play(catalog="closed") as caller:
        known = {title.simkl: title for title in TITLES}
        assert set(NAMES) <= set(known)
        assert sum(len({name.lang for name in names}) > 1 for names in NAMES.values()) >= 36
        for kind, section in (("movie", "movies"), ("show", "shows"), ("anime", "anime")):
            titles = [title for title in TITLES if title.kind == kind and title.names]
            items = [{"title": name.name, "year": title.year, "rating": 5} for title in titles for name in title.names]
            assert (await caller.post("/sync/ratings", {section: items})).json["not_found"]["movies"] == []
        assert set(caller.sandbox.account.ratings) == set(NAMES)


async def test_the_redirect_leads_from_ids_and_names_to_an_address(play):
    """301 with a Location; what is unknown leads to the front page."""
    async with play() as caller:
        matrix = "https://simkl.com/movies/53001/the-matrix"
        assert await redirect(caller, imdb="tt0133093") == (301, matrix)
        assert await redirect(caller, tmdb="603", type="movie") == (301, matrix)
        assert await redirect(caller, title="the matrix", year="1999", type="movie") == (301, matrix)
        assert await redirect(caller, tmdb="1396", type="tv") == (301, "https://simkl.com/tv/17001/breaking-bad")
        assert await redirect(caller, mal="5114") == (
            301,
            "https://simkl.com/anime/37002/fullmetal-alchemist-brotherhood",
        )
        for unknown in ({"imdb": "tt1"}, {"title": "No Such Film", "type": "movie"}, {}):
            assert await redirect(caller, **unknown) == (301, "//simkl.com")
        assert not caller.sandbox.account.ratings
        assert (await redirect(caller, to="trakt"))[0] == 400


async def test_the_redirect_wants_a_token_or_not(play):
    """Under V2 it does, by most pages; under V1, and in a mode, it does not."""
    async with play() as caller:
        caller.token = None
        assert (await redirect(caller, imdb="tt0133093"))[0] == 401
        caller.query["client_id"] = PIN_CLIENT
        assert (await redirect(caller, imdb="tt0133093"))[0] == 301
    async with play(faults=["redirect-open", "redirect-302"]) as caller:
        caller.token = None
        assert (await redirect(caller, imdb="tt0133093"))[0] == 302


async def test_a_search_finds_titles_by_any_name(play):
    """The same name first, then beginnings, then words; a year narrows, and may belong to the name."""
    async with play() as caller:
        titles = [match["title"] for match in await found(caller, "movie", "the")]
        assert len(titles) > 5
        assert [match["title"] for match in await found(caller, "movie", "der pate")] == ["The Godfather"]
        assert [match["year"] for match in await found(caller, "movie", "the haunted castle 1897")] == [1897, 1897]
        assert await found(caller, "movie", "the haunted castle 1950") == []
        assert (await found(caller, "movie", "2001 a space odyssey"))[0]["title"] == "2001: A Space Odyssey"
        caller.sandbox.catalog.add("movie", "Heat and Dust", 1983)
        caller.sandbox.catalog.add("movie", "Dead Heat", 1988)
        ranked = [match["title"] for match in await found(caller, "movie", "heat")]
        assert ranked == ["Heat", "Heat and Dust", "Dead Heat"]


async def test_a_search_takes_no_account_of_accents(play):
    """Neither of those that are typed nor of those of a title; another letter is another letter."""
    async with play() as caller:
        for asked in ("amelie", "amélie", "le fabuleux destin d'amelie poulain"):
            assert (await found(caller, "movie", asked))[0]["title"] == "Amélie"
        caller.sandbox.catalog.add("movie", "Bølgen", 2015)
        assert await found(caller, "movie", "bolgen") == []


async def test_matches_have_the_documented_form(play):
    """`movies` stands for movie, and extended=full adds the other names."""
    async with play() as caller:
        (match,) = await found(caller, "movie", "jaws", extended="full")
        assert (match["endpoint_type"], match["ids"]) == ("movies", {"simkl_id": 53037, "slug": "jaws", "tmdb": "578"})
        assert "Der weiße Hai" in match["all_titles"]
        (match,) = await found(caller, "anime", "akira")
        assert (match["endpoint_type"], match["type"], "all_titles" in match) == ("anime", "movie", False)


async def test_searches_are_clamped_and_refused(play):
    """A bad page or limit is mended, an empty question is an error, nothing found is an empty list."""
    async with play() as caller:
        assert len(await found(caller, "movie", "the", limit="3")) == 3
        assert len(await found(caller, "movie", "the", limit="0", page="-7")) == 1
        assert await found(caller, "movie", "the", page="900") == []
        assert await found(caller, "tv", "no such series") == []
        assert (await found(caller, "movie", " "))["error"] == "empty_field"
        caller.token = None
        assert (await found(caller, "movie", "jaws"))["error"] == "user_token_required"


async def test_searches_take_other_forms(play):
    """Nothing at all, the worst first, or without what extended=full adds."""
    async with play() as caller:
        plain = await found(caller, "tv", "the", extended="full")
        for fault, matches in (
            ("search-empty", []),
            ("search-reversed", list(reversed(plain))),
            ("search-bare", await found(caller, "tv", "the")),
        ):
            caller.sandbox.faults.script("GET /search", [fault])
            assert await found(caller, "tv", "the", extended="full") == matches


async def test_look_ups_break_like_everything_else(play):
    """A script can play any fault on a page."""
    async with play() as caller:
        caller.sandbox.faults.script("GET /movies", ["status-502", "html-200", None])
        assert [(await caller.get("/movies/53001")).content[:6] for _ in range(3)][2] == b'{"titl'
        assert [entry.status for entry in caller.sandbox.log] == [502, 200, 200]
