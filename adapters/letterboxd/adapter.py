"""Letterboxd: the export as a zip, a folder or a single file, and the CSV that the site itself imports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adapters.letterboxd.forms import FORMS, IMPORT, LIST, LOG, RATINGS, UNRATED
from adapters.letterboxd.log import Entry, entries, last_of_each_film
from adapters.protocol import About, Claim, Miss
from adapters.reading.forms import Fit, fitting
from adapters.reading.members import base, looked_at
from adapters.reading.table import read_table
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Remark, Row

if TYPE_CHECKING:
    from adapters.protocol import Source

# The folders of an export whose files repeat the names of others, or hold no ratings.
_ASIDE = frozenset({"deleted", "orphaned", "likes", "lists"})
_COLUMNS = ",".join(RATINGS.needs)


class Letterboxd:
    """Takes ratings.csv alone where it is there; else the last rated entry of each film in diary and reviews."""

    name = "letterboxd"
    about = About(
        site="Letterboxd",
        where="Settings > Data > Export your data",
        forms="the zip, its folder, ratings.csv, diary.csv or reviews.csv alone; CSV in Letterboxd's import format",
        scale="0.5 to 5 stars in half steps, doubled",
        dates="the day of the rating; in the import format the watch date stands in",
    )

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell by the headers. Raises ExportError for two exports in one source, and for films without ratings."""
        found: dict[str, Fit] = {}
        refusals: list[ExportError] = []
        nearest: Miss | None = None
        for member in looked_at(source):
            if _ASIDE.isdisjoint(member.lower().split("/")[-2:-1]):
                try:
                    fit = fitting(source, member, FORMS)
                except ExportError as refusal:
                    refusals.append(refusal)
                    continue
                if isinstance(fit, Fit):
                    found[member] = fit
                elif fit is not None and (nearest is None or fit.share > nearest.share):
                    nearest = fit
        if refusals and not any(fit.form is RATINGS for fit in found.values()):
            raise refusals[0]
        return _choice(source, found) or nearest

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed members. Raises ExportError for a member that cannot be read."""
        log: list[Entry] = []
        for member in claim.members:
            fit: Fit = claim.found[member]
            if fit.form is not LOG:
                yield from read_table(source, member, fit, self.name)
                continue
            for entry in entries(source, member, fit, self.name):
                if isinstance(entry, Remark):
                    yield entry
                else:
                    log.append(entry)
        yield from last_of_each_film(log)


def _choice(source: Source, found: dict[str, Fit]) -> Claim | None:
    place = shown(source.path)
    ratings = [member for member, fit in found.items() if fit.form is RATINGS]
    logs = [member for member, fit in found.items() if fit.form is LOG]
    imports = [member for member, fit in found.items() if fit.form is IMPORT]
    films = any(fit.form in (UNRATED, LIST) for fit in found.values())
    taken: list[str] = []
    if ratings:
        taken = _only(place, ratings)
    elif logs or films:
        # In what is surely Letterboxd's, a damaged ratings.csv must not quietly give way to the diary.
        for member in source.members:
            if base(member) == "ratings.csv":
                raise ExportError(f"{place}: {member} has no Letterboxd ratings; expected the columns {_COLUMNS}")
        diaries = [member for member in logs if "review" not in found[member].header.names]
        taken = _only(place, diaries) + _only(place, [member for member in logs if member not in diaries])
    if not taken:
        taken = imports
    if not taken and films:
        raise ExportError(f"{place}: {UNRATED.refusal}")
    if not taken:
        return None
    return Claim(tuple(taken), f"has {found[taken[0]].form.why}", {member: found[member] for member in taken})


def _only(place: str, names: list[str]) -> list[str]:
    if len(names) > 1:
        raise ExportError(
            f"{place}: holds more than one Letterboxd export: {', '.join(names[:4])}", "give them one by one"
        )
    return names
