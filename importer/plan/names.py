"""By which names a title goes, by its own page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from importer.model import value


@value
class Names:
    """Its title and its alternative titles, its year, its ids. (/guides/sync)"""

    titles: Sequence[str]
    year: int | None
    ids: Collection[tuple[str, str]] = ()
