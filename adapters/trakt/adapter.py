"""Trakt: the zip of three generations, its files one by one, arrays of the API, traktexport's file, and CSV."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from adapters.protocol import About, Claim
from adapters.reading import documents, text
from adapters.trakt import csv_forms as trakt_csv
from adapters.trakt import rows as trakt_rows
from importer.errors import ExportError
from importer.model import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Row

_ORDER: Final = ("movies", "shows", "seasons", "episodes")
_RATINGS = re.compile(r"(?:^|-)ratings-(movies|shows|seasons|episodes)(?:-([0-9]{1,9}))?\.json$")
_OTHERS = re.compile(
    r"(?:^|-)(?:watched-(?:movies|shows|history)|collection-(?:movies|shows)|user-profile)(?:-\d+)?\.json$"
)
_ERRORS = "_errors.json"
_PRIVATE = ("user-settings.json", "user-profile.json")
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

    def claim(self, source: Source) -> Claim | None:
        """Claim a zip or folder by its members' names, one file by its first row or its header.

        Raises ExportError for an export of Trakt's without any ratings.
        """
        found = _members(source)
        if len(source.members) == 1:
            return _one(source, next(iter(source.members)), bool(found))
        if found:
            return Claim(found, f"{len(found)} ratings file{'s' * (len(found) > 1)} of a Trakt export")
        lists = tuple(path for path in source.members if _is_list(source, path))
        if lists:
            return Claim(lists, "lists of Trakt ratings")
        if any(_OTHERS.search(path.replace("/", "-").lower()) for path in source.members):
            raise ExportError(
                f"{text.shown(source.path)}: is a Trakt export without ratings; expected ratings-movies.json",
                "export again with ratings ticked",
            )
        return None

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every rating of the claimed members, seasons and episodes too. Raises ExportError for broken JSON."""
        for path in source.members:
            if path.lower().rpartition("/")[2] == _ERRORS:
                yield Remark(path, 0, "Trakt could not export everything and left this file of errors: look into it")
        for path in claim.members:
            if path.lower().endswith(".csv") or not _is_json(source.head(path), source.encoding):
                yield from trakt_csv.read(source.members[path](), path, source.encoding)
                continue
            yield from _rows(source.members[path](), path, source.encoding)


def _rows(data: bytes, path: str, encoding: str | None) -> Iterator[Row | Remark]:
    count, left = 0, True
    for part, more in documents.parts(data, encoding):
        yield from trakt_rows.rows(part, path, count)
        count, left = count + len(part), more
    if left:
        document = documents.load(data, path, encoding)
        if document.remark:
            yield Remark(path, 0, document.remark)
        yield from trakt_rows.rows(_array(document.value, path)[count:], path, count)


def _members(source: Source) -> tuple[str, ...]:
    """Find the ratings files in reading order: movies first, pages by number, an unnumbered file before its pages."""
    found = [
        (_ORDER.index(match[1]), int(match[2] or 0), path)
        for path in source.members
        if (match := _RATINGS.search(path.replace("/", "-").lower()))
    ]
    return tuple(path for _, _, path in sorted(found))


def _one(source: Source, path: str, named: bool) -> Claim | None:
    """Claim a single file. Its name counts only where it holds no row to go by."""
    if path.lower().rpartition("/")[2] in _PRIVATE:
        return None
    if not _is_json(source.head(path), source.encoding):
        found = trakt_csv.form(text.peek(source.head(path), source.encoding), path)
        return Claim((path,), found.why) if found else None
    first = documents.first(source, path)
    if first is None:
        return Claim((path,), "named like a ratings file of Trakt's, and empty") if named else None
    if trakt_rows.is_rating(first):
        return Claim((path,), "an array of Trakt ratings")
    inner = first.get("ratings")
    if isinstance(inner, list):
        row = next((row for row in inner if isinstance(row, dict)), None)
        if trakt_rows.is_rating(row) if row is not None else ("history" in first or "watched" in first):
            return Claim((path,), "the ratings in a file of traktexport")
    return None


def _is_list(source: Source, path: str) -> bool:
    name = path.lower().rpartition("/")[2]
    if not name.endswith((".csv", ".json")) or not any(word in name for word in _WORDS):
        return False
    if name.endswith(".json"):
        first = documents.first(source, path)
        return first is not None and trakt_rows.is_rating(first)
    return trakt_csv.form(text.peek(source.head(path), source.encoding), path) is not None


def _is_json(head: bytes, encoding: str | None) -> bool:
    return text.peek(head, encoding).lstrip()[:1] in {"[", "{"}


def _array(document: object, file: str) -> list[object]:
    """Find the ratings: the document itself, or those within traktexport's object."""
    found = document.get("ratings") if isinstance(document, dict) else document
    if isinstance(document, dict) and found is None and trakt_rows.is_rating(document):
        found = [document]
    if not isinstance(found, list):
        raise ExportError(f"{text.shown(file)}: holds no array of Trakt ratings", "download the export again")
    return found
