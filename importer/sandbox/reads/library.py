"""GET /sync/all-items: the library, with lists and ratings (`/api-reference/simkl/get-all-items`)."""

from __future__ import annotations

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, error
from importer.sandbox.dials import Dials
from importer.sandbox.reads.rows import Row, Shape
from importer.sandbox.reads.sections import UnreadableDateError, answered, kinds_of, moment_of, shelf_of, since
from importer.sandbox.schedule import Play
from importer.sandbox.stamps import STATUSES
from importer.sandbox.titles import Title

_SMALL = {"ids_only": False, "simkl_ids_only": True}


def all_items(
    account: Account,
    word: str | None,
    status: str | None,
    date_from: str | None,
    extended: str | None,
    play: Play,
    dials: Dials,
) -> Answer:
    """Return the titles of the type `word` on the list `status`; None for all of them.

    With `date_from` only those whose place on a list changed after it: a change of rating alone is none.
    """
    if status is not None and status not in STATUSES:
        return error(400, "wrong_parameter", f"no list {status}")
    try:
        moment = None if date_from is None else moment_of(date_from)
    except UnreadableDateError as problem:
        return error(400, "wrong_parameter", str(problem))
    shelf = shelf_of(account, play, dials, delta=moment is not None)
    shape = Shape(play, dials, "show" if "anime-rows-swapped" in play else "anime")

    def row(title: Title) -> Row | None:
        standing = shelf.standing(title.simkl)
        if status not in (None, standing.status) or not since(standing.list_moved, moment, play):
            return None
        if extended in _SMALL:
            return shape.small_row(title, simkl_only=_SMALL[extended])
        return shape.library_row(title, standing)

    kinds = kinds_of(word)
    numbers = [simkl for simkl in shelf.library if account.catalog.titles[simkl].kind in kinds]
    if "max-items" in play and status is None and len(numbers) > dials.max_items:
        return error(400, "max_items", "too many items: ask for one list at a time")
    return answered(account.catalog, kinds, numbers, row, play)
