"""The program's version, as installed."""

from __future__ import annotations

from functools import cache


@cache
def program_version() -> str:
    """Return the installed version, "0" in a checkout that was never installed."""
    # Reading what is installed loads half of the standard library's e-mail package: no `check` has to pay for that.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("simkl-import")
    except PackageNotFoundError:
        return "0"
