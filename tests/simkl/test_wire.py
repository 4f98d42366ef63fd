"""Items to bytes and bytes to values: what is sent, and every shape that an answer may come in."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Kind
from importer.simkl.lenient import UnreadableReplyError
from importer.simkl.wire import Outgoing, body_bytes, parse_error, parse_removal, parse_reply

HEAT = Outgoing("k", Kind.MOVIE, "Heat", 1995, (("imdb", "tt0113277"), ("tmdb", "949")), 9, 1_700_000_000)


def test_films_go_under_movies_and_everything_else_under_shows() -> None:
    """Anime too; every rating has its date, numbers are numbers."""
    anime = Outgoing("a", Kind.ANIME, "Monster", 2004, (("mal", "19"),), 10, 0)
    assert orjson.loads(body_bytes([HEAT, anime])) == {
        "movies": [{"rating": 9, "rated_at": "2023-11-14T22:13:20Z", "ids": {"imdb": "tt0113277", "tmdb": 949},
                    "title": "Heat", "year": 1995}],
        "shows": [{"rating": 10, "rated_at": "1970-01-01T00:00:00Z", "ids": {"mal": 19}, "title": "Monster",
                   "year": 2004}],
    }  # fmt: skip


def test_a_removal_has_neither_rating_nor_date() -> None:
    """And no group that is empty."""
    body = orjson.loads(body_bytes([Outgoing("k", Kind.SHOW, "", None, (("simkl", "5"),), None, None)]))
    assert body == {"shows": [{"ids": {"simkl": 5}}]}


def test_the_same_items_are_the_same_bytes() -> None:
    """A resend is told by its digest."""
    assert body_bytes([HEAT]) == body_bytes([HEAT])


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


@pytest.mark.parametrize(("value", "sent"), [("9" * 15, int("9" * 15)), ("9" * 16, "9" * 16), ("12a", "12a")])
def test_an_id_too_large_for_a_number_goes_as_text(value: str, sent: object) -> None:
    """A number of more than 15 digits would be rounded on the way, or break the whole body."""
    [film] = orjson.loads(body_bytes([Outgoing("k", Kind.MOVIE, "A", 2000, (("tmdb", value),), 8, 0)]))["movies"]
    assert film["ids"] == {"tmdb": sent}


def test_a_very_large_body_is_not_searched_for_an_error() -> None:
    """An account's ratings would be parsed twice for nothing."""
    body = b'{"error":"rate_limit","filler":"%s"}'
    assert parse_error(body % b"") == "rate_limit"
    assert parse_error(body % (b"y" * 70_000)) == ""
