"""Which members of an export may be looked at, and which of those left over look like ratings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.protocol import Claim, Source

TABLES = (".csv", ".tsv", ".txt")

_WORD = re.compile(r"[a-z0-9]+")
# Members of exports that hold e-mails, tokens or addresses are never opened, not even for a look at their first line.
_PRIVATE = frozenset(
    {
        *("profile", "profiles", "user", "users", "account", "accounts", "contact", "contacts", "friend", "friends"),
        *("setting", "settings", "preference", "preferences", "notification", "notifications", "message", "messages"),
        *("token", "tokens", "auth", "oauth", "session", "sessions", "login", "logins", "device", "devices"),
        *("email", "emails", "mail", "address", "addresses", "ip", "ips", "payment", "payments", "billing"),
        *("config", "configs", "credentials", "secret", "secrets", "chat", "transcripts"),
        *("facebook", "google", "apple"),
    }
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HUMPED = _PRIVATE - {"user", "users"}
"""The words as parts of AccountDetails.csv or IpAddressesStreaming.csv; UserRatings.csv may be what is looked for."""
_SURELY_PRIVATE = frozenset({"profile.csv", "user-profile.json", "user-settings.json"})
_TELLING = re.compile(r"rating|rated|votes?\b|scores?\b|animelist", re.IGNORECASE)
_DATA = (*TABLES, ".json", ".xml", ".gz", ".zip")


def base(member: str) -> str:
    """The member's own name in lower case, without the folders that lead to it."""
    return member.rpartition("/")[2].lower()


def private(member: str) -> bool:
    """Tell by its name that a member holds what is nobody's business."""
    words = _HUMP.sub(" ", member.rpartition("/")[2]).lower()
    return not (_PRIVATE.isdisjoint(_WORD.findall(base(member))) and _HUMPED.isdisjoint(_WORD.findall(words)))


def looked_at(source: Source, suffixes: tuple[str, ...] = TABLES) -> Iterator[str]:
    """Yield the members that an adapter may look at: the one file a person gave, else those with these suffixes."""
    for member in source.members:
        if len(source.members) == 1:
            if base(member) not in _SURELY_PRIVATE:
                yield member
        elif base(member).endswith(suffixes) and not private(member):
            yield member


def left_over(source: Source, claim: Claim) -> list[str]:
    """Find the members that look like ratings by their names and are neither read nor known to be none."""
    known = {*claim.members, *claim.aside, *claim.helpers}
    return [
        member
        for member in source.members
        if member not in known
        and base(member).endswith(_DATA)
        and (base(member).endswith(".zip") or _TELLING.search(base(member).replace("_", "-")))
        and not private(member)
    ]
