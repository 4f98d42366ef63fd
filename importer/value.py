"""How a value is made: a frozen slots dataclass that is cheap to define and to make objects of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from operator import attrgetter
from typing import Any, ParamSpec, TypeVar, dataclass_transform

C = TypeVar("C")
P = ParamSpec("P")


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


def maker(cls: Callable[P, C]) -> Callable[P, C]:
    """Return a function that makes objects of a value and takes the same names: for those of which each row has one.

    A class that is called by names has Python put them into a dict and take them out again, which costs twice as much
    as all the rest. A function is handed up to fifteen names as they stand.
    """
    every = fields(cls)  # type: ignore[arg-type]
    takes = ", ".join(one.name if one.default is MISSING else f"{one.name}=given[{one.name!r}]" for one in every)
    sets = "".join(f"    made.{one.name} = {one.name}\n" for one in every)
    space: dict[str, Any] = {"cls": cls, "new": object.__new__, "given": {one.name: one.default for one in every}}
    exec(f"def make({takes}):\n    made = new(cls)\n{sets}    return made\n", space)  # noqa: S102 (as dataclass does)
    make: Callable[P, C] = space["make"]
    return make
