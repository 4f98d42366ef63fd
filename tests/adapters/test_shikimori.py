"""Shikimori: the list as JSON, the API's answers, and the XML that is MyAnimeList's."""

from __future__ import annotations

from typing import Any

import pytest

from adapters import detect
from adapters.protocol import Source
from adapters.shikimori import SHIKIMORI
from importer.errors import ExportError
from importer.model import Date, Item, Kind, Origin, Precision

XML = """<?xml version="1.0" encoding="UTF-8"?>
<myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>
<anime><series_title>Mononoke Hime</series_title><series_type>movie</series_type>
<series_animedb_id>164</series_animedb_id><my_score>{score}</my_score><my_status>Completed</my_status><shiki_status>Rewatching</shiki_status></anime></myanimelist>
"""


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "target_title": "Mononoke Hime",
        "target_title_ru": "Принцесса Мононоке",
        "target_id": 164,
        "target_type": "Anime",
        "score": 9,
        "status": "completed",
        "rewatches": 0,
        "episodes": 1,
        "text": "canary",
        **changes,
    }


def test_an_entry_is_read_whole(read_json):
    """Its number is MyAnimeList's; no date is told."""
    found = read_json(SHIKIMORI, [entry()])
    [item] = found.items
    assert (item.key, item.kind, item.title, item.ids) == (
        "shikimori:164",
        Kind.ANIME,
        "Mononoke Hime",
        (("mal", "164"),),
    )
    assert (item.rating, item.date, found.told) == (9, None, [])
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("score", "fate"), [(0, "unrated"), (None, "unrated"), ("", "unrated"), (10, ""), ("7", ""), (11, "")]
)
def test_nought_is_no_score(read_json, score: object, fate: str):
    """What has no place on the scale goes on as it is: the pipeline refuses it."""
    assert read_json(SHIKIMORI, [entry(score=score)]).fates == [fate]


@pytest.mark.parametrize("word", ["Manga", "Ranobe"])
def test_manga_is_never_taken_for_an_anime_of_its_number(read_json, word: str):
    """Among anime it is unsupported, alone the list is refused."""
    manga = entry(target_type=word, target_id=2)
    found = read_json(SHIKIMORI, [manga, entry()])
    assert found.fates == ["unsupported_kind", ""]
    assert (found.items[0].key, found.items[0].ids) == (f"shikimori:{word.lower()}:2", ())
    with pytest.raises(ExportError, match="is a manga list; Simkl has no manga"):
        read_json(SHIKIMORI, [manga])


def test_both_lists_in_one_folder_are_the_anime_list(read_json):
    """The site hands out two files; the manga list is left out, and nobody wonders about it."""
    found = read_json(SHIKIMORI, {"me_animes.json": [entry()], "me_mangas.json": [entry(target_type="Manga")]})
    assert (found.fates, found.told) == ([""], [])


def test_a_type_that_is_not_known_is_no_anime(read_json):
    """It is rejected with its word."""
    found = read_json(SHIKIMORI, [entry(), entry(target_type="Opera"), entry(target_type=None)])
    assert found.fates == ["", "unknown_kind", "unknown_kind"]


def test_titles_without_a_number_keep_apart(read_json):
    """Converters write 0: the title names the row then."""
    found = read_json(SHIKIMORI, [entry(target_id=0, target_title="A"), entry(target_id=None, target_title="B")])
    assert [item.key for item in found.items] == ["shikimori:anime:a:", "shikimori:anime:b:"]
    assert all(item.ids == () for item in found.items)


def test_the_last_edit_stands_in_where_it_is_told(read_json):
    """As in the API's user_rates, which have no titles."""
    [item] = read_json(SHIKIMORI, [entry(target_title=None, updated_at="2019-12-31T23:30:00.000+03:00")]).items
    assert item.date == Date(1577824200, Precision.SECOND, Origin.EDITED)


@pytest.mark.parametrize(("score", "rated"), [("8", True), ("0", False)])
def test_the_xml_reads_as_myanimelists(score: str, rated: bool):
    """With its own status beside, types in small letters, and no dates."""
    source = Source("me_animes.xml", {"me_animes.xml": XML.format(score=score).encode})
    adapter, claim = detect(source)
    [row] = adapter.read(source, claim)
    assert adapter.name == "mal"
    assert isinstance(row, Item) is rated
