"""Builds the sample zips: every folder tests/samples/SITE/NAME becomes samples/SITE/NAME.zip.

    python tests/samples/build.py

The folders hold what is inside, as plain text that can be read in review. The zips come out the same every time:
members sorted, one fixed time, one fixed mode.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent.parent / "samples"
PACKED_AT = (2026, 3, 1, 20, 15, 0)


def folders() -> dict[Path, Path]:
    """Map each folder of members to the zip that it becomes."""
    return {
        folder: SAMPLES / folder.parent.name / f"{folder.name}.zip"
        for folder in sorted(HERE.glob("*/*"))
        if folder.is_dir() and not folder.name.startswith((".", "__"))
    }


def members(folder: Path) -> dict[str, bytes]:
    """Read a folder's files by their path within it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def build() -> None:
    """Write all zips anew."""
    for folder, target in folders().items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w") as archive:
            for name, data in members(folder).items():
                info = zipfile.ZipInfo(name, PACKED_AT)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, data)


if __name__ == "__main__":
    build()
