"""Netflix: what its archive calls ratings are thumbs. They are recognised, and refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from adapters.protocol import About, Claim, Miss
from adapters.reading.forms import Form
from adapters.reading.members import base
from adapters.reading.table_adapter import TableAdapter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Remark, Row

_FOLDER: Final = "content_interaction"
_NAMES: Final = ("ratings.csv", "viewingactivity.csv")
_TABLES: Final = TableAdapter(
    name="netflix",
    about=About(
        site="Netflix",
        where="https://www.netflix.com/account/getmyinfo",
        forms="none is imported: Ratings.csv is recognised and refused",
        scale="none: thumbs are no scale",
        dates="none",
    ),
    forms=(
        Form(
            why="the columns of Netflix's ratings",
            needs=("title name", "thumbs value"),
            refusal="holds Netflix's thumbs: down, up and twice up are no scale; nobody can tell what they are of 10",
        ),
        Form(
            why="the columns of Netflix's viewing activity",
            needs=("profile name", "start time", "title", "duration"),
            refusal="is Netflix's viewing activity, which has no ratings",
        ),
    ),
)


class Netflix:
    """Refuses thumbs and viewing activity, alone or within the archive."""

    name = _TABLES.name
    about = _TABLES.about

    def owns(self, source: Source) -> bool:
        """Tell the archive by one of its folders: in others lie addresses, devices, messages and bills."""
        return any(_inside(member) for member in source.members)

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell by the columns. Raises ExportError for all that is Netflix's: nothing of it can be imported."""
        if self.owns(source):
            known = [member for member in source.members if _inside(member) and base(member) in _NAMES]
            source = replace(source, members={member: source.members[member] for member in sorted(known)})
        return _TABLES.claim(source)

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield the rows of a claim, of which there is none."""
        yield from _TABLES.read(source, claim)


def _inside(member: str) -> bool:
    return _FOLDER in member.lower().split("/")[:-1]
