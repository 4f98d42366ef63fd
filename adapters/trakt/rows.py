"""Trakt's ratings as its API and its JSON exports hold them: one object a rating, of four types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.reading.file_dates import DateColumn
from adapters.reading.kinds import UNKNOWN, UNSUPPORTED
from adapters.reading.plain_times import exact_time
from adapters.reading.rows import LONGEST, RowMaker
from adapters.trakt import ids as trakt_ids
from importer.model import Kind, Origin, Precision, make_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from adapters.protocol import Source
    from adapters.reading.documents import Object
    from importer.model import Row

KINDS: Final = {"movie": Kind.MOVIE, "show": Kind.SHOW}
PARTS: Final = ("episode", "season")
"""Types that Simkl has no place for. An episode's row holds its show too, so these are looked for first."""

_DATES: Final = (DateColumn(Origin.RATING, Precision.SECOND),)
_RATING: Final = Origin.RATING
_LISTED: Final = ("listed_at", "watched_at", "last_watched_at", "collected_at", "last_collected_at")
_NO_IDS: Final[Object] = {}


def is_rating(row: Object) -> bool:
    """Tell a rating from a watched, collected or listed title, which look the same but for the rating and its time.

    By its keys alone: a first row with a broken value must not make the whole file a stranger.
    """
    words = (*KINDS, *PARTS)
    return ("rating" in row or "rated_at" in row) and (row.get("type") in words or any(word in row for word in words))


def is_listed(row: Object) -> bool:
    """Tell a watched, collected or listed title, which is no rating."""
    return any(isinstance(row.get(word), dict) for word in (*KINDS, *PARTS)) and any(time in row for time in _LISTED)


def maker(source: Source, file: str, survey: Callable[[], Iterable[Sequence[str]]]) -> RowMaker:
    """Begin a file of ratings from 1 to 10, each with its time."""
    return RowMaker(source, file, "trakt", dates=_DATES, survey=survey)


def rated_at(row: object) -> str:
    """The text of a rating's time, "" where it has none."""
    value = row.get("rated_at") if isinstance(row, dict) else None
    return value if type(value) is str else ""


def rows(maker: RowMaker, found: list[object], before: int = 0) -> Iterator[Row]:
    """Yield each element of an array as a row; `line` is its index from 1, with `before` elements before these."""
    for line, row in enumerate(found, before + 1):
        if isinstance(row, dict):
            yield _row(maker, row, line)
        else:
            yield maker.broken(row, line)


def _row(maker: RowMaker, row: Object, line: int) -> Row:
    word = row.get("type")
    if type(word) is not str:
        word = next((name for name in (*PARTS, *KINDS) if name in row), "")
    about = row.get(word)
    kind = KINDS.get(word)
    if kind is None:
        return _part(maker, row, word[:LONGEST], about, line)
    rating = row.get("rating")
    if not isinstance(about, dict) or _monstrous(rating):
        return maker.marked(f"{word} {row.get('rated_at')} {rating}", line)
    title, year, ids = about.get("title"), about.get("year"), about.get("ids")
    if type(title) is not str or len(title) > LONGEST:
        title = _text(title)[:LONGEST]
    if type(year) is not int or not 0 < year < 10_000:
        year = _year(year)
    if not isinstance(ids, dict):
        ids = _NO_IDS
    taken = trakt_ids.taken(ids, kind, maker.ids)
    key = trakt_ids.key(word, ids, taken, title, year)
    when = row.get("rated_at")
    if type(rating) is int and 0 < rating < 11 and type(when) is str and (date := exact_time(when, _RATING)):
        return make_item(
            key=key,
            kind=kind,
            title=title,
            year=year,
            ids=taken,
            source_rating=str(rating),
            rating=rating,
            date=date,
            file=maker.file,
            line=line,
        )
    return maker.make(
        key=key,
        sort=kind,
        title=title,
        year=year,
        ids=taken,
        rating=_text(rating),
        dates=(rated_at(row),),
        line=line,
    )


def _part(maker: RowMaker, row: Object, word: str, about: object, line: int) -> Row:
    """Make the row of a season, an episode or something else: with its show's title, and never with an id."""
    show = row.get("show")
    show = show if isinstance(show, dict) else _NO_IDS
    rating = row.get("rating")
    if not isinstance(about, dict) or _monstrous(rating):
        return maker.marked(f"{word} {row.get('rated_at')} {rating}", line)
    title, year = _text(show.get("title"))[:LONGEST], _year(show.get("year"))
    ids, show_ids = about.get("ids"), show.get("ids")
    number = trakt_ids.number(ids.get("trakt")) if isinstance(ids, dict) else ""
    if not number:
        whole = trakt_ids.key("show", show_ids if isinstance(show_ids, dict) else _NO_IDS, (), title, year)
        number = f"{whole[6:]}:{_text(about.get('season'))}:{_text(about.get('number'))}"
    return maker.make(
        key=f"trakt:{word}:{number}",
        sort=UNSUPPORTED if word in PARTS else UNKNOWN,
        title=title,
        year=year,
        ids=(),
        rating=_text(rating),
        dates=(rated_at(row),),
        line=line,
        word=word,
    )


def _monstrous(rating: object) -> bool:
    """Tell what is no rating and could not be shown as one."""
    return isinstance(rating, list | dict) or (isinstance(rating, str) and len(rating) > LONGEST)


def _year(value: object) -> int | None:
    digits = trakt_ids.number(value)
    return int(digits) if digits and len(digits) == 4 else None


def _text(value: object) -> str:
    """A JSON scalar as text, "" for null and for what is no scalar."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""
