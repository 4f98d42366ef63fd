"""An adapter for a site that hands out JSON: its forms are declared, everything else stands here once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from adapters.protocol import About, Claim, Miss
from adapters.reading import documents
from adapters.reading.json_entries import read_json
from adapters.reading.json_forms import JsonForm, first_entry, fitting_json
from adapters.reading.members import looked_at
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import value

if TYPE_CHECKING:
    from adapters.protocol import Source
    from importer.model import Remark, Row

_SUFFIXES: Final = (".json", ".json.gz")


@value
class JsonAdapter:
    """Claims every document of one of its forms, and reads them one after the other."""

    name: str
    about: About
    forms: tuple[JsonForm, ...]

    def claim(self, source: Source) -> Claim | Miss | None:
        """Tell by the first entries. Raises ExportError where no document of these forms holds anything to import."""
        found: dict[str, JsonForm] = {}
        refused: dict[str, str] = {}
        nearest: Miss | None = None
        for member in looked_at(source, _SUFFIXES):
            form = fitting_json(source, member, self.forms)
            if isinstance(form, JsonForm):
                if refusal := _refusal(source, member, form):
                    refused[member] = refusal
                else:
                    found[member] = form
            elif form is not None and (nearest is None or form.share > nearest.share):
                nearest = form
        if found:
            whys = dict.fromkeys(form.why for form in found.values())
            return Claim(tuple(found), " and ".join(whys), found, tuple(refused))
        for member, refusal in refused.items():
            within = f"{shown(member)}: " if len(source.members) > 1 else ""
            raise ExportError(f"{shown(source.path)}: {within}{refusal}")
        return nearest

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every row of the claimed documents. Raises ExportError for one that cannot be read."""
        for member in claim.members:
            yield from read_json(source, member, claim.found[member], self.name)


def _refusal(source: Source, member: str, form: JsonForm) -> str:
    """Say why a document holds nothing to import; "" where it may hold something."""
    if form.refusal or form.other is None:
        return form.refusal
    first = first_entry(source, member, form)
    if first is None or not form.other(first):
        return ""
    try:
        document = documents.opened(source, member).value
    except ExportError:
        return ""  # reading it says what is wrong
    entries = [entry for _, entry in form.entries(document) if isinstance(entry, dict)]
    return form.others if entries and all(map(form.other, entries)) else ""
