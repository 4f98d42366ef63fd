"""One item per title: rows that mean the same title are merged, the best row wins, the others are its duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.identity import conflicting, id_tokens, title_token, trusted
from importer.model import Ids, Item, Precision


@dataclass(frozen=True, slots=True)
class Merged:
    """One title: the winning row, the rows it won over (best first), and the ids of all that may go together."""

    n: int
    item: Item
    ids: Ids
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """All titles in the input order of their winning rows, and the rows whose title could be either of two."""

    merged: list[Merged]
    ambiguous: list[int]


def dedupe(rows: Sequence[tuple[int, Item]], known: Mapping[str, int]) -> Titles:
    """Merge judged rows, given in input order with their numbers.

    `known` maps keys to the simkl ids that reading back found for them: two keys on one simkl id are one title.
    """
    groups = _Groups(rows, known)
    ambiguous = groups.join_titles()
    titles: list[Merged] = []
    for root, members in groups.all():
        if root in ambiguous:
            continue
        if len(members) == 1:
            n, item = rows[members[0]]
            titles.append(Merged(n, item, trusted(item.kind, item.ids), ()))
        else:
            titles.append(_merge([rows[i] for i in members]))
    titles.sort(key=_input_order)
    return Titles(titles, sorted(rows[i][0] for root in ambiguous for i in groups.members(root)))


def _input_order(merged: Merged) -> int:
    return merged.n


def _merge(rows: list[tuple[int, Item]]) -> Merged:
    ranked = sorted(rows, key=_rank, reverse=True)
    n, winner = ranked[0]
    ids: dict[str, str] = {}
    for _, item in ranked:
        for key, value in trusted(item.kind, item.ids):
            ids.setdefault(key, value)
    return Merged(n, winner, trusted(winner.kind, tuple(ids.items())), tuple(other for other, _ in ranked[1:]))


def _rank(row: tuple[int, Item]) -> tuple[bool, int, bool, int, int]:
    """Dated beats undated, then the newer date (on one day seconds beat days), then the later row."""
    n, item = row
    date = item.date
    if date is None:
        return (False, -(1 << 62), False, 0, n)
    exact = date.precision is Precision.SECOND
    return (date.true, date.day, exact, date.value if exact else 0, n)


def _site(item: Item) -> str:
    return item.key.partition(":")[0]


class _Groups:
    """Disjoint sets of row positions; nearly all rows are a set of their own, so only joined ones are stored."""

    def __init__(self, rows: Sequence[tuple[int, Item]], known: Mapping[str, int]) -> None:
        self._rows = rows
        self._parent = list(range(len(rows)))
        self._joined: dict[int, list[int]] = {}
        self._same_title: dict[str, list[int]] = {}
        first: dict[str, int] = {}
        titles: dict[str, int] = {}
        for i, (_, item) in enumerate(rows):
            j = first.setdefault(item.key, i)
            if j != i:
                self._join(i, j)
            if item.ids:
                for token in id_tokens(item.kind, trusted(item.kind, item.ids)):
                    j = first.setdefault(token, i)
                    if j != i:
                        self._join(i, j)
            if known and (simkl := known.get(item.key)) is not None:
                j = first.setdefault(f"simkl:{simkl}", i)
                if j != i:
                    self._join(i, j)
            title = title_token(item.kind, item.title, item.year)
            if title is not None:
                j = titles.setdefault(title, i)
                if j != i:
                    self._same_title.setdefault(title, [j]).append(i)

    def _root(self, i: int) -> int:
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def _join(self, i: int, j: int) -> None:
        a, b = sorted((self._root(i), self._root(j)))
        if a != b:
            self._parent[b] = a
            self._joined[a] = self.members(a) + self._joined.pop(b, [b])

    def members(self, root: int) -> list[int]:
        return self._joined.get(root) or [root]

    def all(self) -> list[tuple[int, list[int]]]:
        return [(i, self.members(i)) for i, parent in enumerate(self._parent) if i == parent]

    def join_titles(self) -> set[int]:
        """Join what two sites call by one kind, title and year; return the roots that could be either of two titles."""
        ambiguous: set[int] = set()
        for positions in self._same_title.values():
            roots = sorted({self._root(i) for i in positions} - ambiguous)
            if len(roots) > 1:
                ambiguous |= self._join_alike(roots)
        return {self._root(root) for root in ambiguous}

    def _join_alike(self, roots: list[int]) -> set[int]:
        with_ids = [root for root in roots if self._ids(root)]
        without = [root for root in roots if root not in with_ids]
        ambiguous = {root for root in without if self._shares_site(root, without)}
        loose = [root for root in without if root not in ambiguous]
        for other in loose[1:]:
            self._join(loose[0], other)
        distinct = self._join_compatible(with_ids)
        if loose and len(distinct) > 1:
            return ambiguous | {self._root(loose[0])}
        if loose and distinct and not self._sites(loose[0]) & self._sites(distinct[0]):
            self._join(loose[0], distinct[0])
        return ambiguous

    def _join_compatible(self, roots: list[int]) -> list[int]:
        """Join titles with ids of different sites where no id speaks against it; return what stays distinct."""
        distinct: list[int] = []
        for root in roots:
            fits = [
                other
                for other in distinct
                if not self._sites(other) & self._sites(root) and not conflicting(self._ids(other), self._ids(root))
            ]
            if len(fits) == 1:
                self._join(fits[0], root)
            else:
                distinct.append(root)
        return [self._root(root) for root in distinct]

    def _shares_site(self, root: int, others: list[int]) -> bool:
        return any(other != root and self._sites(other) & self._sites(root) for other in others)

    def _items(self, root: int) -> list[Item]:
        return [self._rows[i][1] for i in self.members(self._root(root))]

    def _sites(self, root: int) -> set[str]:
        return {_site(item) for item in self._items(root)}

    def _ids(self, root: int) -> set[str]:
        return {token for item in self._items(root) for token in id_tokens(item.kind, trusted(item.kind, item.ids))}
