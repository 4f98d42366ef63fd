"""The switch that renews the golden files, and exports made of texts: what every test of an adapter needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NoReturn, Protocol

import pytest

from adapters import ADAPTERS, read, recognise
from adapters.protocol import Choices, Source
from importer.model import Remark, Row

TODAY = date(2026, 11, 27)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch. Each change is shown as a diff: read it before you commit it."""
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files of the samples anew, and show what changed"
    )


class Reads(Protocol):
    """Reads an export made of texts; the members in `sealed` must not be opened."""

    def __call__(
        self,
        members: dict[str, str | bytes],
        choices: Choices = ...,
        sealed: tuple[str, ...] = ...,
        beside: tuple[Source, ...] = ...,
    ) -> tuple[str, list[Row | Remark]]:
        """Return the name of the format, and all that is said of the export."""
        ...


@pytest.fixture
def reads() -> Reads:
    """Give a function that detects and reads an export as the commands do."""

    def reading(
        members: dict[str, str | bytes],
        choices: Choices = Choices(),  # noqa: B008 (frozen)
        sealed: tuple[str, ...] = (),
        beside: tuple[Source, ...] = (),
    ) -> tuple[str, list[Row | Remark]]:
        source = Source("export", dict(opened(members, sealed)), choices, today=TODAY, beside=beside)
        source, adapter, claim = recognise(source, ADAPTERS)
        return adapter.name, list(read(source, adapter, claim))

    return reading


def opened(members: dict[str, str | bytes], sealed: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Make an opener of each text, and of each sealed name one that fails the test."""
    for name, body in members.items():
        data = body.encode() if isinstance(body, str) else body
        yield name, lambda data=data: data  # type: ignore[misc]
    for name in sealed:
        yield name, forbidden


def forbidden() -> NoReturn:
    """Fail: nobody has a reason to open this member."""
    raise AssertionError
