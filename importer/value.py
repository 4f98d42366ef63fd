"""How a value is made: a frozen slots dataclass that is cheap to define and to make objects of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[C]) -> type[C]:
    """Make a frozen slots dataclass, cheap to make objects of and cheap to define.

    That nobody sets its fields is for the type checker to see: guarding them as the program runs makes each object
    three times as dear to make, and a run makes twenty of them for every row. Comparing, hashing and showing are not
    written out and compiled for each class, as `dataclass` does: of a hundred and sixty classes that was a fifth of
    what a short command takes.
    """
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    every = fields(made)  # type: ignore[arg-type]
    compared = [one.name for one in every if one.compare]
    told = [one.name for one in every if one.repr]
    content: Callable[[C], Any] = attrgetter(*compared) if compared else lambda _: ()

    def equal(self: C, other: object) -> bool:
        return content(self) == content(other) if type(other) is made else NotImplemented

    def digest(self: C) -> int:
        return hash(content(self))

    def shown(self: C) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in told)})"

    for name, method in (("__eq__", equal), ("__hash__", digest), ("__repr__", shown)):
        if cls.__dict__.get(name) is None:
            setattr(made, name, method)
    return made
