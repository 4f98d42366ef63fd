"""The date policy: what a text means, and that every text means something or None."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.reading.dates import Moment, meaning
from adapters.reading.plain_times import exact_time, exact_times
from importer.model import DAY, NOON, Date, Origin, Precision

UNKNOWN = date(1970, 1, 1)


def day(text: str, origin: Origin) -> Date | None:
    """Read a day that no other text of its file has a say in; None where it is none, or a time."""
    found = meaning(text, None)
    return found.dated(origin) if isinstance(found, Moment) and found.precision is Precision.DAY else None


def instant(text: str, origin: Origin) -> Date | None:
    """Read a time that no other text of its file has a say in, without a zone as UTC; None for anything else."""
    found = meaning(text, None)
    if not isinstance(found, Moment) or (found.precision is Precision.DAY and not found.midnight):
        return None
    return found.dated(origin, Precision.SECOND)


@given(st.dates())
def test_a_day_stands_at_its_noon_or_is_unknown(value: date) -> None:
    """Every calendar day since 1900 is kept, at noon UTC, whatever time zone the machine is in."""
    known = value.year >= 1900 and value != UNKNOWN
    expected = Date((value - UNKNOWN).days * DAY + NOON, Precision.DAY, Origin.RATING) if known else None
    assert day(value.isoformat(), Origin.RATING) == expected


@given(
    st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_keeps_its_second(value: datetime, minutes: int) -> None:
    """An offset is applied, a fraction dropped."""
    moment = value.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    found = instant(moment.isoformat(), Origin.RATING)
    if value.date() == UNKNOWN or 0 <= seconds < DAY:
        assert found is None
    else:
        assert found == Date(seconds, Precision.SECOND, Origin.RATING)


def test_the_ways_sites_write_an_instant() -> None:
    """Z, a fraction, an offset, a space and no zone at all name the same second."""
    texts = (
        "2026-06-30T19:55:52.000Z",
        "2026-06-30T19:55:52Z",
        "2026-06-30T21:55:52+02:00",
        "2026-06-30T21:55:52+0200",
        "2026-06-30 19:55:52",
        " 2026-06-30T19:55:52.999999999Z ",
    )
    assert {instant(text, Origin.RATING) for text in texts} == {Date(1782849352, Precision.SECOND, Origin.RATING)}


@given(st.datetimes(min_value=datetime(1971, 1, 1)), st.integers(0, 999))  # noqa: DTZ001 - a zone is added below
def test_the_short_way_reads_a_time_as_the_long_way_does(value: datetime, thousandths: int) -> None:
    """The commonest spellings are read without a pattern; what they come to is the same."""
    when = value.replace(microsecond=0)
    for text in (f"{when:%FT%T}Z", f"{when:%FT%T}.{thousandths:03}Z", f"{when:%F %T}+00:00"):
        assert exact_time(text, Origin.RATING) == instant(text, Origin.RATING) is not None
    for text in (f"{when:%F %T}", f"{when:%F %T}+02:00", f"{when:%FT%T}+0000 ", f"{when:%F}T25:00:00Z"):
        assert exact_time(text, Origin.RATING) is None


def test_a_day_resaved_with_midnight_is_a_day() -> None:
    """Spreadsheets and pandas add 00:00:00 to a day; it is still known to the day only."""
    assert day("2024-05-01 00:00:00", Origin.ENTRY) == day("2024-05-01", Origin.ENTRY)
    assert day("2024-05-01 10:00:00", Origin.ENTRY) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000-00-00",
        "2018-00-00",
        "2018-05-00",
        "2023-02-30",
        "0001-01-01",
        "1899-12-31",
        "1970-01-01",
        "20210304",
        "2021-W03-4",
        "2021",
        "2021-03",
        "05/04/2021",
        "２０２１-01-01",
        "2021-01-01-",
        "abc",
    ],
)
def test_what_is_no_usable_day_is_none(text: str) -> None:
    """Partial, impossible, placeholder and foreign dates are unknown."""
    assert day(text, Origin.RATING) is None
    assert instant(text, Origin.RATING) is None


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "1969-12-31T19:00:00-05:00",
        "1970-01-01T00:00:00+02:00",
        "2021-01-01T24:00:01Z",
        "2021-01-01T10:00:60Z",
        "2021-01-01T10:00:00+99:00",
        "2021-01-01T10Z",
        "20210101T100000Z",
    ],
)
def test_what_is_no_usable_instant_is_none(text: str) -> None:
    """The epoch is a placeholder, also where an offset has shifted it; impossible times are unknown."""
    assert instant(text, Origin.RATING) is None


@given(
    st.text(max_size=60)
    | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{4})?)?")
)
def test_the_policy_is_total(text: str) -> None:
    """No text raises, and what is known is since 1900."""
    for found in (day(text, Origin.WATCHED), instant(text, Origin.WATCHED)):
        assert found is None or found.value >= -70 * 366 * DAY


@given(st.text(st.sampled_from("0123456789-"), min_size=10, max_size=10) | st.dates().map(str))
@example("1970-01-01")
@example("1970-01-02")
@example("1969-12-31")
@example("1899-12-31")
@example("2023-02-29")
@example("0001-01-01")
def test_a_day_read_the_short_way_is_what_the_long_way_reads(text: str) -> None:
    """The long way is the one of the other marks between the numbers."""
    assert meaning(text, 2026) == meaning(text.replace("-", "/"), 2026)


@given(
    st.lists(
        st.datetimes().map(lambda when: f"{when:%b} {when.day} {when.year:04}, {when:%H:%M}")
        | st.datetimes().map(lambda when: f"{when.isoformat(timespec='milliseconds')}Z")
        | st.sampled_from(["Jan 16 2013", "Jan 16 2013, 24:00", " Jan 16 2013, 21:54", "Jan 1 1970, 00:10", "x", ""]),
        min_size=1,
        max_size=3,
    )
)
@example(["Jan 16 2013, 21:54", "Feb  1 2013, 00:00"])
@example(["January 16, 2013, 21:54"])
@example(["2013-01-16T00:00:00Z", "2013-01-16T21:54:00.000Z"])
@example(["2013-01-16T00:00:00Z", "2013-01-16T24:00:00Z"])
@example(["2013-01-16T00:00:00.999Z", "2013-W03-3T21:54:00.000Z"])
@example(["2013-01-16 21:54:07+00:00", "2013-01-16 21:54:07+01:00"])
def test_a_column_of_times_is_what_its_cells_are(texts: list[str]) -> None:
    """Read at once or one by one: the same moments, or not at once."""
    at_once = exact_times(texts, Origin.RATING)
    found = [meaning(text, None) for text in texts]
    assert at_once is None or at_once == [
        moment.dated(Origin.RATING, Precision.SECOND) for moment in found if isinstance(moment, Moment)
    ]


@pytest.mark.parametrize("text", ["Jan 16 2013, 21:54", "2013-01-16T21:54:00Z", "2013-01-16 21:54:00+00:00"])
def test_times_in_their_commonest_spellings_are_read_at_once(text: str) -> None:
    """Else nothing would be gained, and nobody would notice."""
    assert exact_times([text, text], Origin.RATING) is not None


@given(st.from_regex(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", fullmatch=True))
@example("5/5/2020")
@example("5/13/2020")
@example("31/02/2020")
@example("1/1/1970")
@example("1/2/0000")
@example("0/1/2020")
@example("7/4/1899")
def test_a_day_with_slashes_is_one_with_dashes(text: str) -> None:
    """The commonest spelling of days whose order is open is read the short way; what it means is the same."""
    assert meaning(text, 2026) == meaning(text.replace("/", "-"), 2026)
