"""Trakt's JSON: three generations of zips, arrays of the API, traktexport; which members, which rows, which ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.protocol import Claim, Source
from adapters.reading.files import open_source
from adapters.trakt.adapter import Trakt
from importer.arrays import PART
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped, Superseded

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "trakt"
AT = "2026-06-30T19:55:52.000Z"
MATRIX = {"title": "The Matrix", "year": 1999, "ids": {"trakt": 481, "imdb": "tt0133093", "tmdb": 603}}


def source(**members: object) -> Source:
    """Make a source; "/" is spelled "__" and .json is added."""
    texts = {
        name.replace("__", "/") + ".json": data if isinstance(data, bytes) else json.dumps(data).encode()
        for name, data in members.items()
    }
    return Source("export", {name: (lambda data=data: data) for name, data in texts.items()})  # type: ignore[misc]


def read(given: Source) -> tuple[list[Row], list[Remark]]:
    adapter = Trakt()
    claim = adapter.claim(given)
    assert claim is not None
    found = list(adapter.read(given, claim))
    return [row for row in found if not isinstance(row, Remark)], [row for row in found if isinstance(row, Remark)]


def movie(**more: object) -> dict[str, object]:
    return {"rated_at": AT, "rating": 9, "type": "movie", "movie": MATRIX, **more}


def ids(**given: object) -> dict[str, object]:
    return movie(movie={"title": "The Matrix", "year": 1999, "ids": given})


def one(row: object) -> Row:
    """Read a row that stands behind a sound one, so that the file is claimed whatever the row is."""
    [_, found], _ = read(source(ratings=[movie(), row]))
    return found


def item(row: Row) -> Item:
    assert not isinstance(row, Superseded)
    return row if isinstance(row, Item) else row.item


def test_a_rating_is_read_whole():
    """Kind, title, year, ids, value and the true time of the rating."""
    [row], remarks = read(source(ratings=[movie()]))
    date = Date(1782849352, Precision.SECOND, Origin.RATING)
    taken = (("imdb", "tt0133093"), ("tmdb", "603"))
    assert row == Item("trakt:movie:481", Kind.MOVIE, "The Matrix", 1999, taken, "9", 9, date, "ratings.json", 1)
    assert remarks == []


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"trakt": 481, "slug": "the-matrix-1999", "imdb": "tt0133093"}, (("imdb", "tt0133093"),)),
        ({"trakt": 481, "slug": "the-matrix-1999", "imdb": None, "tmdb": 0}, (("traktslug", "the-matrix-1999"),)),
        ({"trakt": 481, "imdb": "", "tmdb": None}, ()),
        ({"tmdb": "0603", "tvdb": 169}, (("tmdb", "603"), ("tvdb", "169"))),
        ({"imdb": "nm0000206", "tmdb": -1, "tvdb": True, "tvrage": 5, "plex": {"guid": "x"}}, ()),
        ({"imdb": "tt", "tmdb": 1e30, "tvdb": "x" * 100}, ()),
        ({"imdb": "tt0000000", "tmdb": 10**30}, ()),
        ({"imdb": "tt٣٣٣", "tmdb": "³"}, ()),
    ],
)
def test_only_ids_that_simkl_takes_and_that_can_be_true(given: dict[str, object], taken: tuple[tuple[str, str], ...]):
    """No null, no 0, no numeric Trakt id, no tvrage, no plex object; the slug only where nothing else is there."""
    assert item(one(ids(**given))).ids == taken


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"trakt": 481, "slug": "the-matrix-1999"}, "trakt:movie:481"),
        ({"trakt": None, "slug": "1917"}, "trakt:movie:slug:1917"),
        ({"trakt": 0, "imdb": "tt0133093"}, "trakt:movie:imdb:tt0133093"),
        ({}, "trakt:movie:title:the matrix (1999)"),
    ],
)
def test_the_key_is_the_first_name_that_a_title_has(given: dict[str, object], key: str):
    """Trakt's number, else slug, else another id, else title and year."""
    assert item(one(ids(**given))).key == key


def test_null_years_and_titles_are_none():
    """A year of null or 0 is none; a title may be a JSON number."""
    for year in (None, 0, "", -5, 12345, [1999], True):
        assert item(one(movie(movie={"title": 300, "year": year, "ids": {"trakt": 1}}))).year is None
    found = item(one(movie(movie={"title": 300, "year": "2006"})))
    assert (found.title, found.year, found.ids) == ("300", 2006, ())


@pytest.mark.parametrize(
    ("text", "source_rating", "rating"),
    [
        ("8", "8", 8),
        ("8.0", "8.0", 8),
        ('"7"', "7", 7),
        ("0", "0", 0),
        ("11", "11", 11),
        ("true", "true", None),
        ('"good"', "good", None),
        ("NaN", "NaN", None),
    ],
)
def test_a_rating_is_taken_as_it_stands(text: str, source_rating: str, rating: int | None):
    """Whatever is no number has none; nothing is clamped, and 0 is no sign of "unrated" here."""
    data = json.dumps([movie(rating="@")]).replace('"@"', text).encode()
    [row], _ = read(source(ratings=data))
    assert isinstance(row, Item)
    assert (row.source_rating, row.rating) == (source_rating, rating)


@pytest.mark.parametrize("digits", [100, 400, 6000])
def test_a_number_of_a_hundred_digits_is_no_rating_that_could_be_sent(digits: int):
    """It is far out of range, or no number at all."""
    [row], _ = read(source(ratings=json.dumps([movie(rating="@")]).replace('"@"', "9" * digits).encode()))
    assert not isinstance(row, Item) or row.rating is None or row.rating > 10


def test_half_points_stay_exact():
    """8.5 is neither 8 nor 9."""
    assert str(item(one(movie(rating=8.5))).rating) == "8.5"


def test_a_rating_of_null_is_unrated():
    """Nothing is there to import."""
    assert [type(one(movie(rating=value))) for value in (None, "")] == [Skipped, Skipped]
    row = one(movie(rating=None))
    assert isinstance(row, Skipped)
    assert row.reason is Reason.UNRATED


@pytest.mark.parametrize(
    "row", [None, 5, "x", [], {}, {"rating": 9, "type": "movie"}, movie(movie=[]), movie(rating=[9])]
)
def test_what_is_no_rating_is_malformed(row: object):
    """A row of another shape is rejected with its place; the others go through."""
    found = one(row)
    assert isinstance(found, Rejected)
    assert (found.reason, found.item.line) == (Reason.MALFORMED_ROW, 2)


@pytest.mark.parametrize("when", [None, "", "yesterday", 5, "1970-01-01T00:00:00.000Z", "2026-02-30T10:00:00.000Z"])
def test_a_time_that_is_none_leaves_the_date_out(when: object):
    """Nothing is made up."""
    assert item(one(movie(rated_at=when))).date is None


@pytest.mark.parametrize("when", ["2026-06-30T19:55:52Z", "2026-06-30T21:55:52.000+02:00", "2026-06-30T19:55:52.999Z"])
def test_all_spellings_of_a_time_are_one_second(when: str):
    """Fractions are dropped, offsets applied."""
    assert item(one(movie(rated_at=when))).date == Date(1782849352, Precision.SECOND, Origin.RATING)


@pytest.mark.parametrize("typed", [True, False])
def test_seasons_and_episodes_have_no_place_and_lend_no_ids(typed: bool):
    """They are skipped under their own keys, with their show's title, and with no id of either."""
    show = {"title": "Game of Thrones", "year": 2011, "ids": {"trakt": 1390, "tvdb": 121361}}
    for word, key in (("season", "trakt:season:3963"), ("episode", "trakt:episode:3963")):
        part = {"rated_at": AT, "rating": 8, word: {"number": 1, "ids": {"trakt": 3963, "tvdb": 364731}}, "show": show}
        row = one({**part, "type": word} if typed else part)
        assert isinstance(row, Skipped)
        assert row.reason is Reason.UNSUPPORTED_KIND
        assert (row.item.key, row.item.kind, row.item.ids) == (key, None, ())
        assert row.item.title == "Game of Thrones"


def test_parts_without_a_number_are_told_apart():
    """Two episodes of one show are two rows."""
    show = {"title": "Game of Thrones", "ids": {"trakt": 1390}}
    keys = {
        item(one({"rating": 8, "type": "episode", "episode": {"season": 1, "number": n}, "show": show})).key
        for n in (1, 2)
    }
    assert len(keys) == 2


def test_the_object_tells_the_kind_where_there_is_no_type():
    """An episode's row holds its show as well."""
    assert item(one({"rating": 8, "movie": MATRIX})).kind is Kind.MOVIE
    assert item(one({"rating": 8, "show": MATRIX})).kind is Kind.SHOW
    assert item(one({"rating": 8, "show": MATRIX, "episode": {"ids": {"trakt": 5}}})).key == "trakt:episode:5"


def test_pages_are_read_in_numeric_order_beside_unnumbered_files():
    """2 comes before 10; folders, other members and private ones are left alone."""
    names = [
        "ratings-movies-10",
        "ratings-movies-2",
        "ratings-movies",
        "u__ratings__ratings-shows",
        "u__ratings-seasons-1",
    ]
    others = ["watched-movies-1", "user-settings", "user-profile", "ratings-lists", "my__ratings-movies-x"]
    given = source(**{name: [] for name in [*names, *others]})
    claim = Trakt().claim(given)
    assert claim is not None
    assert claim.members == (
        "ratings-movies.json",
        "ratings-movies-2.json",
        "ratings-movies-10.json",
        "u/ratings/ratings-shows.json",
        "u/ratings-seasons-1.json",
    )
    assert read(given) == ([], [])


def test_private_members_are_never_opened():
    """Neither to tell the format nor to read it."""

    def forbidden() -> bytes:
        raise AssertionError

    for members in ({"ratings-movies.json": lambda: b"[]"}, {}):
        private = {"user-settings.json": forbidden, "a/user-profile.json": forbidden, "x.csv": lambda: b"a,b\n"}
        given = Source("export", {**members, **private})
        if members:
            assert read(given) == ([], [])
        else:
            with pytest.raises(ExportError, match="Trakt export without ratings"):
                Trakt().claim(given)
    assert Trakt().claim(Source("user-profile.json", {"user-profile.json": forbidden})) is None


def test_a_file_of_errors_is_told():
    """Trakt leaves it where it could not export everything."""
    _, [remark] = read(source(**{"a__ratings-movies": [movie()], "a___errors": [{"error": "x"}]}))
    assert remark.file == "a/_errors.json"


def test_an_export_without_ratings_is_refused():
    """A clear line, not an empty success."""
    with pytest.raises(ExportError, match="Trakt export without ratings"):
        Trakt().claim(source(**{"watched-movies": [], "collection-movies": []}))


@pytest.mark.parametrize(
    "document",
    [
        [{"node": {"id": 1}, "list_status": {"score": 9}}],
        {"movies": [], "shows": []},
        {"ratings": [{"stars": 5}]},
        [],
        [1, 2],
        "x",
        5,
    ],
)
def test_other_json_is_not_claimed(document: object):
    """Lists of other sites, and what is no list."""
    assert not isinstance(Trakt().claim(source(other=document)), Claim)


@pytest.mark.parametrize(
    "row",
    [
        {"watched_at": AT, "type": "movie", "movie": MATRIX},
        {"listed_at": AT, "type": "movie", "movie": MATRIX},
        {"plays": 1, "last_watched_at": AT, "movie": MATRIX},
        {"collected_at": AT, "movie": MATRIX},
    ],
)
def test_a_list_without_ratings_is_refused_with_the_reason(row: object):
    """A history, a watchlist and a collection look the same but for the rating."""
    with pytest.raises(ExportError, match=r"list of Trakt titles without ratings; expected ratings-movies\.json"):
        Trakt().claim(source(other=[row]))


def test_a_broken_first_row_does_not_make_the_file_a_stranger():
    """It is claimed by its keys, and that row alone is rejected."""
    rows, _ = read(source(ratings=[movie(movie=None), movie()]))
    assert [type(row) for row in rows] == [Rejected, Item]


def test_of_a_folder_arrays_named_ratings_are_taken():
    """Whatever else lies beside them."""
    claim = Trakt().claim(source(ratings=[movie()], watched=[{"plays": 1, "movie": MATRIX}], my_ratings=[{"stars": 5}]))
    assert claim is not None
    assert claim.members == ("ratings.json",)


def test_an_empty_file_of_ratings_is_no_rating():
    """By its name alone, for there is nothing else to go by."""
    assert read(source(**{"ratings-movies": []})) == ([], [])


def test_a_file_that_is_no_whole_json_is_refused():
    """Its rows cannot be told, so nothing of it is sent."""
    data = json.dumps([movie(), movie()]).encode()[:-20]
    given = source(ratings=data)
    claim = Trakt().claim(given)
    assert claim is not None
    with pytest.raises(ExportError, match=r"ratings\.json: is not whole, valid JSON"):
        list(Trakt().read(given, claim))


def test_a_document_of_another_shape_is_refused():
    """A ratings member that holds no array."""
    given = source(**{"a__ratings-movies": {"error": "gone"}, "a__ratings-shows": []})
    with pytest.raises(ExportError, match="holds no array"):
        read(given)


@pytest.mark.parametrize(
    ("name", "items", "skipped", "remarks"),
    [
        ("trakt-generation-a.zip", 3, 1, 0),
        ("trakt-generation-b.zip", 6, 1, 0),
        ("trakt-json-export-sample.zip", 7, 2, 1),
        ("sync-ratings.json", 3, 1, 0),
        ("traktexport.json", 2, 0, 0),
    ],
)
def test_the_samples_read_right(name: str, items: int, skipped: int, remarks: int):
    """Every rating of every generation is one row."""
    rows, found = read(open_source(SAMPLES / name))
    assert [sum(isinstance(row, kind) for row in rows) for kind in (Item, Skipped)] == [items, skipped]
    assert len(rows) == items + skipped
    assert len(found) == remarks


def test_two_entries_of_one_film_are_two_rows_that_share_an_id():
    """Merging them is not the adapter's."""
    rows, _ = read(open_source(SAMPLES / "trakt-json-export-sample.zip"))
    twins = [item(row) for row in rows if "tt1431045" in dict(item(row).ids).values()]
    assert [twin.key for twin in twins] == ["trakt:movie:190430", "trakt:movie:190431"]


def test_a_large_array_is_read_in_parts_to_the_last_row() -> None:
    """Seams that lie within a text or an object end no part, and the index goes on from one part to the next."""
    film = {"title": 'A }, { "B"', "year": 2000, "notes": [{"a": 1}, {"b": 2}]}
    ratings = [movie(movie={**film, "ids": {"trakt": n}}) for n in range(1, 9000)]
    given = source(**{"ratings-movies": ratings})
    assert len(given.members["ratings-movies.json"]()) > 2 * PART
    found, _ = read(given)
    assert [(row.line, row.key) for row in found if isinstance(row, Item)] == [
        (n, f"trakt:movie:{n}") for n in range(1, 9000)
    ]


def test_a_part_that_cannot_be_parsed_is_read_the_long_way_without_a_row_twice() -> None:
    """Half a surrogate pair, say, is left to the parser that can read it."""
    row = '{"rated_at":"%s","rating":7,"type":"movie","movie":{"title":"%s","ids":{"trakt":%d}}}'
    rows = [row % (AT, "\\ud800" if n == 9000 else "x" * 90, n) for n in range(1, 10000)]
    found, _ = read(source(**{"ratings-movies": f"[{','.join(rows)}]".encode()}))
    assert [row.key for row in found if isinstance(row, Item)] == [f"trakt:movie:{n}" for n in range(1, 10000)]
