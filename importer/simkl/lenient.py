"""Simkl's JSON, read leniently: what is missing, null or of another type is empty, never an error.

Pages: /conventions/null-values, /conventions/standard-media-objects, /conventions/dates.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from typing import Any

import orjson

from importer.model import Ids

_ANSWERS_ALONE = frozenset({"simkl", "simkl_id", "slug"})
"""Keys among a title's ids that are told apart from its other ids, or mean something in answers alone."""

_DIGITS = 15
"""The longest number of a title that a column can hold."""


class UnreadableReplyError(ValueError):
    """A 2xx whose body is not what the page promises: HTML, empty, null, cut short. The write may have happened."""


def ids_in(ids: dict[str, Any], but: Container[str] = ()) -> Ids:
    """Return ids as (key, text) but those of some keys; null, empty and 0 are none."""
    return tuple(
        [
            (key, str(value))
            for key, value in ids.items()
            if key not in but and type(value) in (str, int) and value not in ("", 0, "0")
        ]
    )


def other_ids(ids: dict[str, Any]) -> Ids:
    """Return a title's ids without its simkl id, and without what is no id."""
    return ids_in(ids, _ANSWERS_ALONE)


def simkl_in(ids: dict[str, Any]) -> int | None:
    """Return a title's simkl id, under either of its keys; None if there is none, or none that a column could hold."""
    simkl = ids.get("simkl", ids.get("simkl_id"))
    if isinstance(simkl, str) and simkl.isdecimal() and len(simkl) <= _DIGITS:
        simkl = int(simkl)
    return simkl if type(simkl) is int and 0 <= simkl < 10**_DIGITS else None


def document_in(body: bytes) -> Any:  # noqa: ANN401 (JSON is whatever it is)
    """Return a body's JSON. Raises UnreadableReplyError if it holds none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableReplyError(str(error)) from None


def object_in(body: bytes) -> dict[str, Any]:
    """Return a body that must be an object. Raises UnreadableReplyError for anything else."""
    document = document_in(body)
    if not isinstance(document, dict):
        raise UnreadableReplyError("not an object")
    return document


def dict_of(value: object) -> dict[str, Any]:
    """Return the value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def dicts_in(values: object) -> list[dict[str, Any]]:
    """Return the objects of a list; nothing where it is none."""
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def text_of(value: object) -> str:
    """Return the value as text, "" for null."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def year_of(value: object) -> int | None:
    """Return a year, also where it is text; None for 0 and for what is none."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 6:
        value = int(value)
    return value if isinstance(value, int) and 0 < value < 10_000 else None


def names_in(values: object) -> tuple[str, ...]:
    """Names given as texts, or as objects with a `name`, each once."""
    found = (
        [value.get("name") if isinstance(value, dict) else value for value in values]
        if isinstance(values, list)
        else []
    )
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str) and name))


def count_of(value: object) -> int:
    """Return a number of things, 0 if none is given."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def parse_time(text: object) -> int | None:
    """Simkl's times to seconds since the epoch; None for null, empty and unreadable ones."""
    if not isinstance(text, str) or len(text) < 10:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
