"""Items to bytes and bytes to values: what is sent, and every shape that an answer may come in."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Kind
from importer.simkl.lenient import UnreadableReplyError
from importer.simkl.reads import parse_ratings, parse_settings, parse_stamps, parse_time
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


@pytest.mark.parametrize("body", [b"null", b"{}", b"[]", b'{"movies":[]}', b'{"movies":null}', b'{"movies":[null,1]}'])
def test_an_empty_account_has_no_rows(body: bytes) -> None:
    """However it is said."""
    assert list(parse_ratings(Kind.MOVIE, body)) == []


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error":"server_error"}', b"7", b'{"movies":[{'])
def test_ratings_that_cannot_be_read_are_no_empty_account(body: bytes) -> None:
    """Else everything would be sent again."""
    with pytest.raises(UnreadableReplyError):
        list(parse_ratings(Kind.MOVIE, body))


def test_a_row_is_taken_as_far_as_it_goes() -> None:
    """Unrated rows and rows without a simkl id are none; ids that are for answers alone stay out."""
    rows = [
        {"user_rating": 8, "user_rated_at": "2024-01-02T03:04:05Z",
         "movie": {"title": "Heat", "year": 1995, "ids": {"simkl": 1, "slug": "heat", "imdb": "tt0113277", "tmdb": 0}}},
        {"user_rating": None, "movie": {"title": "X", "ids": {"simkl": 2}}},
        {"user_rating": 7, "movie": {"title": "Y", "ids": {}}},
        {"user_rating": 6, "movie": {"title": None, "year": None, "ids": {"simkl": 4}}},
    ]  # fmt: skip
    heat, bare = parse_ratings(Kind.MOVIE, orjson.dumps({"movies": rows}))
    assert (heat.simkl, heat.rating, heat.rated_at, heat.ids) == (1, 8, 1_704_164_645, (("imdb", "tt0113277"),))
    assert (bare.title, bare.year, bare.rated_at) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-01-02T03:04:05Z", 1_704_164_645), ("2024-01-02T03:04:05.000Z", 1_704_164_645),
        ("2024-01-02T05:04:05+02:00", 1_704_164_645), ("2024-01-02", 1_704_153_600), ("", None), (None, None),
        ("0000-00-00 00:00:00", None), ("soon, perhaps", None), (5, None),
    ],
)  # fmt: skip
def test_times_come_in_several_forms(text: object, seconds: int | None) -> None:
    """What is none is None."""
    assert parse_time(text) == seconds


def test_stamps_may_be_null_or_missing() -> None:
    """A part that tells only when anything moved stands in for when ratings did."""
    stamps = parse_stamps(b'{"movies":{"rated_at":"a"},"tv_shows":{"rated_at":null,"all":"b"},"anime":{"all":"c"}}')
    assert (stamps.movie, stamps.show, stamps.anime) == ("a", None, "c")
    assert parse_stamps(b'{"movies":null}').movie is None


def test_an_account_without_an_id_is_unreadable() -> None:
    """Nobody knows whose resume file it would be."""
    for body in (b"{}", b'{"account":null}', b'{"account":{"id":null}}'):
        with pytest.raises(UnreadableReplyError):
            parse_settings(body)
    assert parse_settings(b'{"account":{"id":51}}').plan == "free"


@given(st.binary(max_size=80))
def test_no_error_body_is_trouble_of_its_own(body: bytes) -> None:
    """What cannot be read has no name."""
    assert parse_error(body).isascii()


@pytest.mark.parametrize("rating", ["11", "0", "1e30", "1" + "0" * 30, "-3"])
def test_a_row_with_an_absurd_rating_is_none(rating: str) -> None:
    """Nothing of ours may be decided by it, and no column could hold it."""
    body = f'{{"shows":[{{"user_rating":{rating},"show":{{"title":"Dark","ids":{{"simkl":5}}}}}}]}}'
    assert list(parse_ratings(Kind.SHOW, body.encode())) == []


def test_a_row_with_an_absurd_id_is_none_and_an_absurd_year_is_no_year() -> None:
    """The rating counts all the same where its title can be told."""
    row = '{"user_rating":7,"show":{"title":"Dark","year":99999999,"ids":{"simkl":%s}}}'
    body = f'{{"shows":[{row % "5"},{row % ("1" + "0" * 30)},{row % "123456789012345678"}]}}'
    [theirs] = parse_ratings(Kind.SHOW, body.encode())
    assert (theirs.simkl, theirs.rating, theirs.year) == (5, 7, None)


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
