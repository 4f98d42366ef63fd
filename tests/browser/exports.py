"""Exports that these tests are about, and an account that they meet: each title leads to another end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importer.sandbox.app import Sandbox

HEAT, ALIEN, JAWS, SAMURAI, SHARK = 53036, 53011, 53037, 53041, 53990

RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2024-05-01,Casablanca,1942,https://boxd.it/29mS,4
2024-05-01,Heat,1995,https://boxd.it/2a7i,4.5
2024-05-02,Alien,1979,https://boxd.it/2awY,5
2024-05-02,Seven Samurais,1954,https://boxd.it/samu,4.5
2024-05-03,Jaws,,https://boxd.it/jaws,3
2024-05-04,Nobody Made This,2011,https://boxd.it/zzzz,3
2024-05-05,The Other Shark,1976,https://boxd.it/shrk,5
"""
"""Sent; replaces an older 7; stays behind a newer 8; a wrong name; no year; on no site; the name of another title."""


def ratings(folder: Path) -> Path:
    """Write RATINGS as Letterboxd names it."""
    path = folder / "ratings.csv"
    path.write_text(RATINGS)
    return path


def many(folder: Path, number: int, name: str = "ratings.csv") -> Path:
    """Write an export of so many films that differ."""
    path = folder / name
    rows = (
        f"20{place % 20 + 4:02}-{place % 12 + 1:02}-{place % 28 + 1:02},Film {place:05},{1950 + place % 70},"
        f"https://boxd.it/f{place:05},{place % 10 / 2 + 0.5:g}\n"
        for place in range(1, number + 1)
    )
    path.write_text("Date,Name,Year,Letterboxd URI,Rating\n" + "".join(rows))
    return path


def account(sandbox: Sandbox) -> None:
    """Let the account hold what RATINGS meets there; the sandbox should know none but its own titles."""
    sandbox.account.rate(HEAT, 7, "2020-01-02T03:04:05Z")
    sandbox.account.rate(ALIEN, 8, "2025-01-02T03:04:05Z")
    sandbox.catalog.add("movie", "The Other Shark Movie", 1976, {"simkl": SHARK, "imdb": "tt0976976"})
