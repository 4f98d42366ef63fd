"""CrossWatch: captures of the ratings of other sites as JSON, and CSV in the forms of other sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.crosswatch import captures
from adapters.crosswatch.tables import FORMS, with_scale
from adapters.protocol import About, Claim, Miss
from adapters.reading.forms import Fit
from adapters.reading.lines import read_table
from adapters.reading.members import looked_at
from adapters.reading.table_adapter import claimed, find_tables
from adapters.reading.text import shown
from importer.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Remark, Row


class CrossWatch:
    """Takes the captures of ratings where there are any, else the tables."""

    name = "crosswatch"
    about = About(
        site="CrossWatch",
        where="Captures (snapshots/…__ratings__….json); Export, Letterboxd or Yamtrack",
        forms="captures of ratings as JSON; CSV",
        scale="1 to 10; in the CSV for Letterboxd as its ratings tell, else as --scale says",
        dates="in captures the time of the rating; in CSV none, or the watch date stands in",
    )

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell captures by their keys, CSV by its header. Raises ExportError where nothing of it holds ratings."""
        found = {
            member: what
            for member in looked_at(source, (".json",))
            if (what := captures.feature(source, member)) is not None
        }
        ratings = tuple(member for member, what in found.items() if what == captures.RATINGS)
        if ratings:
            aside = tuple(member for member in found if member not in ratings)
            return Claim(ratings, "captures of ratings by CrossWatch", dict.fromkeys(ratings, captures.RATINGS), aside)
        tables = find_tables(source, FORMS)
        if isinstance(tables, dict):
            return claimed(source, tables)
        if found:
            raise ExportError(f"{shown(source.path)}: {captures.refusal(next(iter(found.values())))}")
        return tables

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every rating. Raises ExportError for a member that cannot be read, or whose scale nobody can tell."""
        for member in claim.members:
            what: Fit | str = claim.found[member]
            if isinstance(what, str):
                yield from captures.read(source, member, self.name)
            else:
                fit = with_scale(source, member, what, self.name)
                yield from read_table(source, member, fit, self.name)
