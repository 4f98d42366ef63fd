"""GET /sync/ratings: ratings by type, the whole library, and the delta (`/api-reference/simkl/get-user-ratings`)."""

from __future__ import annotations

from importer.sandbox.answers import Answer
from importer.sandbox.reads.reading import BadQuestionError, Reading, kinds_of
from importer.sandbox.reads.rows import Row, Shape
from importer.sandbox.titles import Title


def ratings(reading: Reading, word: str | None = None, chosen: str | None = None) -> Answer:
    """Return the titles of the type `word` whose rating is in `chosen`; without it the whole library.

    With `date_from` only those whose rating changed after it: a rating that was removed is a row with null in it,
    which `chosen` hides.
    """
    wanted = None if chosen is None else _numbers(chosen)
    shelf = reading.shelf()
    shape = Shape(reading.play, reading.dials, "anime" if "anime-rows-swapped" in reading.play else "show")

    def row(title: Title) -> Row | None:
        standing = shelf.standing(title.simkl)
        rating = standing.rating
        hidden = wanted is not None and (rating is None or rating.rating not in wanted)
        if hidden or not reading.covers(standing.rating_moved):
            return None
        removed = rating is None and reading.moment is not None
        return shape.removed_row(title, standing) if removed else shape.rating_row(title, standing)

    numbers = list(shelf.ratings) if wanted is not None else list({**shelf.library, **shelf.ratings})
    return reading.answer(kinds_of(word), numbers, row)


def _numbers(chosen: str) -> set[int]:
    try:
        return {int(number) for number in chosen.split(",")}
    except ValueError:
        raise BadQuestionError("ratings must be numbers") from None
