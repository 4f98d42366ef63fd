"""Which entry of a film counts where Letterboxd's ratings.csv is absent."""

from __future__ import annotations

from datetime import date

import pytest

from adapters import detect
from adapters.protocol import Choices, Source
from adapters.reading.dates import DateOrder
from importer.errors import ExportError
from importer.model import Item, Origin, Rejected, Remark, Row, Superseded

DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"


def entries(*lines: tuple[str, str, str], order: DateOrder | None = None) -> list[Row]:
    """Read entries of one film: (date, rating, watched date)."""
    text = DIARY + "".join(f"{day},Heat,1995,,{stars},,,{watched}\n" for day, stars, watched in lines)
    source = Source("d.csv", {"d.csv": text.encode}, Choices(date_order=order), today=date(2026, 11, 27))
    adapter, claim = detect(source)
    return [row for row in adapter.read(source, claim) if not isinstance(row, Remark)]


def fates(*lines: tuple[str, str, str], order: DateOrder | None = None) -> list[str]:
    """Tell what became of each entry."""
    return [
        str(row.reason) if isinstance(row, Rejected) else "over" if isinstance(row, Superseded) else "counts"
        for row in entries(*lines, order=order)
    ]


def test_equal_days_go_by_their_place_in_the_file() -> None:
    """The later line wins."""
    same = ("2023-01-07", "4", "2023-01-06")
    assert fates(same, ("2023-01-07", "5", "2023-01-06")) == ["over", "counts"]


def test_an_unpadded_day_is_a_day() -> None:
    """Three stars of October are not sent instead of five of November."""
    assert fates(("2023-10-7", "3", "2023-10-7"), ("2023-11-2", "5", "2023-11-2"), ("2023-9-1", "1", "2023-9-1")) == [
        "over",
        "counts",
        "over",
    ]


def test_a_complete_watch_date_stands_in_for_a_missing_entry_date() -> None:
    """It is told as what it is."""
    (row,) = entries(("", "4", "2023-01-06"))
    assert isinstance(row, Item)
    assert row.date is not None
    assert row.date.origin is Origin.WATCHED


@pytest.mark.parametrize("bad", [("soon", "3", "2023-01-06"), ("soon", "3", "")])
def test_of_entries_of_unknown_order_none_is_chosen(bad: tuple[str, str, str]) -> None:
    """The one that cannot be read says so, the others cannot be told apart from it."""
    good = ("2023-01-07", "4", "2023-01-06")
    assert fates(good, bad) == ["ambiguous_title", "unreadable_date"]
    assert fates(good, bad, ("2023-02-07", "5", "2023-02-06")) == [
        "ambiguous_title",
        "unreadable_date",
        "ambiguous_title",
    ]


def test_entries_that_give_one_rating_need_no_order() -> None:
    """Whichever is the last, the rating is the same."""
    assert fates(("2023-01-07", "4", ""), ("soon", "4.0", ""), ("2023-02-07", "4", "")) == [
        "over",
        "unreadable_date",
        "counts",
    ]


def test_an_unreadable_watch_date_hides_the_order_too() -> None:
    """The entry dates alone do not tell which viewing was the last; a film with one entry needs no order."""
    assert fates(("2023-01-07", "4", "2023-01-06"), ("2023-02-07", "5", "soon")) == ["ambiguous_title"] * 2
    assert fates(("2023-02-07", "5", "soon")) == ["counts"]


def test_a_watch_date_in_two_orders_refuses_the_file_if_the_choice_hangs_on_it() -> None:
    """Two ratings need the person's word; one rating does not."""
    lines = ("2023-05-07", "4", "5/6/2023"), ("2023-06-07", "5", "6/5/2023")
    with pytest.raises(ExportError, match="two ways") as caught:
        fates(*lines)
    assert "--date-order" in caught.value.hint
    assert fates(*lines, order=DateOrder.MDY) == ["over", "counts"]
    assert fates(*lines, order=DateOrder.DMY) == ["counts", "over"]
    assert fates(lines[0], ("2023-06-07", "4", "6/5/2023")) == ["over", "counts"]


def test_what_cannot_be_sent_takes_no_part() -> None:
    """A rating out of range neither wins nor makes the order unknown."""
    assert fates(("2023-01-07", "4", ""), ("soon", "9", ""), ("2023-03-07", "7", "")) == [
        "counts",
        "unreadable_date",
        "counts",
    ]
