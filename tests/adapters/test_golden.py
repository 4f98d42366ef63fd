"""What every sample reads as, row by row, held against the golden file beside what the sample is built from."""

from __future__ import annotations

import difflib
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters import detect, read
from adapters.protocol import Choices
from adapters.reading.files import open_source
from adapters.reading.scale import Rounding, Scale
from importer.errors import ExportError
from importer.model import Date, Item, Precision, Rejected, Remark, Row, Skipped

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
GOLDEN = Path(__file__).resolve().parents[1] / "samples"
EXPORTS = sorted(
    path for path in SAMPLES.glob("*/*") if path.parent.name != "jobs" and not path.name.startswith((".", "__"))
)
TODAY = date(2026, 11, 27)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CHOSEN = {
    "anilist/graphql-five-stars.json": Choices(scale=Scale.POINT_5),
    "tmdb/ratings.csv": Choices(round=Rounding.DOWN),
}
"""The samples that need a person's word, by site and name."""


def told(path: Path) -> list[str]:
    """Read a sample; return one line for each thing that is said of it."""
    source = open_source(path, CHOSEN.get(f"{path.parent.name}/{path.name}", Choices()), TODAY)
    try:
        adapter, claim = detect(source)
        lines = [f"{adapter.name}: {claim.why}"]
        lines += [line(said) for said in read(source, adapter, claim)]
    except ExportError as refusal:
        lines = [f"refused: {refusal.message.replace(str(path), path.name)}"]
    return lines


def line(said: Row | Remark) -> str:
    """Write a row or a remark as one line."""
    if isinstance(said, Remark):
        return f"remark    {said.file}:{said.line} | {said.text}"
    item = said if isinstance(said, Item) else said.item
    fate = said.reason if isinstance(said, Rejected | Skipped) else type(said).__name__.lower()
    text = f" {said.text!r}" if isinstance(said, Rejected) and said.text else ""
    year = "" if item.year is None else f" ({item.year})"
    ids = " ".join(f"{key}={value}" for key, value in item.ids) or "no ids"
    rating = f"{item.source_rating!r} -> {item.rating}"
    facts = (f"{fate}{text}", item.key, str(item.kind), f"{item.title}{year}", ids, rating, when(item.date))
    return " | ".join((*facts, f"{item.file}:{item.line}"))


def when(stamp: Date | None) -> str:
    """Write a date at its precision, with its origin."""
    if stamp is None:
        return "no date"
    moment = EPOCH + timedelta(seconds=stamp.value)
    day = stamp.precision is Precision.DAY
    return f"{moment.date() if day else moment.isoformat()} {stamp.origin}"


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_reads_as_its_golden_file_says(
    path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every row with its key, kind, title, ids, rating and date, every remark, or the refusal."""
    golden = GOLDEN / path.parent.name / f"{path.name}.golden"
    found = told(path)
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
