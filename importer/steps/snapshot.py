"""The account snapshot: read only where the activity stamps moved, kept in the resume file."""

from __future__ import annotations

from importer.journal.account import load_account, save_account, stamps
from importer.journal.store import Journal
from importer.model import Kind
from importer.simkl.account import Account, read_ratings, read_stamps
from importer.simkl.client import Client


async def snapshot(client: Client, journal: Journal, *, again: bool = False) -> Account:
    """The account's ratings now: one read where nothing moved, one more for each kind that did.

    The stamps are taken before the ratings: what is rated in between is read again next time rather than missed.
    A kind without a stamp was never rated, unless no kind has one: then the stamps tell nothing. `again` reads all
    kinds anyway.
    """
    kept = stamps(journal)
    now = await read_stamps(client)
    fresh = {kind.value: now.of(kind) for kind in Kind}
    blind = again or kept is None or not any(fresh.values())
    moved = [kind for kind in Kind if blind or kept is None or kept.get(kind.value) != fresh[kind.value]]
    if moved:
        ratings = [theirs for kind in moved for theirs in await read_ratings(client, kind)]
        with journal.transaction():
            save_account(journal, moved, ratings, fresh)
    return Account(load_account(journal))
