"""A run's report as a file of the page: read from the resume file, in one of the formats of `report`."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from pathlib import Path

from importer.errors import UsageError
from importer.journal.file import read_journal
from importer.journal.rows import read_rows
from importer.journal.runs import find_run
from importer.model import value
from importer.report.formats import write_kind
from importer.run.recorded import summary_of


@value
class Kind:
    """A format by its name in `report`, its media type, and whether it is saved rather than shown."""

    format: str
    type: str
    saved: bool = True


KINDS = {
    "report.html": Kind("html", "text/html; charset=utf-8", saved=False),
    "rows.csv": Kind("csv", "text/csv; charset=utf-8"),
    "rows.jsonl": Kind("jsonl", "application/jsonl; charset=utf-8"),
    "rejects.csv": Kind("rejects", "text/csv; charset=utf-8"),
}
"""By the name of the file."""

_SHEET = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def download(path: Path, run: int, kind: Kind) -> tuple[bytes, str]:
    """Return a report, and the policy under which it is shown, "" for the page's own. Raises UsageError for no run."""
    journal = read_journal(path)
    try:
        found = find_run(journal, run)
        if found is None:
            raise UsageError(f"there is no import {run} on record", "choose one of the list")
        stream = io.BytesIO()
        write_kind(stream, kind.format, summary_of(journal, found), read_rows(journal, run))
    finally:
        journal.close()
    body = stream.getvalue()
    return body, _policy(body) if kind.format == "html" else ""


def _policy(page: bytes) -> str:
    """Return the policy of a report, which carries its own sheet: that one sheet, named by its digest, and no more."""
    sheet = _SHEET.search(page)
    digest = base64.b64encode(hashlib.sha256(sheet[1] if sheet is not None else b"").digest()).decode()
    rest = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; {rest}"
