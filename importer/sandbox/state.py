"""The state file: an account that goes on over processes. JSON, replaced whole after each write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson

from importer.sandbox.account import Account, Rating
from importer.sandbox.catalog import Catalog
from importer.sandbox.titles import Title
from importer.sandbox.tokens import Keyring, RefreshToken, Token

VERSION = 1


def save(path: Path, accounts: dict[int, Account], catalog: Catalog, keyring: Keyring) -> None:
    """Write everything to `path` in one step: a reader, or a crash, sees the old file or the new one."""
    content = {
        "version": VERSION,
        "accounts": [_account(account) for account in accounts.values()],
        "titles": list(catalog.made.values()),
        "tokens": [_plain(token) for token in keyring.tokens.values()],
        "refresh_tokens": [_plain(token) for token in keyring.refresh_tokens.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS))
    fresh.replace(path)


def load(path: Path, accounts: dict[int, Account], catalog: Catalog, keyring: Keyring) -> None:
    """Read what `save` wrote into these objects; a missing file is an empty beginning.

    Raises ValueError where the file is not a state file of this version.
    """
    try:
        content: dict[str, Any] = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise ValueError(f"{path} is no sandbox state file of version {VERSION}")
    try:
        _restore(content, accounts, catalog, keyring)
    except (KeyError, TypeError, IndexError) as problem:
        raise ValueError(f"{path} is no whole sandbox state file: {problem!r}") from problem


def _restore(content: dict[str, Any], accounts: dict[int, Account], catalog: Catalog, keyring: Keyring) -> None:
    for title in content["titles"]:
        catalog.put(Title(**{**title, "also": tuple(title["also"])}), made=True)
    template = next(iter(accounts.values()))
    for saved in content["accounts"]:
        account = accounts.setdefault(
            saved["id"], Account(saved["id"], saved["name"], catalog, template.clock, template.plan)
        )
        account.name = saved["name"]
        account.ratings = {simkl: Rating(rating, rated_at) for simkl, rating, rated_at in saved["ratings"]}
        account.library = dict(saved["library"])
        account.stamps = saved["stamps"]
        account.spent = (saved["spent"][0], saved["spent"][1])
    for token in content["tokens"]:
        keyring.tokens[token["value"]] = Token(**{**token, "scopes": frozenset(token["scopes"])})
    for token in content["refresh_tokens"]:
        keyring.refresh_tokens[token["value"]] = RefreshToken(**{**token, "scopes": frozenset(token["scopes"])})


def _account(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "name": account.name,
        "ratings": [(simkl, rating.rating, rating.rated_at) for simkl, rating in account.ratings.items()],
        "library": list(account.library.items()),
        "stamps": account.stamps,
        "spent": account.spent,
    }


def _plain(token: Token | RefreshToken) -> dict[str, object]:
    return {name: _value(getattr(token, name)) for name in token.__slots__}


def _value(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
