"""Kitsu: dumps of a library, with titles and ids that lie elsewhere in them; and the XML that is MyAnimeList's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters import detect
from adapters.kitsu import KITSU
from adapters.protocol import Source
from adapters.reading.files import open_source
from adapters.reading.scale import Rounding
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def entry(number: object = "1", twenty: object = 18, kind: str = "anime", **attributes: Any) -> dict[str, Any]:
    return {
        "id": f"9{number}",
        "type": "libraryEntries",
        "attributes": {"ratingTwenty": twenty, **attributes},
        "relationships": {kind: {"data": {"type": kind, "id": number}}},
    }


def title(number: str, *mappings: str, **attributes: Any) -> dict[str, Any]:
    data = [{"type": "mappings", "id": mapping} for mapping in mappings]
    return {
        "id": number,
        "type": "anime",
        "attributes": {"canonicalTitle": "Cowboy Bebop", "startDate": "1998-04-03", **attributes},
        "relationships": {"mappings": {"data": data}},
    }


def mapping(number: str, site: str, identifier: str) -> dict[str, Any]:
    return {"id": number, "type": "mappings", "attributes": {"externalSite": site, "externalId": identifier}}


def page(*entries: Any, included: tuple[Any, ...] = (), following: str | None = None) -> dict[str, Any]:
    return {"data": list(entries), "included": list(included), "links": {"next": following} if following else {}}


@pytest.mark.parametrize(
    ("twenty", "rating", "fate"),
    [(20, "10", ""), (2, "1", ""), (17, "8.5", ""), (1, "0.5", ""), (21, "10.5", ""), (None, "None", "unrated")],
)
def test_twenty_points_are_halved_exactly(read_json, twenty: object, rating: str, fate: str):
    """Odd numbers are half points, which nothing rounds by itself."""
    found = read_json(KITSU, page(entry(twenty=twenty)))
    assert (str(found.items[0].rating), found.fates) == (rating, [fate])


def test_half_points_go_where_the_person_says(read_json):
    """And how many they were is told."""
    found = read_json(KITSU, page(entry(twenty=17), entry("2", 15)), round=Rounding.DOWN)
    assert [item.rating for item in found.items] == [8, 7]
    assert found.told == ["2 ratings lay between two whole numbers and were rounded down"]


def test_stars_count_only_where_a_dump_has_nothing_else(read_json):
    """They say the same less exactly, and 0.0 beside a null is no rating."""
    old = entry()
    old["attributes"] = {"rating": "4.5"}
    found = read_json(KITSU, page(old, entry("2", 17, rating="4.0"), entry("3", None, rating="0.0")))
    assert [str(item.rating) for item in found.items] == ["9", "8.5", "None"]


def test_title_year_and_ids_are_brought_together(read_json):
    """From the title and its mappings, wherever they stand; a season's number at TheTVDB is no id."""
    included = (
        mapping("101", "myanimelist/anime", "1"),
        mapping("102", "thetvdb/season", "17111"),
        mapping("103", "anidb", "23"),
        mapping("104", "anilist/anime", "1"),
        title("1", "101", "102", "103", "104"),
    )
    [item] = read_json(KITSU, page(entry(), included=included)).items
    assert (item.key, item.kind, item.title, item.year) == ("kitsu:1", Kind.ANIME, "Cowboy Bebop", 1998)
    assert item.ids == (("kitsu", "1"), ("mal", "1"), ("anilist", "1"), ("anidb", "23"))


def test_a_mapping_may_point_to_its_title_instead(read_json):
    """That is how the API's own list of mappings has it."""
    pointing = {
        **mapping("101", "myanimelist/anime", "1"),
        "relationships": {"item": {"data": {"type": "anime", "id": "1"}}},
    }
    [item] = read_json(KITSU, page(entry(), included=(title("1"), pointing))).items
    assert item.ids == (("kitsu", "1"), ("mal", "1"))


def test_of_two_numbers_for_one_site_none_is_taken(read_json):
    """Nobody can tell which is right, and the wrong one would rate another anime; what is no number is told."""
    included = (
        *(mapping("1", "anidb", "23"), mapping("2", "anidb", "24"), mapping("3", "myanimelist/anime", "1")),
        *(mapping("4", "anilist/anime", "cowboy-bebop"), title("1", "1", "2", "3", "4")),
    )
    found = read_json(KITSU, page(entry(), included=included))
    assert found.items[0].ids == (("kitsu", "1"), ("mal", "1"))
    assert found.told == ["1 id is none and was left out (cowboy-bebop for anilist)"]


@pytest.mark.parametrize(
    ("attributes", "date"),
    [
        ({"finishedAt": "2020-02-03T22:30:00.000Z"}, Date(1580769000, Precision.SECOND, Origin.WATCHED)),
        ({"finishedAt": "2020-02-03T00:00:00.000Z"}, Date(1580731200, Precision.DAY, Origin.WATCHED)),
        (
            {"finishedAt": None, "updatedAt": "2020-02-03T22:30:00.000Z"},
            Date(1580769000, Precision.SECOND, Origin.EDITED),
        ),
        ({"progressedAt": "2020-02-03T22:30:00.000Z", "createdAt": "2020-02-03T22:30:00.000Z"}, None),
    ],
)
def test_a_date_only_stands_in(read_json, attributes: dict[str, Any], date: Date | None):
    """The finish, a bare day at its noon; else the last edit. Progress and creation say nothing of a rating."""
    assert read_json(KITSU, page(entry(**attributes))).items[0].date == date


def test_an_entry_whose_title_is_not_in_the_dump_keeps_its_row(read_json):
    """Without a title it has no identity; entries do not fall together for that."""
    loose = [{"id": str(n), "type": "libraryEntries", "attributes": {"ratingTwenty": 10}} for n in (7, 8)]
    nameless = {"type": "libraryEntries", "attributes": {"ratingTwenty": 10}}
    found = read_json(KITSU, page(*loose, nameless))
    assert [item.key for item in found.items[:2]] == ["kitsu:entry:7", "kitsu:entry:8"]
    assert found.items[2].key.startswith("kitsu:row:")
    assert all(item.ids == () and not item.title for item in found.items)


def test_manga_among_anime_is_unsupported_and_alone_refused(read_json):
    """Its number must never be taken for an anime's."""
    found = read_json(KITSU, page(entry("8", kind="manga"), entry()))
    assert found.fates == ["unsupported_kind", ""]
    assert (found.items[0].key, found.items[0].ids) == ("kitsu:manga:8", ())
    with pytest.raises(ExportError, match="is a manga library; Simkl has no manga"):
        read_json(KITSU, page(entry("8", kind="manga")))
    assert read_json(KITSU, {"a.json": page(entry("8", kind="manga")), "b.json": page(entry())}).fates == [""]


def test_pages_are_one_library(read_json):
    """As an array in one file, or file by file; the last page of an array has no next one."""
    pages = [page(entry("1"), following="https://kitsu.app/next"), page(entry("2"))]
    found = read_json(KITSU, pages)
    assert ([item.line for item in found.items], found.told) == ([1, 2], [])
    assert len(read_json(KITSU, {"1.json": pages[0], "2.json": pages[1]}).items) == 2
    assert "not the last page" in read_json(KITSU, pages[0]).told[0]


def test_the_users_in_a_dump_are_nobodys_business(read_json):
    """Neither they nor a person's notes come out in any row."""
    user = {"id": "4", "type": "users", "attributes": {"email": "canary@example.org", "name": "canary"}}
    assert "canary" not in repr(read_json(KITSU, page(entry(notes="canary"), included=(user, title("1")))))


def test_the_sites_other_answers_are_no_library():
    """A list of anime that anybody can ask for holds nobody's ratings."""
    public = b'{"data": [{"id": "1", "type": "anime", "attributes": {"averageRating": "82.1", "ratingTwenty": 16}}]}'
    with pytest.raises(ExportError, match="no known export"):
        detect(Source("x.json", {"x.json": lambda: public}))


def test_the_sites_own_xml_reads_as_myanimelists():
    """Ids alone, no score where there is none, "On Hold" with a blank: its numbers are MyAnimeList's."""
    source = open_source(SAMPLES / "mal" / "kitsu.xml")
    adapter, claim = detect(source)
    rated, unrated = list(adapter.read(source, claim))
    assert adapter.name == "mal"
    assert isinstance(rated, Item)
    assert (rated.key, rated.ids, rated.title, rated.rating) == ("mal:43", (("mal", "43"),), "", 9)
    assert not isinstance(unrated, Item)
