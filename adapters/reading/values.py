"""Values of JSON as what a row says: texts, years, objects. Whatever stands there, nothing raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.reading.documents import Object


def text_of(value: object) -> str:
    """Return a scalar as text: a title may be a number, a score a float; "" for null and for what is no scalar."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else ""


def year_of(value: object) -> int | None:
    """Return a year given as a number, in digits, or at the beginning of a date; None where it is none, or 0."""
    if type(value) is str and value[:4].isascii() and value[:4].isdigit() and not value[4:5].isdigit():
        value = int(value[:4])
    return value if type(value) is int and 1000 <= value < 10_000 else None


def object_of(value: object) -> Object:
    """Return an object as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[Object]:
    """Return the objects of an array; none for anything else."""
    return [element for element in value if isinstance(element, dict)] if isinstance(value, list) else []
