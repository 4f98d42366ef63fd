"""When two calls are the same job: then nothing is asked if nothing is new, and a run that was stopped goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importer.model import Kind
from importer.plan.decide import OnConflict
from importer.plan.judge import Undated
from importer.run.job import Options
from importer.run.reading import Export

EXPORT = Export("ratings.csv", "letterboxd", "f1", lambda: iter(()))
PLAIN = Options().job([EXPORT], "1.0")


@pytest.mark.parametrize(
    "option",
    [
        {"undated": Undated.NOW},
        {"only": frozenset({Kind.SHOW})},
        {"since": 1},
        {"on_conflict": OnConflict.KEEP},
        {"redate": True},
        {"limit": 5},
        {"listed_only": True},
    ],
    ids=lambda option: next(iter(option)),
)
def test_whatever_decides_makes_another_job(option: dict[str, Any]) -> None:
    """Else an import would go on with a run that had decided otherwise."""
    assert Options(**option).job([EXPORT], "1.0") != PLAIN


@pytest.mark.parametrize(
    "option", [{"retry_not_found": True}, {"batch_size": 5}, {"verify": False}, {"dry_run": True}, {"command": "demo"}]
)
def test_how_it_is_sent_and_checked_makes_none(option: dict[str, Any]) -> None:
    """What was decided stays decided."""
    assert Options(**option).job([EXPORT], "1.0") == PLAIN


def test_other_exports_and_another_version_make_another_job() -> None:
    """An export is told by its content and its format, and not by its name."""
    assert Options().job([EXPORT], "1.1") != PLAIN
    assert Options().job([EXPORT, EXPORT], "1.0") != PLAIN
    assert Options().job([replace(EXPORT, format="generic")], "1.0") != PLAIN
    assert Options().job([replace(EXPORT, fingerprint="f2")], "1.0") != PLAIN
    assert Options().job([replace(EXPORT, path="other.csv")], "1.0") == PLAIN
