"""AniList: the GDPR archive, and dumps of the site's GraphQL answers. No form of them has a rating date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.anilist import lists
from adapters.anilist.lists import Entry
from adapters.protocol import About, Claim
from adapters.reading import documents
from adapters.reading.file_dates import DateColumn
from adapters.reading.kinds import UNSUPPORTED
from adapters.reading.members import looked_at
from adapters.reading.rows import LONGEST, RowMaker
from adapters.reading.scale import Scale
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Item, Kind, Origin, Reason, Rejected, Remark, Superseded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from importer.model import Ids, Row

_ARCHIVE: Final = "archive"
_DUMP: Final = "dump"
_DATES: Final = (DateColumn(Origin.WATCHED), DateColumn(Origin.EDITED))
_NAMES: Final = {
    Scale.FIVE: Scale.POINT_5,
    Scale.TEN: Scale.POINT_10,
    Scale.HUNDRED: Scale.POINT_100,
}
"""AniList's own scale for a plain number of points."""

_NO_NUMBER: Final = ("", "0")


class AniList:
    """Anime lists: scores from 0 to 100, or as the person has them shown, 0 being none."""

    name = "anilist"
    about = About(
        site="AniList",
        where="https://anilist.co/settings/account, Download my data; or a dump of MediaListCollection",
        forms="the GDPR archive (JSON), GraphQL dumps (JSON)",
        scale="0 to 100 divided by ten, rounded half up; a dump's as its scoreFormat says, else as --scale says",
        dates="none: a complete finish date stands in, else the last edit",
    )

    def claim(self, source: Source) -> Claim | None:
        """Tell the archive and dumps by the entries of their lists. Raises ExportError where all of them are manga."""
        found: dict[str, str] = {}
        for member in looked_at(source, (".json",)):
            promising = documents.promises(source, member, "MediaListCollection", "lists")
            document = documents.whole(source, member) if promising else None
            if document is None:
                continue
            if lists.is_archive(document):
                found[member] = _ARCHIVE
            elif lists.is_dump(document):
                found[member] = _DUMP
        if not found:
            return None
        what = "AniList's archive" if _ARCHIVE in found.values() else "a dump of AniList's lists"
        return Claim(tuple(found), what, found)

    def read(self, source: Source, claim: Claim) -> Iterator[Row | Remark]:
        """Yield every entry. Raises ExportError for a list of manga alone, and where nothing tells a dump's scale."""
        for member in claim.members:
            yield from self._read(source, member, archive=claim.found[member] == _ARCHIVE)

    def _read(self, source: Source, file: str, *, archive: bool) -> Iterator[Row | Remark]:
        document = documents.opened(source, file)
        if document.remark:
            yield Remark(file, 0, document.remark)
        content = document.value if isinstance(document.value, dict) else {}
        found = list(lists.archived(content) if archive else lists.dumped(content))
        entries = [entry for entry in found if isinstance(entry, Entry)]
        if entries and all(entry.manga for entry in entries):
            raise ExportError(f"{shown(file)}: is a manga list; Simkl has no manga", "export the anime list instead")
        scale = Scale.POINT_100 if archive else _scale(source, file, content, entries)
        maker = RowMaker(
            source,
            file,
            self.name,
            scale=scale,
            dates=_DATES,
            survey=lambda: ((entry.finished, "") for entry in entries),
        )
        rows = [
            _row(maker, entry, line) if isinstance(entry, Entry) else maker.broken(entry, line)
            for line, entry in enumerate(found, 1)
        ]
        for row in _once(rows, [entry.edited if isinstance(entry, Entry) else 0 for entry in found]):
            if isinstance(row, Superseded) and row.item.source_rating in maker.ratings.rounded:
                maker.ratings.count_rounded(-1)
            yield row
        yield from maker.remarks()


def _scale(source: Source, file: str, document: documents.Object, entries: list[Entry]) -> Scale:
    """Take the scale that a dump tells, else the one that the person names. Raises ExportError where neither does."""
    told = lists.scale_of(document)
    if told in [scale.value for scale in Scale]:
        return Scale(told)
    chosen = source.choices.scale
    if chosen is not None:
        return _NAMES.get(chosen, chosen)
    if not any(entry.score not in _NO_NUMBER for entry in entries):
        return Scale.POINT_100
    names = ", ".join(name for name in Scale if name.startswith("POINT"))
    raise ExportError(
        f"{shown(file)}: does not tell the scale of its scores",
        f"say it as AniList's settings show it: --scale NAME, one of {names}",
    )


def _row(maker: RowMaker, entry: Entry, line: int) -> Row:
    sort = UNSUPPORTED if entry.manga else Kind.ANIME
    told = (("anilist", entry.anilist), ("mal", "" if entry.manga else entry.mal))
    ids = maker.ids.read_all(tuple((site, text) for site, text in told if text not in _NO_NUMBER), Kind.ANIME)
    return maker.make(
        key=_key(entry, ids),
        sort=sort,
        title=entry.title[:LONGEST].strip(),
        year=entry.year,
        ids=ids,
        # 1 to 4 of a hundred come to 0 as well, and these are scores.
        rating="" if entry.score in _NO_NUMBER else entry.score[:LONGEST],
        dates=(entry.finished, lists.moment(entry.edited)),
        line=line,
    )


def _key(entry: Entry, ids: Ids) -> str:
    what = "anilist:manga" if entry.manga else "anilist"
    if not ids:
        return f"{what}:title:{entry.title[:LONGEST].strip().casefold()}"
    site, value = ids[0]
    return f"{what}:{value}" if site == "anilist" else f"{what}:{site}={value}"


def _once(rows: list[Row], edits: list[int]) -> Iterator[Row]:
    """Yield every row, an entry that stands in several lists only once as one to take.

    Of different scores the last edited counts; where that is not known nobody can tell them apart.
    """
    entries: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if isinstance(row, Item) and row.kind is not None:
            entries.setdefault(row.key, []).append(index)
    fates: dict[int, Row] = {}
    for indexes in entries.values():
        # An edit of unknown time may be the last one.
        last = max(edits[index] for index in indexes)
        newest = [index for index in indexes if edits[index] in (last, 0)]
        several = len({_rating(rows[index]) for index in newest}) > 1
        first = next(index for index in newest if edits[index] == last)
        for index in indexes:
            item = rows[index]
            if isinstance(item, Item) and several:
                fates[index] = Rejected(item, Reason.AMBIGUOUS_TITLE)
            elif isinstance(item, Item) and index != first:
                fates[index] = Superseded(item)
    for index, row in enumerate(rows):
        yield fates.get(index, row)


def _rating(row: Row) -> object:
    return row.rating if isinstance(row, Item) else row.item.rating
