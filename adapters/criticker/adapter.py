"""Criticker: a person's ratings as CSV or XML, on a scale of 0 to 100 that each person uses in their own way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from adapters.criticker.rows import RATED, key_of, plain_title, sort_of
from adapters.criticker.tables import FORMS
from adapters.protocol import About, Claim, Miss
from adapters.reading import markup
from adapters.reading.forms import Fit
from adapters.reading.members import looked_at
from adapters.reading.rows import LONGEST, RowMaker
from adapters.reading.scale import Scale
from adapters.reading.table import read_table
from adapters.reading.table_adapter import claimed, find_tables
from adapters.reading.titles import default_key, titled
from importer.model import Kind, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from adapters.reading.markup import Entry
    from importer.model import Row

_ROOTS: Final = ("recentratings", "recentrankings")
_XML: Final = "xml"
_FIELDS: Final = ("filmname", "filmlink", "imdbid", "reviewdate", "rating", "score")
"""`rating` is called `score` in files of 2012 to 2016; `tier` is what the site makes of it, and no rating."""
_DATE: Final = _FIELDS.index("reviewdate")
_PAGES = re.compile(rb"<totalpages>\s*([0-9]{1,6})\s*</totalpages>")


class Criticker:
    """Reads a score as a tenth of it, and rounds only where the person says so. 0 is a score like any other."""

    name = "criticker"
    about = About(
        site="Criticker",
        where="https://www.criticker.com, your profile, Ratings, Export (CSV or XML)",
        forms="CSV with or without Date Rated; XML",
        scale="0 to 100, divided by ten; what then lies between two whole points as --round says",
        dates="the time of the rating, to the minute; none in older CSV",
    )

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell XML by its root, CSV by its header. Raises ExportError where there is a watchlist alone."""
        found: dict[str, Fit | str] = {
            member: _XML
            for member in looked_at(source, (".xml", ".xml.gz"))
            if markup.root(source.head(member)) in _ROOTS
        }
        tables = find_tables(source, FORMS)
        if not isinstance(tables, dict):
            return Claim(tuple(found), "XML of Criticker's ratings, told by its root", found) if found else tables
        if found:
            tables = {member: fit for member, fit in tables.items() if not fit.form.refusal}
            return Claim((*found, *tables), "XML and CSV of Criticker's ratings", found | tables)
        return claimed(source, tables)

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every rating. Raises ExportError for a member that cannot be read."""
        for member in claim.members:
            what: Fit | str = claim.found[member]
            if isinstance(what, str):
                yield from _read_xml(source, member, self.name)
            else:
                yield from read_table(source, member, what, self.name)


def _read_xml(source: Source, file: str, name: str) -> Iterator[Row | Remark]:
    reading = markup.entries(source.members[file](), ("film",), _FIELDS, file, source.encoding)
    yield from reading.remarks(file)
    pages = _PAGES.search(source.head(file))
    if pages is not None and int(pages[1]) > 1:
        yield Remark(file, 0, f"is one page of {int(pages[1]):,}: the ratings of the other pages are not in this file")
    films = [entry for entry in reading.entries if entry.element == "film"]
    maker = RowMaker(
        source,
        file,
        name,
        scale=Scale.HUNDRED,
        dates=(RATED,),
        survey=lambda: ((film.values[_DATE],) for film in films),
    )
    for line, film in enumerate(films, 1):
        yield _row(maker, film, line, name)
    yield from maker.remarks()


def _row(maker: RowMaker, film: Entry, line: int, name: str) -> Row:
    called, address, imdb, when, rating, score = (value[:LONGEST].strip() for value in film.values)
    sort, word = sort_of(address)
    kind = sort if isinstance(sort, Kind) else None
    title, year = titled(plain_title(called))
    ids = maker.ids.read_all((("imdb", imdb),), kind)
    key = key_of(ids) or default_key(name, sort, title, year, ids, word)
    if not film.whole:
        return maker.cut_off(key, line, title=title)
    return maker.make(
        key=key, sort=sort, title=title, year=year, ids=ids, rating=rating or score, dates=(when,), line=line, word=word
    )
