"""Holds an adapter to what every adapter promises: for those who write one, with or without a test suite of their own.

    from pathlib import Path

    from adapters.conformance import faults

    from my_package import ADAPTER

    def test_my_adapter_conforms():
        assert faults(ADAPTER, Path("samples/export.json"), rows=12) == []

The manual's chapter "adapter" leads from an export to this test; `python -m adapters.conformance` does the same from a
command line.
"""

from __future__ import annotations

from adapters.conformance.checks import faults
from adapters.conformance.telling import told

__all__ = ["faults", "told"]
