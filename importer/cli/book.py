"""Which resume file a command opens: the one named, the signed-in account's, else (to read it) the newest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from importer.cli.options import Effective
from importer.errors import ImporterError, ResumeFileError
from importer.journal.file import check_journal, read_journal
from importer.journal.store import Journal
from importer.machine.places import account_name, host_of

if TYPE_CHECKING:
    from importer.cli.access import Access, Owner


@contextmanager
def resume_file(values: Effective) -> Iterator[Journal]:
    """Open it for reading. Raises ResumeFileError where there is none."""
    journal = read_journal(values["resume-file"] or _own(values) or _newest(values))
    try:
        yield journal
    finally:
        journal.close()


def refuse_unusable(values: Effective, access: Access | None, owner: Owner | None) -> None:
    """Raise ResumeFileError for a resume file that a run could not use, before anything else is looked at."""
    path: Path | None = values["resume-file"]
    account = None
    if access is not None and owner is not None:
        account = account_name(access.host, owner.id)
        path = path or values.places.resume_file(account)
    if path is None or is_new(path):
        return
    check_journal(path, account)


def is_new(path: Path) -> bool:
    """Whether nothing is there yet, as far as one can see."""
    try:
        return not path.exists()
    except OSError:
        return True


def _own(values: Effective) -> Path | None:
    """The resume file of the account that is signed in, where Simkl was asked before whose token it is."""
    from importer.cli.access import Access
    from importer.machine.address import api_url
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
    files = [path for path in values.places.state.glob("**/*.sqlite") if path.is_file()]
    if not files:
        raise ResumeFileError(
            f"there is no resume file under {values.places.state}", "run an import first, or name one: --resume-file"
        )
    return max(files, key=lambda path: path.stat().st_mtime)
