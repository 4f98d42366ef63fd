"""A batch as it stands on record: what it does, and whether it was answered."""

from __future__ import annotations

from enum import StrEnum

from importer.model import value


class Work(StrEnum):
    """What a batch does: it rates titles, removes their ratings, or takes them off the library."""

    RATE = "rate"
    REMOVE = "remove"
    UNLIST = "unlist"


class BatchState(StrEnum):
    """Whether a batch was answered, in whatever way; `sending` without its process means that nobody knows."""

    SENDING = "sending"
    DONE = "done"


@value
class Batch:
    """A batch before it is sent: its number within the run, what it does, its box and its exact bytes."""

    run: int
    number: int
    work: Work
    box: str
    body: bytes
    started: int
