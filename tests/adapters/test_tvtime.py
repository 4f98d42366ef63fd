"""TV Time's archive: votes told by their member's name, joined by uuid, and nothing else opened."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from adapters.protocol import Source
from importer.errors import ExportError
from importer.model import Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped, Superseded

VOTES = "user_id,uuid,vote_key,episode_id,movie_name,series_name,season_number,episode_number\n"
TRACK = "uuid,type,movie_name,release_date,entity_type\n"
EXPORT = "uuid,tvdb_id,imdb_id,title,year\n"
FILM = "ada004f0-ad8e-45e8-a9eb-1da02bd55471"
SEALED = ("access_token.csv", "user.csv", "emotions-live-votes.csv", "seen_episode.csv", "refresh_token.csv")


def vote(code: object, uuid: str = FILM, name: str = "Heat") -> str:
    """Write a vote for a film."""
    return f"1,{uuid},{uuid}-1-{code},0,{name},,,\n"


def rows(said: tuple[str, list[Row | Remark]]) -> list[Any]:
    """Keep the rows of what must be TV Time's."""
    assert said[0] == "tvtime"
    return [row for row in said[1] if not isinstance(row, Remark)]


@pytest.mark.parametrize(("code", "rating"), [("1", 2), ("27", 4), ("28", 6), ("29", 8), ("3", 10), ("2", 0), ("x", 0)])
def test_a_vote_is_one_of_five_faces(reads: Any, code: str, rating: int) -> None:
    """The number after the last dash; one that the site does not have has no place on the scale."""
    (row,) = rows(reads({"ratings-live-votes.csv": VOTES + vote(code)}))
    assert isinstance(row, Item)
    assert (row.key, row.kind, row.source_rating, row.rating) == (f"tvtime:{FILM}", Kind.MOVIE, code, rating)


def test_only_the_members_that_count_are_opened(reads: Any) -> None:
    """The archive holds tokens and addresses; emotions have the votes' columns and are told by their name alone."""
    (row,) = rows(
        reads({"a/ratings-live-votes.csv": VOTES + vote(3), "a/tracking-prod-records.csv": TRACK}, sealed=SEALED)
    )
    assert isinstance(row, Item)


def test_title_and_year_come_from_any_row_of_the_film(reads: Any) -> None:
    """0001-01-01 is no year; columns stand in any order; a renamed film keeps the vote's own title."""
    track = TRACK + f"{FILM},follow,Heat,0001-01-01 00:00:00,movie\n{FILM},watch,,1995-12-15 00:00:00,movie\n"
    (row,) = rows(reads({"ratings-live-votes.csv": VOTES + vote(3, name=""), "tracking-prod-records.csv": track}))
    assert isinstance(row, Item)
    assert (row.title, row.year) == ("Heat", 1995)


def test_a_vote_for_an_episode_is_no_film_without_a_year(reads: Any) -> None:
    """It stands in the same file and has a uuid; what is told of films counts films alone."""
    episode = "1,1d44c494-9046-4c04-89ea-a5d9acaf8353,7133857-1-3,7133857,,The Mandalorian,1,1\n"
    track = TRACK + f"{FILM},watch,Heat,1995-12-15 00:00:00,movie\n"
    told = reads({"ratings-v2-prod-votes.csv": VOTES + vote(3) + episode, "tracking-prod-records.csv": track})[1]
    assert [type(one) for one in told] == [Item, Skipped]


def test_export_my_data_gives_the_imdb_id(reads: Any) -> None:
    """Beside the archive in one folder, within its zip, in a folder with the zip, or in the same call."""
    votes, exported = VOTES + vote(3), EXPORT + f"{FILM.upper()},136,tt0113277,Heat,1995\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ratings-live-votes.csv", votes)
    beside = Source("films.csv", {"tvtime-movies-2026-07-01.csv": exported.encode})
    for said in (
        reads({"ratings-live-votes.csv": votes, "tvtime-movies-2026-07-01.csv": exported}),
        reads({"gdpr.zip": packed.getvalue(), "tvtime-movies-2026-07-01.csv": exported}),
        reads({"ratings-live-votes.csv": votes}, beside=(beside,)),
    ):
        (row,) = rows(said)
        assert isinstance(row, Item)
        assert (row.ids, row.year) == ((("imdb", "tt0113277"),), 1995)
        assert "1 of 1 films have their IMDb id" in said[1][-1].text


def test_export_my_data_alone_holds_no_ratings(reads: Any) -> None:
    """In one call with the archive it is read along and has no rows of its own."""
    exported = {"tvtime-movies-2026-07-01.csv": EXPORT + f"{FILM},136,tt0113277,Heat,1995\n"}
    with pytest.raises(ExportError, match="holds no ratings") as caught:
        reads(exported)
    assert "in one call" in caught.value.hint
    archive = Source("a.zip", {"ratings-live-votes.csv": (VOTES + vote(3)).encode})
    assert reads(exported, beside=(archive,)) == ("tvtime", [])


SEEN = "series_tvdb_id,series_imdb_id,series_uuid,title,season,episode,tvdb_id,is_watched\n1,,u,ER,1,1,2,true\n"
SERIES = '[{"uuid": "u", "id": {"tvdb": 1, "imdb": null}, "title": "ER", "seasons": [{"number": 1}]}]'
FILMS = '[{"uuid": "u", "id": {"tvdb": 1, "imdb": "tt0113277"}, "title": "Heat", "year": 1995, "is_watched": true}]'


@pytest.mark.parametrize(
    ("name", "text"),
    [("tvtime-series-episodes.csv", SEEN), ("tvtime-series.json", SERIES), ("tvtime-movies.json", FILMS)],
)
def test_every_file_of_export_my_data_says_that_it_has_no_ratings(reads: Any, name: str, text: str) -> None:
    """Alone it is refused, as the films' table is; beside the archive it has nothing to give and stops nothing."""
    with pytest.raises(ExportError, match="Export my data holds no ratings") as caught:
        reads({name: text})
    assert "give the archive with it" in caught.value.hint
    archive = Source("a.zip", {"ratings-live-votes.csv": (VOTES + vote(3)).encode})
    found = rows(reads({name: text}, beside=(archive,)))
    assert all(isinstance(row, Skipped) and row.reason is Reason.UNRATED for row in found)


def test_a_renamed_file_of_votes_is_refused(reads: Any) -> None:
    """Alone and under another name it may be one of emotions, whose numbers mean something else."""
    for name in ("votes.csv", "ratings.csv"):
        with pytest.raises(ExportError, match="only the name tells"):
            reads({name: VOTES + vote(3)})
    (row,) = rows(reads({"ratings-live-votes (1).csv": VOTES + vote(3)}))
    assert isinstance(row, Item)


def test_emotions_are_no_ratings(reads: Any) -> None:
    """Where the name tells them, alone or in an archive without votes, the sentence says so."""
    track = {"tracking-prod-records.csv": TRACK}
    for members in ({"emotions-live-votes.csv": VOTES + vote(35)}, {"a/emotions-3-prod.csv": VOTES + vote(3), **track}):
        with pytest.raises(ExportError, match="emotions, which are no ratings"):
            reads(members)


def test_an_empty_member_costs_the_others_nothing(reads: Any) -> None:
    """An archive without a vote of one sort has an empty file for it; one without any says so."""
    (row,) = rows(reads({"ratings-live-votes.csv": VOTES + vote(3), "ratings-v2-prod-votes.csv": "\n"}))
    assert isinstance(row, Item)
    with pytest.raises(ExportError, match=r"holds no ratings: its tv_show_rate\.csv is empty"):
        reads({"tv_show_rate.csv": "", "tracking-prod-records.csv": TRACK})


def test_several_votes_for_a_film_count_once_if_they_agree(reads: Any) -> None:
    """Without a date nobody can tell which of two different ones was the last."""
    other = FILM.replace("a", "b")
    live, prod = VOTES + vote(3) + vote(29, other), VOTES + vote(3) + vote(28, other)
    found = rows(reads({"ratings-live-votes.csv": live, "ratings-v2-prod-votes.csv": prod}))
    assert [type(row) for row in found] == [Item, Rejected, Superseded, Rejected]
    assert {row.reason for row in found if isinstance(row, Rejected)} == {Reason.AMBIGUOUS_TITLE}


def test_episodes_have_no_place(reads: Any) -> None:
    """In both generations; whatever their numbers are."""
    episode = f"1,{FILM},7133857-1-3,7133857,,The Mandalorian,1,1\n"
    found = rows(
        reads({"ratings-v2-prod-votes.csv": VOTES + episode, "ratings-3-prod-episode_votes.csv": VOTES + episode})
    )
    assert [row.reason for row in found] == [Reason.UNSUPPORTED_KIND] * 2
    assert all(isinstance(row, Skipped) and row.item.ids == () for row in found)


def test_a_show_has_its_tvdb_id_and_its_true_time(reads: Any) -> None:
    """Half stars doubled; the time of the last change, to the second."""
    text = "rating,tv_show_id,updated_at,created_at,tv_show_name\n"
    text += "4.50,81189,2021-02-03 19:45:10,2019-01-01 00:00:00,Breaking Bad\n"
    (row,) = rows(reads({"tv_show_rate.csv": text, "other.csv": "x"}))
    assert isinstance(row, Item)
    assert (row.key, row.kind, row.ids, row.rating) == ("tvtime:show:81189", Kind.SHOW, (("tvdb", "81189"),), 9)
    assert row.date is not None
    assert (row.date.precision, row.date.origin) == (Precision.SECOND, Origin.RATING)


def test_a_liberator_without_ratings_is_refused(reads: Any) -> None:
    """Every film of it is unrated."""
    head = "imdb_id,tvdb_id,type,title,season,episode,is_special,is_watched,watched_at,status,is_watchlisted"
    with pytest.raises(ExportError, match="holds no ratings"):
        reads({"activity_history.csv": head + "\ntt0113277,949,movie,Heat,,,false,true,,,false\n"})
