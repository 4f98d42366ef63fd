"""The offline half of an import: every row judged, rows of one title merged, and each title with its moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from importer.model import Date, Item, Outcome, Reason, Row, Ruling, value
from importer.plan.dedupe import Merged, dedupe
from importer.plan.judge import Policy, judge
from importer.plan.rank import ranked
from importer.plan.sides import Given
from importer.plan.title import Title


@value
class Draft:
    """What every row says and what is to become of it, each by row number; `merged` tells what rows of one title have
    together.

    The verdict on a row is the date that it is sent with, if it is the one that counts for its title; else why it is
    not sent.
    """

    items: list[Item]
    verdicts: list[Date | Ruling]
    merged: Merged

    def dates(self) -> list[Date]:
        """Return the date of each title, in input order."""
        return [verdict for verdict in self.verdicts if isinstance(verdict, Date)]

    def titles(self, start: int) -> Iterator[Title]:
        """Return each title with its moment, in input order. `start` is the run's."""
        return ranked(self.items, self.verdicts, self.merged, start)


def draft(rows: Iterable[Row], policy: Policy, given: Mapping[str, Given], known: Mapping[str, int]) -> Draft:
    """Judge and merge all rows of an import, in input order.

    `given` is what people filled in for keys, `known` the simkl ids that keys were read back on.
    """
    items: list[Item] = []
    verdicts: list[Date | Ruling] = []
    for said in rows:
        row = said
        if isinstance(said, Item):
            correction = given.get(said.key) if given else None
            row = item = said if correction is None else amended(said, correction)
        else:
            item = said.item
        items.append(item)
        verdicts.append(judge(row, policy))
    merged = dedupe(items, verdicts, known)
    for n in merged.ambiguous:
        verdicts[n] = (Outcome.REJECTED, Reason.AMBIGUOUS_TITLE)
    for others in (*merged.ambiguous.values(), *merged.others.values()):
        for n in others:
            verdicts[n] = (Outcome.DUPLICATE, None)
    return Draft(items, verdicts, merged)


def amended(item: Item, correction: Given) -> Item:
    """Return a row with what a person gave for its key. Given ids go alone: of the row's own, one may be what was
    wrong.
    """
    return replace(
        item, ids=correction.ids or item.ids, kind=correction.kind or item.kind, year=correction.year or item.year
    )
