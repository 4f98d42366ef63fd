"""The switch that renews the golden files: `pytest tests/adapters --update-golden`; and documents made on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.protocol import Adapter, Choices, Claim, Source
from importer.model import Item, Rejected, Remark, Row, Skipped


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch. Each change is shown as a diff: read it before you commit it."""
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files of the samples anew, and show what changed"
    )


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
