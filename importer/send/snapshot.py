"""The account snapshot: read only where the activity stamps moved, and then only what changed.

It is kept in the resume file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from importer.identity import Token, id_tokens, same_title, trusted
from importer.journal import account as kept_account
from importer.journal.store import Journal
from importer.model import AccountRating, Ids, Kind
from importer.simkl.account import Account, read_library
from importer.simkl.client import Client
from importer.simkl.freshness import Kept, Need, after, moved, need, stood_still
from importer.simkl.library import Listed, parse_library
from importer.simkl.reads import ACTIVITIES, RATINGS_SINCE, parse_delta, parse_stamps, since

LIBRARY_SINCE = "/sync/all-items"


async def snapshot(
    client: Client, journal: Journal, *, again: bool = False, lists: bool = False, wrote: frozenset[Kind] = frozenset()
) -> Account:
    """Return the account's ratings as they are now: one request where nothing moved, one more for what changed.

    The stamps are taken before the ratings: what is rated in between is read again next time rather than missed.
    `again` reads all of it anyway. `wrote` are the kinds of which something of ours was accepted since: where not one
    of their stamps moved, all of it is read too. The first reading, and one that asks for `lists`, is that of the
    library: of all that is documented it tells ratings and lists in the fewest requests.
    """
    kept = _kept(journal)
    stamps = await client.get(ACTIVITIES, parse_stamps)
    answered, now = client.service_time, client.now()
    what = Need.WHOLE if again or lists or stood_still(kept, stamps, wrote) else need(kept, stamps, now)
    keep = after(kept, stamps, answered, now, what)
    match what:
        case Need.WHOLE:
            if lists or kept is None or kept.lists is None:
                return await _read_library(client, journal, replace(keep, lists=keep.since or "", listed_at=int(now)))
            return await _read_ratings(client, journal, keep)
        case Need.DELTA:
            return await _read_delta(client, journal, kept or Kept(), keep)
        case Need.NOTHING:
            if keep != kept:
                with journal.transaction():
                    kept_account.keep_reading(journal, asdict(keep))
    return Account(kept_account.load_account(journal))


async def read_lists(client: Client, journal: Journal, start: float) -> None:
    """Bring the account's lists up to date, of a command that began at `start`: one request, or none where they were
    read with the ratings just now.
    """
    kept = _kept(journal)
    if kept is not None and kept.lists is not None and kept.listed_at >= int(start):
        return
    if kept is None or not kept.lists:
        await snapshot(client, journal, lists=True)
        return
    found = await client.get(LIBRARY_SINCE, lambda body: list(parse_library(None, body)), since(kept.lists))
    with journal.transaction():
        kept_account.merge_listed(journal, map(_listed, found))
        kept_account.keep_reading(
            journal, asdict(replace(kept, lists=kept.since or kept.lists, listed_at=int(client.now())))
        )


def trust_stamps(journal: Journal, *, trusted: bool) -> None:
    """Say whether the stamps of this account move when something is written: where they do not, it is read whole every
    time. Within a transaction.
    """
    kept = _kept(journal)
    kept_account.keep_reading(journal, asdict(replace(kept or Kept(), distrusted=not trusted)))


def reading_kept(journal: Journal) -> Kept | None:
    """Return how the account was read last."""
    return _kept(journal)


def stamps_unmoved(journal: Journal, before: Kept | None, wrote: frozenset[Kind]) -> bool:
    """Tell whether not one rating stamp of these kinds has moved between an earlier reading and the last one."""
    now = _kept(journal)
    if before is None or now is None or not wrote:
        return False
    known = [kind.value for kind in wrote if kind.value in before.rated]
    # One that is young now is not kept: it has moved, also where Simkl had told none before.
    return bool(known) and all(now.rated.get(kind, "") == before.rated[kind] for kind in known)


def stamps_recovered(journal: Journal, before: Kept | None, wrote: frozenset[Kind], answered: float) -> bool:
    """Tell whether stamps that are not trusted were moved by what was written of these kinds after an earlier reading,
    and answered last at `answered` by Simkl's own clock.

    Files of earlier versions hold accounts that were distrusted by mistake: these had no rating before.
    """
    now = _kept(journal)
    return before is not None and now is not None and now.distrusted and moved(before, now, wrote, answered)


async def _read_delta(client: Client, journal: Journal, kept: Kept, keep: Kept) -> Account:
    delta = await client.get(RATINGS_SINCE, parse_delta, since(kept.since or ""))
    if _renumbered(kept_account.load_account(journal), delta.rated):
        return await _read_ratings(client, journal, replace(keep, whole_at=int(client.now())))
    removed = {removal.simkl for removal in delta.removed}
    # After a large import what changed is most of the account: it is not read a second time from the resume file.
    before = [theirs for theirs in kept_account.load_account(journal) if theirs.simkl not in removed]
    with journal.transaction():
        kept_account.merge_account(journal, delta.rated, removed)
        kept_account.keep_reading(journal, asdict(keep))
    return Account((*before, *delta.rated))


def _renumbered(known: Iterable[AccountRating], changed: Iterable[AccountRating]) -> bool:
    """Tell whether what changed names a title by another number than it was read under before.

    No delta says that the old number is gone: only a reading of all ratings does.
    """
    before = {theirs.simkl: theirs for theirs in known}
    fresh = [theirs for theirs in changed if theirs.simkl not in before]
    told = {token: theirs for theirs in fresh for token in _own_tokens(theirs)}
    return bool(told) and any(
        same_title(theirs.title, theirs.year, told[token].title, told[token].year)
        for theirs in before.values()
        for token in _own_tokens(theirs)
        if token in told
    )


def _own_tokens(theirs: AccountRating) -> list[Token]:
    """Return the ids that tell a title, without its number."""
    return [token for token in id_tokens(theirs.kind, trusted(theirs.kind, theirs.ids)) if token[0] != "simkl"]


async def _read_ratings(client: Client, journal: Journal, keep: Kept) -> Account:
    """Read all ratings: the address of the delta, without a stamp, is that of all of them."""
    ratings = (await client.get(RATINGS_SINCE, parse_delta)).rated
    with journal.transaction():
        kept_account.replace_account(journal, ratings)
        kept_account.keep_reading(journal, asdict(keep))
    return Account(ratings)


async def _read_library(client: Client, journal: Journal, keep: Kept) -> Account:
    """Read the whole library, which tells ratings and lists at once."""
    ratings: list[AccountRating] = []
    listed: list[tuple[int, Kind, str, int | None, Ids, str]] = []
    for one in await library_rows(client):
        if one.status:
            listed.append(_listed(one))
        if one.rating is not None:
            ratings.append(one.rating)
    with journal.transaction():
        kept_account.replace_account(journal, ratings)
        kept_account.replace_listed(journal, listed)
        kept_account.keep_reading(journal, asdict(keep))
    return Account(ratings)


async def library_rows(client: Client) -> list[Listed]:
    """Return every title of the library, read anew."""
    return [one for kind in Kind for one in await read_library(client, kind)]


def _listed(one: Listed) -> tuple[int, Kind, str, int | None, Ids, str]:
    return one.simkl, one.kind, one.title, one.year, one.ids, one.status


def _kept(journal: Journal) -> Kept | None:
    document: dict[str, Any] | None = kept_account.kept_reading(journal)
    return None if document is None else Kept(**document)
