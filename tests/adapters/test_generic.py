"""The generic CSV and the rejects file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters import ADAPTERS, detect
from adapters.protocol import Adapter, Choices, Source
from adapters.reading.scale import Rounding, Scale
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision, Reason, Rejected, Remark, Row, Skipped

REJECTS = (
    "reason,source,file,line,key,type,title,year,rating,rated_at,"
    "simkl,imdb,tmdb,tvdb,mal,anidb,anilist,kitsu,letterboxd\n"
)


def read(text: str) -> list[Row | Remark]:
    """Detect and read a file that must be generic."""
    export = Source("f.csv", {"f.csv": text.encode})
    adapter, claim = detect(export)
    assert adapter.name == "generic"
    return list(adapter.read(export, claim))


def item(text: str) -> Item:
    """Read a file of one item."""
    row, *remarks = read(text)
    assert isinstance(row, Item)
    assert all(isinstance(remark, Remark) for remark in remarks)
    return row


def test_four_columns_are_enough() -> None:
    """Without an id the title is the key, without a date there is none."""
    found = item("type,title,year,rating\nmovie,Heat,1995,9\n")
    assert (found.key, found.kind, found.rating, found.date) == ("generic:movie:heat:1995", Kind.MOVIE, 9, None)


def test_a_mended_reject_keeps_the_key_of_its_row() -> None:
    """The key ties it to the row it mends; all ids are taken as they stand."""
    row = "no_year,letterboxd,ratings.csv,7,letterboxd:https://boxd.it/a,movie,Heat,1995,9,2024-01-01,,tt0113277,949.0,0,,,,,heat-1995\n"
    found = item(REJECTS + row)
    assert found.key == "letterboxd:https://boxd.it/a"
    assert found.ids == (("imdb", "tt0113277"), ("tmdb", "949"), ("letterboxd", "heat-1995"))
    assert (found.file, found.line) == ("f.csv", 2)


def test_the_first_id_is_the_key_where_none_is_given() -> None:
    """In the order of the columns, with its kind."""
    assert item("type,title,year,rating,mal,imdb\nanime,X,2009,9,5114,\n").key == "generic:anime:mal=5114"


def test_seasons_that_share_their_series_ids_are_rows_of_their_own() -> None:
    """Named by the series' id, one of them would be taken for the other's row and never be sent."""
    head = "type,title,year,rating,imdb,tvdb,mal,anidb\n"
    assert item(head + "anime,One,2010,7,,777,11,\n").key == "generic:anime:mal=11"
    assert item(head + "anime,Two,2014,8,tt0000777,777,,12\n").key == "generic:anime:anidb=12"
    assert item(head + "anime,Whole,2010,9,,777,,\n").key == "generic:anime:tvdb=777"
    assert item(head + "show,Series,2010,9,,777,11,\n").key == "generic:show:tvdb=777"


@pytest.mark.parametrize("text", ["Movie", "MOVIES", " movie "])
def test_types_are_taken_in_any_case_and_number(text: str) -> None:
    """Singular and plural, upper and lower case."""
    assert item(f"type,title,year,rating\n{text},X,2000,5\n").kind is Kind.MOVIE


def test_a_date_is_a_day_or_an_instant() -> None:
    """Each with its precision, as true rating dates."""
    head = "type,title,year,rating,rated_at\nshow,X,2000,5,"
    for text, precision in (("2024-01-01", Precision.DAY), ("2024-01-01T10:00:00+02:00", Precision.SECOND)):
        date = item(head + text + "\n").date
        assert date is not None
        assert (date.precision, date.origin) == (precision, Origin.RATING)


def test_each_row_has_its_reason() -> None:
    """Another type is unsupported, an empty cell unrated, an empty type and a ragged row malformed."""
    found = read(
        "type,title,year,rating\ngame,X,2000,5\nmovie,X,2000,\n,X,2000,5\nmovie,X\ngame,Y,2000,\nmovie,X,2000,11\n"
    )
    reasons = [row.reason if isinstance(row, Rejected | Skipped) else None for row in found]
    assert reasons == [
        Reason.UNSUPPORTED_KIND,
        Reason.UNRATED,
        Reason.MALFORMED_ROW,
        Reason.MALFORMED_ROW,
        Reason.UNRATED,
        None,
    ]
    assert isinstance(found[0], Skipped)
    assert found[0].item.kind is None
    assert isinstance(found[5], Item)
    assert found[5].rating == 11


def test_other_columns_of_ones_own_are_fine() -> None:
    """A column that no site uses does not stand in the way."""
    assert item("my notes,type,title,year,rating\nx,movie,Heat,1995,9\n").title == "Heat"


KINDS = (("film", Kind.MOVIE), ("tv", Kind.SHOW), ("Series", Kind.SHOW), ("TV Show", Kind.SHOW), ("animes", Kind.ANIME))


@pytest.mark.parametrize(("word", "kind"), KINDS)
def test_a_type_may_stand_in_the_persons_own_words(word: str, kind: Kind) -> None:
    """Films, series and what else people call them."""
    assert item(f"type,title,year,rating\n{word},X,2000,5\n").kind is kind


def test_an_unknown_type_is_told_word_for_word() -> None:
    """It is rejected, with its date and its ids, so that a person can mend it; it is never taken for a film."""
    row, told = read("type,title,year,rating,imdb,rated_at\nsaga,X,2000,5,,2024-01-01\n")
    assert told == Remark("f.csv", 0, "1 row has a type that is not known: saga")
    assert isinstance(row, Rejected)
    assert (row.reason, row.text, row.item.kind) == (Reason.UNKNOWN_KIND, "saga", None)
    assert row.item.date is not None


MENDED = REJECTS.replace("letterboxd\n", "letterboxd,source_rating\n")


def mended(cells: dict[str, str], head: str = MENDED, delimiter: str = ",", encoding: str = "utf-8-sig") -> Row:
    """Read a rejects file of one row, as a spreadsheet program may have saved it."""
    names = head.strip().split(",")
    data = "\r\n".join(delimiter.join(row) for row in (names, [cells.get(name, "") for name in names])).encode(encoding)
    export = Source("rejects.csv", {"rejects.csv": lambda: data})
    adapter, claim = detect(export)
    assert adapter.name == "generic"
    return next(row for row in adapter.read(export, claim) if not isinstance(row, Remark))


ROW = {
    "reason": "no_year",
    "source": "letterboxd",
    "file": "ratings.csv",
    "line": "7",
    "key": "letterboxd:https://boxd.it/a",
    "type": "movie",
    "title": "Amélie",
    "year": "2001",
    "rating": "8",
    "rated_at": "2020-01-05",
    "source_rating": "4",
}


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_a_rejects_file_comes_back_from_spreadsheet_programs(delimiter: str, encoding: str) -> None:
    """Other delimiters and encodings, a German date, a decimal comma, ids that became floats, a pasted address."""
    changed = {
        "rated_at": "05.01.2020",
        "rating": '"8,0"',
        "tmdb": "194.0",
        "imdb": "https://www.imdb.com/title/tt0211915/",
    }
    row = mended(ROW | changed, delimiter=delimiter, encoding=encoding)
    assert isinstance(row, Item)
    assert (row.title, row.rating, row.source_rating) == ("Amélie", 8, "4")
    assert row.ids == (("imdb", "tt0211915"), ("tmdb", "194"))
    assert row.date == Date(18266 * 86_400 + 43_200, Precision.DAY, Origin.RATING)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"rating": "", "source_rating": "7"}, Reason.OUT_OF_RANGE),
        ({"rating": "", "source_rating": "5.5"}, Reason.OUT_OF_RANGE),
        ({"rating": "", "source_rating": "good"}, Reason.NOT_A_NUMBER),
        ({"rated_at": "soon"}, Reason.UNREADABLE_DATE),
        ({"type": "saga"}, Reason.UNKNOWN_KIND),
        ({"type": "", "year": "", "rating": "", "source_rating": "", "rated_at": ""}, Reason.MALFORMED_ROW),
    ],
)
def test_an_unmended_row_is_refused_again_for_the_same_reason(cells: dict[str, str], reason: Reason) -> None:
    """Seven stars of five are never taken for a 7 of 10; a date and a type stand there as they stood."""
    row = mended(ROW | cells)
    assert isinstance(row, Rejected)
    assert (row.reason, row.item.key) == (reason, ROW["key"])


def test_an_apostrophe_before_a_formula_is_taken_off() -> None:
    """It was put there so that no spreadsheet runs the title; any other apostrophe is the title's."""
    for cell, title in (("'=Title", "=Title"), ("'-- Title", "-- Title"), ("'Title", "'Title"), ("'89", "'89")):
        row = mended(ROW | {"title": cell})
        assert isinstance(row, Item)
        assert row.title == title


@pytest.mark.parametrize("told", [True, False])
def test_the_rejects_file_has_one_scale(told: bool) -> None:
    """--scale, --map and --set never touch it; --round only where the exported text stands beside the rating."""
    head = MENDED if told else REJECTS
    names = head.strip().split(",")
    line = ",".join((ROW | {"rating": "8.5"}).get(name, "") for name in names)
    choices = Choices(scale=Scale.FIVE, round=Rounding.UP, map=(("title", "rating"),), set=(("type", "show"),))
    export = Source("r.csv", {"r.csv": (head + line + "\n").encode}, choices)
    adapter, claim = detect(export)
    row = next(iter(adapter.read(export, claim)))
    assert isinstance(row, Item)
    assert (row.rating, row.kind) == (9 if told else Decimal("8.5"), Kind.MOVIE)


FOREIGN = "Name;Jahr;Meine Sterne;IMDb;Gesehen am\nHeat;1995;4,5;tt0113277;30.06.2022\n"
MAP = (("Name", "title"), ("jahr", "year"), ("Meine Sterne", "rating"), ("Gesehen am", "rated_at"))


def told(text: str, choices: Choices, adapters: tuple[Adapter, ...] = ADAPTERS) -> list[Row | Remark]:
    """Read a table with what a person says of it."""
    export = Source("f.csv", {"f.csv": text.encode}, choices)
    adapter, claim = detect(export, adapters)
    return list(adapter.read(export, claim))


def test_map_and_set_make_any_table_a_generic_one() -> None:
    """Columns by name in any case, what has no column by value, the scale as told."""
    (row,) = told(FOREIGN, Choices(map=MAP, set=(("type", "movie"), ("title", "never")), scale=Scale.FIVE))
    assert isinstance(row, Item)
    assert (row.kind, row.title, row.year, row.rating, row.ids) == (
        Kind.MOVIE,
        "Heat",
        1995,
        9,
        (("imdb", "tt0113277"),),
    )
    assert row.date is not None
    assert row.date.precision is Precision.DAY


def test_a_named_column_takes_the_place_of_one_that_is_called_so() -> None:
    """The community's `rating` beside the person's own."""
    (row,) = told("type,title,year,rating,mine\nmovie,Heat,1995,8.3,9\n", Choices(map=(("mine", "rating"),)))
    assert isinstance(row, Item)
    assert row.rating == 9


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (Choices(map=(("Stars", "rating"),)), "has no column stars, which --map names; its columns are name, jahr"),
        (Choices(map=MAP), "has title, year, rating; missing: type"),
    ],
)
def test_what_the_person_forgot_is_named(choices: Choices, words: str) -> None:
    """With the columns that there are, and with the option that helps."""
    with pytest.raises(ExportError, match=words):
        told(FOREIGN, choices)


def test_map_counts_only_for_a_table_that_no_adapter_knows() -> None:
    """Unless the format is named: then the person's word is all there is."""
    text = "Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Heat,1995,https://boxd.it/a,4\n"
    choices = Choices(map=(("name", "title"), ("letterboxd uri", "key")), set=(("type", "movie"),))
    (row,) = told(text, choices)
    assert isinstance(row, Item)
    assert (row.key, row.rating) == ("letterboxd:https://boxd.it/a", 8)
    generic = next(adapter for adapter in ADAPTERS if adapter.name == "generic")
    (row,) = told(text, choices, (generic,))
    assert isinstance(row, Item)
    assert (row.key, row.rating) == ("https://boxd.it/a", 4)
