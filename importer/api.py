"""The importer as a library: rows in, ratings on Simkl, and what became of every row.

It keeps the same resume file and holds the same lock and pace as the command, so that both may take turns:

    import asyncio
    import os

    from importer.api import Item, Kind, Settings, import_ratings

    films = [("Heat", 1995, 9), ("Ronin", 1998, 8)]
    rows = [
        Item(key=f"mine:{title}", kind=Kind.MOVIE, title=title, year=year, ids=(), source_rating=str(rating),
             rating=rating, date=None, file="films", line=line)
        for line, (title, year, rating) in enumerate(films, 1)
    ]
    imported = asyncio.run(import_ratings(rows, Settings.of(os.environ)))
    for row in imported.rows:
        print(f"{row.title}: {row.outcome}")

An Item says what a row says; whether it may be sent is decided as for every export. `key` names its title for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from importer.errors import ExitStatus, ImporterError
from importer.events import Listen, nobody
from importer.journal.rows import read_rows
from importer.machine.address import api_url, time_scale
from importer.machine.clock import Clock
from importer.machine.places import Places, host_of
from importer.model import (
    Date,
    Ids,
    Item,
    Kind,
    Note,
    Origin,
    Outcome,
    Precision,
    Reason,
    Rejected,
    Remark,
    Row,
    Skipped,
    Superseded,
    value,
)
from importer.plan.decide import OnConflict
from importer.plan.judge import Undated
from importer.record import Record, Summary
from importer.run.access import Access
from importer.run.job import Options
from importer.run.reading import Export
from importer.run.session import PATIENCE, Session
from importer.signin.credentials import Credentials, credentials
from importer.signin.tokens import Token

__all__ = [
    "DEFAULTS",
    "Credentials",
    "Date",
    "ExitStatus",
    "Ids",
    "Imported",
    "ImporterError",
    "Item",
    "Kind",
    "Note",
    "OnConflict",
    "Options",
    "Origin",
    "Outcome",
    "Places",
    "Precision",
    "Reason",
    "Record",
    "Rejected",
    "Remark",
    "Row",
    "Settings",
    "Skipped",
    "Summary",
    "Superseded",
    "Token",
    "Undated",
    "import_ratings",
]


DEFAULTS = Options()
"""The options of `run` as they are if none is given."""


@value
class Settings:
    """In whose name and how an import is made.

    `source` names the rows' format in reports; `resume_file` None is the account's own one in the state folder;
    `patience` in seconds is for one request; `scale` multiplies every wait, and is 1 for the real service.
    """

    credentials: Credentials = field(repr=False)
    places: Places
    url: str
    options: Options = DEFAULTS
    source: str = "library"
    resume_file: Path | None = None
    patience: float = PATIENCE
    scale: float = 1.0

    @classmethod
    def of(cls, environment: Mapping[str, str], options: Options = DEFAULTS, source: str = "library") -> Settings:
        """Return the settings of the person whose environment this is, with the sign-in that the command would use.

        Raises CredentialsError if nobody is signed in, and UsageError for a variable that cannot be used.
        """
        places = Places.of(environment)
        url = api_url(environment)
        scale, _ = time_scale(environment, url)
        return cls(credentials(environment, places), places, url, options=options, source=source, scale=scale)


@value
class Imported:
    """What an import came to: its numbers, and every row with its outcome, in the order given."""

    summary: Summary
    rows: tuple[Record, ...]


async def import_ratings(rows: Iterable[Row | Remark], settings: Settings, listen: Listen = nobody) -> Imported:
    """Import rows: plan what Simkl lacks, send it, read it back and put it on record.

    What stops an import half-way is in its summary, and the same call goes on. Raises LockedError while another one
    for the account is going on, and any other ImporterError if nothing could be decided.
    """
    exports = [_export(list(rows), settings.source)]
    access = Access(settings.url, host_of(settings.url), settings.credentials, settings.places)
    session = Session(
        access, resume_file=settings.resume_file, dry_run=settings.options.dry_run, patience=settings.patience
    )
    with session:
        done = await session.import_exports(exports, settings.options, Clock(settings.scale), listen)
        run = done.summary.run
        return Imported(done.summary, () if run is None else tuple(read_rows(session.journal, run)))


def _export(rows: list[Row | Remark], source: str) -> Export:
    """Return the rows as an export, whose fingerprint tells whether they are the same as last time."""
    digest = hashlib.sha256(source.encode())
    for row in rows:
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return Export(source, source, digest.hexdigest(), lambda: iter(rows))
