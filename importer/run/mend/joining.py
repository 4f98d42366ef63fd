"""A mending is told in the report of the run that told of the row, too: its row there, and its totals."""

from __future__ import annotations

from collections import Counter
from typing import Any

from importer.journal import runs
from importer.journal.findings import Joined, join_row, unjoined
from importer.journal.store import Journal


def join_mended(journal: Journal) -> None:
    """Tell of every mended row in the report of its run what became of it, also of those whose mending was killed
    before its end. Within a transaction: the one that ends a mending.
    """
    moved: dict[int, list[Joined]] = {}
    for joined in unjoined(journal):
        join_row(journal, joined.mended, joined.run, joined.key)
        moved.setdefault(joined.run, []).append(joined)
    for number, rows in moved.items():
        _retell(journal, number, rows)


def _retell(journal: Journal, number: int, moved: list[Joined]) -> None:
    run = runs.find_run(journal, number)
    if run is None or run.ended is None or run.summary is None or run.summary.get("totals") is None:
        return
    summary = run.summary
    totals = Counter(summary["totals"])
    notes = Counter(summary.get("notes") or {})
    reasons = {outcome: Counter(counts) for outcome, counts in (summary.get("reasons") or {}).items()}
    for joined in moved:
        for change, (outcome, reason, note) in ((-1, joined.before), (1, joined.now)):
            totals[outcome] += change
            if reason is not None:
                reasons.setdefault(outcome, Counter())[reason] += change
            if note is not None:
                notes[note] += change
    told: dict[str, Any] = {
        "totals": dict(totals),
        "reasons": {outcome: left for outcome, counts in reasons.items() if (left := _left(counts))},
        "notes": _left(notes),
    }
    runs.end(journal, number, run.state, run.ended, {**summary, **told})


def _left(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count > 0}
