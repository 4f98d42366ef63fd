"""Titles of ours that the account does not show any more: their pages are asked for the numbers they have now."""

from __future__ import annotations

from importer.journal import moved
from importer.journal.changes import open_numbers
from importer.journal.moved import forget_looked_for, note_looked_for, vanished_titles
from importer.journal.owed import debts
from importer.journal.store import Journal
from importer.model import Kind
from importer.send.pages import new_numbers
from importer.simkl.account import Account
from importer.simkl.client import Client

MOST_PAGES = 20
"""Titles of ours that a reading lacks and whose own page is asked for, in one settlement."""


async def follow_numbers(client: Client, journal: Journal, account: Account) -> None:
    """Look for the new number of titles of ours that the account does not show any more; write it everywhere."""
    forget_looked_for(journal)
    missing = _missing_titles(journal, account)
    found = await new_numbers(client, missing) if missing else {}
    if found:
        with journal.transaction():
            for old, new in found.items():
                if new != old:
                    moved.rename_title(journal, old, new)
            note_looked_for(journal, (old for old, new in found.items() if new == old))


def _missing_titles(journal: Journal, account: Account) -> list[tuple[Kind, int]]:
    open_titles = list(open_numbers(journal))
    owed_titles = [(debt.kind, debt.simkl) for debt in debts(journal).values()]
    missing = [one for one in dict.fromkeys((*owed_titles, *open_titles)) if one[1] not in account.by_simkl]
    looked_for = {simkl for _, simkl in missing}
    missing += [one for one in vanished_titles(journal, MOST_PAGES) if one[1] not in looked_for]
    return missing[:MOST_PAGES]
