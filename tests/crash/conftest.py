"""Makes trials for the tests of this folder; they share one nursery of processes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType

import pytest

# The soak is a script beside these tests: both find their parts in this folder.
sys.path.insert(0, str(Path(__file__).parent))

import invariants
import soak
import trial as trials

Make = Callable[..., AbstractContextManager[trials.Trial]]


@pytest.fixture(scope="session")
def nursery() -> Iterator[trials.Nursery]:
    """Processes that have imported the program already."""
    made = trials.Nursery()
    yield made
    made.close()


@pytest.fixture
def make(tmp_path: Path, nursery: trials.Nursery) -> Make:
    """Make a trial of so many ratings."""

    def making(count: int, size: int | None = None, **options: float) -> AbstractContextManager[trials.Trial]:
        return trials.trial(tmp_path, nursery, count, size, **options)

    return making


@pytest.fixture
def kill_at_random() -> Callable[..., int]:
    """Kill many processes of a trial, each at a random moment."""
    return trials.kill_at_random


@pytest.fixture
def law() -> ModuleType:
    """What must hold."""
    return invariants


@pytest.fixture
def soaked() -> ModuleType:
    """The soak."""
    return soak
