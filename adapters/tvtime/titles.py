"""What else TV Time tells of a film: title and year by its uuid, and its IMDb id where Export my data lies beside."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from adapters.reading.lines import Line
from adapters.reading.table import Table
from adapters.reading.tables import physical_lines
from adapters.reading.text import decode
from adapters.reading.titles import year_of
from importer.model import Remark

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.forms import Fit

_NO_YEAR: Final = 1
"""`0001-01-01` is how the site writes that it knows no release date."""


@dataclass(slots=True)
class Film:
    """What is known of a film beside its vote; nothing known is "" or None."""

    title: str = ""
    year: int | None = None
    imdb: str = ""


@dataclass(slots=True)
class Titles:
    """Films by their uuid. Only those with a vote are looked up: the archive holds every episode seen."""

    wanted: Collection[str]
    films: dict[str, Film] = field(default_factory=dict)
    joined: bool = False

    def film(self, uuid: str) -> Film:
        """Return what is known of a film, maybe nothing."""
        return self.films.setdefault(uuid, Film())

    def track(self, source: Source, member: str) -> None:
        """Read titles and years out of tracking-prod-records.csv: the year may stand in any of a film's rows."""
        for uuid, title, released in _tracked(decode(source.members[member](), source.encoding, member).text):
            if uuid in self.wanted:
                film = self.film(uuid)
                film.title = film.title or title.strip()
                year = year_of(released[:4])
                film.year = film.year or (year if year != _NO_YEAR else None)

    def export(self, source: Source, member: str, fit: Fit, name: str) -> None:
        """Read IMDb ids out of Export my data; its titles and years where the archive has none."""
        self.joined = True
        for line in Table(source, member, fit, name).lines():
            if not isinstance(line, Line) or line["uuid"].lower() not in self.wanted:
                continue  # a malformed line is no film
            film = self.film(line["uuid"].lower())
            film.imdb = film.imdb or line["imdb_id"]
            film.title = film.title or line["title"]
            film.year = film.year or line.year()

    def remarks(self, file: str) -> Iterator[Remark]:
        """Tell how many films are known by an id, or what would give them one; and how many have no year."""
        films = [self.film(uuid) for uuid in self.wanted]
        if self.joined:
            known = sum(bool(film.imdb) for film in films)
            yield Remark(file, 0, f"{known:,} of {len(films):,} films have their IMDb id from Export my data")
        if yearless := sum(film.year is None and not film.imdb for film in films):
            yield Remark(
                file, 0, f"{yearless:,} of {len(films):,} films have no year: tracking-prod-records.csv tells none"
            )


def _tracked(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (uuid, title, release date) of every row that has all its cells, of a file that may be very large."""
    reader = csv.reader(physical_lines(text))
    names = [name.strip().lower() for name in next(reader, [])]
    if not {"uuid", "movie_name", "release_date"} <= set(names):
        return
    uuid, title, released = (names.index(name) for name in ("uuid", "movie_name", "release_date"))
    width = len(names)
    try:
        for cells in reader:
            if len(cells) == width and (cells[title] or cells[released]):
                yield cells[uuid].lower(), cells[title], cells[released]
    except csv.Error:
        return  # what was read of the titles is worth keeping: a film without a year is told as such
