"""How a service gives dates back: to the second, shifted by some hours, coarser, or not at all. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from importer.model import DAY, FURTHEST_ZONE, value

ENOUGH = 3
"""Dates from which on a habit can be told."""

REMEMBERED = 946_684_800
VERY_LONG_AGO = 1
"""For Simkl a date before 2000 may mean "very long ago, I don't remember", and be 1970-01-01T00:00:01Z: its pages say
so of watch dates, and leave it open for ratings (/guides/sync)."""

_STEPS = (60, 3600, DAY)


@value
class Habit:
    """Every date comes back `shift` seconds later, cut to whole `step`s of seconds. (1, 0): as it was sent."""

    step: int = 1
    shift: int = 0

    def shown(self, sent: int) -> int:
        """Return the date that is read where `sent` was stored."""
        return (sent + self.shift) // self.step * self.step

    def stored(self, read: int) -> int:
        """Return the date to send so that `read` is read again."""
        return read - self.shift

    @property
    def exact(self) -> bool:
        """Tell whether a moment can be told by its date: a day is shared by many ratings."""
        return self.step == 1


def learn(pairs: Iterable[tuple[int, int]]) -> Habit | None:
    """Tell the habit from dates as they were sent and as they came back; None where they are too few or disagree."""
    found = list(pairs)
    if len(found) < ENOUGH:
        return None
    if all(sent == back for sent, back in found):
        return Habit()
    sent, back = found[0]
    # Noons that all come back as midnights may be coarser or shifted by half a day: no service is known to do that.
    habits = [Habit(step, 0) for step in _STEPS]
    habits += [Habit(1, back - sent)] if abs(back - sent) <= FURTHEST_ZONE else []
    return next((habit for habit in habits if all(habit.shown(out) == there for out, there in found)), None)


def agrees(sent: int | None, read: int | None, habit: Habit | None) -> bool:
    """Tell whether a date that is read can be the one sent. If either is missing, nothing speaks against it."""
    if sent is None or read is None or sent == read or (read == VERY_LONG_AGO and sent < REMEMBERED):
        return True
    if habit is not None:
        return habit.shown(sent) == read
    return abs(sent - read) <= FURTHEST_ZONE or read == sent // DAY * DAY  # a bare day may be nearly a day away
