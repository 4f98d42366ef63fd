"""The state file: accounts, titles and tokens that go on over processes. JSON, replaced whole after each write.

A person may write one by hand to give the sandbox more titles; then `{"version": 2, "titles": […]}` is enough, with
`kind`, `title` and what else there is of `year`, `ids`, `names`, `anime_type`, `episodes`, `released` for each.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson

from importer.sandbox.account import Account
from importer.sandbox.catalog import Catalog
from importer.sandbox.names import Name
from importer.sandbox.quota import Day
from importer.sandbox.shelf import Listed, Rating, Shelf
from importer.sandbox.titles import Title
from importer.sandbox.tokens import Keyring, RefreshToken, Token

VERSION = 2
_PARTS = frozenset({"accounts", "titles", "tokens"})


def save(path: Path, accounts: dict[int, Account], catalog: Catalog, keyring: Keyring) -> None:
    """Write everything to `path` in one step: a reader, or a crash, sees the old file or the new one."""
    content = {
        "version": VERSION,
        "accounts": [_account(account) for account in accounts.values()],
        "titles": list(catalog.made.values()),
        "merged": list(catalog.merged.items()),
        "aliases": [(*alias, simkl) for alias, simkl in catalog.aliases.items()],
        "tokens": [_plain(token) for token in keyring.tokens.values()],
        "refresh_tokens": [_plain(token) for token in keyring.refresh_tokens.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS))
    fresh.replace(path)


def load(path: Path, accounts: dict[int, Account], catalog: Catalog, keyring: Keyring) -> None:
    """Read what `save` wrote into these objects; a missing file is an empty beginning.

    Raises ValueError where the file is not a state file of this version or the one before.
    """
    try:
        content: dict[str, Any] = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return
    except orjson.JSONDecodeError as problem:
        raise ValueError(f"{path} is not a sandbox state file: {problem}") from problem
    if not isinstance(content, dict) or content.get("version") not in (1, VERSION) or not _PARTS & content.keys():
        raise ValueError(f"{path} is not a sandbox state file of version {VERSION}")
    try:
        _restore(content, accounts, catalog, keyring)
    except (KeyError, TypeError, IndexError, AttributeError) as problem:
        raise ValueError(f"{path} is not a whole sandbox state file: {problem!r}") from problem


def _restore(content: dict[str, Any], accounts: dict[int, Account], catalog: Catalog, keyring: Keyring) -> None:
    for title in content.get("titles", []):
        _title(title, catalog)
    for old, new in content.get("merged", []):
        catalog.merge(old, new)
    for kind, name, year, simkl in content.get("aliases", []):
        catalog.alias(name, year, kind, simkl)
    template = next(iter(accounts.values()))
    for saved in content.get("accounts", []):
        account = accounts.setdefault(
            saved["id"],
            Account(id=saved["id"], name=saved["name"], catalog=catalog, clock=template.clock, plan=template.plan),
        )
        _fill(account, saved)
    for token in content.get("tokens", []):
        keyring.tokens[token["value"]] = Token(**{**token, "scopes": frozenset(token["scopes"])})
    for token in content.get("refresh_tokens", []):
        keyring.refresh_tokens[token["value"]] = RefreshToken(**{**token, "scopes": frozenset(token["scopes"])})


def _title(saved: dict[str, Any], catalog: Catalog) -> None:
    """Put a title into the catalogue; one that a person wrote needs no number."""
    # The version before had "also", names without their language.
    names = [
        *(Name(name) for name in saved.get("also", [])),
        *(Name(**name) if isinstance(name, dict) else Name(name) for name in saved.get("names", [])),
    ]
    ids = {key: str(value) for key, value in saved.get("ids", {}).items()}
    if "simkl" not in saved:
        catalog.add(
            saved["kind"],
            saved["title"],
            saved.get("year"),
            ids,
            anime_type=saved.get("anime_type"),
            episodes=saved.get("episodes"),
            released=saved.get("released", True),
            also=names,
        )
        return
    fields = {key: value for key, value in saved.items() if key not in ("also", "names", "ids")}
    catalog.put(Title(**{"year": None, **fields}, ids=ids, names=tuple(names)), made=True)


def _fill(account: Account, saved: dict[str, Any]) -> None:
    account.name = saved["name"]
    account.shelf = Shelf(
        ratings={simkl: Rating(rating, rated_at) for simkl, rating, rated_at in saved["ratings"]},
        library=dict(saved["library"]),
        listed={simkl: Listed(*listed) for simkl, *listed in saved.get("listed", [])},
        rating_moved=dict(saved.get("rating_moved", [])),
        list_moved=dict(saved.get("list_moved", [])),
    )
    account.stamps.kinds = saved["stamps"]
    account.stamps.settings = saved.get("settings", 0)
    # Somebody may have read them in the process before.
    account.stamps.seen = True
    account.day = Day(*saved["spent"])


def _account(account: Account) -> dict[str, object]:
    shelf = account.shelf
    return {
        "id": account.id,
        "name": account.name,
        "ratings": [(simkl, rating.rating, rating.rated_at) for simkl, rating in shelf.ratings.items()],
        "library": list(shelf.library.items()),
        "listed": [(simkl, one.added_at, one.watched_at, one.episodes) for simkl, one in shelf.listed.items()],
        "rating_moved": list(shelf.rating_moved.items()),
        "list_moved": list(shelf.list_moved.items()),
        "stamps": account.stamps.kinds,
        "settings": account.stamps.settings,
        "spent": (account.day.date, account.day.used),
    }


def _plain(token: Token | RefreshToken) -> dict[str, object]:
    return {name: _value(getattr(token, name)) for name in token.__slots__}


def _value(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
