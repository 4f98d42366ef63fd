"""CrossWatch's CSV in the forms of other sites. It writes points of 10 where Letterboxd's form has stars."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from adapters.reading.file_dates import DateColumn
from adapters.reading.forms import Fit, Form
from adapters.reading.plain import Plain, Typed
from adapters.reading.scale import Scale, ten_points
from adapters.reading.table import Table
from adapters.reading.text import shown
from importer.errors import ExportError
from importer.model import Kind, Origin

if TYPE_CHECKING:
    from adapters.protocol import Source
    from adapters.reading.header import Header
    from adapters.reading.lines import Line
    from importer.model import Row

_FILM: Final = ("imdbid", "tmdbid", "title", "year")
_IDS: Final = {"imdb": "imdbid", "tmdb": "tmdbid"}
_UNRATED: Final = frozenset({*_FILM, "watcheddate", "type"})
UNTYPED: Final = (
    "does not tell films from series, and CrossWatch writes both: all are read as films; "
    "its capture of the ratings (JSON) tells"
)
_STARS: Final = 5
_HALF: Final = Decimal("0.5")


def _row(line: Line) -> Row:
    return line.row(sort=Kind.MOVIE, title=line["title"], year=line.year(), ids=line.ids(Kind.MOVIE))


def _has_no_others(head: Header, _source: Source, _member: str) -> bool:
    # A column without a name, as pandas writes its row numbers, tells nothing of who wrote the rest.
    return sum(map(bool, head.names)) == len(_FILM) + 1


def _is_unrated(head: Header, _source: Source, _member: str) -> bool:
    return _UNRATED.issuperset(head.names)


_FILMS: Final = Plain(words=(), typed=lambda: Typed(Kind.MOVIE, "crosswatch:movie:"))
FIVE: Final = Form(
    why="exactly the five columns that CrossWatch writes for Letterboxd",
    needs=(*_FILM, "rating"),
    when=_has_no_others,
    row=_row,
    plain=_FILMS,
    asks_scale=True,
    ids=_IDS,
)
"""The stars of Letterboxd's form, or the points of CrossWatch: the one table whose values tell its scale."""

EIGHT: Final = Form(
    why="the columns that CrossWatch writes for Yamtrack",
    needs=(*_FILM, "rating", "watcheddate", "feature", "provider"),
    row=_row,
    plain=_FILMS,
    dates={"watcheddate": DateColumn(Origin.WATCHED)},
    ids=_IDS,
)
LISTS: Final = Form(
    why="the columns of a list from CrossWatch",
    needs=_FILM,
    when=_is_unrated,
    refusal="is a watchlist or a history without ratings: export the ratings instead",
)

FORMS: Final = (FIVE, EIGHT, LISTS)


def with_scale(source: Source, member: str, fit: Fit, name: str) -> Fit:
    """Find out what the ratings of such a table mean. Raises ExportError where neither they nor the person tell."""
    if fit.form is not FIVE:
        return fit
    scale = _told(source, member, fit, name) or source.choices.scale
    if scale is None:
        raise ExportError(
            f"{shown(member)}: its ratings are whole numbers up to {_STARS}: they may be stars of 5, "
            "as Letterboxd has them, or points of 10, as CrossWatch writes them",
            "say which: --scale 5 or --scale 10",
        )
    return replace(fit, form=replace(FIVE, scale=scale, asks_scale=False))


def _told(source: Source, member: str, fit: Fit, name: str) -> Scale | None:
    """Tell the scale by the ratings, as far as they do: no star goes beyond 5, and halves are of stars.

    A table without any rating is on every scale.
    """
    texts = Table(source, member, fit, name).texts("rating")
    points = [value for text in texts if (value := ten_points(text)) is not None and value]
    if any(value > _STARS for value in points):
        return Scale.TEN
    if any(value % 1 == _HALF for value in points) or not points:
        return Scale.FIVE
    return None
