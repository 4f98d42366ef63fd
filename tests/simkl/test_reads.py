"""What Simkl tells of an account: whose it is, when what moved, its ratings, what changed among them, its lists."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from importer.model import Kind
from importer.simkl.lenient import UnreadableReplyError, parse_time
from importer.simkl.library import library_path, parse_library
from importer.simkl.reads import LISTS, Removal, parse_delta, parse_ratings, parse_settings, parse_stamps, since


def row(simkl: int, media: str = "movie", **fields: Any) -> dict[str, Any]:
    """A row about one title, with what it says of it."""
    return {
        media: {"title": f"Title {simkl}", "year": 2000, "ids": {"simkl": simkl, "slug": "x", "tmdb": "9"}},
        **fields,
    }


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
        {
            "user_rating": 8,
            "user_rated_at": "2024-01-02T03:04:05Z",
            "movie": {
                "title": "Heat",
                "year": 1995,
                "ids": {"simkl": 1, "slug": "heat", "imdb": "tt0113277", "tmdb": 0},
            },
        },
        {"user_rating": None, "movie": {"title": "X", "ids": {"simkl": 2}}},
        {"user_rating": 7, "movie": {"title": "Y", "ids": {}}},
        {"user_rating": 6, "movie": {"title": None, "year": None, "ids": {"simkl": 4}}},
    ]
    heat, bare = parse_ratings(Kind.MOVIE, orjson.dumps({"movies": rows}))
    assert (heat.simkl, heat.rating, heat.rated_at, heat.ids) == (1, 8, 1_704_164_645, (("imdb", "tt0113277"),))
    assert (bare.title, bare.year, bare.rated_at) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-01-02T03:04:05Z", 1_704_164_645),
        ("2024-01-02T03:04:05.000Z", 1_704_164_645),
        ("2024-01-02T05:04:05+02:00", 1_704_164_645),
        ("2024-01-02", 1_704_153_600),
        ("", None),
        (None, None),
        ("0000-00-00 00:00:00", None),
        ("soon, perhaps", None),
        (5, None),
    ],
)
def test_times_come_in_several_forms(text: object, seconds: int | None) -> None:
    """What is none is None."""
    assert parse_time(text) == seconds


def test_stamps_may_be_null_or_missing() -> None:
    """A part that tells only when anything moved stands in for when ratings did."""
    stamps = parse_stamps(b'{"movies":{"rated_at":"a"},"tv_shows":{"rated_at":null,"all":"b"},"anime":{"all":"c"}}')
    assert [stamps.of(kind) for kind in Kind] == ["a", None, "c"]
    assert parse_stamps(b'{"movies":null}').of(Kind.MOVIE) is None


def test_an_account_without_an_id_is_unreadable() -> None:
    """Nobody knows whose resume file it would be."""
    for body in (b"{}", b'{"account":null}', b'{"account":{"id":null}}'):
        with pytest.raises(UnreadableReplyError):
            parse_settings(body)
    assert parse_settings(b'{"account":{"id":51}}').plan == "free"


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


def test_every_stamp_of_an_account_is_told() -> None:
    """The newest of all, the settings', and those of each kind: anything, ratings, lists, removals from the library."""
    body = orjson.dumps(
        {
            "all": "2026-01-09T00:00:09Z",
            "settings": {"all": "2026-01-01T00:00:01Z"},
            "movies": {
                "all": "b",
                "rated_at": "c",
                "playback": None,
                "plantowatch": "d",
                "completed": "e",
                "dropped": "f",
                "removed_from_list": "g",
            },
            "tv_shows": {"all": "h", "watching": "i", "hold": "j", "notinteresting": "k"},
            "custom_lists": {"lists": {"all": "z"}},
        }
    )
    stamps = parse_stamps(body)
    assert (stamps.newest, stamps.settings) == ("2026-01-09T00:00:09Z", "2026-01-01T00:00:01Z")
    movie, show = stamps.part(Kind.MOVIE), stamps.part(Kind.SHOW)
    assert (movie.anything, movie.rated, movie.removed_from_list, movie.playback) == ("b", "c", "g", None)
    assert dict(zip(LISTS, movie.lists, strict=True)) == {
        "plantowatch": "d",
        "watching": None,
        "completed": "e",
        "hold": None,
        "dropped": "f",
    }
    assert (show.rated, show.lists[LISTS.index("dropped")]) == ("h", "k")
    assert stamps.part(Kind.ANIME).anything is None


@pytest.mark.parametrize(
    "body", [b"{}", b'{"all":null,"settings":null}', b'{"all":5,"movies":[],"settings":{"all":""}}']
)
def test_stamps_that_say_nothing_are_none(body: bytes) -> None:
    """Null, missing, or of another type."""
    stamps = parse_stamps(body)
    assert (stamps.newest, stamps.settings, *map(stamps.of, Kind)) == (None,) * 5


def test_a_delta_tells_ratings_and_removals_of_all_kinds() -> None:
    """A removal may still carry a date; its kind is that of its section."""
    body = {
        "movies": [
            row(1, user_rating=8, user_rated_at="2024-01-02T03:04:05Z"),
            row(2, user_rating=None, user_rated_at="2024-01-02T03:04:05Z"),
        ],
        "shows": [row(3, "show", user_rating=None)],
        "anime": [row(4, "show", user_rating=7, anime_type="tv")],
    }
    delta = parse_delta(orjson.dumps(body))
    assert [(theirs.simkl, theirs.kind, theirs.rating) for theirs in delta.rated] == [
        (1, Kind.MOVIE, 8),
        (4, Kind.ANIME, 7),
    ]
    assert delta.removed == (Removal(2, Kind.MOVIE), Removal(3, Kind.SHOW))


def test_only_a_row_that_says_null_is_a_removal() -> None:
    """A row without the key, with a rating that is none, or without a title says nothing of the account's rating."""
    said = [0, 11, "null", "", False, True, []]
    rows = [row(1), *(row(n, user_rating=rating) for n, rating in enumerate(said, start=2))]
    rows += [{"user_rating": None}, {"user_rating": None, "movie": {"ids": {"imdb": "tt1"}}}]
    delta = parse_delta(orjson.dumps({"movies": rows}))
    assert (delta.rated, delta.removed) == ((), ())


@pytest.mark.parametrize("body", [b"null", b"{}", b"[]", b'{"movies":[]}', b'{"movies":null,"shows":[1,null]}'])
def test_a_delta_without_rows_says_that_nothing_changed(body: bytes) -> None:
    """However that is said."""
    delta = parse_delta(body)
    assert (delta.rated, delta.removed) == ((), ())


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error":"rate_limit"}', b"7", b'{"movies":[{'])
def test_a_delta_that_cannot_be_read_is_none(body: bytes) -> None:
    """Else a change would be missed for good."""
    with pytest.raises(UnreadableReplyError):
        parse_delta(body)


def test_rows_without_a_section_tell_their_kind_themselves() -> None:
    """Anime may nest under `show`, with its type beside it."""
    rows = [
        row(1, user_rating=1),
        row(2, "show", user_rating=2),
        row(3, "show", user_rating=3, anime_type="ova"),
        row(4, "anime", user_rating=4),
        {"user_rating": 5},
    ]
    assert [theirs.kind for theirs in parse_delta(orjson.dumps(rows)).rated] == [
        Kind.MOVIE,
        Kind.SHOW,
        Kind.ANIME,
        Kind.ANIME,
    ]


def test_a_stamp_goes_back_exactly_as_it_came() -> None:
    """Whatever its form."""
    assert since("2026-01-09T00:00:09.5+05:00") == {"date_from": "2026-01-09T00:00:09.5+05:00"}


def test_the_library_tells_lists_dates_and_ratings() -> None:
    """Rated or not; a row's list is named in today's words."""
    body = {
        "shows": [
            row(
                1,
                "show",
                status="watching",
                last_watched_at="2024-01-02T03:04:05Z",
                watched_episodes_count=3,
                added_to_watchlist_at="2023-01-02T03:04:05Z",
                user_rating=9,
                user_rated_at=None,
            ),
            row(2, "show", status="notinteresting", last_watched_at=None, user_rating=None),
            {"status": "watching", "show": {"title": "No id"}},
        ]
    }
    watched, dropped = parse_library(Kind.SHOW, orjson.dumps(body))
    assert (watched.simkl, watched.kind, watched.title, watched.year, watched.ids) == (
        1,
        Kind.SHOW,
        "Title 1",
        2000,
        (("tmdb", "9"),),
    )
    assert (watched.status, watched.watched_at, watched.episodes) == ("watching", 1_704_164_645, 3)
    assert watched.added_at == 1_672_628_645
    assert watched.rating is not None
    assert (watched.rating.simkl, watched.rating.rating, watched.rating.rated_at) == (1, 9, None)
    assert (dropped.status, dropped.watched_at, dropped.episodes, dropped.rating) == ("dropped", None, 0, None)


def test_a_whole_library_is_read_by_its_sections() -> None:
    """Each kind in its own."""
    body = orjson.dumps({"movies": [row(1)], "anime": [row(2, "anime")], "shows": None})
    assert [(one.simkl, one.kind, one.status) for one in parse_library(None, body)] == [
        (1, Kind.MOVIE, ""),
        (2, Kind.ANIME, ""),
    ]


def test_a_large_library_is_read_part_by_part() -> None:
    """Whatever its size, each title once and in order."""
    rows = [row(n + 1, "show", status="watching", memo="}, {" * 40) for n in range(9_000)]
    body = orjson.dumps({"shows": rows})
    assert len(body) > 1 << 20
    assert [one.simkl for one in parse_library(None, body)] == list(range(1, 9_001))


def test_a_list_has_an_address_of_its_own() -> None:
    """For a library that is too large for one answer."""
    assert library_path(Kind.MOVIE) == "/sync/all-items/movies"
    assert library_path(Kind.ANIME, "hold") == "/sync/all-items/anime/hold"


def test_rows_of_the_library_outside_of_sections_tell_their_kind() -> None:
    """As a list of all kinds may come: anime under `show`, with its form beside."""
    rows = [
        {"status": "completed", "movie": {"title": "A", "ids": {"simkl": 1}}},
        {"status": "hold", "show": {"title": "B", "ids": {"simkl": 2}}},
        {"status": "watching", "anime_type": "tv", "show": {"title": "C", "ids": {"simkl": 3}}},
        {"status": "watching", "ids": {"simkl": 4}},
    ]
    found = list(parse_library(None, orjson.dumps(rows)))
    assert [(one.simkl, one.kind) for one in found] == [(1, Kind.MOVIE), (2, Kind.SHOW), (3, Kind.ANIME)]
