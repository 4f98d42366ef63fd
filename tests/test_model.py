"""How a moment is written, in every file and request, and what a value is."""

from __future__ import annotations

from dataclasses import field, replace
from pathlib import Path

import pytest

from importer.model import Date, Item, Origin, Precision, iso, maker, value

ROOT = Path(__file__).parents[1]


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


@value
class Word:
    """A value with a text of its own."""

    text: str
    weight: int = 1
    about: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


@value
class Secret:
    """A value of which a part is neither shown nor compared."""

    name: str
    token: str = field(repr=False)
    note: str = field(default="", compare=False)


@value
class Nothing:
    """A value without a field."""


def test_values_are_equal_by_what_they_hold() -> None:
    """And only to values of their own kind."""
    date = Date(0, Precision.DAY, Origin.RATING)
    assert date == Date(0, Precision.DAY, Origin.RATING)
    assert date != Date(1, Precision.DAY, Origin.RATING)
    assert date != (0, Precision.DAY, Origin.RATING)
    assert len({date, Date(0, Precision.DAY, Origin.RATING), Date(1, Precision.DAY, Origin.RATING)}) == 2
    assert Nothing() == Nothing()
    assert Nothing() != Word("")
    assert hash(Nothing()) == hash(Nothing())


def test_a_value_shows_what_it_holds() -> None:
    """In errors and in tests; a text of its own stays."""
    assert repr(Word("a", 2)) == "Word(text='a', weight=2, about={})"
    assert repr(Nothing()) == "Nothing()"
    assert str(Word("a")) == "a"


def test_a_value_keeps_a_field_to_itself() -> None:
    """No secret gets into a log by the way that it is shown."""
    secret = Secret("a", "t0ken")
    assert repr(secret) == "Secret(name='a', note='')"
    assert secret == Secret("a", "t0ken", "other")
    assert secret != Secret("a", "t1ken")
    assert hash(secret) == hash(Secret("a", "t0ken", "other"))


def test_a_value_is_a_dataclass_with_slots() -> None:
    """It can be copied with a change, and holds nothing that it does not name."""
    word = replace(Word("a"), text="b")
    assert (word, word.about) == (Word("b"), {})
    with pytest.raises(AttributeError):
        word.colour = "red"  # type: ignore[attr-defined]


def test_what_a_maker_makes_is_what_its_class_makes() -> None:
    """It takes the same names, has the same defaults and needs the same."""
    make = maker(Secret)
    assert make(name="a", token="t0ken") == Secret(name="a", token="t0ken")
    assert repr(make(name="a", token="t0ken", note="b")) == repr(Secret(name="a", token="t0ken", note="b"))
    with pytest.raises(TypeError, match="token"):
        make(name="a")  # type: ignore[call-arg]


def test_values_share_what_compares_hashes_and_shows_them() -> None:
    """To write that out and compile it for each class, as `dataclass` does, is most of what a class costs."""
    for name in ("__eq__", "__hash__", "__repr__"):
        assert getattr(Date, name).__code__ is getattr(Item, name).__code__


def test_values_are_defined_in_one_way() -> None:
    """A class more that is made frozen by `dataclass` costs every command half a millisecond. The sandbox shares no
    code with what it judges.
    """
    for room in ("importer", "adapters"):
        for path in (ROOT / room).rglob("*.py"):
            if "sandbox" not in path.parts:
                assert "@dataclass(frozen=True, slots=True)" not in path.read_text(encoding="utf-8"), path
