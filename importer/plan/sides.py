"""What earlier runs left of a key: what row and account last agreed on, what was asked, what a person gave."""

from __future__ import annotations

from importer.model import Date, Ids, Kind, Outcome, value


@value
class Base:
    """What the row and the account each said when they were last settled for this key."""

    said_rating: int
    said_date: Date | None
    account_rating: int
    account_rated_at: int | None


@value
class Kept:
    """What a reading decided to keep: what stands on the title, and what the row said then."""

    simkl: int
    standing: tuple[int, int | None] | None
    rating: int
    rated_at: int


@value
class Remembered:
    """What the resume file knows of a key, or is to know from now on.

    `asked` is the digest of the identity that was last sent; `wanted` the rating and date last sent or to be sent.
    `due` is when a row that Simkl did not take is worth asking about again, seconds since the epoch.
    """

    outcome: Outcome
    reason: str | None = None
    asked: int | None = None
    simkl: int | None = None
    wanted_rating: int | None = None
    wanted: Date | None = None
    base: Base | None = None
    due: int | None = None
    kept: Kept | None = None


@value
class Given:
    """What a person filled in for a key in a rejects file, or chose for it; None and () where nothing.

    `absent`: a person says that Simkl does not have the title; `told` is then the number of the question that led
    nowhere, so that a row that changes is asked about again. Else `told` is the digest of the mended row, so that the
    same file gives nothing new. `closed` is that of the rejected row it mends: a row that still says so is no new
    finding.
    """

    ids: Ids
    kind: Kind | None
    year: int | None
    told: int | None = None
    closed: int | None = None
    absent: bool = False
