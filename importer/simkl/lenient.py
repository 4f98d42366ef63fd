"""Simkl's JSON, read leniently: what is missing, null or of another type is empty, never an error.

Pages: /conventions/null-and-missing-values, /conventions/standard-media-objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson


class UnreadableReplyError(ValueError):
    """A 2xx whose body is not what the page promises: HTML, empty, null, cut short. The write may have happened."""


def ids_in(ids: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Ids as (key, text); null, empty and 0 are none."""
    for key, value in ids.items():
        if isinstance(value, str | int) and not isinstance(value, bool) and value not in ("", 0, "0"):
            yield key, str(value)


def object_in(body: bytes) -> dict[str, Any]:
    """A body that must be an object. Raises UnreadableReplyError for anything else."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableReplyError(str(error)) from None
    if not isinstance(document, dict):
        raise UnreadableReplyError("not an object")
    return document


def dict_of(value: object) -> dict[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def dicts_in(values: object) -> Iterator[dict[str, Any]]:
    """The objects of a list; nothing where it is none."""
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, dict))


def text_of(value: object) -> str:
    """The value as text, "" for null."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def year_of(value: object) -> int | None:
    """A year, also where it is text; None for 0 and for what is none."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 6:
        value = int(value)
    return value if isinstance(value, int) and 0 < value < 10_000 else None
