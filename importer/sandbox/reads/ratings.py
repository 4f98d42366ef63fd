"""GET /sync/ratings: ratings by type, the whole library, and the delta (`/api-reference/simkl/get-user-ratings`)."""

from __future__ import annotations

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, error
from importer.sandbox.dials import Dials
from importer.sandbox.reads.rows import Row, Shape
from importer.sandbox.reads.sections import UnreadableDateError, answered, kinds_of, moment_of, shelf_of, since
from importer.sandbox.schedule import Play
from importer.sandbox.titles import Title


def ratings(
    account: Account, word: str | None, chosen: str | None, date_from: str | None, play: Play, dials: Dials
) -> Answer:
    """Return the titles of the type `word` whose rating is in `chosen`; without it the whole library.

    With `date_from` only those whose rating changed after it: a rating that was removed is a row with null in it,
    which `chosen` hides.
    """
    try:
        wanted = None if chosen is None else {int(number) for number in chosen.split(",")}
    except ValueError:
        return error(400, "wrong_parameter", "ratings must be numbers")
    try:
        moment = None if date_from is None else moment_of(date_from)
    except UnreadableDateError as problem:
        return error(400, "wrong_parameter", str(problem))
    shelf = shelf_of(account, play, dials, delta=moment is not None)
    shape = Shape(play, dials, "anime" if "anime-rows-swapped" in play else "show")

    def row(title: Title) -> Row | None:
        standing = shelf.standing(title.simkl)
        rating = standing.rating
        if not since(standing.rating_moved, moment, play) or (
            wanted is not None and (rating is None or rating.rating not in wanted)
        ):
            return None
        if moment is not None and rating is None:
            return shape.removed_row(title, standing)
        return shape.rating_row(title, standing)

    numbers = list(shelf.ratings) if wanted is not None else list({**shelf.library, **shelf.ratings})
    return answered(account.catalog, kinds_of(word), numbers, row, play)
