"""Criticker: CSV and XML, on a scale of 0 to 100 of which 0 is a score like any other."""

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

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "criticker"
HEAD = "Score, Film Name, Year, Date Rated, Mini Review, URL, IMDB ID\n"
FILM = "https://www.criticker.com/film/Heat/"
UP = Choices(round=Rounding.UP)


def rows(given: str | Path, choices: Choices | None = None, name: str = "c.csv") -> list[Row | Remark]:
    """Detect and read a file that must be Criticker's."""
    chosen = choices or Choices()
    source = open_source(given, chosen) if isinstance(given, Path) else Source(name, {name: given.encode}, chosen)
    adapter, claim = detect(source)
    assert adapter.name == "criticker"
    return list(read(source, adapter, claim))


def one(line: str) -> Row:
    """Read a CSV of one title."""
    return next(row for row in rows(HEAD + line + "\n") if not isinstance(row, Remark))


def film(fields: str, root: str = "recentratings", before: str = "") -> Row:
    """Read an XML of one title."""
    told = rows(f"<{root}>{before}<film>{fields}</film></{root}>", name="c.xml")
    return next(row for row in told if not isinstance(row, Remark))


def test_the_blanks_in_column_names_are_taken_off() -> None:
    """Every name but the first begins with one."""
    row = one(f'90,"Heat",1995,"Jan 16 2013, 21:54","",{FILM},tt0113277')
    assert row == Item(
        "criticker:tt0113277",
        Kind.MOVIE,
        "Heat",
        1995,
        (("imdb", "tt0113277"),),
        "90",
        9,
        Date(1358373240, Precision.SECOND, Origin.RATING),
        "c.csv",
        2,
    )


def test_a_cell_in_quotes_may_begin_with_a_blank_as_the_column_names_do() -> None:
    """Read as it is without the blank, whatever its quotes hold."""
    lines = (
        f'90,"Heat, the film",1995,"Jan 16 2013, 21:54","a ""b"", c\nd",{FILM},tt0113277\n',
        f'80,Her,2013,"Jan 17 2013, 21:54","",{FILM},tt1798709\n',
    )
    assert rows(HEAD + "".join(lines).replace(',"', ', "')) == rows(HEAD + "".join(lines))


@pytest.mark.parametrize(
    ("score", "exact", "rounded"),
    [
        ("100", 10, 10),
        ("10", 1, 1),
        ("85", Decimal("8.5"), 9),
        ("73", Decimal("7.3"), 7),
        ("5", Decimal("0.5"), 1),
        ("4", Decimal("0.4"), 0),
        ("0", 0, 0),
        ("105", Decimal("10.5"), Decimal("10.5")),
    ],
)
def test_a_score_is_a_tenth_of_it_and_rounded_only_if_the_person_says(
    score: str, exact: int | Decimal, rounded: int | Decimal
) -> None:
    """0 to 4 come to no point at all: out of range, and never a 1."""
    text = f"{HEAD}{score},Heat,1995,,,{FILM},tt0113277\n"
    for choices, rating in ((Choices(), exact), (UP, rounded)):
        row = rows(text, choices)[0]
        assert isinstance(row, Item)
        assert row.rating == rating


def test_how_many_were_rounded_is_told() -> None:
    """In CSV and XML alike."""
    for name, count in (("ratings.csv", "3 ratings lay"), ("recentratings.xml", "1 rating lay")):
        told = [said.text for said in rows(SAMPLES / name, UP) if isinstance(said, Remark)]
        assert any(text.startswith(count) for text in told)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (FILM, Kind.MOVIE),
        ("http://www.criticker.com/film/Heat/rating/sample", Kind.MOVIE),
        ("https://www.criticker.com/tv/Heat/", Kind.SHOW),
        ("HTTPS://WWW.CRITICKER.COM/TV/Heat/", Kind.SHOW),
    ],
)
def test_the_address_tells_films_from_series(address: str, kind: Kind) -> None:
    """There is no other word for it."""
    row = one(f"90,Heat,1995,,,{address},tt0113277")
    assert isinstance(row, Item)
    assert row.kind is kind


def test_a_game_is_unsupported_and_what_has_no_address_is_no_film() -> None:
    """Nothing is taken for a film because nothing speaks against it."""
    game = one("90,Portal 2,2011,,,https://www.criticker.com/game/Portal-2/,")
    assert isinstance(game, Skipped)
    assert game.reason is Reason.UNSUPPORTED_KIND
    for address in ("", "https://www.example.org/film/Heat/"):
        row = one(f"90,Heat,1995,,,{address},tt0113277")
        assert isinstance(row, Rejected)
        assert (row.reason, row.text) == (Reason.UNKNOWN_KIND, address)


def test_midnight_is_a_time_like_any_other() -> None:
    """Dates are to the minute always."""
    row = one(f'90,Heat,1995,"Feb 01 2014, 00:00",,{FILM},tt0113277')
    assert isinstance(row, Item)
    assert row.date == Date(1391212800, Precision.SECOND, Origin.RATING)


def test_older_csv_has_no_dates() -> None:
    """Its ratings are undated."""
    found = [row for row in rows(SAMPLES / "ratings-2015.csv") if isinstance(row, Item)]
    assert [(row.kind, row.rating, row.date) for row in found] == [(Kind.MOVIE, 9, None), (Kind.SHOW, 5, None)]


def test_an_unreadable_date_is_told_and_never_taken_for_none() -> None:
    """It is the date of the rating."""
    row = one(f'90,Heat,1995,"Jux 16 2013, 21:54",,{FILM},tt0113277')
    assert isinstance(row, Rejected)
    assert row.reason is Reason.UNREADABLE_DATE


FIELDS = (
    "<filmid>1</filmid><filmname>Heat (1995)</filmname><filmlink>https://www.criticker.com/film/Heat/rating/x</filmlink>"
    "<imdbid>tt0113277</imdbid><{0}>70</{0}><reviewdate>Jan 16 2013, 21:54</reviewdate><tier>9</tier>"
)


@pytest.mark.parametrize(("root", "element"), [("recentratings", "rating"), ("recentrankings", "score")])
def test_the_xml_of_both_generations_is_read(root: str, element: str) -> None:
    """The tier is what the site makes of a score, and no rating."""
    row = film(FIELDS.format(element), root)
    assert isinstance(row, Item)
    assert (row.key, row.title, row.year, row.rating) == ("criticker:tt0113277", "Heat", 1995, 7)
    assert row.date == Date(1358373240, Precision.SECOND, Origin.RATING)


def test_one_title_has_one_key_in_csv_and_xml() -> None:
    """Both exports of one person are one import."""
    found = (film(FIELDS.format("rating")), one(f"70,Heat,1995,,,{FILM},tt0113277"))
    assert [row.key for row in found if isinstance(row, Item)] == ["criticker:tt0113277"] * 2


@pytest.mark.parametrize("text", ["Schindler&amp;#039;s List (1993)", "Schindler&amp;apos;s List (1993)"])
def test_entities_within_titles_are_resolved(text: str) -> None:
    """The site writes some of them twice."""
    row = film(FIELDS.format("rating").replace("Heat (1995)", text))
    assert isinstance(row, Item)
    assert (row.title, row.year) == ("Schindler's List", 1993)


def test_one_page_of_many_is_told() -> None:
    """The other pages are other files."""
    told = [said.text for said in rows(SAMPLES / "recentratings.xml") if isinstance(said, Remark)]
    assert told == ["is one page of 2: the ratings of the other pages are not in this file"]


def test_a_film_that_the_file_breaks_off_in_is_malformed() -> None:
    """The ones before it are read."""
    whole = FIELDS.format("rating")
    found = rows(f"<recentratings><film>{whole}</film><film>{whole[:150]}", name="c.xml")
    assert [row.reason if isinstance(row, Rejected) else type(row) for row in found[1:]] == [
        Item,
        Reason.MALFORMED_ROW,
    ]
    assert isinstance(found[0], Remark)
    assert "ends too early" in found[0].text


def test_a_watchlist_is_refused() -> None:
    """PSI is what the site guesses that the person would give."""
    with pytest.raises(ExportError, match=r"watchlist \(PSI is a guess"):
        rows(SAMPLES / "criticker-watchlist.csv")


def test_a_folder_may_hold_both_files() -> None:
    """And a watchlist beside them."""
    names = ("ratings.csv", "recentratings.xml", "criticker-watchlist.csv")
    source = Source("folder", {name: (SAMPLES / name).read_bytes for name in names})
    adapter, claim = detect(source)
    assert adapter.name == "criticker"
    files = {row.file for row in read(source, adapter, claim) if isinstance(row, Item)}
    assert files == {"ratings.csv", "recentratings.xml"}
