"""CrossWatch's captures: what stood on another site, as one JSON object with an item for each title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading import documents
from adapters.reading.file_dates import DateColumn
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED, kind_of
from adapters.reading.lines import default_key
from adapters.reading.rows import LONGEST, RowMaker
from adapters.reading.text import shown
from adapters.reading.values import object_of, text_of, year_of
from importer.errors import ExportError
from importer.model import Kind, Origin, Precision, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.protocol import Source
    from adapters.reading.documents import Object
    from adapters.reading.kinds import Sort
    from importer.model import Ids, Row

RATINGS: Final = "ratings"
_BUNDLE: Final = "all"
_KINDS: Final = {"snapshot": "", "snapshot_bundle": _BUNDLE}
_TYPES: Final = ("type", "media_type", "entity")
_SITES: Final = ("imdb", "tmdb", "tvdb", "mal", "anilist", "kitsu", "anidb", "simkl")
_DATES: Final = (DateColumn(Origin.RATING, Precision.SECOND),)
_NONE: Final = ("", "0")


def feature(source: Source, member: str) -> str | None:
    """Tell what a capture holds: ratings, watchlist, history …, or all for a bundle; None for any other document."""
    document = documents.whole(source, member)
    if document is None or "feature" not in document or not isinstance(kind := document.get("kind"), str):
        return None
    if kind not in _KINDS or not ("items" in document or "children" in document):
        return None
    return _KINDS[kind] or text_of(document["feature"]).strip().lower()


def refusal(what: str) -> str:
    """Say why a capture of something else than ratings holds nothing to import."""
    if what == _BUNDLE:
        return "is a bundle of captures by CrossWatch, which only names their files: give the one of the ratings"
    return f"is a capture of {shown(what) or 'nothing'} by CrossWatch, without ratings: give the one of the ratings"


def read(source: Source, file: str, name: str) -> Iterator[Row | Remark]:
    """Yield every item of a capture. Raises ExportError where it has none."""
    document = documents.opened(source, file)
    if document.remark:
        yield Remark(file, 0, document.remark)
    items = object_of(document.value).get("items")
    found = list(items.values()) if isinstance(items, dict) else items
    if not isinstance(found, list):
        raise ExportError(f"{shown(file)}: holds no items of a capture by CrossWatch")
    maker = RowMaker(source, file, name, dates=_DATES, survey=lambda: ((_rated_at(item),) for item in found))
    for line, item in enumerate(found, 1):
        yield _row(maker, item, line, name)
    yield from maker.remarks()


def _row(maker: RowMaker, item: object, line: int, name: str) -> Row:
    rating = _rating(item) if isinstance(item, dict) else None
    if not isinstance(item, dict) or isinstance(rating, list | dict):
        return maker.broken(item, line)
    sort, word = _sort(item)
    title = text_of(item.get("title"))[:LONGEST].strip()
    year = year_of(item.get("year"))
    kind = sort if isinstance(sort, Kind) else None
    ids = _ids(maker, object_of(item.get("ids")), kind) if kind else ()
    key = default_key(name, sort, title, year, ids) if kind else _part(name, item, word, title)
    return maker.make(
        key=key,
        sort=sort,
        title=title,
        year=year,
        ids=ids,
        rating=text_of(rating)[:LONGEST],
        dates=(_rated_at(item),),
        line=line,
        word=word,
    )


def _part(name: str, item: Object, word: str, title: str) -> str:
    """Name a season, an episode or what else has no place on Simkl: by its show's id and its numbers."""
    whole = object_of(item.get("show_ids")) or object_of(item.get("ids"))
    named = next((f"{site}={text}" for site in _SITES if (text := text_of(whole.get(site))) not in _NONE), "")
    parts = (named or title.casefold(), text_of(item.get("season")), text_of(item.get("episode")))
    return ":".join((name, word.lower(), *filter(None, parts)))


def _sort(item: Object) -> tuple[Sort, str]:
    """Tell the kind of an item by its type; one without is at least no film where it has a season or an episode."""
    word = next((text for name in _TYPES if (text := text_of(item.get(name)).strip()[:LONGEST])), "")
    if word:
        return kind_of(word), word
    part = next((name for name in ("episode", "season") if item.get(name) is not None), "")
    return (UNSUPPORTED, part) if part else (UNKNOWN, "")


def _ids(maker: RowMaker, told: Object, kind: Kind) -> Ids:
    pairs = ((site, text_of(told.get(site))) for site in _SITES)
    return maker.ids.read_all(tuple((site, text) for site, text in pairs if text not in _NONE), kind)


def _rating(item: Object) -> object:
    return item.get("rating") if item.get("rating") is not None else item.get("user_rating")


def _rated_at(item: object) -> str:
    value = item.get("rated_at") if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""
