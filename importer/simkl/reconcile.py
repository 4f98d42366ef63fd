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
    statuses = dict(names.matches(reply.statuses))
    missing = dict(names.matches(reply.not_found))
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
        self._exact: dict[str, int] = {}
        for position, item in enumerate(batch):
            for token in echo_tokens(item.ids, item.title, item.year):
                self._exact[token] = position

    @cached_property
    def _titles(self) -> dict[str, list[int]]:
        """The positions by title alone: only an echo without a year is looked for so."""
        titles: dict[str, list[int]] = {}
        for position, item in enumerate(self._batch):
            if item.title:
                titles.setdefault(normal_title(item.title), []).append(position)
        return titles

    def matches(self, echoes: Iterable[Echo]) -> Iterable[tuple[int, _Match]]:
        """Return each echo with the position of the item it names; the surest echo of an item comes last."""
        found = [(position, match) for echo in echoes for position, match in self._match(echo)]
        return sorted(found, key=lambda pair: pair[1].certainty)

    def _match(self, echo: Echo) -> Iterable[tuple[int, _Match]]:
        by_id = {self._exact[token] for token in echo_tokens(echo.ids, "", None) if token in self._exact}
        if by_id:
            return [(position, _Match(echo, 3)) for position in by_id]
        if not echo.title:
            return []
        exact = [self._exact[token] for token in echo_tokens((), echo.title, echo.year) if token in self._exact]
        if exact:
            return [(exact[0], _Match(echo, 2))]
        alike = self._titles.get(normal_title(echo.title), []) if echo.year is None else []
        return [(alike[0], _Match(echo, 1))] if len(alike) == 1 else []
