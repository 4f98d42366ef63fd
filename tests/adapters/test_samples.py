"""The sample zips are what their plain text says."""

from __future__ import annotations

import runpy
import zipfile
from pathlib import Path

import pytest

BUILD = runpy.run_path(str(Path(__file__).resolve().parent.parent / "samples" / "build.py"))


@pytest.mark.parametrize(("folder", "target"), BUILD["folders"]().items(), ids=lambda path: path.name)
def test_a_sample_zip_holds_its_folder(folder: Path, target: Path) -> None:
    """Member by member; `python tests/samples/build.py` writes it anew."""
    with zipfile.ZipFile(target) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == BUILD["members"](folder)
