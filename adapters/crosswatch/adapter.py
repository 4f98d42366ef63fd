"""CrossWatch: captures of the ratings of other sites as JSON, and CSV in the forms of other sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.crosswatch import captures, tables
from adapters.protocol import About, Claim, Miss
from adapters.reading.forms import Fit
from adapters.reading.json_adapter import JsonAdapter
from adapters.reading.json_entries import read_json
from adapters.reading.json_forms import JsonForm
from adapters.reading.table import read_table
from adapters.reading.table_adapter import claimed, find_tables
from importer.errors import ExportError
from importer.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Row

_CAPTURES: Final = JsonAdapter(
    name="crosswatch",
    about=About(
        site="CrossWatch",
        where="Captures (snapshots/…__ratings__….json); Export, Letterboxd or Yamtrack",
        forms="captures of ratings as JSON; CSV",
        scale="1 to 10; in the CSV for Letterboxd as its ratings tell, else as --scale says",
        dates="in captures the time of the rating; in CSV none, or the watch date stands in",
    ),
    forms=captures.FORMS,
)


class CrossWatch:
    """Takes captures of ratings where there are any, for they have dates and kinds, else tables."""

    name = _CAPTURES.name
    about = _CAPTURES.about

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell captures by their keys, CSV by its header. Raises ExportError where nothing of it holds ratings."""
        found = find_tables(source, tables.FORMS)
        try:
            captured = _CAPTURES.claim(source)
        except ExportError:
            if not isinstance(found, dict):
                raise
            captured = None
        if isinstance(captured, Claim):
            return captured
        return claimed(source, found) if isinstance(found, dict) else captured or found

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every rating. Raises ExportError for a member that cannot be read, or whose scale nobody can tell."""
        for member in claim.members:
            what: Fit | JsonForm = claim.found[member]
            if isinstance(what, Fit):
                fit = tables.with_scale(source, member, what, self.name)
                yield Remark(member, 0, tables.UNTYPED)
                yield from read_table(source, member, fit, self.name)
            else:
                yield from read_json(source, member, what, self.name)
