"""The program's version, as installed."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def program_version() -> str:
    """Return the installed version, "0" in a checkout that was never installed."""
    try:
        return version("simkl-import")
    except PackageNotFoundError:
        return "0"
