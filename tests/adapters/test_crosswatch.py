"""CrossWatch: captures as JSON, and CSV that looks like Letterboxd's and is not."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from adapters import detect, read
from adapters.protocol import Choices, Source
from adapters.reading.files import open_source
from adapters.reading.scale import Rounding, Scale
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "crosswatch"
HEAD = "imdbID,tmdbID,Title,Year,Rating\n"
MATRIX = {"type": "movie", "title": "The Matrix", "year": 1999, "ids": {"imdb": "tt0133093"}, "rating": 9}


def rows(files: dict[str, str], choices: Choices | None = None, name: str = "crosswatch") -> list[Row | Remark]:
    """Detect and read an export that must be of this format."""
    source = Source("export", {file: text.encode for file, text in files.items()}, choices or Choices())
    adapter, claim = detect(source)
    assert adapter.name == name
    return list(read(source, adapter, claim))


def table(*ratings: str, choices: Choices | None = None, head: str = HEAD, name: str = "crosswatch") -> list[object]:
    """Read a table of these ratings; return what each of them comes to."""
    text = head + "".join(f"tt{n:07},,Film {n},2000,{rating}\n" for n, rating in enumerate(ratings, 1))
    return [row.rating for row in rows({"letterboxd_ratings.csv": text}, choices, name) if isinstance(row, Item)]


def capture(*items: object, **other: object) -> str:
    """Write a capture of ratings."""
    document = {"kind": "snapshot", "provider": "TRAKT", "feature": "ratings", "items": dict(enumerate(items))}
    return json.dumps(document | other)


def captured(item: object) -> Row:
    """Read a capture of one item."""
    return next(row for row in rows({"c.json": capture(item)}) if not isinstance(row, Remark))


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        (("9", "4", "10"), [9, 4, 10]),
        (("6", "5"), [6, 5]),
        (("7.5", "4"), [Decimal("7.5"), 4]),
        (("4.5", "4", "0.5"), [9, 8, 1]),
        (("5.0", "3.5"), [10, 7]),
    ],
)
def test_five_columns_tell_their_scale_where_they_can(ratings: tuple[str, ...], expected: list[object]) -> None:
    """Anything above five is of ten, also with a half; else a half is of stars."""
    assert table(*ratings) == expected


@pytest.mark.parametrize("ratings", [("5", "4"), ("1.0", "5.0"), ("3", "", "0")])
def test_whole_numbers_up_to_five_ask_for_the_scale(ratings: tuple[str, ...]) -> None:
    """Nothing is guessed: five stars are a 10, five points a 5."""
    with pytest.raises(ExportError, match=r"may be stars of 5.*or points of 10") as caught:
        table(*ratings)
    assert caught.value.hint == "say which: --scale 5 or --scale 10"
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(("scale", "expected"), [(Scale.FIVE, [10, 8]), (Scale.TEN, [5, 4])])
def test_what_the_person_says_decides_the_doubt(scale: Scale, expected: list[object]) -> None:
    """With --scale."""
    assert table("5", "4", choices=Choices(scale=scale)) == expected


def test_what_the_person_says_never_goes_against_the_file() -> None:
    """--scale counts only where a file does not tell."""
    assert table("9", "4", choices=Choices(scale=Scale.FIVE)) == [9, 4]
    assert table("4.5", "4", choices=Choices(scale=Scale.TEN)) == [9, 8]


def test_a_table_without_any_rating_asks_nothing() -> None:
    """All of it is unrated."""
    found = rows({"r.csv": f"{HEAD}tt0133093,603,The Matrix,1999,\n"})
    assert [row.reason for row in found if isinstance(row, Skipped)] == [Reason.UNRATED]


def test_half_points_wait_for_the_persons_word() -> None:
    """As everywhere on a scale of ten."""
    assert table("7.5", "9", choices=Choices(round=Rounding.UP)) == [8, 9]


@pytest.mark.parametrize(
    "head",
    [
        "imdbID,tmdbID,Title,Year,Rating,WatchedDate\n",
        "imdbID,Directors,Title,Year,Rating\n",
        "imdbID,tmdbID,Title,Year,Rating,Review,Tags\n",
    ],
)
def test_with_any_other_column_the_table_is_letterboxds(head: str) -> None:
    """Then its ratings are stars, whatever they are."""
    text = head + ",".join(("tt0113277", "", "Heat", "1995", "5", "", "")[: head.count(",") + 1]) + "\n"
    [row] = rows({"import.csv": text}, name="letterboxd")
    assert isinstance(row, Item)
    assert row.rating == 10


def test_the_order_of_the_five_columns_does_not_matter() -> None:
    """Columns are known by their names."""
    _, row = rows({"r.csv": "Rating,Year,Title,tmdbID,imdbID\n9,1995,Heat,949,tt0113277\n"})
    assert isinstance(row, Item)
    assert (row.title, row.rating, row.ids) == ("Heat", 9, (("imdb", "tt0113277"), ("tmdb", "949")))


@pytest.mark.parametrize("head", [HEAD, HEAD.strip() + ",WatchedDate,Feature,Provider\n"])
def test_a_table_that_tells_no_kind_says_so(head: str) -> None:
    """CrossWatch writes series into these tables as well, and nothing in them tells which."""
    line = ",".join(["tt0903747,1396,Breaking Bad,2008,9", "", "ratings", "TRAKT"][: head.count(",") - 3])
    told, row = rows({"r.csv": f"{head}{line}\n"})
    assert isinstance(row, Item)
    assert isinstance(told, Remark)
    assert "all are read as films" in told.text


def test_the_csv_for_yamtrack_is_of_ten_points() -> None:
    """It names feature and provider, which Letterboxd's form has not; its date is one of watching."""
    found = rows({"y.csv": (SAMPLES / "yamtrack_ratings_trakt_20260315.csv").read_text()})
    assert [(row.rating, row.date and row.date.origin) for row in found if isinstance(row, Item)] == [
        (4, Origin.WATCHED),
        (5, None),
    ]


def test_a_capture_has_true_dates_and_all_ids() -> None:
    """Those that Simkl does not take stay out."""
    ids = {"imdb": "tt0133093", "tmdb": 603, "trakt": "481", "slug": "the-matrix-1999", "plex": "5d77"}
    row = captured(MATRIX | {"ids": ids, "rated_at": "2026-01-30T19:55:52.000Z"})
    assert isinstance(row, Item)
    assert row.ids == (("imdb", "tt0133093"), ("tmdb", "603"))
    assert row.date == Date(1769802952, Precision.SECOND, Origin.RATING)


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({}, Kind.MOVIE),
        ({"type": "Movies"}, Kind.MOVIE),
        ({"type": "show"}, Kind.SHOW),
        ({"type": "series"}, Kind.SHOW),
        ({"type": "tv"}, Kind.SHOW),
        ({"type": None, "media_type": "anime"}, Kind.ANIME),
        ({"type": "", "entity": "film"}, Kind.MOVIE),
    ],
)
def test_the_type_tells_the_kind(changed: dict[str, object], kind: Kind) -> None:
    """In the words of whichever site it was captured from."""
    row = captured(MATRIX | changed)
    assert isinstance(row, Item)
    assert row.kind is kind


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "season", "season": 1},
        {"type": "episode", "season": 1, "episode": 2},
        {"type": None, "season": 1},
        {"type": None, "season": 1, "episode": 2},
    ],
)
def test_seasons_and_episodes_have_no_place_and_lend_no_id(changed: dict[str, object]) -> None:
    """Their ids are their own, those of the show stand beside them: neither is the title's."""
    row = captured(MATRIX | changed | {"show_ids": {"imdb": "tt0903747"}})
    assert isinstance(row, Skipped)
    assert (row.reason, row.item.kind, row.item.ids) == (Reason.UNSUPPORTED_KIND, None, ())
    numbers = ":".join(str(value) for name, value in changed.items() if name != "type")
    assert row.item.key.endswith(f":imdb=tt0903747:{numbers}")


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (MATRIX | {"type": None}, Reason.UNKNOWN_KIND),
        (MATRIX | {"type": "opera"}, Reason.UNKNOWN_KIND),
        (MATRIX | {"rating": None}, Reason.UNRATED),
        (MATRIX | {"rating": [9]}, Reason.MALFORMED_ROW),
        (MATRIX | {"rated_at": "soon"}, Reason.UNREADABLE_DATE),
    ],
)
def test_what_cannot_be_taken_has_its_reason(item: object, reason: Reason) -> None:
    """And nothing raises."""
    row = captured(item)
    assert isinstance(row, Rejected | Skipped)
    assert row.reason is reason


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (capture(MATRIX, feature="watchlist"), "a capture without ratings by CrossWatch"),
        (capture(MATRIX, feature="history"), "a capture without ratings by CrossWatch"),
        (
            json.dumps({"kind": "snapshot_bundle", "feature": "all", "children": [{"path": "x.json"}]}),
            "a bundle of captures by CrossWatch, which only names their files",
        ),
    ],
)
def test_other_captures_and_bundles_are_refused(document: str, words: str) -> None:
    """A bundle holds the paths of others alone."""
    with pytest.raises(ExportError, match=words):
        rows({"c.json": document})


def test_of_a_folder_the_captures_of_ratings_are_taken_and_no_secret_is_opened() -> None:
    """Beside them lies the file that holds the tokens of all sites."""

    def forbidden() -> bytes:
        raise AssertionError

    names = sorted(path.name for path in SAMPLES.glob("*__sample.json"))
    members = {f"snapshots/2026-03-16/{name}": (SAMPLES / name).read_bytes for name in names}
    source = Source("config", members | {"config.json": forbidden, "credentials.json": forbidden})
    adapter, claim = detect(source)
    assert adapter.name == "crosswatch"
    assert [member for member in claim.members if "__ratings__" not in member] == []
    assert sum(isinstance(row, Item) for row in read(source, adapter, claim)) == 4


@pytest.mark.parametrize("document", [{"kind": "snapshot", "items": {}}, {"kind": ["snapshot"], "feature": "ratings"}])
def test_other_documents_are_not_taken(document: object) -> None:
    """The word snapshot alone says nothing."""
    with pytest.raises(ExportError, match="no known export"):
        detect(Source("x.json", {"x.json": json.dumps(document).encode}))


def test_an_item_that_is_none_costs_itself_alone() -> None:
    """Whatever stands there."""
    found = rows({"c.json": capture(MATRIX, "x", None, [1], MATRIX | {"ids": {"imdb": "tt0113277"}})})
    assert [type(row) for row in found] == [Item, Rejected, Rejected, Rejected, Item]


def test_beside_captures_tables_are_named_and_not_read() -> None:
    """They hold the same ratings without dates; a table of ratings counts where the captures have none."""
    text = f"{HEAD}tt0113277,949,Heat,1995,9\n"
    told = rows({"c.json": capture(MATRIX), "letterboxd_ratings.csv": text})
    assert [row.file for row in told if isinstance(row, Item)] == ["c.json"]
    assert [said.file for said in told if isinstance(said, Remark)] == ["letterboxd_ratings.csv"]
    told = rows({"c.json": capture(MATRIX, feature="history"), "letterboxd_ratings.csv": text})
    assert [row.file for row in told if isinstance(row, Item)] == ["letterboxd_ratings.csv"]


def test_the_samples_are_read_whole() -> None:
    """One outcome for each item."""
    name = next(SAMPLES.glob("*__ratings__*"))
    source = open_source(name)
    adapter, claim = detect(source)
    assert len(list(read(source, adapter, claim))) == len(json.loads(name.read_text())["items"])
