"""The account's ratings as read back, and how a title is looked up among them (/guides/sync)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from importer.identity import Token, conflicting, id_tokens, title_token
from importer.model import AccountRating, Ids, Kind
from importer.simkl.answer import NoAnswerError
from importer.simkl.client import Client
from importer.simkl.library import LISTS_OF, MAX_ITEMS, Listed, library_path, parse_library
from importer.simkl.reads import (
    ACTIVITIES,
    RATINGS_SINCE,
    READ,
    Delta,
    Stamps,
    parse_delta,
    parse_ratings,
    parse_stamps,
    since,
)


class Account:
    """All ratings of an account, to be looked up by simkl id, by every id in its namespace, by kind, title and year.

    An id or a title that two ratings share leads nowhere: it cannot tell which of them is meant.
    """

    def __init__(self, ratings: Iterable[AccountRating]) -> None:
        self.by_simkl = {theirs.simkl: theirs for theirs in ratings}

    # The two indexes are made when they are first asked for: an export without ids never asks for ids, and each of
    # them is as large as the account.

    @cached_property
    def _by_id(self) -> dict[Token, AccountRating | None]:
        index: dict[Token, AccountRating | None] = {}
        for theirs in self.by_simkl.values():
            for token in proof_tokens(theirs):
                index[token] = theirs if token not in index else None
        return index

    @cached_property
    def _by_title(self) -> dict[str, AccountRating | None]:
        index: dict[str, AccountRating | None] = {}
        for theirs in self.by_simkl.values():
            title = title_token(theirs.kind, theirs.title, theirs.year)
            if title is not None:
                index[title] = theirs if title not in index else None
        return index

    def __len__(self) -> int:
        return len(self.by_simkl)

    def find(self, simkl: int | None, kind: Kind, ids: Ids, title: str, year: int | None) -> AccountRating | None:
        """By the simkl id stored for the key, then by ids, then, where no stored id speaks against it, by title."""
        if simkl is not None and simkl in self.by_simkl:
            return self.by_simkl[simkl]
        return self.by_ids(kind, ids) or (self.by_title(kind, ids, title, year) if simkl is None else None)

    def by_ids(self, kind: Kind, ids: Ids) -> AccountRating | None:
        """Return the one rating that shares an id."""
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

    def by_title(self, kind: Kind, ids: Ids, title: str, year: int | None) -> AccountRating | None:
        """Return the one rating of this kind, title and year, unless its ids say that it is another title."""
        token = title_token(kind, title, year) if self.by_simkl else None
        theirs = self._by_title.get(token) if token is not None else None
        if theirs is None or (ids and conflicting(id_tokens(kind, ids), tokens_of(theirs))):
            return None
        if any(key == "simkl" and value != str(theirs.simkl) for key, value in ids):
            return None  # of that very name, and another one by its number: as a person said who mended the row
        return theirs


def tokens_of(theirs: AccountRating) -> set[Token]:
    """Return a rating's ids in their namespaces. On anime, tmdb and tvdb name all seasons, as films or series alike."""
    tokens = set(id_tokens(theirs.kind, theirs.ids))
    if theirs.kind is Kind.ANIME:
        tokens |= set(id_tokens(Kind.MOVIE, theirs.ids))
    return tokens


def proof_tokens(theirs: AccountRating) -> set[Token]:
    """Return the ids that prove which title it is. On anime tmdb and tvdb do not: all its seasons share them."""
    ids = theirs.ids
    if theirs.kind is Kind.ANIME:
        ids = tuple(pair for pair in ids if pair[0] not in ("tmdb", "tvdb"))
    return set(id_tokens(theirs.kind, ids))


async def read_stamps(client: Client) -> Stamps:
    """Read when what of the account last moved: one request."""
    return await client.get(ACTIVITIES, parse_stamps)


async def read_ratings(client: Client, kind: Kind) -> list[AccountRating]:
    """Read all ratings of one kind: one request."""
    return await client.get(READ[kind], lambda body: list(parse_ratings(kind, body)))


async def read_delta(client: Client, stamp: str) -> Delta:
    """Read what changed among the ratings of all kinds after a stamp: one request."""
    return await client.get(RATINGS_SINCE, parse_delta, since(stamp))


async def read_library(client: Client, kind: Kind, stamp: str | None = None) -> list[Listed]:
    """Read all titles of one kind that are on a list, or what changed among them after a stamp.

    One request, and one more for each of its lists where the library is too large for a single answer.
    """
    query = since(stamp) if stamp is not None else {}

    async def read(path: str) -> list[Listed]:
        return await client.get(path, lambda body: list(parse_library(kind, body)), query)

    try:
        return await read(library_path(kind))
    except NoAnswerError as error:
        if error.name != MAX_ITEMS:
            raise
    return [listed for status in LISTS_OF[kind] for listed in await read(library_path(kind, status))]
