"""What a checkup tells: one line for each thing that was looked at, and the exit status of them all. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from importer.errors import PRECEDENCE, ExitStatus, ImporterError, LockedError
from importer.model import value


class Part(StrEnum):
    """What a line is about."""

    MACHINE = "machine"
    SETTINGS = "settings"
    SIGN_IN = "sign-in"
    SERVICE = "service"


class State(StrEnum):
    """How it stands: with trouble a run cannot do its work; a warning it can live with."""

    OK = "ok"
    WARNING = "warning"
    TROUBLE = "trouble"


STATUS = {
    Part.MACHINE: ExitStatus.USAGE,
    Part.SETTINGS: ExitStatus.USAGE,
    Part.SIGN_IN: ExitStatus.CREDENTIALS,
    Part.SERVICE: ExitStatus.SERVICE,
}
"""The exit status of trouble with each part."""


@value
class Line:
    """One thing that was looked at. `next` is what to do about it, "" where nothing is to be done."""

    part: Part
    name: str
    state: State
    text: str
    next: str = ""


def exit_of(lines: Iterable[Line]) -> ExitStatus:
    """Return the exit status of the worst line: warnings cost nothing."""
    found = {STATUS[line.part] for line in lines if line.state is State.TROUBLE}
    return min(found, key=PRECEDENCE.index, default=ExitStatus.DONE)


def line_of(name: str, error: ImporterError, part: Part | None = None) -> Line:
    """Return the line of an error, with the part that its own exit status names where none is given."""
    if isinstance(error, LockedError):
        next_step = "wait until it has ended, then ask once more: simkl-import doctor"
        return Line(
            part=part or Part.MACHINE,
            name=name,
            state=State.WARNING,
            text=f"{error.message}: Simkl was not asked",
            next=next_step,
        )
    return Line(part=part or _part_of(error), name=name, state=State.TROUBLE, text=error.message, next=error.hint)


def _part_of(error: ImporterError) -> Part:
    match error.exit_code:
        case ExitStatus.USAGE:
            return Part.SETTINGS
        case ExitStatus.CREDENTIALS:
            return Part.SIGN_IN
        case _:
            return Part.SERVICE
