"""Changes that a reading does not show: how long they stay open, and what is said of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from importer.journal.change import Answer, Change, Evidence, State
from importer.journal.landing import Finding
from importer.model import DAY, Outcome

EXPIRES = 30 * DAY
"""Seconds after which a change that was answered and never seen is closed for good."""

LAG = 60
"""Seconds that a reading may lag behind a write: so soon after one whose answer was lost, what it does not show may
have arrived all the same.
"""

MOST_SENDS = 4
"""Answered sends of one question and rating after which it is not sent again: once, and three times more."""


class Missing:
    """Tells what becomes of changes that a reading made at `now` does not show, among all that are open."""

    def __init__(self, opened: Sequence[Change], now: int) -> None:
        self._now = now
        self._sends = Counter(_send(change) for change in opened if change.answer in (Answer.ADDED, Answer.UNNAMED))
        last = {change.key: change for change in opened}
        # What a key sent before, and sends no more, is given up together with what it sent last.
        self._given_up = {key for key, change in last.items() if self._sends[_send(change)] >= MOST_SENDS}

    def closed(self, change: Change) -> Change | None:
        """Return a change as it is closed, None while it stays open: a later reading may show it."""
        if change.answer is None and self._never_arrived(change):
            return replace(change, state=State.CLOSED)
        if self._expired(change):  # were it left open, it would be sent without end
            return replace(change, state=State.CLOSED, simkl=None, evidence=None)
        return None

    def found(self, change: Change) -> Finding:
        """Return what is said of its row: pending where nobody answered for it, else unconfirmed."""
        if change.answer is None:
            return Finding(change, Outcome.PENDING)
        sends = self._sends[_send(change)]
        return Finding(change, Outcome.UNCONFIRMED, final=self._expired(change), sends=sends)

    def _never_arrived(self, change: Change) -> bool:
        """Tell whether its title is surely known and shows what stood there before, longer than a reading may lag."""
        if change.simkl is None or change.evidence in (None, Evidence.MOMENT):
            return False
        return self._now - change.posted > LAG

    def _expired(self, change: Change) -> bool:
        return self._now - change.posted > EXPIRES or change.key in self._given_up


def _send(change: Change) -> tuple[int, int | None]:
    return change.question.number if change.question is not None else 0, change.rating
