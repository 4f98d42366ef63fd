"""Yamtrack's CSV: films, series and anime among books and games, of every version and fork."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from adapters import detect, read
from adapters.protocol import Choices, Source
from adapters.reading.files import open_source
from adapters.reading.scale import Rounding
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "yamtrack"
COLUMNS = ("media_id", "source", "media_type", "title", "season_number", "episode_number", "score", "end_date")


def rows(given: str | Path, choices: Choices | None = None) -> list[Row | Remark]:
    """Detect and read a file that must be Yamtrack's."""
    chosen = choices or Choices()
    source = open_source(given, chosen) if isinstance(given, Path) else Source("y.csv", {"y.csv": given.encode}, chosen)
    adapter, claim = detect(source)
    assert adapter.name == "yamtrack"
    return list(read(source, adapter, claim))


def one(choices: Choices | None = None, **cells: str) -> Row:
    """Read a file of one row, with these cells."""
    told = {"media_id": "603", "source": "tmdb", "media_type": "movie", "title": "The Matrix", "score": "9.0"} | cells
    names = [*COLUMNS, *(name for name in told if name not in COLUMNS)]
    text = ",".join(names) + "\n" + ",".join(told.get(name, "") for name in names) + "\n"
    return next(row for row in rows(text, choices) if not isinstance(row, Remark))


def item(choices: Choices | None = None, **cells: str) -> Item:
    """Read a file of one row that must be an item."""
    row = one(choices, **cells)
    assert isinstance(row, Item)
    return row


@pytest.mark.parametrize(
    ("word", "source", "number", "kind", "ids"),
    [
        ("movie", "tmdb", "603", Kind.MOVIE, (("tmdb", "603"),)),
        ("tv", "tmdb", "1396", Kind.SHOW, (("tmdb", "1396"),)),
        ("TV", "TVDB", "81189.0", Kind.SHOW, (("tvdb", "81189"),)),
        ("movie", "imdb", "tt0133093", Kind.MOVIE, (("imdb", "tt0133093"),)),
        ("anime", "mal", "1", Kind.ANIME, (("mal", "1"),)),
        ("movie", "manual", "3", Kind.MOVIE, ()),
        ("movie", "bangumi", "3", Kind.MOVIE, ()),
        ("movie", "", "", Kind.MOVIE, ()),
    ],
)
def test_the_source_says_what_the_number_is(
    word: str, source: str, number: str, kind: Kind, ids: tuple[tuple[str, str], ...]
) -> None:
    """The person's own entries are counted by their source, and are no ids."""
    found = item(media_type=word, source=source, media_id=number)
    assert (found.kind, found.ids) == (kind, ids)


def test_a_season_and_an_episode_never_pass_for_their_show() -> None:
    """They repeat its number and its title; their scores have no place on Simkl."""
    for word, parts in (("season", {"season_number": "1"}), ("episode", {"season_number": "1", "episode_number": "2"})):
        row = one(media_id="1396", media_type=word, title="Breaking Bad", **parts)
        assert isinstance(row, Skipped)
        assert (row.reason, row.item.kind, row.item.ids) == (Reason.UNSUPPORTED_KIND, None, ())
        assert row.item.key == f"yamtrack:{word}:tmdb=1396:{':'.join(parts.values())}"


@pytest.mark.parametrize("word", ["manga", "game", "book", "comic", "boardgame", "music", "podcast"])
def test_what_simkl_has_not_is_unsupported(word: str) -> None:
    """It is counted, and not told to a person row by row."""
    row = one(media_type=word, source="igdb")
    assert isinstance(row, Skipped)
    assert row.reason is Reason.UNSUPPORTED_KIND


def test_a_type_that_nobody_knows_is_never_taken_for_a_film() -> None:
    """It is told word for word."""
    row = one(media_type="Opera")
    assert isinstance(row, Rejected)
    assert (row.reason, row.text) == (Reason.UNKNOWN_KIND, "opera")


@pytest.mark.parametrize(("text", "rating"), [("10.0", 10), ("7", 7), ("0.0", 0), ("8.5", Decimal("8.5"))])
def test_a_score_is_taken_as_it_is(text: str, rating: int | Decimal) -> None:
    """0 is a score of the site, and has no place on Simkl's scale; a half point waits for the person's word."""
    assert item(score=text).rating == rating


def test_no_score_is_unrated() -> None:
    """Yamtrack leaves the cell empty."""
    row = one(score="")
    assert isinstance(row, Skipped)
    assert row.reason is Reason.UNRATED


def test_half_points_are_rounded_as_the_person_says_and_counted() -> None:
    """Only with --round."""
    found = rows(SAMPLES / "yamtrack.csv", Choices(round=Rounding.DOWN))
    assert next(row.rating for row in found if isinstance(row, Item) and row.source_rating == "8.5") == 8
    assert "1 rating lay between two whole numbers and was rounded down" in [
        said.text for said in found if isinstance(said, Remark)
    ]


@pytest.mark.parametrize(
    ("cells", "date"),
    [
        ({"end_date": "2024-02-09"}, Date(1707480000, Precision.DAY, Origin.WATCHED)),
        ({"end_date": "2024-02-09 22:00:00+00:00"}, Date(1707516000, Precision.SECOND, Origin.WATCHED)),
        (
            {"end_date": "2024-02-09", "progressed_at": "2024-03-01T10:00:00Z"},
            Date(1707480000, Precision.DAY, Origin.WATCHED),
        ),
        ({"progressed_at": "2024-03-01T10:00:00Z"}, Date(1709287200, Precision.SECOND, Origin.EDITED)),
        ({"progress_changed": "2024-03-01T10:00:00Z"}, Date(1709287200, Precision.SECOND, Origin.EDITED)),
        ({"created_at": "2024-03-01T10:00:00Z", "start_date": "2024-03-01"}, None),
    ],
)
def test_what_stands_in_for_a_rating_date_is_told_as_that(cells: dict[str, str], date: Date | None) -> None:
    """The end of watching, else the last edit; when an entry was made says nothing."""
    assert item(**cells).date == date


def test_the_first_versions_tell_no_source() -> None:
    """Then anime are numbered by MyAnimeList, films and series by TMDB."""
    found = [row for row in rows(SAMPLES / "yamtrack-2024.csv") if isinstance(row, Item)]
    assert [(row.kind, row.ids, row.rating) for row in found] == [
        (Kind.MOVIE, (("tmdb", "603"),), 9),
        (Kind.ANIME, (("mal", "227"),), 8),
    ]


def test_a_fork_adds_the_communitys_ratings_and_lists() -> None:
    """Only `score` is the person's; the rows of lists are unrated, and there is one outcome for each."""
    found = rows(SAMPLES / "yamtrack-fork.csv")
    assert [row.rating for row in found if isinstance(row, Item)] == [7, 10]
    skipped = [row.reason for row in found if isinstance(row, Skipped)]
    assert skipped == [Reason.UNSUPPORTED_KIND, Reason.UNRATED, Reason.UNRATED]


def test_a_list_is_refused() -> None:
    """It has no column of scores."""
    with pytest.raises(ExportError, match="Yamtrack lists without ratings"):
        rows(SAMPLES / "yamtrack-list.csv")
