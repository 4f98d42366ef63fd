"""What every sample reads as, row by row, held against the golden file beside what the sample is built from."""

from __future__ import annotations

import difflib
import sys
from datetime import date
from pathlib import Path

import pytest

from adapters.conformance import told
from adapters.protocol import Choices
from adapters.reading.scale import Rounding, Scale

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
GOLDEN = Path(__file__).resolve().parents[1] / "samples"
EXPORTS = sorted(
    path for path in SAMPLES.glob("*/*") if path.parent.name != "jobs" and not path.name.startswith((".", "__"))
)
TODAY = date(2026, 11, 27)

CHOSEN = {
    "anilist/graphql-five-stars.json": Choices(scale=Scale.POINT_5),
    "tmdb/ratings.csv": Choices(round=Rounding.DOWN),
}
"""The samples that need a person's word, by site and name."""


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_reads_as_its_golden_file_says(
    path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every row with its key, kind, title, ids, rating and date, every remark, or the refusal."""
    golden = GOLDEN / path.parent.name / f"{path.name}.golden"
    found = told(path, CHOSEN.get(f"{path.parent.name}/{path.name}", Choices()), TODAY)
    before = golden.read_text("utf-8").splitlines() if golden.exists() else []
    if request.config.getoption("--update-golden", default=False) and found != before:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text("\n".join(found) + "\n", "utf-8", newline="\n")
        changes = difflib.unified_diff(before, found, str(golden), "now", lineterm="")
        with capsys.disabled():
            sys.stdout.write("\n" + "\n".join(changes) + "\n")
        return
    assert found == before


def test_no_golden_file_is_left_over() -> None:
    """Each belongs to a sample that is there."""
    names = {f"{path.parent.name}/{path.name}.golden" for path in EXPORTS}
    assert {f"{path.parent.name}/{path.name}" for path in GOLDEN.glob("*/*.golden")} == names
