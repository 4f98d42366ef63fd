"""The switch that renews the golden files, and exports made on the spot: what every test of an adapter needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, Protocol

import pytest

from adapters import ADAPTERS, read, recognise
from adapters.protocol import Adapter, Choices, Claim, Source
from importer.model import Item, Rejected, Remark, Row, Skipped

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


@dataclass
class Reading:
    """What an adapter made of a document: its rows and what it told."""

    rows: list[Row]
    told: list[str]

    @property
    def items(self) -> list[Item]:
        """What the rows say, whatever their fate."""
        return [row if isinstance(row, Item) else row.item for row in self.rows]

    @property
    def fates(self) -> list[str]:
        """Of each row its reason, "" where it can be sent as far as the adapter knows."""
        return [str(row.reason) if isinstance(row, Rejected | Skipped) else "" for row in self.rows]


Documents = Callable[..., Reading]


@pytest.fixture
def read_json() -> Documents:
    """Read a document, or several by the names of their members, with an adapter that has to claim it."""

    def reading(adapter: Adapter, document: Any, **choices: Any) -> Reading:
        members = document if isinstance(document, dict) and all(map(_is_file, document)) else {"x.json": document}
        source = Source(
            "export", {name: json.dumps(value).encode for name, value in members.items()}, Choices(**choices)
        )
        claim = adapter.claim(source)
        assert isinstance(claim, Claim), claim
        said = list(adapter.read(source, claim))
        told = [remark.text for remark in said if isinstance(remark, Remark)]
        return Reading([row for row in said if not isinstance(row, Remark)], told)

    return reading


def _is_file(name: str) -> bool:
    return name.endswith(".json")
