"""The offline half of an import: every row judged, rows of one title merged, and each title with its moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from importer.model import Date, Item, Outcome, Reason, Row
from importer.plan.dedupe import Judged, Titles, dedupe
from importer.plan.judge import Fault, Policy, judge
from importer.plan.rank import ranked
from importer.plan.sides import Given, Ours


@dataclass(frozen=True, slots=True)
class Draft:
    """`items` is what every row says, by row number; `faults` why a row is not sent, None for the winner of a title;
    `judged` the rows without a fault of their own, and `titles` what they come to.
    """

    items: list[Item]
    faults: list[Fault | None]
    judged: list[Judged]
    titles: Titles

    def winners(self) -> Iterator[Judged]:
        """The row of each title that counts, in input order."""
        return map(self.judged.__getitem__, self.titles.winners)

    def ours(self, start: int) -> list[Ours]:
        """Each title with its moment, in the input order of the winners. `start` is the run's."""
        return ranked(self.judged, self.titles, start)


def draft(rows: Iterable[Row], policy: Policy, given: Mapping[str, Given], known: Mapping[str, int]) -> Draft:
    """Judge and merge all rows of an import, in input order.

    `given` is what people filled in for keys, `known` the simkl ids that keys were read back on.
    """
    items: list[Item] = []
    faults: list[Fault | None] = []
    judged: list[Judged] = []
    for n, said in enumerate(rows):
        row = said
        if isinstance(said, Item):
            correction = given.get(said.key) if given else None
            row = item = said if correction is None else amended(said, correction)
        else:
            item = said.item
        verdict = judge(row, policy)
        items.append(item)
        if isinstance(verdict, Date):
            faults.append(None)
            judged.append((n, item, verdict))
        else:
            faults.append(verdict)
    titles = dedupe(judged, known)
    for n in titles.ambiguous:
        faults[n] = (Outcome.REJECTED, Reason.AMBIGUOUS_TITLE)
    for others in (*titles.ambiguous.values(), *(merged.others for merged in titles.merged.values())):
        for n in others:
            faults[n] = (Outcome.DUPLICATE, None)
    return Draft(items, faults, judged, titles)


def amended(item: Item, correction: Given) -> Item:
    """A row with what a person gave for its key. Given ids go alone: of the row's own, one may be what was wrong."""
    return replace(
        item, ids=correction.ids or item.ids, kind=correction.kind or item.kind, year=correction.year or item.year
    )
