"""What the tests of the plan share: a maker of rows, the run's start, and its policy."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from importer.model import Date, Item, Kind, Origin, Precision
from importer.plan.judge import Policy

START = int(datetime(2026, 3, 1, 18, 30, tzinfo=UTC).timestamp())

HEAT = Item(
    key="letterboxd:heat",
    kind=Kind.MOVIE,
    title="Heat",
    year=1995,
    ids=(),
    source_rating="4.5",
    rating=9,
    date=None,
    file="ratings.csv",
    line=2,
)


@pytest.fixture(scope="session")
def item() -> Callable[..., Item]:
    """A maker of rows that differ from a plain one in what is given."""

    def make(**changes: Any) -> Item:
        return dataclasses.replace(HEAT, **changes)

    return make


@pytest.fixture(scope="session")
def on() -> Callable[..., Date]:
    """A maker of dates: a text with a time is exact, one without stands at noon of its day."""

    def make(text: str, origin: Origin = Origin.RATING) -> Date:
        exact = "T" in text
        moment = datetime.fromisoformat(text if exact else f"{text}T12:00:00").replace(tzinfo=UTC)
        return Date(int(moment.timestamp()), Precision.SECOND if exact else Precision.DAY, origin)

    return make


@pytest.fixture(scope="session")
def policy() -> Callable[..., Policy]:
    """A maker of policies for a run that starts on 2026-03-01 at 18:30 UTC."""

    def make(**options: Any) -> Policy:
        return Policy(**{"start": START, **options})

    return make
