"""Rows of the account at their edges: every rating there is, the kind of a section, answers in parts, whose it is."""

from __future__ import annotations

from typing import Any

import orjson

from importer.model import Kind
from importer.simkl.reads import (
    ACTIVITIES,
    RATINGS_SINCE,
    READ,
    SETTINGS,
    parse_delta,
    parse_ratings,
    parse_settings,
    parse_stamps,
    rows_in,
)


def rated(simkl: int, rating: object, media: str = "movie", **fields: Any) -> dict[str, Any]:
    """A row about a rated title."""
    return {media: {"title": f"Title {simkl}", "year": 2000, "ids": {"simkl": simkl}}, "user_rating": rating, **fields}


def test_the_addresses_are_those_of_the_pages() -> None:
    """Every rating is asked for by name: without that segment removals would come along."""
    assert (ACTIVITIES, SETTINGS, RATINGS_SINCE) == ("/sync/activities", "/users/settings", "/sync/ratings")
    assert READ[Kind.MOVIE] == "/sync/ratings/movies/1,2,3,4,5,6,7,8,9,10"


def test_every_rating_from_one_to_ten_is_read() -> None:
    """And what stands beside them is none."""
    body = orjson.dumps({"movies": [rated(n + 1, n) for n in range(12)]})
    found = list(parse_ratings(Kind.MOVIE, body))
    assert [one.rating for one in found] == list(range(1, 11))
    assert (found[0].title, found[0].year) == ("Title 2", 2000)


def test_a_row_is_of_the_kind_of_its_section() -> None:
    """Whatever it nests under: anime comes as shows do."""
    [theirs] = parse_delta(orjson.dumps({"anime": [rated(4, 7, "show")]})).rated
    assert theirs.kind is Kind.ANIME


def test_a_large_answer_of_several_sections_gives_each_row_once() -> None:
    """It is read in parts as far as one list goes; the rest by itself."""
    rows = [rated(n, 7, memo="x" * 200) for n in range(1, 9_001)]
    body = orjson.dumps({"movies": rows, "shows": [rated(9_001, 8, "show")], "anime": [rated(9_002, 9, "show")]})
    assert len(body) > 1 << 20
    found = [(kind, next(iter(row.values()))["ids"]["simkl"]) for kind, row in rows_in(body)]
    assert [number for _, number in found] == list(range(1, 9_003))
    assert [kind for kind, _ in found[-3:]] == [Kind.MOVIE, Kind.SHOW, Kind.ANIME]


def test_an_account_tells_whose_it_is() -> None:
    """Its number, its name, where it lives and what it pays; what is missing is empty."""
    said = {"user": {"name": "Ann"}, "account": {"id": 51, "timezone": "Europe/Berlin", "type": "vip"}}
    account = parse_settings(orjson.dumps(said))
    assert (account.id, account.name, account.timezone, account.plan) == (51, "Ann", "Europe/Berlin", "vip")
    bare = parse_settings(b'{"user":{"name":5},"account":{"id":51,"timezone":null,"type":null}}')
    assert (bare.name, bare.timezone, bare.plan) == ("", "", "free")


def test_playback_has_a_stamp_of_its_own() -> None:
    """It is no rating."""
    stamps = parse_stamps(b'{"movies":{"playback":"p","rated_at":"r"}}')
    assert (stamps.movie.playback, stamps.movie.rated) == ("p", "r")
