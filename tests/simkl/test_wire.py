"""Items to bytes and bytes to values: what is sent, and every shape that an answer may come in."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Kind
from importer.simkl.lenient import UnreadableReplyError
from importer.simkl.wire import Encoder, Outgoing, parse_error, parse_removal, parse_reply, weight

HEAT = Outgoing("k", Kind.MOVIE, "Heat", 1995, (("imdb", "tt0113277"), ("tmdb", "949")), 9, 1_700_000_000)


def test_films_go_under_movies_and_everything_else_under_shows() -> None:
    """Anime too; every rating has its date, numbers are numbers."""
    anime = Outgoing("a", Kind.ANIME, "Monster", 2004, (("mal", "19"),), 10, 0)
    assert orjson.loads(Encoder().body([HEAT, anime])) == {
        "movies": [
            {
                "rating": 9,
                "rated_at": "2023-11-14T22:13:20Z",
                "ids": {"imdb": "tt0113277", "tmdb": 949},
                "title": "Heat",
                "year": 1995,
            }
        ],
        "shows": [
            {"rating": 10, "rated_at": "1970-01-01T00:00:00Z", "ids": {"mal": 19}, "title": "Monster", "year": 2004}
        ],
    }


def test_a_removal_has_neither_rating_nor_date() -> None:
    """And no group that is empty."""
    body = orjson.loads(Encoder().body([Outgoing("k", Kind.SHOW, "", None, (("simkl", "5"),), None, None)]))
    assert body == {"shows": [{"ids": {"simkl": 5}}]}


def test_the_same_items_are_the_same_bytes() -> None:
    """A resend is told by its digest."""
    assert Encoder().body([HEAT]) == Encoder().body([HEAT])


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"<html>", b'{"added"', b"7", b'"added"', b"\xff\xfe", b"[" * 9999]
)
def test_a_reply_that_is_no_object_is_unreadable(body: bytes) -> None:
    """It counts as a lost answer, never as an acceptance."""
    with pytest.raises(UnreadableReplyError):
        parse_reply(body)


def test_an_empty_answer_to_a_removal_says_nothing() -> None:
    """Older pages show it so."""
    assert parse_removal(b"") == parse_removal(b" \n")
    with pytest.raises(UnreadableReplyError):
        parse_removal(b"<html>")


@given(st.binary(max_size=80))
def test_no_error_body_is_trouble_of_its_own(body: bytes) -> None:
    """What cannot be read has no name."""
    assert parse_error(body).isascii()


@pytest.mark.parametrize(
    ("key", "value", "sent"),
    [
        ("tmdb", "9" * 15, int("9" * 15)),
        ("tmdb", "9" * 16, "9" * 16),
        ("tmdb", "12a", "12a"),
        ("letterboxd", "300", "300"),
    ],
)
def test_an_id_is_a_number_only_where_its_key_takes_one(key: str, value: str, sent: object) -> None:
    """A number of more than 15 digits would be rounded on the way; a film's address may be a number, and is a text."""
    [film] = orjson.loads(Encoder().body([Outgoing("k", Kind.MOVIE, "A", 2000, ((key, value),), 8, 0)]))["movies"]
    assert film["ids"] == {key: sent}


def test_an_item_weighs_what_it_adds_to_a_body() -> None:
    """Its comma too: so that no batch grows beyond what it is counted."""
    other = Outgoing("o", Kind.MOVIE, "Ronin", 1998, (), 8, 0)
    added = len(Encoder().body([HEAT, other])) - len(Encoder().body([HEAT]))
    assert weight(other) == Encoder().weight(other) == added


def test_an_item_that_was_weighed_stands_in_the_body_as_it_is() -> None:
    """Also where it is sent a second time, in the half of a batch that was refused."""
    encoder = Encoder()
    encoder.weight(HEAT)
    assert [encoder.body([HEAT]) for _ in range(2)] == [Encoder().body([HEAT])] * 2


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ("rate_limit", "rate_limit"),
        ("client 5ecret", "error"),
        (500, "error"),
        (["x"], "error"),
        (None, ""),
        ({"error": "a", "type": "b", "id": "c", "code": "d"}, "a"),
        ({"type": "b", "id": "c", "code": "d"}, "b"),
        ({"id": "c", "code": "d"}, "c"),
        ({"code": "d"}, "d"),
        ({}, ""),
        ({"code": 7}, "error"),
        ("RATE_LIMIT", "rate_limit"),
        ("Rate-Limit", "rate_limit"),
        ("ratelimit", "rate_limit"),
        ("oauth2_token_required", "oauth2_token_required"),
        ("oauth3_token", "error"),
    ],
)
def test_an_error_has_the_name_that_it_gives_itself(error: object, name: str) -> None:
    """As text or within an object; what looks like no name is not repeated."""
    assert parse_error(orjson.dumps({"error": error})) == name


def test_a_body_that_breaks_off_names_no_error() -> None:
    """Nor does one that is something else."""
    for body in (b'{"error":"rate_limit"', b'"error"', b'["error"]', b'{"what":"error"}'):
        assert parse_error(body) == ""


def test_a_very_large_body_is_not_searched_for_an_error() -> None:
    """An account's ratings would be parsed twice for nothing."""
    body = b'{"error":"rate_limit","filler":"%s"}'
    filler = 65_536 - len(body % b"")
    assert parse_error(body % (b"y" * filler)) == "rate_limit"
    assert parse_error(body % (b"y" * (filler + 1))) == ""


def test_what_is_not_found_is_read_in_every_box() -> None:
    """A batch of shows may hold anime, and an answer names them under whatever kind it files them."""
    document = {"not_found": {"movies": [{"title": "A"}], "shows": [{"title": "B"}], "anime": [{"title": "C"}]}}
    assert [one.title for one in parse_reply(orjson.dumps(document)).not_found] == ["A", "B", "C"]
