"""Builds the gzipped samples: every file tests/samples/SITE/NAME.xml becomes samples/SITE/NAME.xml.gz.

    python tests/samples/build_mal_trakt.py

The zips of Trakt come from the folders beside it, by build.py. Without a time stamp inside, the bytes stay the same.
"""

from __future__ import annotations

import gzip
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent.parent / "samples"


def files() -> dict[Path, Path]:
    """Map each plain file to the gzipped one that it becomes."""
    return {plain: SAMPLES / plain.parent.name / f"{plain.name}.gz" for plain in sorted(HERE.glob("*/*.xml"))}


def build() -> None:
    """Write all of them anew."""
    for plain, target in files().items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))


if __name__ == "__main__":
    build()
