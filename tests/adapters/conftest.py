"""The switch that renews the golden files: `pytest tests/adapters --update-golden`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch. Each change is shown as a diff: read it before you commit it."""
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files of the samples anew, and show what changed"
    )
