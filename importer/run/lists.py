"""Which titles are on one of the account's lists already: rating such a title puts it onto none."""

from __future__ import annotations

from importer.journal import account as snapshots
from importer.journal.store import Journal
from importer.plan.title import Title
from importer.simkl.account import Account


class Lists:
    """The titles on the account's lists, by their number and by what they are called."""

    def __init__(self, numbers: frozenset[int], titles: Account) -> None:
        self.numbers = numbers
        self._titles = titles

    def has(self, one: Title) -> bool:
        """Tell whether a title is on a list."""
        if not self.numbers:
            return False
        item = one.item
        number = one.theirs.simkl if one.theirs is not None else one.simkl
        if number is not None:
            return number in self.numbers
        return self._titles.find(None, one.kind, one.ids, item.title, item.year) is not None


def lists_on_record(journal: Journal) -> Lists | None:
    """Return the lists as they were read last, None if the account was never asked for them."""
    numbers = snapshots.listed_numbers(journal)
    if numbers is None:
        return None
    return Lists(numbers, Account(snapshots.listed_titles(journal) if numbers else ()))
