"""Accounts of one machine at once: the measurement that the manual tells of, on a small scale."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from importer.cli.help import topics

ROOT = Path(__file__).parents[2]
BENCH = "tests/bench/accounts.py"


def test_accounts_at_once_share_neither_ratings_nor_files_nor_pace() -> None:
    """The script itself compares every rating, total, resume file and token; it stands in the manual by its name."""
    assert f"python {BENCH}" in topics()["jobs"]
    done = subprocess.run(
        [sys.executable, str(ROOT / BENCH), "3", "10"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Every one of 30 ratings is on its own account and on no other" in done.stdout
    assert re.search(r"^0 of them too early or overlapping", done.stdout, re.MULTILINE)
