"""One item per title: rows that mean the same title are merged, the best row wins, the others are its duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from importer.identity import Token, conflicting, id_tokens, loose_title, title_token, trusted
from importer.model import Date, Ids, Item, Kind, Precision, Ruling, value


@value
class Merged:
    """What rows of one title have together: by row number, the trusted ids of each row, and where it won over others
    the ids of all of them that may go together.

    `others` are, by the number of a winner, the rows that lost to it, the best first. `ambiguous` are, by the number of
    the best row of a key, the rows of that key that lost to it, where their title could be either of two.
    """

    ids: list[Ids]
    others: dict[int, tuple[int, ...]]
    ambiguous: dict[int, tuple[int, ...]]


def dedupe(items: Sequence[Item], verdicts: Sequence[Date | Ruling], known: Mapping[str, int]) -> Merged:
    """Merge the rows that are fit to be sent: those whose verdict is the date that they are sent with.

    `known` maps keys to the simkl ids that reading back found for them: two keys on one simkl id are one title.
    """
    groups = _Groups(items, verdicts, known)
    roots = groups.join_titles()
    lost = sorted({n for root in roots for n in groups.members(root)})
    ambiguous = _best_of_each_key(lost, items, verdicts)
    others: dict[int, tuple[int, ...]] = {}
    together: dict[int, Ids] = {}
    for members in groups.joined():
        if roots.isdisjoint(members):
            winner, *losers = sorted(members, key=lambda n: _rank(verdicts[n], n), reverse=True)
            others[winner] = tuple(losers)
            together[winner] = _ids_together([(items[n].kind, groups.ids[n]) for n in (winner, *losers)])
    ids = groups.ids
    for n, pairs in together.items():
        ids[n] = pairs
    return Merged(ids, others, ambiguous)


def _best_of_each_key(
    rows: Iterable[int], items: Sequence[Item], verdicts: Sequence[Date | Ruling]
) -> dict[int, tuple[int, ...]]:
    """Rows of one key are one title, whichever it is: only the best of them needs a person."""
    keys: dict[str, list[int]] = {}
    for n in rows:
        keys.setdefault(items[n].key, []).append(n)
    best: dict[int, tuple[int, ...]] = {}
    for alike in keys.values():
        first, *others = sorted(alike, key=lambda n: _rank(verdicts[n], n), reverse=True)
        best[first] = tuple(others)
    return best


def _ids_together(rows: Sequence[tuple[Kind | None, Ids]]) -> Ids:
    """Return the ids of all rows of a title, given by kind and ids with the best row first, that may be trusted
    together; where two name one key, the better row's counts.

    A number that means another title under the winner's kind (a series' tmdb on a film) stays out.
    """
    kind = rows[0][0]
    ids: dict[str, str] = {}
    for own, pairs in rows:
        for pair in pairs:
            if own is kind or id_tokens(kind, (pair,)) == id_tokens(own, (pair,)):
                ids.setdefault(*pair)
    return trusted(kind, tuple(ids.items()))


def _rank(verdict: Date | Ruling, n: int) -> tuple[bool, int, bool, int, int]:
    """Dated beats undated, then the newer date (on one day seconds beat days), then the later row."""
    if not isinstance(verdict, Date):
        raise TypeError(f"row {n} is not fit to be sent, and was merged")
    return (*_worth(verdict), n)


def better(date: Date, other: Date) -> bool:
    """Tell whether a row of one date beats one of another on the same title; of two alike neither does."""
    return _worth(date) > _worth(other)


def _worth(date: Date) -> tuple[bool, int, bool, int]:
    exact = date.precision is Precision.SECOND
    return (date.true, date.day, exact, date.value if exact else 0)


def _site(item: Item) -> str:
    return item.key.partition(":")[0]


def _contradict(item: Item, other: Item, token: Token) -> bool:
    """Tell whether two rows that share an id mean different titles: title, year and another id speak against it."""
    if item.year is None or other.year is None or item.year == other.year:
        return False
    if loose_title(item.title) == loose_title(other.title):
        return False
    ours = {one for one in id_tokens(item.kind, item.ids) if one != token}
    theirs = {one for one in id_tokens(other.kind, other.ids) if one != token}
    return conflicting(ours, theirs)


class _Groups:
    """Disjoint sets of row numbers; nearly all rows are a set of their own, so only joined ones are stored."""

    def __init__(self, items: Sequence[Item], verdicts: Sequence[Date | Ruling], known: Mapping[str, int]) -> None:
        self._items = items
        self._fit = [isinstance(verdict, Date) for verdict in verdicts]
        self.ids: list[Ids] = []
        self._parent = list(range(len(items)))
        self._joined: dict[int, list[int]] = {}
        self._same_title: dict[str, list[int]] = {}
        self._wrong: set[Token] = set()
        named_by_ids = True
        first: dict[str | Token, int] = {}
        for n, (item, fit) in enumerate(zip(items, self._fit, strict=True)):
            if not fit:
                self.ids.append(())
                continue
            if (other := first.setdefault(item.key, n)) != n:
                self._join(n, other)
            ids = item.ids
            if ids:
                ids = trusted(item.kind, ids)
                for token in id_tokens(item.kind, ids):
                    if (other := first.setdefault(token, n)) == n:
                        continue
                    if _contradict(item, items[other], token):
                        self._wrong.add(token)
                    else:
                        self._join(n, other)
            named_by_ids = named_by_ids and bool(ids)
            self.ids.append(ids)
            simkl = known.get(item.key) if known else None
            if simkl is not None and (other := first.setdefault(("simkl", str(simkl)), n)) != n:
                self._join(n, other)
        if self._wrong:
            named_by_ids = self._drop_wrong_ids() and named_by_ids
        # Where one site names all its rows by ids, no title can say more than they do.
        if not named_by_ids or len({_site(item) for _, item in self._rows()}) > 1:
            self._compare_titles()

    def _rows(self) -> Iterator[tuple[int, Item]]:
        """Return the rows that are fit to be sent, each with its number."""
        return ((n, item) for n, (item, fit) in enumerate(zip(self._items, self._fit, strict=True)) if fit)

    def _drop_wrong_ids(self) -> bool:
        """An id that two different titles claim is one of theirs at most, and nobody knows whose: it is sent for
        neither. Return whether every row has an id left.
        """
        for n, item in self._rows():
            tokens = id_tokens(item.kind, self.ids[n])
            if not self._wrong.isdisjoint(tokens):
                pairs = zip(self.ids[n], tokens, strict=True)
                self.ids[n] = tuple(pair for pair, token in pairs if token not in self._wrong)
        return all(self.ids[n] for n, _ in self._rows())

    def _compare_titles(self) -> None:
        titles: dict[str, int] = {}
        for n, item in self._rows():
            title = title_token(item.kind, item.title, item.year)
            if title is not None and (other := titles.setdefault(title, n)) != n:
                self._same_title.setdefault(title, [other]).append(n)

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
        """Return the sets of more than one row."""
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

    def _sites(self, root: int) -> set[str]:
        return {_site(self._items[n]) for n in self.members(self._root(root))}

    def _ids(self, root: int) -> set[Token]:
        members = self.members(self._root(root))
        return {token for n in members for token in id_tokens(self._items[n].kind, self.ids[n])}
