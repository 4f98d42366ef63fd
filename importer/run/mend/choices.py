"""What a person says about one row that needs them: a candidate, an id, that Simkl lacks the title, or not now."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from importer.model import Kind, value
from importer.plan.candidates import Candidate


@value
class Picked:
    """One of the candidates."""

    candidate: Candidate


@value
class Typed:
    """An id of a site that a person typed, or the address of one; `kinds` are those that it can name."""

    key: str
    value: str
    kinds: tuple[Kind, ...]


@value
class Absent:
    """Simkl does not have the title: the row is not asked about again until it changes."""


@value
class Skip:
    """Not now: the row is asked about again, after the others."""


Choice: TypeAlias = Picked | Typed | Absent | Skip


class ChoiceState(StrEnum):
    """What became of a choice.

    `unknown`: Simkl has no title by the id that was typed. `settled`: the row is open no more, or says something else
    than what the person was asked about; nothing was put on record.
    """

    KEPT = "kept"
    UNKNOWN = "unknown"
    SETTLED = "settled"
