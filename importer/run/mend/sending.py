"""What was chosen, sent as a run of its own, which the report of the run that told of a row tells too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from importer.errors import ExitStatus
from importer.events import Listen
from importer.journal.changes import count_open
from importer.journal.findings import OpenFinding
from importer.journal.owed import any_due
from importer.journal.store import Journal
from importer.machine.clock import Clock
from importer.record import TOTALS, Summary, row_of
from importer.run.importing import Import
from importer.run.job import Options
from importer.run.mending import FORMAT
from importer.run.reading import Export
from importer.simkl.client import Client


async def send(
    chosen: Sequence[OpenFinding],
    options: Options,
    client: Client,
    journal: Journal,
    clock: Clock,
    listen: Listen,
    version: str,
    quota: int | None,
) -> Summary:
    """Send what was chosen for these rows; what became of them is told in the reports of their runs, too."""
    if not chosen and not count_open(journal) and not any_due(journal):
        return Summary(
            options.command,
            ExitStatus.DONE,
            dry_run=options.dry_run,
            totals=dict.fromkeys(TOTALS, 0),
            requests=client.requests,
            message="nothing to send",
        )
    corrections = {one.record.key: one.given for one in chosen if one.given is not None}
    work = Import(
        exports=[_export(chosen)],
        options=options,
        client=client,
        journal=journal,
        clock=clock,
        listen=listen,
        version=version,
        quota=quota,
        chosen=corrections,
    )
    return await work.run()


def _export(chosen: Sequence[OpenFinding]) -> Export:
    """Return the chosen rows as an export like a mended rejects file."""
    titled = [one for one in chosen if one.given is not None and one.given.ids]
    told = json.dumps(sorted([one.record.key, *map(list, one.given.ids)] for one in chosen if one.given is not None))
    records = [one.record for one in titled]
    return Export("what was chosen", FORMAT, hashlib.sha256(told.encode()).hexdigest(), lambda: map(row_of, records))
