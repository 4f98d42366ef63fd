"""A job: its options, the decisions made for it, and how its run ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.errors import ImporterError
from importer.model import Command, Date, Item, Kind, Outcome, Ruling, value
from importer.plan.decide import OnConflict
from importer.plan.judge import Undated
from importer.plan.rank import order_of
from importer.plan.sides import Given, Remembered
from importer.plan.title import Title
from importer.record import Record
from importer.run.reading import Export, Reading
from importer.run.refusal import row_digest
from importer.simkl.quota import KEPT

if TYPE_CHECKING:
    from importer.send.sender import Sender


@value
class Options:
    """The options of `run` that reach past reading. `batch_size` None is `auto`; `since` is seconds since the epoch.

    `command` is the one under whose name the run is on record.
    """

    undated: Undated = Undated.WATCHED
    only: frozenset[Kind] = frozenset()
    since: int | None = None
    on_conflict: OnConflict = OnConflict.NEWER
    redate: bool = False
    limit: int | None = None
    retry_not_found: bool = False
    batch_size: int | None = None
    verify: bool = True
    dry_run: bool = False
    listed_only: bool = False
    command: str = Command.RUN

    @property
    def kept(self) -> int:
        """Return how many of the day's last requests are not for sending: reading back what was sent takes them."""
        return KEPT if self.verify else 0

    def job(self, exports: Sequence[Export], version: str) -> str:
        """A digest of all that decides: the same one means that the same run would come of it."""
        deciding = [
            version,
            self.undated,
            sorted(self.only),
            self.since,
            self.on_conflict,
            self.redate,
            self.limit,
            [[export.format, export.fingerprint] for export in exports],
            *(["listed"] if self.listed_only else []),
        ]
        return hashlib.sha256(json.dumps(deciding).encode()).hexdigest()


@value
class Plan:
    """All decisions of a run. `items` and `verdicts` are by row number, as in a draft; `carried` are rows that an
    earlier part of it has sent, `findings` those that it rejected first, `corrections` what people gave. `misleading`
    are the (kind, title, year) that lead to a wrong title.
    """

    reading: Reading
    items: list[Item]
    verdicts: list[Date | Ruling]
    titles: list[Title]
    past: dict[str, Remembered]
    carried: dict[int, Record]
    findings: frozenset[int]
    corrections: Mapping[str, Given]
    misleading: frozenset[tuple[Kind, str, int | None]]

    def closed(self, n: int) -> bool:
        """Whether a row, just as it is, was mended by a row of a rejects file."""
        row = self.reading.rows[n]
        item = row if isinstance(row, Item) else row.item
        correction = self.corrections.get(item.key) if self.corrections else None
        return correction is not None and correction.closed == row_digest(item)

    def to_send(self) -> list[Title]:
        """The titles to send, in sending order."""
        pending = [one for one in self.titles if one.outcome is Outcome.PENDING and not self.is_done(one)]
        return sorted(pending, key=order_of)

    def is_done(self, one: Title) -> bool:
        """Whether an earlier part of the run has done with a title; what it left unconfirmed may go once more."""
        carried = self.carried.get(one.n)
        return carried is not None and carried.outcome is not Outcome.UNCONFIRMED


@dataclass(slots=True)
class Progressed:
    """How far a run got. `stop` is what stopped it, `trouble` why some ratings stayed pending although it went on,
    `warning` what could not be checked although all was sent, and `hint` what a person does about it; `fresh` that
    something came out which no row of this run tells. `sender` is what the day's last requests were kept from.
    """

    run: int
    started: int
    stop: ImporterError | None = None
    trouble: str = ""
    warning: str = ""
    hint: str = ""
    fresh: bool = False
    sender: Sender | None = None
