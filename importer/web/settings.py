"""For whom the page is, and which API it speaks to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from importer.machine.places import Places, account_name
from importer.model import value
from importer.run.access import Access, Owner
from importer.run.session import PATIENCE
from importer.signin.credentials import Credentials
from importer.web.work import Target


@value
class Settings:
    """`host` names the API in files, `scale` multiplies every wait, `resume_file` None is the account's own one, and
    `patience` in seconds is for one request. `fixed` are credentials that are not the page's to change; `alone`: it is
    a try-out, with an account that is gone at the end.
    """

    places: Places
    url: str
    host: str
    scale: float
    environment: Mapping[str, str] = field(repr=False)
    resume_file: Path | None = None
    fixed: Credentials | None = None
    alone: bool = False
    patience: float = PATIENCE

    def target(self, credentials: Credentials) -> Target:
        """Return the account that work is for."""
        access = Access(self.url, self.host, credentials, self.places, alone=self.alone)
        return Target(access, self.resume_file, self.patience)

    def resume_file_of(self, owner: Owner | None) -> Path | None:
        """Return the resume file, or None if nobody knows yet whose account it is."""
        if self.resume_file is not None or owner is None:
            return self.resume_file
        return self.places.resume_file(account_name(self.host, owner.id))
