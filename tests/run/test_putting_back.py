"""What a title that a live test borrowed needs, told from a reading: never anything that the person put there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from importer.journal.change import Answer, Change, Role, State
from importer.journal.trial import Borrowed, is_due, is_stuck
from importer.model import AccountRating, Date, Kind, Origin, Precision
from importer.run.checkup.putting_back import Due, due_of
from importer.simkl.library import Listed

NOW = 1_800_000_000
SENT = 1_552_576_166
DAY = 86_400
TIMES = {1: (NOW, NOW + 1), 2: (NOW + 5, None)}
FILM = Borrowed(7, Kind.MOVIE, "Casablanca", 1942, None, None, listed=False, run=3)
OTHER = replace(FILM, rating=9, rated_at=SENT - DAY, listed=True, meant=False)


def write(rating: int | None = 6, rated_at: int | None = SENT, batch: int = 1, **fields: object) -> Change:
    """A write of the test."""
    made = Change(
        run=3,
        batch=batch,
        n=0,
        key="",
        role=Role.TRIAL,
        question=None,
        sent_simkl=7,
        rating=rating,
        rated_at=rated_at,
        date=Date(SENT, Precision.SECOND, Origin.RUN),
        posted=NOW,
        answer=Answer.ADDED,
        state=State.ANSWERED,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def row(rating: int | None = None, rated_at: int | None = SENT, **fields: object) -> Listed:
    """A row of the library."""
    there = None if rating is None else AccountRating(7, Kind.MOVIE, "Casablanca", 1942, (), rating, rated_at)
    made = Listed(7, Kind.MOVIE, "Casablanca", 1942, (), "completed", None, NOW, 0, there)
    return replace(made, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "writes",
    [
        [],
        [write(seen_at=SENT)],
        [write(answer=Answer.UNNAMED)],
        [write(answer=None)],
        [write(), write(None, None, batch=2)],
    ],
)
def test_what_is_not_there_and_was_seen_or_never_taken_needs_nothing(writes: list[Change]) -> None:
    """A rating that the service took and no reading has shown is still to come, and is taken away all the same."""
    assert due_of(FILM, None, writes, TIMES, None) is Due.NOTHING
    assert due_of(replace(FILM, status="completed"), None, [write()], TIMES, None) is Due.NOTHING
    assert due_of(replace(FILM, meant=False), None, [write()], TIMES, None) is Due.NOTHING


@pytest.mark.parametrize(
    ("there", "due"),
    [
        (None, Due.UNLIST),
        (row(6), Due.UNLIST),
        (row(6, None), Due.UNLIST),
        (row(6, NOW + 2), Due.UNLIST),
        (row(6, SENT - 5 * 3600), Due.UNLIST),
        (row(), Due.UNLIST),
        (row(watched_at=SENT), Due.UNLIST),
        (row(watched_at=NOW), Due.UNLIST),
        (row(episodes=1), Due.UNLIST),
        (row(5), Due.THEIRS),
        (row(6, NOW + DAY), Due.THEIRS),
        (row(added_at=NOW + DAY), Due.THEIRS),
        (row(watched_at=NOW + DAY), Due.THEIRS),
        (row(episodes=2), Due.THEIRS),
        (row(6, episodes=2), Due.REMOVE),
        (row(6, added_at=NOW - DAY), Due.REMOVE),
    ],
)
def test_one_of_the_three_is_to_be_gone(there: Listed | None, due: Due) -> None:
    """Its rating where it is ours, its place on a list where nothing but our rating explains it."""
    assert due_of(FILM, there, [write()], TIMES, None) is due


@pytest.mark.parametrize("status", ["completed", "watching"])
def test_a_list_that_the_person_has_moved_it_to_is_theirs(status: str) -> None:
    """Where it was right after our rating is on record."""
    seen = replace(FILM, status="completed", episodes=0)
    assert due_of(seen, row(status=status), [write()], TIMES, None) is (
        Due.UNLIST if status == "completed" else Due.THEIRS
    )
    assert due_of(seen, row(episodes=1), [write()], TIMES, None) is Due.THEIRS


@pytest.mark.parametrize(
    "writes", [[], [write(answer=Answer.REFUSED)], [write(answer=Answer.NOT_FOUND)], [write(None, None)]]
)
def test_what_we_never_wrote_is_theirs(writes: list[Change]) -> None:
    """Whatever stands there: no write of ours can have put it there."""
    assert due_of(FILM, row(6), writes, TIMES, None) is Due.THEIRS
    assert due_of(FILM, row(), writes, TIMES, None) is Due.THEIRS


def test_a_write_without_an_answer_may_have_arrived() -> None:
    """For as long as an answer can take, and the clocks may differ by."""
    lost = write(batch=2, answer=None)
    assert due_of(FILM, row(6, NOW + 900), [lost], TIMES, None) is Due.UNLIST
    assert due_of(FILM, row(6, NOW + 1_100), [lost], TIMES, None) is Due.THEIRS


def test_a_date_as_it_was_seen_right_after_the_write_is_ours() -> None:
    """However odd the service made it."""
    odd = SENT + 40 * DAY
    assert due_of(FILM, row(6, odd), [write()], TIMES, None) is Due.THEIRS
    assert due_of(FILM, row(6, odd), [write(seen_at=odd)], TIMES, None) is Due.UNLIST


@pytest.mark.parametrize(
    ("there", "due"),
    [
        (row(9, SENT - DAY), Due.NOTHING),
        (row(9, None), Due.NOTHING),
        (row(6), Due.RATE),
        (row(), Due.RATE),
        (None, Due.RATE),
        (row(3, NOW + 40), Due.THEIRS),
        (row(9, NOW + DAY), Due.THEIRS),
    ],
)
def test_a_title_beside_the_three_gets_back_what_it_had(there: Listed | None, due: Due) -> None:
    """Its rating with its date, unless the person has rated it since."""
    assert due_of(OTHER, there, [write()], TIMES, None) is due


def test_a_title_that_was_listed_unrated_keeps_its_list() -> None:
    """Our rating alone goes; one that is gone from its list cannot be put back there."""
    listed = replace(OTHER, rating=None, rated_at=None)
    assert due_of(listed, row(6), [write()], TIMES, None) is Due.REMOVE
    assert due_of(listed, row(), [write()], TIMES, None) is Due.NOTHING
    assert due_of(listed, None, [write()], TIMES, None) is Due.LOST


def test_it_is_tried_by_the_next_command_and_then_once_a_day() -> None:
    """Five times in all."""
    assert is_due(FILM, NOW, 5)
    assert is_due(replace(FILM, tries=1, tried_at=NOW), NOW, 5)
    assert not is_due(replace(FILM, tries=2, tried_at=NOW), NOW, 5)
    assert is_due(replace(FILM, tries=2, tried_at=NOW), NOW + DAY, 5)
    assert is_stuck(replace(FILM, tries=5), 5)
    assert not is_due(replace(FILM, tries=5, tried_at=NOW), NOW + DAY, 5)
