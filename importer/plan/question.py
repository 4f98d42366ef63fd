"""What Simkl is asked for a title: the identity that is sent, and its number."""

from __future__ import annotations

import hashlib

from importer.identity import trusted
from importer.model import Ids, Kind
from importer.plan.title import Title


def question_number(kind: Kind | None, title: str, year: int | None, ids: Ids) -> int:
    """Return a number for the identity that is sent: the same question to Simkl has the same number. It is never 0."""
    text = f"{kind!s}|{title}|{year}|{sorted(ids)}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1 or 1


def ids_to_send(title: Title) -> Ids:
    """Return the trusted ids; a title without any goes by the simkl id that its question led to, once that is known."""
    ids = trusted(title.item.kind, title.ids)
    if not ids and title.simkl is not None:
        return (("simkl", str(title.simkl)),)
    return ids
