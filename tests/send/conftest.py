"""Shares the service made of answers, which stands in another folder of tests."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def service() -> type[Any]:
    """What makes a service that answers each request as it is told to."""
    spec = spec_from_file_location("simkl_service", Path(__file__).parents[1] / "simkl" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    made: type[Any] = module.Service
    return made
