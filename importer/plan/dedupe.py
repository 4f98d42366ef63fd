"""One item per title: rows that mean the same title are merged, the best row wins, the others are its duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from importer.identity import Token, conflicting, id_tokens, loose_title, title_token, trusted
from importer.model import Date, Ids, Item, Kind, Precision

Judged: TypeAlias = tuple[int, Item, Date]
"""A good row: its number in the import, what it says, and the date it is sent with."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A title of several rows: the ids of all that may go together, and the rows that lost, best first."""

    ids: Ids
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Titles:
    """The trusted ids of every row; the positions of the winning rows, in input order; what was merged, for those that
    won over others; and of the rows whose title could be either of two, the number of the best one of each key with
    those of the rows it won over.
    """

    ids: list[Ids]
    winners: list[int]
    merged: dict[int, Merged]
    ambiguous: dict[int, tuple[int, ...]]


def dedupe(rows: Sequence[Judged], known: Mapping[str, int]) -> Titles:
    """Merge judged rows, given in input order.

    `known` maps keys to the simkl ids that reading back found for them: two keys on one simkl id are one title.
    """
    groups = _Groups(rows, known)
    roots = groups.join_titles()
    lost = {i for root in roots for i in groups.members(root)}
    ambiguous = _best_of_each_key(rows[i] for i in sorted(lost))
    merged: dict[int, Merged] = {}
    for members in groups.joined():
        if roots.isdisjoint(members):
            ranked = sorted(members, key=lambda i: _rank(rows[i]), reverse=True)
            lost.update(ranked[1:])
            ids = _ids_together([(rows[i][1].kind, groups.ids[i]) for i in ranked])
            merged[ranked[0]] = Merged(ids, tuple(rows[i][0] for i in ranked[1:]))
    winners = [i for i in range(len(rows)) if i not in lost] if lost else list(range(len(rows)))
    return Titles(groups.ids, winners, merged, ambiguous)


def _best_of_each_key(rows: Iterable[Judged]) -> dict[int, tuple[int, ...]]:
    """Rows of one key are one title, whichever it is: only the best of them needs a person."""
    keys: dict[str, list[Judged]] = {}
    for row in rows:
        keys.setdefault(row[1].key, []).append(row)
    best: dict[int, tuple[int, ...]] = {}
    for alike in keys.values():
        first, *others = sorted(alike, key=_rank, reverse=True)
        best[first[0]] = tuple(row[0] for row in others)
    return best


def _ids_together(rows: Sequence[tuple[Kind | None, Ids]]) -> Ids:
    """The ids of all rows of a title, given by kind and ids with the best row first, that may be trusted together;
    where two name one key, the better row's counts.

    A number that means another title under the winner's kind (a series' tmdb on a film) stays out.
    """
    kind = rows[0][0]
    ids: dict[str, str] = {}
    for own, pairs in rows:
        for pair in pairs:
            if own is kind or id_tokens(kind, (pair,)) == id_tokens(own, (pair,)):
                ids.setdefault(*pair)
    return trusted(kind, tuple(ids.items()))


def _rank(row: Judged) -> tuple[bool, int, bool, int, int]:
    """Dated beats undated, then the newer date (on one day seconds beat days), then the later row."""
    n, _, date = row
    return (*_worth(date), n)


def better(date: Date, other: Date) -> bool:
    """Whether a row of one date beats one of another on the same title; of two alike neither does."""
    return _worth(date) > _worth(other)


def _worth(date: Date) -> tuple[bool, int, bool, int]:
    exact = date.precision is Precision.SECOND
    return (date.true, date.day, exact, date.value if exact else 0)


def _site(item: Item) -> str:
    return item.key.partition(":")[0]


def _contradict(item: Item, other: Item, token: Token) -> bool:
    """Whether two rows that share an id mean different titles: title, year and another id speak against it."""
    if item.year is None or other.year is None or item.year == other.year:
        return False
    if loose_title(item.title) == loose_title(other.title):
        return False
    ours = {one for one in id_tokens(item.kind, item.ids) if one != token}
    theirs = {one for one in id_tokens(other.kind, other.ids) if one != token}
    return conflicting(ours, theirs)


class _Groups:
    """Disjoint sets of row positions; nearly all rows are a set of their own, so only joined ones are stored."""

    def __init__(self, rows: Sequence[Judged], known: Mapping[str, int]) -> None:
        self._rows = rows
        self.ids: list[Ids] = []
        self._parent = list(range(len(rows)))
        self._joined: dict[int, list[int]] = {}
        self._same_title: dict[str, list[int]] = {}
        self._wrong: set[Token] = set()
        first: dict[str | Token, int] = {}
        for i, (_, item, _) in enumerate(rows):
            if (j := first.setdefault(item.key, i)) != i:
                self._join(i, j)
            ids = item.ids
            if ids:
                ids = trusted(item.kind, ids)
                for token in id_tokens(item.kind, ids):
                    if (j := first.setdefault(token, i)) == i:
                        continue
                    if _contradict(item, rows[j][1], token):
                        self._wrong.add(token)
                    else:
                        self._join(i, j)
            self.ids.append(ids)
            simkl = known.get(item.key) if known else None
            if simkl is not None and (j := first.setdefault(("simkl", str(simkl)), i)) != i:
                self._join(i, j)
        if self._wrong:
            self._drop_wrong_ids()
        # Where one site names all its rows by ids, no title can say more than they do.
        if not all(self.ids) or len({_site(item) for _, item, _ in rows}) > 1:
            self._compare_titles()

    def _drop_wrong_ids(self) -> None:
        """An id that two different titles claim is one of theirs at most, and nobody knows whose: it is sent for
        neither."""
        for i, (_, item, _) in enumerate(self._rows):
            tokens = id_tokens(item.kind, self.ids[i])
            if not self._wrong.isdisjoint(tokens):
                pairs = zip(self.ids[i], tokens, strict=True)
                self.ids[i] = tuple(pair for pair, token in pairs if token not in self._wrong)

    def _compare_titles(self) -> None:
        titles: dict[str, int] = {}
        for i, (_, item, _) in enumerate(self._rows):
            title = title_token(item.kind, item.title, item.year)
            if title is not None and (j := titles.setdefault(title, i)) != i:
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

    def joined(self) -> Iterable[list[int]]:
        """The sets of more than one row."""
        return self._joined.values()

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

    def _ids(self, root: int) -> set[Token]:
        members = self.members(self._root(root))
        return {token for i in members for token in id_tokens(self._rows[i][1].kind, self.ids[i])}
