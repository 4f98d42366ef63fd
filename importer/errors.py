"""One root for everything that stops a command, with its exit status and what the person can do about it."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from enum import IntEnum


class ExitStatus(IntEnum):
    """How a command ended, for scripts."""

    DONE = 0
    DEFECT = 1
    USAGE = 2
    FINDINGS = 3
    CREDENTIALS = 4
    EXPORT = 5
    SERVICE = 6
    LOCKED = 7
    INTERRUPTED = 130
    TERMINATED = 143


PRECEDENCE = (
    ExitStatus.DEFECT,
    ExitStatus.USAGE,
    ExitStatus.LOCKED,
    ExitStatus.EXPORT,
    ExitStatus.CREDENTIALS,
    ExitStatus.INTERRUPTED,
    ExitStatus.TERMINATED,
    ExitStatus.SERVICE,
    ExitStatus.FINDINGS,
    ExitStatus.DONE,
)
"""Of several statuses that apply, the first of these is the one that counts."""


class ImporterError(Exception):
    """Stops the command with one line on stderr.

    `hint` is the next step in plain words, or "" if there is none. Neither text may hold a secret. `refused` is the
    status by which Simkl refused a request, if that surely changed nothing there.
    """

    exit_code: ExitStatus = ExitStatus.DEFECT

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.refused: int | None = None


class UsageError(ImporterError):
    """An option, a setting or the state folder cannot be used as it is."""

    exit_code = ExitStatus.USAGE


class ResumeFileError(UsageError):
    """The resume file is corrupt, newer, of another account, not ours, or cannot be written. It is left as it was."""


class CredentialsError(ImporterError):
    """Not signed in, or Simkl refuses the credentials."""

    exit_code = ExitStatus.CREDENTIALS


class ExportError(ImporterError):
    """An export cannot be read at all: missing, of no known format, unsafe, or ambiguous. Nothing is sent."""

    exit_code = ExitStatus.EXPORT


class ServiceStopError(ImporterError):
    """Simkl or the network stopped us: what is left is pending and the same command goes on.

    `resume_at` is when that makes sense, in seconds since the epoch, or None if nobody knows. The message tells it
    as seen from `now`, and in the person's own time zone.
    """

    exit_code = ExitStatus.SERVICE

    def __init__(self, message: str, hint: str = "", resume_at: float | None = None, now: float | None = None) -> None:
        told = "" if resume_at is None else f"; it can go on {when(resume_at, now)}"
        super().__init__(message + told, hint)
        self.resume_at = resume_at


class DayKeptError(ServiceStopError):
    """The day's last requests are kept for what was sent: it is read back, and paid, with them."""


class DefectError(ImporterError):
    """This program did something that it must not do, and Simkl noticed. Nothing was written."""

    exit_code = ExitStatus.DEFECT


class LockedError(ImporterError):
    """Another run for this account is going on."""

    exit_code = ExitStatus.LOCKED


class InterruptedRunError(ImporterError):
    """SIGINT or SIGTERM: the batch in flight was finished, the rest is pending. The status is 128 + the signal."""

    def __init__(self, signal_number: int) -> None:
        super().__init__("interrupted: the batch in flight is recorded, the rest is pending", "run the same command")
        self.signal_number = signal_number
        self.exit_code = ExitStatus(128 + signal_number)


def status_of(error: BaseException) -> ExitStatus:
    """Return the status that an error ends a command with; whatever is not ours is a defect."""
    return error.exit_code if isinstance(error, ImporterError) else ExitStatus.DEFECT


def most_telling(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the error that decides the exit status, of all that happened at once."""
    leaves: list[BaseException] = []

    def collect(error: BaseException) -> None:
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                collect(inner)
        else:
            leaves.append(error)

    collect(group)
    return min(leaves, key=lambda error: PRECEDENCE.index(status_of(error)))


def local_time(moment: float) -> datetime:
    """Return a moment in the zone of this machine, in UTC where TZ names none that can be: a day or more off."""
    known = datetime.fromtimestamp(moment, UTC)
    try:
        return known.astimezone()
    except ValueError:
        return known


def when(moment: float, now: float | None) -> str:
    """Return a moment to come as a person counts it: `in 6 h 12 min (05:00 your time)`, rounded up.

    The day stands there where the hour alone would be ambiguous. Both are seconds since the epoch.
    """
    local = local_time(moment)
    if now is None:
        return f"at {local:%Y-%m-%d %H:%M} your time"
    minutes = max(1, math.ceil((moment - now) / 60))
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    hour = f"{local:%Y-%m-%d %H:%M}" if minutes >= 24 * 60 else f"{local:%H:%M}"
    return f"in {hours}{minutes % 60} min ({hour} your time)"
