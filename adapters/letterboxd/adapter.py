"""Letterboxd: the export as a zip, a folder or a single file, and the CSV that the site itself imports."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.letterboxd.forms import RATINGS, Form, form_of
from adapters.letterboxd.rows import Entry, imports, last_of_each_film, log, ratings
from adapters.protocol import About, Claim, Source
from adapters.reading.text import decode, peek, shown
from importer.errors import ExportError
from importer.model import Remark, Row

# The folders of an export whose files repeat the names of others, or hold no ratings.
_ASIDE = frozenset({"deleted", "orphaned", "likes", "lists"})
_TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
_COLUMNS = ",".join(RATINGS)


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

    def claim(self, source: Source) -> Claim | None:
        """Tell by the headers. Raises ExportError for two exports in one source, and for films without ratings."""
        found: dict[Form, list[str]] = {form: [] for form in Form}
        refusals: list[ExportError] = []
        for name in _candidates(source):
            try:
                form = form_of(peek(source.head(name), source.encoding))
            except ExportError as refusal:
                refusals.append(refusal)
                continue
            if form is not None:
                found[form[0]].append(name)
        if refusals and not found[Form.RATINGS]:
            raise refusals[0]
        return _choice(source, found)

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed members. Raises ExportError for a member that is no such table."""
        entries: list[Entry] = []
        for name in claim.members:
            decoded = decode(source.members[name](), source.encoding, name)
            if decoded.remark:
                yield Remark(name, 0, decoded.remark)
            found = form_of(decoded.text)
            if found is None or found[0] is Form.UNRATED:
                raise ExportError(f"{shown(name)}: no Letterboxd ratings; expected the columns {_COLUMNS}")
            form, head = found
            if form is Form.RATINGS:
                yield from ratings(decoded.text, head, name)
            elif form is Form.IMPORT:
                yield from imports(decoded.text, head, name)
            else:
                entries.extend(log(decoded.text, head, name))
        yield from last_of_each_film(entries)


def _candidates(source: Source) -> Iterator[str]:
    for name in source.members:
        folders = name.lower().split("/")
        file = folders.pop()
        # profile.csv holds the e-mail address: it is never opened.
        if file == "profile.csv" or (folders and folders[-1] in _ASIDE):
            continue
        if len(source.members) == 1 or file.endswith(_TABLE_SUFFIXES):
            yield name


def _choice(source: Source, found: dict[Form, list[str]]) -> Claim | None:
    place = shown(source.path)
    if found[Form.RATINGS]:
        return Claim(_only(place, found[Form.RATINGS]), "has Letterboxd's ratings.csv, told by its columns")
    entries = _only(place, found[Form.DIARY]) + _only(place, found[Form.REVIEWS])
    if entries or found[Form.UNRATED]:
        # In what is surely Letterboxd's, a damaged ratings.csv must not quietly give way to the diary.
        for name in source.members:
            if name.rpartition("/")[2].lower() == "ratings.csv":
                raise ExportError(f"{place}: {name} has no Letterboxd ratings; expected the columns {_COLUMNS}")
    if entries:
        return Claim(entries, "has Letterboxd's diary or reviews, told by their columns")
    if found[Form.IMPORT]:
        return Claim(tuple(found[Form.IMPORT]), "has the columns of Letterboxd's import format")
    if found[Form.UNRATED]:
        raise ExportError(
            f"{place}: holds Letterboxd films without ratings; expected ratings.csv", "give the whole export as it came"
        )
    return None


def _only(place: str, names: list[str]) -> tuple[str, ...]:
    if len(names) > 1:
        raise ExportError(
            f"{place}: holds more than one Letterboxd export: {', '.join(names[:4])}", "give them one by one"
        )
    return tuple(names)
