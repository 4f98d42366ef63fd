"""Trakt: the zip of three generations, its files one by one, arrays of the API, traktexport's file, and CSV."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from adapters.protocol import About, Claim, Miss
from adapters.reading import documents
from adapters.reading.forms import Fit, fitting
from adapters.reading.members import base, private
from adapters.reading.table import read_table
from adapters.reading.text import shown
from adapters.trakt import rows as trakt_rows
from adapters.trakt.csv_forms import FORMS
from importer.errors import ExportError
from importer.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Row

_ORDER: Final = ("movies", "shows", "seasons", "episodes")
_RATINGS = re.compile(
    r"(?:^|-)ratings-(movies|shows|seasons|episodes)(?:-([0-9]{1,9}))?"
    r"[ _-]*(?:copy|kopie|copie|copia)?[ _-]*(?:\([0-9]+\))?\.json$"
)
"""The name of a ratings file, also of a second download or a copy of one: what is there twice is merged."""
_OTHERS = re.compile(
    r"(?:^|-)(?:watched-(?:movies|shows|history)|collection-(?:movies|shows)|user-profile)(?:-\d+)?\.json$"
)
_ERRORS = "_errors.json"
_JSON: Final = "json"
_WORDS = ("rating", "rated", "trakt")
"""Words in the name of a file among others that make it worth a look."""


class Trakt:
    """Ratings from 1 to 10 of movies and shows; those of seasons and episodes are read and have no place on Simkl."""

    name: str = "trakt"
    about: About = About(
        site="Trakt",
        where="https://trakt.tv/settings/data, Export; the API's /sync/ratings",
        forms="zip or folder with ratings-movies.json …, or one of them; traktexport JSON; VIP, import, TraktRater CSV",
        scale="1-10 as it is",
        dates="rated_at, to the second; in Trakt's import CSV else a complete watched_at stands in",
    )

    def claim(self, source: Source) -> Claim | Miss | None:
        """Claim a zip or folder by its members' names, one file by its first row or its header.

        Raises ExportError for an export of Trakt's without any ratings.
        """
        found = _members(source)
        if len(source.members) == 1:
            return _one(source, next(iter(source.members)), bool(found))
        if found:
            why = f"{len(found)} ratings file{'s' * (len(found) > 1)} of a Trakt export"
            return Claim(found, why, dict.fromkeys(found, _JSON))
        lists = {path: what for path in source.members if (what := _list(source, path)) is not None}
        if lists:
            return Claim(tuple(lists), "lists of Trakt ratings", lists)
        if any(_OTHERS.search(path.replace("/", "-").lower()) for path in source.members):
            raise ExportError(
                f"{shown(source.path)}: is a Trakt export without ratings; expected ratings-movies.json",
                "export again with ratings ticked",
            )
        return None

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every rating of the claimed members, seasons and episodes too. Raises ExportError for broken JSON."""
        for path in source.members:
            if base(path) == _ERRORS:
                yield Remark(path, 0, "Trakt could not export everything and left this file of errors: look into it")
        for path in claim.members:
            what: Fit | str = claim.found[path]
            yield from _json(source, path) if isinstance(what, str) else read_table(source, path, what, self.name)


def _json(source: Source, path: str) -> Iterator[Row | Remark]:
    data = source.members[path]()
    maker = trakt_rows.maker(source, path, lambda: ((trakt_rows.rated_at(row),) for row in _all(data, path, source)))
    count, left = 0, True
    for part, more in documents.parts(data, source.encoding):
        yield from trakt_rows.rows(maker, part, count)
        count, left = count + len(part), more
    if left:
        document = documents.load(data, path, source.encoding)
        if document.remark:
            yield Remark(path, 0, document.remark)
        yield from trakt_rows.rows(maker, _array(document.value, path)[count:], count)
    yield from maker.remarks()


def _all(data: bytes, path: str, source: Source) -> list[object]:
    return _array(documents.load(data, path, source.encoding).value, path)


def _members(source: Source) -> tuple[str, ...]:
    """Find the ratings files in reading order: movies first, pages by number, an unnumbered file before its pages."""
    found = [
        (_ORDER.index(match[1]), int(match[2] or 0), path)
        for path in source.members
        if (match := _RATINGS.search(path.replace("/", "-").lower()))
    ]
    return tuple(path for _, _, path in sorted(found))


def _one(source: Source, path: str, named: bool) -> Claim | Miss | None:
    """Claim a single file. Its name counts only where it holds no row to go by.

    Raises ExportError for a list of watched, collected or listed titles.
    """
    if private(path):
        return None
    if not documents.is_json(source, path):
        fit = fitting(source, path, FORMS)
        return Claim((path,), f"has the columns of {fit.form.why}", {path: fit}) if isinstance(fit, Fit) else fit
    first = documents.first(source, path)
    if first is None:
        return Claim((path,), "named like a ratings file of Trakt's, and empty", {path: _JSON}) if named else None
    if trakt_rows.is_rating(first):
        return Claim((path,), "an array of Trakt ratings", {path: _JSON})
    if trakt_rows.is_listed(first):
        raise ExportError(
            f"{shown(source.path)}: is a list of Trakt titles without ratings; expected ratings-movies.json",
            "give the whole export, or export again with ratings ticked",
        )
    inner = first.get("ratings")
    if isinstance(inner, list):
        row = next((row for row in inner if isinstance(row, dict)), None)
        if trakt_rows.is_rating(row) if row is not None else ("history" in first or "watched" in first):
            return Claim((path,), "the ratings in a file of traktexport", {path: _JSON})
    return None


def _list(source: Source, path: str) -> Fit | str | None:
    """Tell whether a file among others, named as if it held ratings, is a list of Trakt's, and which."""
    name = base(path)
    if private(path) or not name.endswith((".csv", ".json")) or not any(word in name for word in _WORDS):
        return None
    if name.endswith(".json"):
        first = documents.first(source, path)
        return _JSON if first is not None and trakt_rows.is_rating(first) else None
    fit = fitting(source, path, FORMS)
    return fit if isinstance(fit, Fit) else None


def _array(document: object, file: str) -> list[object]:
    """Find the ratings: the document itself, or those within traktexport's object."""
    found = document.get("ratings") if isinstance(document, dict) else document
    if isinstance(document, dict) and found is None and trakt_rows.is_rating(document):
        found = [document]
    if not isinstance(found, list):
        raise ExportError(f"{shown(file)}: holds no array of Trakt ratings", "download the export again")
    return found
