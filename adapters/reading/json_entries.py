"""A JSON document of a known form, read entry by entry: what its values say, by the keys that lead to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from adapters.reading import documents
from adapters.reading.json_forms import at
from adapters.reading.repeats import told_apart
from adapters.reading.rows import LONGEST, RowMaker
from adapters.reading.text import SPACE
from adapters.reading.titles import default_key
from adapters.reading.values import text_of, year_of
from importer.model import Ids, Kind, Remark, Row

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.documents import Object
    from adapters.reading.json_forms import JsonForm
    from adapters.reading.kinds import Sort
    from adapters.reading.scale import Scale


class JsonEntry:
    """One entry. `entry["content.title"]` is a value as text, "" where there is none or where it is no scalar.

    `value` is the entry itself, `number` its place in the file, from 1.
    """

    __slots__ = ("_form", "_name", "maker", "number", "value")

    def __init__(self, maker: RowMaker, name: str, form: JsonForm, value: Object, number: int) -> None:
        self.maker = maker
        self.value = value
        self.number = number
        self._name = name
        self._form = form

    def __getitem__(self, path: str) -> str:
        return text_of(at(self.value, path))[:LONGEST].strip(SPACE)

    def at(self, path: str) -> object:
        """Follow a path of keys to a value as it is; None where it leads nowhere."""
        return at(self.value, path)

    def year(self, path: str = "year") -> int | None:
        """Read a year, given as such or at the beginning of a date; None where there is none."""
        return year_of(at(self.value, path))

    def ids(self, kind: Kind | None) -> Ids:
        """Read all ids that the form declares, for a title of this kind; 0 is a site's own word for none."""
        told = [(site, self[path]) for site, path in self._form.ids.items()]
        return self.maker.ids.read_all(tuple((site, text) for site, text in told if text != "0"), kind)

    def row(
        self,
        *,
        sort: Sort,
        title: str,
        year: int | None,
        ids: Ids,
        key: str = "",
        word: str = "",
        rating: str | None = None,
        scale: Scale | None = None,
    ) -> Row:
        """Make the row of this entry: its dates stand where the form says, and its rating too, unless told.

        Without a key of the site's own the title is known by its first id, else by title and year, else by all that the
        entry has.
        """
        told = at(self.value, self._form.rating) if rating is None else rating
        if isinstance(told, list | dict):
            return self.maker.broken(told, self.number)
        return self.maker.make(
            key=key or self._key(sort, title, year, ids, word),
            sort=sort,
            title=title,
            year=year,
            ids=ids,
            rating=text_of(told)[:LONGEST],
            dates=[self[path] for path in self._form.dates],
            line=self.number,
            word=word,
            scale=scale,
        )

    def _key(self, sort: Sort, title: str, year: int | None, ids: Ids, word: str) -> str:
        if ids or title:
            return default_key(self._name, sort, title, year, ids, word)
        return f"{self._name}:row:{crc32(repr(self.value)[:LONGEST].encode('utf-8', 'replace')):08x}"


def read_json(source: Source, file: str, form: JsonForm, name: str) -> Iterator[Row | Remark]:
    """Yield every row of a document that has been recognised, then what is told of it; `name` is the format's.

    Raises ExportError for a file that is no whole JSON.
    """
    document = documents.opened(source, file)
    if document.remark:
        yield Remark(file, 0, document.remark)
    entries = list(form.entries(document.value))

    def survey() -> Iterator[Sequence[str]]:
        for _, value in entries:
            if isinstance(value, dict):
                yield [text_of(at(value, path)) for path in form.dates]

    maker = RowMaker(
        source,
        file,
        name,
        scale=(source.choices.scale or form.scale) if form.asks_scale else form.scale,
        unrated=form.unrated,
        dates=tuple(form.dates.values()),
        survey=survey,
    )
    rows = [
        form.row(JsonEntry(maker=maker, name=name, form=form, value=value, number=place))
        if isinstance(value, dict)
        else maker.broken(value, place)
        for place, value in entries
    ]
    yield from told_apart(rows)
    for note in form.notes(form.pages(document.value)) if form.notes is not None else ():
        yield Remark(file, 0, note)
    yield from maker.remarks()
