"""The forms of a site's JSON, declared by the keys of their entries, and which of them a document is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from adapters.protocol import Miss
from adapters.reading import documents
from adapters.reading.documents import Object
from adapters.reading.scale import Scale
from adapters.reading.values import objects_of

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.file_dates import DateColumn
    from adapters.reading.json_entries import JsonEntry
    from importer.model import Row

Join: TypeAlias = Callable[[Object], Iterable[object]]
"""Makes of an entry what its rows are made of."""

_CACHED: Final = 1_024


def _broken(entry: JsonEntry) -> Row:
    """What an entry of a form that is refused would be: nobody asks."""
    return entry.maker.broken(entry.value, entry.number)


def _alone(_pages: list[Object]) -> Join:
    return lambda entry: (entry,)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonForm:
    """One form of a site's JSON: what its entries have, and how one of them becomes a row.

    Values are named by the keys that lead to them, "content.title"; "title|name" is either of two. `inside` is where
    the array of entries lies: in the top-level object or in each of an array of such pages; "" where the document is
    that array. `needs` are the keys that make the first entry this form, `when` is a last question to it and to the
    object that holds the array. `join` is given all pages, and makes of an entry what its rows are made of: one object
    or several, with what belongs to them from elsewhere.
    `rating` is the person's rating, on `scale`, or where the form does not tell it (`asks_scale`) on the one that the
    person names; the values in `unrated` mean "none". `dates` are its dates, the rating date before what stands in, and
    `ids` its ids, Simkl's name for them first.
    `notes` tells of a document what no row does. `refusal` says why one of this form holds nothing to import;
    `other` tells an entry that has no place on Simkl, and a document of these alone is refused with `others`.
    """

    why: str
    needs: tuple[str, ...]
    row: Callable[[JsonEntry], Row] = field(default=_broken, repr=False)
    inside: str = ""
    keyed: bool = False
    when: Callable[[Object, Object], bool] | None = None
    join: Callable[[list[Object]], Join] = field(default=_alone, repr=False)
    rating: str = "rating"
    scale: Scale = Scale.TEN
    asks_scale: bool = False
    unrated: tuple[int, ...] = ()
    dates: Mapping[str, DateColumn] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    notes: Callable[[list[Object]], Iterable[str]] | None = None
    refusal: str = ""
    other: Callable[[Object], bool] | None = None
    others: str = ""

    def pages(self, document: object) -> list[Object]:
        """The objects that hold entries; those that are entries themselves where the document is their array."""
        return objects_of(document) if isinstance(document, list) else objects_of([document])

    def array(self, page: object) -> object:
        """What should be the array of entries within a page."""
        found = at(page, self.inside)
        return list(found.values()) if self.keyed and isinstance(found, dict) else found

    def entries(self, document: object) -> Iterator[tuple[int, object]]:
        """Yield every entry as `join` makes it, with its place in the document from 1; what is no object as it is."""
        pages = self.pages(document)
        found: Iterable[object]
        if self.inside:
            arrays = [self.array(page) for page in pages]
            found = (entry for array in arrays if isinstance(array, list) for entry in array)
        else:
            found = document if isinstance(document, list) else ()
        join = self.join(pages)
        for place, entry in enumerate(found, 1):
            if isinstance(entry, dict):
                for made in join(entry):
                    yield place, made
            else:
                yield place, entry


def first_entry(source: Source, member: str, form: JsonForm) -> Object | None:
    """Find the first entry of a document, were it of this form; mostly without parsing more of it."""
    first = documents.first(source, member)
    if first is None or form.inside:
        return next(iter(objects_of(form.array(first))), None)
    return first if documents.is_array(source, member) else None


def fitting_json(source: Source, member: str, forms: Iterable[JsonForm]) -> JsonForm | Miss | None:
    """Tell which of these forms a member is by its first entry, the first that fits; else how near the nearest is."""
    first = documents.first(source, member)
    if first is None:
        return None
    nearest: Miss | None = None
    for form in forms:
        entry = first_entry(source, member, form)
        if entry is None:
            continue
        missing = tuple(need for need in form.needs if at(entry, need) is None and not _has(entry, need))
        if not missing:
            if form.when is None or form.when(entry, first):
                return form
            continue
        near = Miss(tuple(need for need in form.needs if need not in missing), missing)
        if not form.refusal and (nearest is None or near.share > nearest.share):
            nearest = near
    return nearest


def at(value: object, path: str) -> object:
    """Follow a path of keys, "content.title|name"; None where it leads nowhere, or to null."""
    for steps in _paths(path):
        found = value
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        if found is not None:
            return found
    return None


def _has(entry: Object, path: str) -> bool:
    """Whether a key is there, with null for its value."""
    return any(len(steps) == 1 and steps[0] in entry for steps in _paths(path))


@lru_cache(_CACHED)
def _paths(path: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(one.split(".")) for one in path.split("|"))
