"""How a moment is written, in every file and request."""

from __future__ import annotations

import pytest

from importer.model import iso


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_778_875_200, "2026-05-15T20:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (-62_135_596_800, "0001-01-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
        (1_700_000_000.999, "2023-11-14T22:13:20Z"),
    ],
)
def test_a_moment_is_written_in_whole_seconds_of_utc(seconds: float, text: str) -> None:
    """Every year has four digits, and a part of a second never rounds a moment into the future."""
    assert iso(seconds) == text


def test_a_log_line_has_the_parts_of_its_second() -> None:
    """Also if they are all zero, so that all lines are of one width."""
    assert iso(1_700_000_000.5, precision="microseconds") == "2023-11-14T22:13:20.500000Z"
    assert iso(1_700_000_000, precision="microseconds") == "2023-11-14T22:13:20.000000Z"
