"""What a title's own page tells: its other names, and the number it has now.

Such a request is uncounted and needs no token; a few go at a time.

Page: /resources/rate-limits (cached catalogue calls).
"""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from importer.errors import ServiceStopError
from importer.model import AccountRating, Kind
from importer.plan.names import Names
from importer.simkl.client import Client
from importer.simkl.lookup import Entry, look_up


async def other_names(client: Client, titles: Sequence[AccountRating]) -> dict[int, Names]:
    """Return by which names titles go. One whose page does not answer is left out: nothing is known of it then."""
    entries = await _pages(client, [(theirs.kind, theirs.simkl) for theirs in titles])
    return {
        simkl: Names((entry.title, *entry.other_titles), entry.year, entry.ids)
        for simkl, entry in entries.items()
        if entry is not None
    }


async def new_numbers(client: Client, titles: Sequence[tuple[Kind, int]]) -> dict[int, int]:
    """Return the number that each title has now: its own one too where it has no other, or is gone altogether.

    One whose page does not answer is left out. A row's kind is not always the title's: Simkl files films as anime.
    """
    entries = await _pages(client, titles)
    strange = [(kind, simkl) for kind, simkl in titles if simkl in entries and entries[simkl] is None]
    for other in Kind:
        again = [(other, simkl) for kind, simkl in strange if kind is not other and entries.get(simkl) is None]
        entries |= {simkl: entry for simkl, entry in (await _pages(client, again)).items() if entry is not None}
    return {old: old if entry is None else entry.simkl for old, entry in entries.items()}


async def titles_gone(client: Client, titles: Sequence[tuple[Kind, int]]) -> set[int]:
    """Return which of these titles have no page any more, of whatever kind: Simkl knows them no longer."""
    left = {simkl for _, simkl in titles}
    for kind in Kind:
        entries = await _pages(client, [(kind, simkl) for _, simkl in titles if simkl in left])
        left = {simkl for simkl in left if simkl in entries and entries[simkl] is None}
    return left


async def _pages(client: Client, titles: Sequence[tuple[Kind, int]]) -> dict[int, Entry | None]:
    found: dict[int, Entry | None] = {}

    async def ask(kind: Kind, simkl: int) -> None:
        try:
            found[simkl] = await look_up(client, kind, simkl)
        except ServiceStopError:
            return  # a page that does not answer says nothing of the account

    async with anyio.create_task_group() as tasks:
        for kind, simkl in titles:
            tasks.start_soon(ask, kind, simkl)
    return found
