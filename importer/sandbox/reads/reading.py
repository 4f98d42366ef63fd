"""One read of an account: what is asked, what the account shows of itself, and rows by type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from importer.sandbox.account import Account
from importer.sandbox.answers import Answer, ok
from importer.sandbox.dials import Dials
from importer.sandbox.reads.rows import TYPES, Row
from importer.sandbox.schedule import Play
from importer.sandbox.shelf import Shelf
from importer.sandbox.titles import Kind, Title

_LATE = frozenset({"lagging-reads", "lagging-ratings"})
_EMPTY = {"empty-null": b"null", "empty-list": b"[]"}


class BadQuestionError(ValueError):
    """A read that asks for what cannot be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The account, the modes in play and their numbers, `extended`, and `moment`: `date_from` in seconds since the
    epoch, None where the whole is asked for.
    """

    account: Account
    play: Play
    dials: Dials
    moment: int | None
    extended: str | None

    @classmethod
    def of(cls, account: Account, query: Mapping[str, str], play: Play, dials: Dials) -> Reading:
        """Return the read that a query asks for; raise BadQuestionError where its `date_from` is no date."""
        date_from = query.get("date_from")
        moment = None if date_from is None else _seconds(date_from)
        return cls(account=account, play=play, dials=dials, moment=moment, extended=query.get("extended"))

    def shelf(self) -> Shelf:
        """Return what the account holds, or held some seconds ago where a mode lets reads lag."""
        late = not self.play.isdisjoint(_LATE) or (self.moment is not None and "lagging-delta" in self.play)
        clock = self.account.clock()
        return self.account.as_of(clock - self.dials.lag if late else clock + 1)

    def covers(self, moved: int | None) -> bool:
        """Return whether what moved at a second (None: never) is asked for."""
        if self.moment is None:
            return True
        if moved is None:
            return False
        return moved >= self.moment if "delta-inclusive" in self.play else moved > self.moment

    def answer(self, kinds: frozenset[Kind], numbers: Iterable[int], row: Callable[[Title], Row | None]) -> Answer:
        """Return the rows of these titles by type; titles without a row, and types without one, are left out."""
        names = {kind: name for name, kind in TYPES.items() if kind in kinds}
        body: dict[str, list[Row]] = {name: [] for name in names.values()}
        for number in numbers:
            title = self.account.catalog.titles[number]
            if title.kind in names and (made := row(title)) is not None:
                body[names[title.kind]].append(made)
        if "empty-lists" in self.play:
            return ok(body)
        if not any(body.values()):
            for fault, empty in _EMPTY.items():
                if fault in self.play:
                    return Answer(200, empty)
        return ok({name: rows for name, rows in body.items() if rows})


def kinds_of(word: str | None) -> frozenset[Kind]:
    """Return the kinds that a type word asks for; one that the service does not know asks for all, silently."""
    return frozenset(TYPES.values()) if word is None or word not in TYPES else frozenset({TYPES[word]})


def _seconds(date_from: str) -> int:
    try:
        moment = datetime.fromisoformat(date_from)
    except ValueError:
        raise BadQuestionError(f"date_from {date_from!r} is no date") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
