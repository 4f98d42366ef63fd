"""GET /sync/all-items: the library, with lists and ratings (`/api-reference/simkl/get-all-items`)."""

from __future__ import annotations

from importer.sandbox.answers import Answer, error
from importer.sandbox.reads.reading import BadQuestionError, Reading, kinds_of
from importer.sandbox.reads.rows import Row, Shape
from importer.sandbox.stamps import STATUSES
from importer.sandbox.titles import Title

_SMALL = {"ids_only": False, "simkl_ids_only": True}


def all_items(reading: Reading, word: str | None = None, status: str | None = None) -> Answer:
    """Return the titles of the type `word` on the list `status`; None for all of them.

    With `date_from` only those whose place on a list changed after it: a change of rating alone is none.
    """
    if status is not None and status not in STATUSES:
        raise BadQuestionError(f"no list {status}")
    shelf = reading.shelf()
    shape = Shape(reading.play, reading.dials, "show" if "anime-rows-swapped" in reading.play else "anime")

    def row(title: Title) -> Row | None:
        standing = shelf.standing(title.simkl)
        if status not in (None, standing.status) or not reading.covers(standing.list_moved):
            return None
        if reading.extended in _SMALL:
            return shape.small_row(title, simkl_only=_SMALL[reading.extended])
        return shape.library_row(title, standing)

    kinds = kinds_of(word)
    numbers = [simkl for simkl in shelf.library if reading.account.catalog.titles[simkl].kind in kinds]
    if "max-items" in reading.play and status is None and len(numbers) > reading.dials.max_items:
        return error(400, "max_items", "too many items: ask for one list at a time")
    return reading.answer(kinds, numbers, row)
