"""Anime-Planet: titles alone, so that a person has to find each of them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.animeplanet import ANIMEPLANET
from importer.errors import ExportError
from importer.model import Date, Kind, Origin, Precision
from importer.plan.judge import Policy, judge


def export(*entries: dict[str, Any], kind: str = "anime") -> dict[str, Any]:
    about = {"type": kind, "date": "2026-02-01 09:30-0800", "version": "0.1a"}
    return {"user": {"name": "canary"}, "export": about, "entries": list(entries)}


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Toradora!",
        "status": "watched",
        "started": None,
        "completed": None,
        "rating": 4.5,
        "times": 1,
        **changes,
    }


def test_every_rated_row_wants_a_year(read_json):
    """It has a title and nothing else, which is too risky to send: `mend` is the way."""
    found = read_json(ANIMEPLANET, export(entry(), entry(name="Hunter x Hunter (2011)", rating=5)))
    assert [judge(row, Policy(0)) for row in found.rows] == [("rejected", "no_year")] * 2
    assert [(item.key, item.kind, item.title, item.year, item.ids) for item in found.items] == [
        ("animeplanet:toradora!", Kind.ANIME, "Toradora!", None, ()),
        ("animeplanet:hunter x hunter (2011)", Kind.ANIME, "Hunter x Hunter (2011)", None, ()),
    ]
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("stars", "rating", "fate"),
    [(0, "0", "unrated"), (0.5, "1", ""), (3.5, "7", ""), (5, "10", ""), (5.5, "11", ""), (None, "None", "unrated")],
)
def test_half_stars_are_doubled(read_json, stars: object, rating: str, fate: str):
    """Exactly; 0 is no rating."""
    found = read_json(ANIMEPLANET, export(entry(rating=stars)))
    assert (str(found.items[0].rating), found.fates) == (rating, [fate])


def test_the_day_of_completion_stands_in(read_json):
    """With the hours of its zone, which has no minutes; the day of beginning says nothing."""
    done = entry(completed="2016-12-31 19:34:42-08", started="2016-01-01 10:00:00-08")
    items = read_json(ANIMEPLANET, export(done, entry(name="B", started="2016-01-01 10:00:00-08"))).items
    assert [item.date for item in items] == [Date(1483241682, Precision.SECOND, Origin.WATCHED), None]


def test_a_manga_list_is_refused(read_json):
    """Its entries look the same."""
    with pytest.raises(ExportError, match="is a manga list; Simkl has no manga"):
        read_json(ANIMEPLANET, export(entry(), kind="manga"))
