"""AniList: scores on the scale that the file tells, entries that stand in several lists, and no private word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.protocol import Choices
from adapters.reading.scale import Rounding, Scale
from importer.errors import ExportError
from importer.model import Item, Kind, Origin, Reason, Rejected, Remark, Row, Skipped, Superseded


def entry(score: object, number: int = 1, edited: int = 0, day: tuple[int, int, int] | None = None) -> dict[str, Any]:
    """Make an entry of a dump."""
    done = dict(zip(("year", "month", "day"), day, strict=True)) if day else None
    return {
        "mediaId": number,
        "score": score,
        "updatedAt": edited,
        "completedAt": done,
        "media": {"title": {"romaji": "A"}},
    }


def dump(*lists: list[dict[str, Any]], told: str = "POINT_10") -> str:
    """Make a dump of some lists, with the scale told, or none."""
    user = {"mediaListOptions": {"scoreFormat": told}} if told else {}
    return json.dumps(
        {"data": {"MediaListCollection": {"lists": [{"entries": found} for found in lists]}, "User": user}}
    )


def rows(said: tuple[str, list[Row | Remark]]) -> list[Any]:
    """Keep the rows of what must be AniList's."""
    assert said[0] == "anilist"
    return [row for row in said[1] if not isinstance(row, Remark)]


@pytest.mark.parametrize(
    ("scale", "scores", "ratings"),
    [
        ("POINT_100", [100, 85, 84, 5, 4], [10, 9, 8, 1, 0]),
        ("POINT_10_DECIMAL", [9.5, 8.4, 0.4], [10, 8, 0]),
        ("POINT_10", [10, 1], [10, 1]),
        ("POINT_5", [5, 4, 3, 2, 1], [9, 7, 5, 3, 1]),
        ("POINT_3", [3, 2, 1], [9, 6, 4]),
    ],
)
def test_a_score_is_taken_as_the_site_stores_it(reads: Any, scale: str, scores: list[Any], ratings: list[int]) -> None:
    """As the dump says, or where it does not as the person says; rounding is the site's own, whatever is chosen."""
    entries = [entry(score, number) for number, score in enumerate(scores, 1)]
    for text, choices in (
        (dump(entries, told=scale), Choices(scale=Scale.POINT_3, round=Rounding.DOWN)),
        (dump(entries, told=""), Choices(scale=Scale(scale))),
    ):
        assert [row.rating for row in rows(reads({"a.json": text}, choices))] == ratings


def test_without_a_scale_the_file_is_refused(reads: Any) -> None:
    """The values never tell it; a list without any score needs none."""
    with pytest.raises(ExportError, match="does not tell the scale") as caught:
        reads({"a.json": dump([entry(3)], told="")})
    assert "--scale NAME" in caught.value.hint
    (row,) = rows(reads({"a.json": dump([entry(0)], told="")}))
    assert isinstance(row, Skipped)


@pytest.mark.parametrize(
    "place",
    [
        lambda data, options: data.update(Viewer=options),
        lambda data, options: data["MediaListCollection"].update(user={"name": "x", **options}),
    ],
)
def test_the_scale_is_found_where_queries_of_the_site_put_it(reads: Any, place: Any) -> None:
    """Beside the collection, or with the collection's own user, as most programs ask for it."""
    document = json.loads(dump([entry(5)], told=""))
    place(document["data"], {"mediaListOptions": {"scoreFormat": "POINT_5"}})
    (row,) = rows(reads({"a.json": json.dumps(document)}))
    assert row.rating == 9


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ("2019-01-30 02:22:26", 1_548_814_946),
        ("0000-00-00 00:00:00", None),
        ("soon", None),
        (None, None),
        (7, None),
        ("9999-12-31T23:59:59-12:00", None),
    ],
)
def test_the_archives_last_edit_stands_in_where_no_day_is_complete(
    reads: Any, edited: object, expected: int | None
) -> None:
    """It is a time in words there; what is none of it is left out."""
    lists = [{"series_type": 0, "series_id": 1, "score": 85, "finished_on": 20180000, "updated_at": edited}]
    (row,) = rows(reads({"gdpr.json": json.dumps({"lists": lists})}))
    assert (row.date and row.date.value) == expected
    assert row.date is None or row.date.origin is Origin.EDITED


def test_the_archive_is_of_a_hundred_whatever_is_shown(reads: Any) -> None:
    """0 is unrated, 1 to 4 come to 0 and are not; a day as a number; manga has no place; nothing but lists is used."""
    lists = [
        {"series_type": 0, "series_id": number, "score": score, "finished_on": 20191102}
        for number, score in ((1, 85), (2, 0), (3, 4))
    ]
    manga = {"series_type": 1, "series_id": 4, "score": 90}
    user = {"email": "canary@example.org", "ip": "192.0.2.77", "mediaListOptions": {"scoreFormat": "POINT_5"}}
    said = reads({"gdpr.json": json.dumps({"user": user, "lists": [*lists, manga]})}, Choices(scale=Scale.POINT_5))
    first, unrated, low, other = rows(said)
    assert (first.rating, first.kind, first.ids, first.date.origin) == (
        9,
        Kind.ANIME,
        (("anilist", "1"),),
        Origin.WATCHED,
    )
    assert (unrated.reason, low.rating, other.reason) == (Reason.UNRATED, 0, Reason.UNSUPPORTED_KIND)
    assert "canary" not in repr(said)
    assert "192.0.2.77" not in repr(said)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((7, 0), (7, 0), [Item, Superseded]),
        ((7, 100_000_000), (8, 200_000_000), [Superseded, Item]),
        ((7, 200_000_000), (8, 100_000_000), [Item, Superseded]),
        ((7, 0), (8, 0), [Rejected, Rejected]),
        ((7, 0), (8, 100_000_000), [Rejected, Rejected]),
    ],
)
def test_an_entry_in_several_lists_counts_once(
    reads: Any, first: tuple[int, int], second: tuple[int, int], expected: list[type]
) -> None:
    """Of different scores the last edited; where an edit is not known nobody can tell."""
    found = rows(reads({"a.json": dump([entry(first[0], 1, first[1])], [entry(second[0], 1, second[1])])}))
    assert [type(row) for row in found] == expected


def test_a_finish_date_stands_in_else_the_last_edit(reads: Any) -> None:
    """0 is AniList's word for an edit of unknown time; half a date is none."""
    entries = [
        entry(7, 1, 1_600_000_000, (2020, 5, 1)),
        entry(7, 2, 1_600_000_000, (2020, 5, 0)),
        entry(7, 3, 0, (2020, 5, 0)),
    ]
    dates = [row.date for row in rows(reads({"a.json": dump(entries)}))]
    assert [date and date.origin for date in dates] == [Origin.WATCHED, Origin.EDITED, None]


@pytest.mark.parametrize("told", [{"type": "MANGA"}, {"format": "MANGA"}, {"format": "NOVEL"}, {"format": "ONE_SHOT"}])
def test_a_manga_is_told_by_type_or_format(reads: Any, told: dict[str, str]) -> None:
    """A dump need not have asked for both; a manga's number would be another title's among anime."""
    manga = entry(8, 2)
    manga["media"] |= told
    anime = entry(7, 1)
    anime["media"] |= {"format": "TV"}
    first, second = rows(reads({"a.json": dump([anime, manga])}))
    assert first.kind is Kind.ANIME
    assert (second.reason, second.item.ids) == (Reason.UNSUPPORTED_KIND, ())


def test_a_list_of_manga_is_refused(reads: Any) -> None:
    """And an answer about titles is nobody's list."""
    for document in (
        {"data": {"manga": {"lists": [{"entries": [entry(7)]}]}}},
        {"lists": [{"series_type": 1, "series_id": 1, "score": 70}]},
    ):
        with pytest.raises(ExportError, match="manga list"):
            reads({"a.json": json.dumps(document)}, Choices(scale=Scale.POINT_10))
    with pytest.raises(ExportError, match="no known export"):
        reads({"a.json": json.dumps({"data": {"Page": {"media": [{"id": 1, "averageScore": 70}]}}})})
