"""What is told while a command goes: values that the progress, the live view and the log file all take alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import TypeAlias

from importer.model import value


class Phase(StrEnum):
    """A part of a command's work."""

    ASKING = "asking"
    READING = "reading"
    ACCOUNT = "account"
    SENDING = "sending"
    CHECKING = "checking"


@value
class PhaseBegan:
    """A new part of the work begins."""

    phase: Phase


@value
class RowsDecided:
    """So many of the rows have their outcome."""

    done: int
    total: int


@value
class PostsToCome:
    """So many POSTs are to come, each taking so many seconds with its pause."""

    left: int
    seconds_each: float


@value
class RequestsUsed:
    """The requests of this day, how many the account has a day, and how many are left by Simkl's own word.

    None where nobody knows.
    """

    used: int
    quota: int | None
    left: int | None = None


@value
class Retrying:
    """A request was in vain, and why; after so many seconds it is made again. 0 seconds: nothing is waited for."""

    reason: str
    seconds: float


@value
class Answered:
    """A request was answered after so many seconds. Status 0: it was not. The path holds no query, so no client id."""

    method: str
    path: str
    status: int
    seconds: float


@value
class Warned:
    """A warning of one line; whoever shows it says that it is one."""

    text: str


@value
class Told:
    """What a person should read, and is no warning. It may have several lines."""

    text: str


@value
class Stopping:
    """A first signal came: the command ends as soon as it may. `patience` is how many seconds at most the answer in
    flight is still waited for, None where none is.
    """

    patience: float | None


@value
class Detailed:
    """What only somebody who wants to know more reads."""

    text: str


@value
class Asking:
    """A question comes next: the screen is left to it until the next phase begins."""


@value
class Stopped:
    """An error ended the command before anything came of it."""

    message: str


@value
class Finished:
    """The command came to its end: its exit status, its totals, what a person is told of it, and what it was about."""

    exit: int
    totals: Mapping[str, int] = field(default_factory=dict)
    message: str | None = None
    run: int | None = None
    account: int | None = None
    exports: Sequence[str] = ()


@value
class Closed:
    """Nothing more is told of the work: the screen is left clean, and files are closed."""


Event: TypeAlias = (
    PhaseBegan
    | RowsDecided
    | PostsToCome
    | RequestsUsed
    | Retrying
    | Answered
    | Warned
    | Told
    | Detailed
    | Stopping
    | Asking
    | Stopped
    | Finished
    | Closed
)

Listen: TypeAlias = Callable[[Event], None]
"""Who is told. A call is cheap, never raises, and may come as often as one likes, also from another thread."""


def nobody(event: Event) -> None:
    """Hear it, and do nothing about it."""
