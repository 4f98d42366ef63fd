"""An adapter for a site that hands out tables: its forms are declared, everything else stands here once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adapters.protocol import About, Claim, Miss
from adapters.reading.forms import Fit, Form, fitting
from adapters.reading.members import looked_at
from adapters.reading.table import read_table
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Reason, Remark, Skipped, value

if TYPE_CHECKING:
    from adapters.protocol import Source
    from importer.model import Row


@value
class TableAdapter:
    """Claims every table of one of its forms, and reads them one after the other."""

    name: str
    about: About
    forms: tuple[Form, ...]

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell by the headers. Raises ExportError where all tables are of a form that holds nothing to import."""
        tables = find_tables(source, self.forms)
        return tables if isinstance(tables, Miss | None) else claimed(source, tables)

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed tables. Raises ExportError for one that cannot be read, or has no ratings."""
        yield from read_tables(source, {member: claim.found[member] for member in claim.members}, self.name)


def read_tables(source: Source, tables: dict[str, Fit], name: str) -> Iterator[Row | Remark]:
    """Yield every row of some tables; `name` is the format's.

    Raises ExportError for a table that cannot be read, and where a form that has to hold ratings holds none.
    """
    rated = False
    hollow = ""
    for member, fit in tables.items():
        hollow = hollow or fit.form.hollow
        for said in read_table(source, member, fit, name):
            rated = rated or not (isinstance(said, Remark) or _is_unrated(said))
            yield said
    if hollow and not rated:
        raise ExportError(f"{shown(source.path)}: {hollow}")


def _is_unrated(row: Row) -> bool:
    return isinstance(row, Skipped) and row.reason is Reason.UNRATED


def find_tables(source: Source, forms: tuple[Form, ...]) -> dict[str, Fit] | Miss | None:
    """Find the tables of these forms among an export's members; without one, how near the nearest comes to it."""
    found: dict[str, Fit] = {}
    nearest: Miss | None = None
    for member in looked_at(source):
        fit = fitting(source, member, forms)
        if isinstance(fit, Fit):
            found[member] = fit
        elif fit is not None and (nearest is None or fit.share > nearest.share):
            nearest = fit
    return found or nearest


def claimed(source: Source, tables: dict[str, Fit]) -> Claim:
    """Claim the tables that hold ratings. Raises ExportError where none of them does, with the reason of its form."""
    taken = {member: fit for member, fit in tables.items() if not fit.form.refusal}
    if not taken:
        member, fit = next(iter(tables.items()))
        raise ExportError(f"{shown(source.path)}: {_within(source, member)}{fit.form.refusal}")
    whys = dict.fromkeys(fit.form.why for fit in taken.values())
    aside = tuple(member for member in tables if member not in taken)
    return Claim(tuple(taken), " and ".join(whys), taken, aside)


def _within(source: Source, member: str) -> str:
    return f"{shown(member)}: " if len(source.members) > 1 else ""
