"""What became of each item of a batch, told from the reply alone: by ids, then by title and year, never by position."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from importer.identity import echo_tokens, normal_title
from importer.model import Outcome, value
from importer.simkl.wire import Echo, Outgoing, Reply

UNNAMED = Echo(outcome=Outcome.UNCONFIRMED)
"""What a reply says of an item that is in neither list, or in both."""


def reconcile(batch: Sequence[Outgoing], reply: Reply) -> list[Echo]:
    """Return what the reply says of every item of the batch, in its order.

    An entry that matches nothing sent condemns nothing; an item that both lists name equally well is unconfirmed.
    """
    names = _Names(batch)
    statuses = names.surest(reply.statuses)
    missing = names.surest(reply.not_found)
    told: list[Echo] = []
    for position in range(len(batch)):
        added, absent = statuses.get(position), missing.get(position)
        if added is not None and (absent is None or added.certainty > absent.certainty):
            told.append(added.echo)
        elif absent is not None and (added is None or absent.certainty > added.certainty):
            told.append(absent.echo)
        else:
            told.append(UNNAMED)
    return told


@value
class _Match:
    echo: Echo
    certainty: int


class _Names:
    """Every name that an echo may use for an item of the batch."""

    def __init__(self, batch: Sequence[Outgoing]) -> None:
        self._batch = batch
        self._sent = {(item.title, item.year): position for position, item in enumerate(batch)}

    @cached_property
    def _exact(self) -> dict[str, int]:
        """The positions by id, and by title and year however spelt: most echoes have them as they were sent."""
        return {
            token: position
            for position, item in enumerate(self._batch)
            for token in echo_tokens(item.ids, item.title, item.year)
        }

    @cached_property
    def _titles(self) -> dict[str, list[int]]:
        """The positions by title alone: only an echo without a year is looked for so."""
        titles: dict[str, list[int]] = {}
        for position, item in enumerate(self._batch):
            if item.title:
                titles.setdefault(normal_title(item.title), []).append(position)
        return titles

    def surest(self, echoes: Iterable[Echo]) -> dict[int, _Match]:
        """Return, by the position of the item that it names, the surest echo; of those equally sure the last one."""
        found: dict[int, _Match] = {}
        for echo in echoes:
            positions, certainty = self._named(echo)
            for position in positions:
                if position not in found or found[position].certainty <= certainty:
                    found[position] = _Match(echo, certainty)
        return found

    def _named(self, echo: Echo) -> tuple[Sequence[int], int]:
        """Return the positions of the items that an echo names, and how surely."""
        if echo.ids:
            by_id = [self._exact[token] for token in echo_tokens(echo.ids, "", None) if token in self._exact]
            if by_id:
                return by_id, 3
        if not echo.title:
            return (), 0
        sent = self._sent.get((echo.title, echo.year))
        if sent is not None:
            return (sent,), 2
        exact = [self._exact[token] for token in echo_tokens((), echo.title, echo.year) if token in self._exact]
        if exact:
            return exact, 2
        alike = self._titles.get(normal_title(echo.title), []) if echo.year is None else []
        return (alike, 1) if len(alike) == 1 else ((), 0)
