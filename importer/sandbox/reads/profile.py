"""GET /sync/activities and /users/settings: when an account last moved, and whose it is (`/guides/sync`)."""

from __future__ import annotations

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, ok
from importer.sandbox.reads.reading import Reading
from importer.sandbox.reads.rows import Row
from importer.sandbox.stamps import SERIES_STATUSES, iso
from importer.sandbox.titles import Kind

_PARTS: dict[str, Kind] = {"tv_shows": "show", "anime": "anime", "movies": "movie"}
_STAMPS = (
    "all",
    "rated_at",
    "playback",
    "plantowatch",
    "watching",
    "completed",
    "hold",
    "dropped",
    "removed_from_list",
)


def settings(account: Account) -> Answer:
    """Return the account's identity."""
    return ok(
        {
            "user": {"name": account.name, "joined_at": "2019-03-01T10:00:00Z", "gender": "", "avatar": ""},
            "account": {"id": account.id, "timezone": account.timezone, "type": account.plan},
            "connections": {"facebook": False},
        }
    )


def activities(reading: Reading) -> Answer:
    """Return when each part of the account last moved; what never moved is null."""
    account, play = reading.account, reading.play
    account.stamps.seen = True
    late = "lagging-reads" in play
    stamps = account.stamps.as_of(account.clock() - reading.dials.lag if late else account.clock() + 1)
    told = 0 if "null-activities" in play else account.stamps.settings
    if "null-activities" in play:
        stamps = {"movie": {}, "show": {}, "anime": {}}
    body: Row = {"all": _text(max(told, *(kind.get("all", 0) for kind in stamps.values())))}
    old = "old-activities" in play
    if not old:
        body["settings"] = {"all": _text(told)}
    for part, kind in _PARTS.items():
        body[part] = {
            ("notinteresting" if old and name == "dropped" else name): _text(stamps[kind].get(name, 0))
            for name in _STAMPS
            if kind != "movie" or name not in SERIES_STATUSES
        }
    if not old:
        body["custom_lists"] = {"lists": {"all": None, "created_at": None, "updated_at": None, "removed_at": None}}
    return ok(body)


def _text(stamp: int) -> str | None:
    return iso(stamp) if stamp else None
