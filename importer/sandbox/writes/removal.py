"""POST /sync/ratings/remove and POST /sync/history/remove (`/api-reference/simkl/remove-ratings`)."""

from __future__ import annotations

from collections.abc import Callable

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer
from importer.sandbox.catalog import Catalog
from importer.sandbox.resolve import plausible, resolve
from importer.sandbox.schedule import Faults, Play
from importer.sandbox.titles import Title
from importer.sandbox.writes.items import Item, in_turn
from importer.sandbox.writes.rating import other_title
from importer.sandbox.writes.reply import Outcome, deleted

_ANIME_IGNORED = frozenset({"ignore-anime", "ignore-anime-removal"})


def remove(account: Account, catalog: Catalog, items: list[Item], play: Play, faults: Faults) -> Answer:
    """Take ratings away; the titles stay on their lists."""

    def erase(title: Title, _item: Item) -> tuple[str, ...] | None:
        meant.add(title.simkl)
        spilled = other_title(account, meant) if "spill-removal" in play else None
        if spilled is not None:
            account.erase(spilled)
        if title.simkl not in account.ratings:
            return None if spilled is None else ()
        account.erase(title, library="removal-unlists" in play)
        return ("removed_from_list",) if "removal-unlists" in play else ()

    meant: set[int] = set()
    ignored = not play.isdisjoint(_ANIME_IGNORED)
    return _worked_off(account, catalog, items, Outcome(play), faults, erase, anime_ignored=ignored)


def unlist(account: Account, catalog: Catalog, items: list[Item], play: Play, faults: Faults) -> Answer:
    """Take titles out of the library, their ratings too; `anime[]` is ignored.

    An item that names seasons takes back what was watched of these and nothing else.
    """

    def erase(title: Title, item: Item) -> tuple[str, ...] | None:
        if "seasons" in item.sent or (title.simkl not in account.ratings and title.simkl not in account.library):
            return None
        account.erase(title, library=True)
        return ("removed_from_list",)

    return _worked_off(account, catalog, items, Outcome(play), faults, erase, anime_ignored=True)


def _worked_off(
    account: Account,
    catalog: Catalog,
    items: list[Item],
    done: Outcome,
    faults: Faults,
    erase: Callable[[Title, Item], tuple[str, ...] | None],
    *,
    anime_ignored: bool,
) -> Answer:
    """Work the items off; `erase` returns the stamps that move beside that of the ratings, None where nothing does."""
    play = done.play
    turn = in_turn(items, play)
    for item in turn[: len(turn) // 2] if "partial-apply" in play else turn:
        if anime_ignored and item.section == "anime":
            continue
        title = resolve(catalog, item.section, item.sent, play, make=False)
        if title is not None:
            # The count is of items matched, whether they were rated or not.
            done.found(title)
            stamps = erase(title, item)
            if stamps is not None:
                done.move(title.kind, *stamps)
        elif catalog.mode == "open" and plausible(item.section, item.sent):
            done.counted.append(item.answered)
        else:
            done.missing.append(item)
    account.touch(done.moved, still="frozen-stamps" in play, plain="same-second-stamps" in play)
    return deleted(done, items, faults)
