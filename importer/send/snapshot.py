"""The account snapshot: read only where the activity stamps moved, kept in the resume file."""

from __future__ import annotations

from itertools import chain

from importer.journal.account import load_account, save_account, stamps
from importer.journal.store import Journal
from importer.model import AccountRating, Kind
from importer.simkl.account import Account, read_ratings, read_stamps
from importer.simkl.client import Client


async def snapshot(client: Client, journal: Journal, *, again: bool = False) -> Account:
    """The account's ratings now: one read where nothing moved, one more for each kind that did.

    The stamps are taken before the ratings: what is rated in between is read again next time rather than missed.
    A kind without a stamp was never rated, unless no kind has one: then the stamps tell nothing. `again` reads all
    kinds anyway.
    """
    kept = stamps(journal) or {}
    now = await read_stamps(client)
    blind = again or not any(now.of(kind) for kind in Kind)
    read: dict[Kind, list[AccountRating]] = {}
    for kind in Kind:
        stamp = now.of(kind)
        if blind or kind.value not in kept or kept[kind.value] != stamp:
            read[kind] = await read_ratings(client, kind)
            kept[kind.value] = stamp
            with journal.transaction():
                save_account(journal, kind, read[kind], kept)
    return Account(chain(load_account(journal, (kind for kind in Kind if kind not in read)), *read.values()))
