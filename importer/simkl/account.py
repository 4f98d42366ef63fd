"""The account's ratings as read back, and how a title is looked up among them (/guides/sync)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from importer.identity import Token, conflicting, id_tokens, title_token
from importer.model import Ids, Kind
from importer.plan.sides import Theirs
from importer.simkl.client import Client
from importer.simkl.reads import ACTIVITIES, READ, Stamps, parse_ratings, parse_stamps


class Account:
    """All ratings of an account, to be looked up by simkl id, by every id in its namespace, by kind, title and year.

    An id or a title that two ratings share leads nowhere: it cannot tell which of them is meant.
    """

    def __init__(self, ratings: Iterable[Theirs]) -> None:
        self.by_simkl = {theirs.simkl: theirs for theirs in ratings}

    # The two indexes are made when they are first asked for: an export without ids never asks for ids, and each of
    # them is as large as the account.

    @cached_property
    def _by_id(self) -> dict[Token, Theirs | None]:
        index: dict[Token, Theirs | None] = {}
        for theirs in self.by_simkl.values():
            for token in proof_tokens(theirs):
                index[token] = theirs if token not in index else None
        return index

    @cached_property
    def _by_title(self) -> dict[str, Theirs | None]:
        index: dict[str, Theirs | None] = {}
        for theirs in self.by_simkl.values():
            title = title_token(theirs.kind, theirs.title, theirs.year)
            if title is not None:
                index[title] = theirs if title not in index else None
        return index

    def __len__(self) -> int:
        return len(self.by_simkl)

    def find(self, simkl: int | None, kind: Kind, ids: Ids, title: str, year: int | None) -> Theirs | None:
        """By the simkl id stored for the key, then by ids, then, where no stored id speaks against it, by title."""
        if simkl is not None and simkl in self.by_simkl:
            return self.by_simkl[simkl]
        return self.by_ids(kind, ids) or (self.by_title(kind, ids, title, year) if simkl is None else None)

    def by_ids(self, kind: Kind, ids: Ids) -> Theirs | None:
        """The one rating that shares an id."""
        if not ids:
            return None
        for key, value in ids:
            if key == "simkl" and value.isdecimal() and int(value) in self.by_simkl:
                return self.by_simkl[int(value)]
        for token in id_tokens(kind, ids):
            theirs = self._by_id.get(token)
            if theirs is not None:
                return theirs
        return None

    def by_title(self, kind: Kind, ids: Ids, title: str, year: int | None) -> Theirs | None:
        """The one rating of this kind, title and year, unless its ids say that it is another title."""
        token = title_token(kind, title, year)
        theirs = self._by_title.get(token) if token is not None else None
        if theirs is None or (ids and conflicting(id_tokens(kind, ids), tokens_of(theirs))):
            return None
        return theirs


def tokens_of(theirs: Theirs) -> set[Token]:
    """A rating's ids in their namespaces. On anime, tmdb and tvdb name all seasons, as films or as series alike."""
    tokens = set(id_tokens(theirs.kind, theirs.ids))
    if theirs.kind is Kind.ANIME:
        tokens |= set(id_tokens(Kind.MOVIE, theirs.ids))
    return tokens


def proof_tokens(theirs: Theirs) -> set[Token]:
    """The ids that prove which title it is. On anime tmdb and tvdb do not: all seasons of a series share them."""
    ids = theirs.ids
    if theirs.kind is Kind.ANIME:
        ids = tuple(pair for pair in ids if pair[0] not in ("tmdb", "tvdb"))
    return set(id_tokens(theirs.kind, ids))


async def read_stamps(client: Client) -> Stamps:
    """When the ratings of each kind last moved: one read."""
    return await client.get(ACTIVITIES, parse_stamps)


async def read_ratings(client: Client, kind: Kind) -> list[Theirs]:
    """All ratings of one kind: one read."""
    return await client.get(READ[kind], lambda body: list(parse_ratings(kind, body)))
