"""The forms of a site's tables, declared by the names of their columns, and which of them a header is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.protocol import Miss
from adapters.reading.header import Header, headers
from adapters.reading.scale import Scale
from adapters.reading.text import peek
from importer.model import value

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.dates import DateOrder
    from adapters.reading.file_dates import DateColumn
    from adapters.reading.lines import Line
    from adapters.reading.plain import Plain
    from importer.model import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of a site's tables: what its header has, and how one line of it becomes a row.

    Columns are named in lower case, "your rating|you rated" being either of two names, told by the first. `needs` are
    those that make a table this form, `also` those it may have, `never` names that make it another site's. `when` is a
    last question, where the columns alone do not tell. `texts` are columns that may hold line breaks.
    `rating` is the column of the person's rating, on `scale`; in `steps` where the site has codes for it; on the scale
    that the person names where the form does not tell it (`asks_scale`). The values in `unrated` mean "none". It
    `rounds` where the person says so.
    `dates` are its date columns by name, the rating date before what stands in, and `ids` its ids, Simkl's name for
    them first. `order` is how the site writes day and month, where the cells leave that open; `advice` helps where a
    type is not known. `refusal` says why no table of this form holds anything to import, `hollow` why one without a
    rating does not. `plain` tells how its plain lines become rows without a call of `row` for each.
    """

    why: str
    needs: tuple[str, ...]
    row: Callable[[Line], Row] = field(default=lambda line: line.row(), repr=False)
    also: tuple[str, ...] = ()
    never: frozenset[str] = frozenset()
    when: Callable[[Header, Source, str], bool] | None = None
    texts: frozenset[str] = frozenset()
    rating: str = "rating"
    scale: Scale = Scale.TEN
    steps: Mapping[str, int] | None = None
    asks_scale: bool = False
    rounds: bool = True
    unrated: tuple[int, ...] = ()
    dates: Mapping[str, DateColumn] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    order: DateOrder | None = None
    advice: str = ""
    refusal: str = ""
    hollow: str = ""
    plain: Plain | None = None

    def place(self, name: str, head: Header, file: str) -> int | None:
        """Find the column of "name" or "name|other name". Raises ExportError where it is there twice."""
        return next((at for one in name.split("|") if (at := head.optional(one, file)) is not None), None)

    def missing(self, head: Header) -> tuple[str, ...]:
        """The needed columns that a header lacks."""
        return tuple(name for name in self.needs if not any(one in head.names for one in name.split("|")))


@value
class Fit:
    """A table that has been recognised: its form, its header, and (column, value) pairs that every line has beside."""

    form: Form
    header: Header
    fixed: tuple[tuple[str, str], ...] = ()


def fitting(source: Source, member: str, forms: Iterable[Form]) -> Fit | Miss | None:
    """Tell which of these forms a member is by its header, the first that fits; else how near the nearest is.

    Raises ExportError for a table that is one of them and has a needed column twice.
    """
    nearest: Miss | None = None
    found = source.look(member, table_headers)
    for form in forms:
        for head in found:
            missing = form.missing(head)
            foreign = tuple(name for name in head.names if name in form.never)
            if not missing and not foreign:
                if form.when is None or form.when(head, source, member):
                    for name in form.needs:
                        form.place(name, head, member)
                    return Fit(form, head)
                continue
            has = tuple(first_name(name) for name in form.needs if name not in missing)
            near = Miss(has, tuple(map(first_name, missing)), foreign)
            if form.needs and not form.refusal and (nearest is None or near.share > nearest.share):
                nearest = near
    return nearest


def table_headers(source: Source, member: str) -> tuple[Header, ...]:
    """Read a member's first line of text as a header, with each of the delimiters that make columns of it."""
    return headers(peek(source.head(member), source.encoding))


def first_name(name: str) -> str:
    """Give the first of the names of a column, by which it is told."""
    return name.partition("|")[0]
