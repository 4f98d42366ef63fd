"""What is told while a command goes: values that the progress, the live view and the log file all take alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Phase(StrEnum):
    """A part of a command's work."""

    ASKING = "asking"
    READING = "reading"
    ACCOUNT = "account"
    SENDING = "sending"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """A new part of the work begins."""

    phase: Phase


@dataclass(frozen=True, slots=True)
class RowsDecided:
    """So many of the rows have their outcome."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PostsToCome:
    """So many POSTs are to come, each taking so many seconds with its pause."""

    left: int
    seconds_each: float


@dataclass(frozen=True, slots=True)
class RequestsUsed:
    """The requests of this day, how many the account has a day, and how many are left by Simkl's own word.

    None where nobody knows.
    """

    used: int
    quota: int | None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Retrying:
    """A request was in vain, and why; after so many seconds it is made again. 0 seconds: nothing is waited for."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    """A request was answered after so many seconds. Status 0: it was not. The path holds no query, so no client id."""

    method: str
    path: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning of one line; whoever shows it says that it is one."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a person should read, and is no warning. It may have several lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """A first signal came: the command ends as soon as it may. `patience` is how many seconds at most the answer in
    flight is still waited for, None where none is.
    """

    patience: float | None


@dataclass(frozen=True, slots=True)
class Detailed:
    """What only somebody who wants to know more reads."""

    text: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A question comes next: the screen is left to it until the next phase begins."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """An error ended the command before anything came of it."""

    message: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The command came to its end: its exit status, its totals, what a person is told of it, and what it was about."""

    exit: int
    totals: Mapping[str, int] = field(default_factory=dict)
    message: str | None = None
    run: int | None = None
    account: int | None = None
    exports: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
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
