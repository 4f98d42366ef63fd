"""Simkl's JSON where it is not as its pages promise: what is missing, absurd or of another type is empty."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from importer.simkl.lenient import count_of, dicts_in, ids_in, names_in, other_ids, parse_time, simkl_in, year_of


@pytest.mark.parametrize("value", [None, "", 0, "0", True, False, 5.0, [], ["tt1"], {"a": 1}])
def test_what_is_no_id_is_left_out(value: object) -> None:
    """A text or a number, and not nothing."""
    assert list(ids_in({"imdb": value, "tmdb": 603, "mal": "19"})) == [("tmdb", "603"), ("mal", "19")]


def test_a_titles_own_number_and_its_address_are_no_ids_to_send() -> None:
    """`slug` means something in answers alone."""
    assert other_ids({"simkl": 1, "simkl_id": 2, "slug": "heat", "imdb": "tt1"}) == (("imdb", "tt1"),)


CASES: list[tuple[Callable[[Any], object], object, object]] = [
    (simkl_in, {"simkl": 5}, 5),
    (simkl_in, {"simkl_id": "5"}, 5),
    (simkl_in, {}, None),
    (simkl_in, {"simkl": "x"}, None),
    (simkl_in, {"simkl": "9" * 15}, int("9" * 15)),
    (simkl_in, {"simkl": "9" * 16}, None),
    (year_of, 1995, 1995),
    (year_of, "1995", 1995),
    (year_of, 1, 1),
    (year_of, 9_999, 9_999),
    (year_of, 10_000, None),
    (year_of, 0, None),
    (year_of, "0", None),
    (year_of, -5, None),
    (year_of, None, None),
    (year_of, "19x5", None),
    (year_of, "9" * 5_000, None),
    (year_of, 1995.5, None),
    (count_of, 1, 1),
    (count_of, 12, 12),
    (count_of, 0, 0),
    (count_of, -1, 0),
    (count_of, True, 0),
    (count_of, "3", 0),
    (count_of, None, 0),
    (names_in, ["a", {"name": "b"}, "a", "", None, 5, {"name": None}, {"name": ""}, {}], ("a", "b")),
    (names_in, None, ()),
    (names_in, {"name": "a"}, ()),
    (names_in, "ab", ()),
    (parse_time, "20240102", None),
    (parse_time, "2024-01-02", 1_704_153_600),
]


@pytest.mark.parametrize(("reader", "value", "read"), CASES)
def test_a_value_is_read_or_counts_for_nothing(reader: Callable[[Any], object], value: object, read: object) -> None:
    """Never an error, and never something that the page does not mean."""
    assert reader(value) == read
    assert type(reader(value)) is type(read)


def test_of_a_list_only_its_objects_are_rows() -> None:
    """And what is no list has none."""
    assert list(dicts_in([1, None, {"a": 1}, "x", [{}]])) == [{"a": 1}]
    assert list(dicts_in({"a": 1})) == list(dicts_in(None)) == []


def test_a_time_without_a_zone_is_that_of_utc_wherever_this_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simkl leaves it out now and then."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert parse_time("2024-01-02T00:00:00") == parse_time("2024-01-02T00:00:00Z") == 1_704_153_600
        assert parse_time("2024-01-02T00:00:00+09:00") == 1_704_153_600 - 9 * 3600
    finally:
        monkeypatch.undo()
        time.tzset()
