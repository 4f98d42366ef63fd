"""JSON of a declared form: told by its keys, read by the keys that lead to values, whatever stands there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import ADAPTERS, detect
from adapters.conformance.values import value_faults
from adapters.protocol import About, Claim, Miss, Source
from adapters.reading.dates import DateOrder
from adapters.reading.file_dates import DateColumn
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_entries import JsonEntry
from adapters.reading.json_forms import Join, JsonForm, at
from adapters.reading.parts import rated_parts
from adapters.reading.scale import Scale
from importer.errors import ExportError
from importer.model import Kind, Origin, Row


def _row(entry: JsonEntry) -> Row:
    title, year = entry["film.title|name"], entry.year("film.year")
    return entry.row(sort=Kind.MOVIE, title=title, year=year, ids=entry.ids(Kind.MOVIE))


FORM = JsonForm(
    why="a list of films",
    needs=("film|name", "stars", "when"),
    row=_row,
    rating="stars",
    scale=Scale.FIVE,
    dates={"when": DateColumn(Origin.RATING)},
    ids={"imdb": "film.ids.imdb", "tmdb": "film.ids.tmdb"},
)
INSIDE = replace(FORM, inside="list.films|films")


def adapter(*forms: JsonForm) -> JsonAdapter:
    return JsonAdapter("films", About("Films", "a", "b", "c", "d"), forms)


def film(**changes: Any) -> dict[str, Any]:
    return {
        "film": {"title": "Heat", "year": 1995, "ids": {"tmdb": 949}},
        "stars": 4.5,
        "when": "2024-05-01",
        **changes,
    }


def answer(document: object, *forms: JsonForm) -> Claim | Miss | None:
    return adapter(*forms).claim(Source("x.json", {"x.json": json.dumps(document).encode}))


def test_a_value_is_found_by_the_keys_that_lead_to_it():
    """Of several paths the first that leads to something counts; none leads to nothing, without a complaint."""
    value = {"a": {"b": None, "c": 0}, "d": [1]}
    assert [at(value, path) for path in ("a.c", "a.b|a.c", "a.b", "d", "d.e", "x.y.z", "a.c.d")] == [
        0,
        0,
        None,
        [1],
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "document",
    [
        [film()],
        [film(film=None, name="Heat")],
        [film(when=None)],
        [None, film()],
        {"list": {"films": [film()]}},
        {"films": [film()]},
        [{"films": [film()]}, {"films": []}],
    ],
)
def test_a_document_is_told_by_its_first_entry(document: object):
    """In an array, inside an object, or in pages; a key whose value is null is there."""
    assert isinstance(answer(document, FORM, INSIDE), Claim)


@pytest.mark.parametrize("document", [[], {}, [1], {"films": []}, {"films": 7}, {"film": {}, "stars": 1, "when": ""}])
def test_what_has_no_entry_of_the_form_is_left_alone(document: object):
    """An entry that stands alone, outside of any array, is no list."""
    assert answer(document, FORM, INSIDE) is None


def test_entries_may_lie_in_an_object_where_the_form_says_so(read_json):
    """Each under a key of its own, which says nothing; any other form takes that object for none of its own."""
    keyed = replace(INSIDE, keyed=True)
    document = {"films": {"a": film(), "b": 7, "c": film(stars=2)}}
    assert answer(document, INSIDE) is None
    said = read_json(adapter(keyed), document)
    assert [item.rating for item in said.items] == [9, None, 4]
    assert isinstance(answer({"films": [film()]}, keyed), Claim)


def test_what_is_missing_of_a_form_is_named():
    """With the keys that are there, as for tables."""
    assert answer([{"film": {}, "stars": 3}], FORM) == Miss(("film|name", "stars"), ("when",))
    with pytest.raises(ExportError, match=r"no export of Films: has film\|name, stars; missing: when"):
        detect(Source("x.json", {"x.json": lambda: b'[{"film": {}, "stars": 3}]'}), (adapter(FORM),))


def test_an_entry_is_read_whole(read_json):
    """Title, year, ids, stars and day, each from its place."""
    [item] = read_json(adapter(FORM), [film()]).items
    assert (item.key, item.title, item.year, item.ids) == ("films:movie:tmdb=949", "Heat", 1995, (("tmdb", "949"),))
    assert (item.source_rating, item.rating, item.line) == ("4.5", 9, 1)
    assert item.date is not None
    assert item.date.origin is Origin.RATING


def test_what_is_no_entry_costs_itself_alone(read_json):
    """Broken entries and ratings that are no scalar are malformed, in their places."""
    found = read_json(adapter(FORM), [film(), 5, None, "x", [], film(stars=[4]), film(stars={}), film(stars=True)])
    assert found.fates == ["", *["malformed_row"] * 6, ""]
    assert [item.line for item in found.items] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found.items[-1].rating is None


def test_nought_is_no_id_and_nothing_to_tell(read_json):
    """Sites write it where they know none; words in its place are told."""
    found = read_json(adapter(FORM), [film(film={"title": "A", "ids": {"tmdb": 0, "imdb": "0"}})])
    assert (found.items[0].ids, found.told) == ((), [])
    found = read_json(adapter(FORM), [film(film={"title": "A", "ids": {"tmdb": "many"}})])
    assert found.told == ["1 id is none and was left out (many for tmdb)"]


def test_entries_without_any_name_keep_apart(read_json):
    """Two of them are not one title, and the same one has the same key in the next export."""
    nameless = [film(film={}, stars=stars) for stars in (1, 2)]
    first, second = read_json(adapter(FORM), nameless).items
    assert first.key != second.key
    assert [item.key for item in read_json(adapter(FORM), [film(), *nameless]).items[1:]] == [first.key, second.key]


@pytest.mark.parametrize(
    ("entries", "fates"),
    [
        ([film(when=None), film(when=None, stars=1)], ["ambiguous_title", "ambiguous_title"]),
        ([film(when=None), film(when=None)], ["", ""]),
        ([film(when=None), film(stars=1)], ["", ""]),
        ([film(when=None), film(when=None, stars=None)], ["", "unrated"]),
    ],
)
def test_ratings_of_one_title_that_no_date_tells_apart_are_ambiguous(read_json, entries: list[Any], fates: list[str]):
    """The order of a list of titles says nothing; equal ratings and dates leave no question."""
    assert read_json(adapter(FORM), entries).fates == fates


def test_doubtful_days_are_decided_by_all_of_them(read_json):
    """As in tables: one that fits a single order decides, else the person is asked."""
    doubtful = [film(when="03/04/2020"), film(film={"title": "B", "year": 1999}, when="04/05/2020")]
    with pytest.raises(ExportError, match="can be read in two ways"):
        read_json(adapter(FORM), doubtful)
    read = read_json(adapter(FORM), [*doubtful, film(film={"title": "C", "year": 1999}, when="13/05/2020")])
    assert "day/month/year" in read.told[0]
    assert read_json(adapter(FORM), doubtful, date_order=DateOrder.MDY).fates == ["", ""]


def test_the_scale_of_a_form_is_the_persons_only_where_it_asks(read_json):
    """What a form tells is not overruled."""
    assert read_json(adapter(FORM), [film()], scale=Scale.TEN).items[0].rating == 9
    assert read_json(adapter(replace(FORM, asks_scale=True)), [film(stars=4)], scale=Scale.TEN).items[0].rating == 4


def test_an_entry_may_become_several_rows_with_what_is_told_elsewhere(read_json):
    """`join` is given all pages; the rows of one entry share its place."""

    def join(pages: list[dict[str, Any]]) -> Join:
        titles = {key: title for page in pages for key, title in page["titles"].items()}
        return lambda entry: [{**entry, "name": titles[entry["film"]], "stars": stars} for stars in entry["all"]]

    form = replace(INSIDE, needs=("film", "all"), join=join)
    pages = [
        {"titles": {"b": "Ronin"}, "films": [{"film": "a", "all": [1, 2]}]},
        {"titles": {"a": "Heat"}, "films": [{"film": "b", "all": [5]}]},
    ]
    items = read_json(adapter(form), pages).items
    assert [(item.title, item.rating, item.line) for item in items] == [
        ("Heat", 2, 1),
        ("Heat", 4, 1),
        ("Ronin", 10, 2),
    ]


def test_documents_that_hold_nothing_to_import_are_refused_or_set_aside(read_json):
    """Alone with their reason; beside one that does hold something they are left out, and nobody wonders about them."""
    wishes = JsonForm(why="wishes", needs=("wish",), refusal="is a wish list")
    books = replace(FORM, other=lambda entry: entry.get("book") is True, others="is a list of books")
    both = adapter(wishes, books)
    for document, reason in (([{"wish": 1}], "is a wish list"), ([film(book=True)], "is a list of books")):
        with pytest.raises(ExportError, match=f"export: {reason}"):
            read_json(both, document)
    assert read_json(both, [film(book=True), film()]).fates == ["", ""]
    members = {"a.json": [film()], "my ratings.json": [film(book=True)], "w.json": [{"wish": 1}]}
    assert read_json(both, members).fates == [""]
    claim = both.claim(Source("export", {name: json.dumps(value).encode for name, value in members.items()}))
    assert isinstance(claim, Claim)
    assert (claim.members, claim.aside) == (("a.json",), ("my ratings.json", "w.json"))


def test_a_document_that_breaks_off_is_refused_when_it_is_read():
    """Its beginning tells whose it is, so that the person hears what is wrong with it."""
    data = json.dumps([film()] * 2_000)[:-100].encode()
    source = Source("x.json", {"x.json": lambda: data})
    claim = adapter(FORM).claim(source)
    assert isinstance(claim, Claim)
    with pytest.raises(ExportError, match="is not whole, valid JSON"):
        list(adapter(FORM).read(source, claim))


def test_an_encoding_that_had_to_be_guessed_is_told():
    """The rows are read all the same."""
    data = json.dumps([film(film={"title": "Amélie", "year": 2001})], ensure_ascii=False).encode("cp1252")
    source = Source("x.json", {"x.json": lambda: data})
    claim = adapter(FORM).claim(source)
    assert isinstance(claim, Claim)
    said = list(adapter(FORM).read(source, claim))
    assert "Windows-1252" in repr(said)
    assert "Amélie" in repr(said)


@pytest.mark.parametrize(
    ("ratings", "told"),
    [
        ([], []),
        ([0, None, "", [], {}], []),
        ([0, 8], ["the rating of 1 season has no place on Simkl and is left out"]),
        ([7, 8, "9"], ["the ratings of 3 seasons have no place on Simkl and are left out"]),
    ],
)
def test_rated_parts_are_counted(ratings: list[object], told: list[str]):
    """In one sentence, and only where there are any."""
    assert list(rated_parts("season", "seasons", ratings)) == told


OURS = [adapter for adapter in ADAPTERS if isinstance(adapter, JsonAdapter)]


@pytest.mark.parametrize(
    "document",
    [
        [{"plays": 3, "last_watched_at": "2020-01-01T00:00:00Z", "show": {"title": "Dark", "ids": {}}, "seasons": []}],
        [{"title": "Dark", "tvdbId": 334824, "seasons": [{"seasonNumber": 1, "monitored": True}]}],
        [{"id": 1, "rating": 8.1, "status": "Ended", "name": "Dark"}],
        [{"rating": 8, "status": "done", "content": "I liked it"}],
        [{"target_id": 5, "target_type": "Topic", "body": "x"}],
        {"data": [{"id": "1", "type": "articles", "attributes": {"title": "JSON:API paints my bikeshed!"}}]},
        {"entries": [{"name": "x", "status": "open", "rating": 5}], "export": {"type": "issues"}},
        {"media": [{"url": "a.jpg", "width": 100}]},
        {"metadata": {"version": 1}, "media": "none"},
    ],
)
def test_other_programs_json_is_left_to_others(document: object):
    """Watched shows of Trakt's, Sonarr's library, catalogues, articles: some of the keys, and not what they mean."""
    source = Source("x.json", {"x.json": json.dumps(document).encode})
    assert [own.name for own in OURS if isinstance(own.claim(source), Claim)] == []


TEXTS = [Path(own.forms[0].row.__code__.co_filename).read_text("utf-8") for own in OURS]
KEYS = sorted({key for text in TEXTS for key in re.findall(r"[A-Za-z_]{2,}", text)})
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["anime", "movie", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(VALUES)
def test_any_values_in_any_place_end_in_rows_or_one_clear_line(document: object):
    """The sites' own keys with values of every type, read as each of their forms whether or not it would be claimed."""
    data = json.dumps([document, {"data": [document], "included": [document], "media": [document]}]).encode()
    for own in OURS:
        for form in own.forms:
            source = Source("x.json", {"x.json": lambda: data})
            try:
                own.claim(source)
                said = list(own.read(source, Claim(("x.json",), "told so", {"x.json": form})))
            except ExportError:
                continue
            assert [fault for one in said for fault in value_faults(own.name, one, {"x.json"})] == []
