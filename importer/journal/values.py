"""How values stand in the resume file: ids as compact JSON, dates as three columns, and the words of an enum as `str`
gives them, which takes a third of the time of its `value`.
"""

from __future__ import annotations

from typing import Any

import orjson

from importer.model import Date, Ids, Origin, Precision

_PRECISIONS = {precision.value: precision for precision in Precision}
_ORIGINS = {origin.value: origin for origin in Origin}


def ids_text(ids: Ids) -> str | None:
    """Ids as a JSON object, or None for none."""
    return orjson.dumps(dict(ids)).decode() if ids else None


def ids_value(text: str | None) -> Ids:
    """Return the ids of such a text."""
    return tuple(orjson.loads(text).items()) if text else ()


def date_columns(date: Date | None) -> tuple[int | None, str | None, str | None]:
    """Seconds since the epoch, precision, origin."""
    return (None, None, None) if date is None else (date.value, str(date.precision), str(date.origin))


def date_value(seconds: Any, precision: Any, origin: Any) -> Date | None:
    """Return the date of such columns."""
    return None if seconds is None else Date(seconds, _PRECISIONS[precision], _ORIGINS[origin])
