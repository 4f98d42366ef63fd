"""Which resume file a command reads: the one named, the signed-in account's, else the newest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importer.cli.options import Effective
from importer.errors import ImporterError, ResumeFileError
from importer.journal.file import read_journal
from importer.journal.store import Journal
from importer.machine.places import account_name, host_of


@contextmanager
def resume_file(values: Effective) -> Iterator[Journal]:
    """Open it for reading. Raises ResumeFileError if there is none."""
    journal = read_journal(values["resume-file"] or _own(values) or _newest(values))
    try:
        yield journal
    finally:
        journal.close()


def _own(values: Effective) -> Path | None:
    """Return the resume file of the account that is signed in, if Simkl was asked before whose token it is."""
    from importer.machine.address import api_url
    from importer.run.access import Access
    from importer.signin.credentials import credentials

    try:
        url = api_url(os.environ)
        access = Access(url, host_of(url), credentials(os.environ, values.places), values.places)
    except ImporterError:
        return None
    owner = access.known_owner()
    path = values.places.resume_file(account_name(access.host, owner.id)) if owner is not None else None
    return path if path is not None and path.exists() else None


def _newest(values: Effective) -> Path:
    files = values.places.resume_files()
    if not files:
        raise ResumeFileError(
            f"there is no resume file under {values.places.state}", "run an import first, or name one: --resume-file"
        )
    return files[0]
