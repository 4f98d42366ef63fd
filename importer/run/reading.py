"""All rows of a call's exports, in input order, and what is told of the files beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from importer.model import Remark, Row, value


@value
class Export:
    """One export of the call, opened and claimed. `fingerprint` is the digest of its bytes; `read` yields its rows."""

    path: str
    format: str
    fingerprint: str
    read: Callable[[], Iterator[Row | Remark]]


@value
class Reading:
    """What was read. `ends` tells for each export the number of rows read up to its end."""

    exports: Sequence[Export]
    rows: list[Row]
    ends: list[int]
    remarks: list[Remark]

    def counts(self) -> list[int]:
        """Return how many rows each export gave."""
        return [end - start for start, end in zip([0, *self.ends], self.ends, strict=False)]

    def formats(self) -> Iterator[str]:
        """Yield the format of every row, in input order."""
        for export, count in zip(self.exports, self.counts(), strict=True):
            for _ in range(count):
                yield export.format


def read_exports(exports: Sequence[Export]) -> Reading:
    """Read every row. Raises ExportError for a file that cannot be read."""
    rows: list[Row] = []
    ends: list[int] = []
    remarks: list[Remark] = []
    for export in exports:
        for said in export.read():
            if isinstance(said, Remark):
                remarks.append(said)
            else:
                rows.append(said)
        ends.append(len(rows))
    return Reading(exports, rows, ends, remarks)
