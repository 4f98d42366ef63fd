"""Simkl's own backups, for a person who moves between two accounts: JSON, a zip of it, and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.protocol import About, Claim, Miss
from adapters.reading import documents
from adapters.reading.forms import Fit
from adapters.reading.members import looked_at
from adapters.reading.table import read_table
from adapters.reading.table_adapter import find_tables
from adapters.simkl import rows as simkl_rows
from adapters.simkl.tables import CSV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Remark, Row

_JSON = "json"


class Simkl:
    """Reads the rated rows of a backup: movies, shows and anime, with Simkl's own ids."""

    name = "simkl"
    about = About(
        site="Simkl",
        where="https://simkl.com/apps/backup/; `simkl-import report --format snapshot`",
        forms="the backup as JSON or zip; its CSV in both headers",
        scale="1 to 10 as it is",
        dates="in JSON the time of the rating; in CSV the watch date stands in",
    )

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell JSON by its sections and rows, CSV by its header."""
        backups = tuple(
            member
            for member in looked_at(source, (".json",))
            if documents.promises(source, member, *simkl_rows.SECTIONS)
            and (first := documents.whole(source, member)) is not None
            and simkl_rows.is_backup(first)
        )
        if backups:
            return Claim(backups, "the sections of a Simkl backup", dict.fromkeys(backups, _JSON))
        tables = find_tables(source, (CSV,))
        return Claim(tuple(tables), CSV.why, tables) if isinstance(tables, dict) else tables

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row. Raises ExportError for a member that cannot be read."""
        for member in claim.members:
            what: Fit | str = claim.found[member]
            if isinstance(what, str):
                yield from simkl_rows.read(source, member, self.name)
            else:
                yield from read_table(source, member, what, self.name)
