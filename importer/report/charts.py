"""The two charts of the page as numbers: ratings before and after, and ratings by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.model import value
from importer.report.safe import clean, count

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from importer.report.digest import Scale

OFF_SCALE = 8
"""Texts without a rating on the 1-10 scale that are named one by one; the rest share a line."""
ROOMY = 18
"""Years whose columns have room for a number each on a wide page."""
TEXTS_EACH = 3
"""Texts named beside one rating: "4, 4.0, 4.00"."""


@value
class Bar:
    """A number and its share of the highest one, in percent; 0 only where the number is 0."""

    rows: int
    share: int


@value
class Rating:
    """One rating from 1 to 10: rows in the export, their texts there, and ratings on Simkl."""

    rating: int
    before: Bar
    texts: tuple[str, ...]
    after: Bar


@value
class Ratings:
    """The ratings of one source; `off` are rows without a rating from 1 to 10 by their text, `digits` those of the
    highest number.
    """

    source: str
    digits: int
    read: int
    there: int
    ratings: tuple[Rating, ...]
    off: tuple[tuple[str, int], ...]


@value
class Year:
    """One year's column; `label` tells when it is named: never, where there is room, or always."""

    year: int
    bar: Bar
    label: str


@value
class Years:
    """Ratings by year, gaps included; `crowded` where there is no room for each number."""

    columns: tuple[Year, ...]
    best: int
    highest: int
    total: int
    crowded: bool


def ratings(scales: Mapping[str, Scale]) -> list[Ratings]:
    """Return the numbers of each source."""
    return [_ratings(source, scale) for source, scale in scales.items()]


def _ratings(source: str, scale: Scale) -> Ratings:
    texts: dict[int, list[tuple[int, str]]] = {}
    off: list[tuple[int, str]] = []
    for (text, rating), rows in scale.before.items():
        (texts.setdefault(rating, []) if rating is not None and 1 <= rating <= 10 else off).append((rows, text))
    read = {rating: sum(rows for rows, _ in texts.get(rating, ())) for rating in range(1, 11)}
    highest = max(1, *read.values(), *scale.after.values())
    off.sort(key=lambda pair: (-pair[0], pair[1]))
    named = [(clean(text) or "no text", rows) for rows, text in off[:OFF_SCALE]]
    rest = sum(rows for rows, _ in off[OFF_SCALE:]) + scale.others
    return Ratings(
        source=source,
        digits=len(count(highest)),
        read=sum(read.values()) + sum(rows for rows, _ in off) + scale.others,
        there=scale.after.total(),
        ratings=tuple(
            _rating(rating, read[rating], texts.get(rating, []), scale, highest) for rating in range(10, 0, -1)
        ),
        off=(*named, *([("other texts", rest)] if rest else [])),
    )


def _rating(rating: int, read: int, texts: list[tuple[int, str]], scale: Scale, highest: int) -> Rating:
    return Rating(rating, _bar(read, highest), _named(texts), _bar(scale.after[rating], highest))


def _named(texts: list[tuple[int, str]]) -> tuple[str, ...]:
    named = [clean(text) for _, text in sorted(texts, key=lambda pair: (-pair[0], pair[1]))]
    return (*named[:TEXTS_EACH], "…") if len(named) > TEXTS_EACH else tuple(named)


def _bar(rows: int, highest: int) -> Bar:
    return Bar(rows, max(1, round(100 * rows / highest)) if rows else 0)


def years(found: Counter[int]) -> Years | None:
    """Return the columns of the years, or None where no row has a rating date."""
    if not found:
        return None
    span = range(min(found), max(found) + 1)
    highest = max(found.values())
    # Every label where there is room, else about eight; a phone shows every second of those.
    step = 1 if len(span) <= ROOMY else -(-len(span) // 8)
    return Years(
        columns=tuple(
            Year(year, _bar(found[year], highest), _label(n, step, len(span))) for n, year in enumerate(span)
        ),
        best=max(found, key=lambda year: (found[year], year)),
        highest=highest,
        total=found.total(),
        crowded=len(span) > ROOMY,
    )


def _label(n: int, step: int, columns: int) -> str:
    if n % step or (step > 1 and columns - n < step / 2):
        return ""
    return "said" if n // step % 2 == 0 else "said spare"
