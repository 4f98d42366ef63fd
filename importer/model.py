"""The words that everything speaks: what a row says, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

from importer.value import maker as maker
from importer.value import value as value  # what everything above this room knows it by

DAY = 86_400
NOON = 43_200

FURTHEST_ZONE = 14 * 3_600
"""Seconds by which Simkl may give back a date otherwise than sent: no time zone is further from UTC."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)

Ids: TypeAlias = tuple[tuple[str, str], ...]
"""(key, value) pairs in Simkl's names: ("imdb", "tt0133093"), ("tmdb", "603"). Values are text, never empty."""


def iso(seconds: float, *, precision: Literal["seconds", "microseconds"] = "seconds") -> str:
    """Return a moment, in seconds since the epoch, as every file and request has it: `2026-05-15T20:00:00Z`."""
    return (EPOCH + timedelta(seconds=seconds)).isoformat(timespec=precision) + "Z"


def iso_or_none(seconds: float | None) -> str | None:
    """Return the same of a moment that may not be known."""
    return None if seconds is None else iso(seconds)


class Kind(StrEnum):
    """What a title is, as the export says."""

    MOVIE = "movie"
    SHOW = "show"
    ANIME = "anime"


class Precision(StrEnum):
    """How exactly an export knows a date."""

    SECOND = "second"
    DAY = "day"


class Origin(StrEnum):
    """Where a date comes from. Only RATING and ENTRY are true rating dates; the others stand in."""

    RATING = "rating"
    ENTRY = "entry"
    WATCHED = "watched"
    EDITED = "edited"
    RUN = "run"


class Command(StrEnum):
    """What was asked for, as a run on record and a summary name it."""

    RUN = "run"
    CHECK = "check"
    UNDO = "undo"
    MEND = "mend"
    DOCTOR = "doctor"


class Outcome(StrEnum):
    """What became of a row. Every row ends in exactly one; the order is the one reports show."""

    REJECTED = "rejected"
    SKIPPED = "skipped"
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    APPLIED = "applied"
    NOT_FOUND = "not_found"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    PENDING = "pending"


NEEDS_A_PERSON = (Outcome.REJECTED, Outcome.NOT_FOUND, Outcome.FAILED, Outcome.UNCONFIRMED)
"""Outcomes that a person has to look at; new ones end a run with status 3."""


class Reason(StrEnum):
    """Why a row was rejected, skipped or kept, with the words that a report has for it."""

    words: str

    def __new__(cls, value: str, words: str) -> Reason:
        """Make the reason that stands as `value` in files."""
        reason = str.__new__(cls, value)
        reason._value_ = value
        reason.words = words
        return reason

    OUT_OF_RANGE = "out_of_range", "the rating is off the 1-10 scale"
    NOT_A_NUMBER = "not_a_number", "the rating is no number"
    NO_IDENTITY = "no_identity", "neither an id nor a title"
    NO_YEAR = "no_year", "a title without year or id: too risky"
    AMBIGUOUS_TITLE = "ambiguous_title", "two titles of the same name and year"
    UNREADABLE_DATE = "unreadable_date", "the date cannot be read"
    UNKNOWN_KIND = "unknown_kind", "a type that this format does not know"
    MALFORMED_ROW = "malformed_row", "the row cannot be read"
    UNRATED = "unrated", "no rating in the export"
    UNSUPPORTED_KIND = "unsupported_kind", "Simkl rates no seasons, episodes or games"
    UNDATED = "undated", "no rating date (--undated skip)"
    NOT_LISTED = "not_listed", "not in your Simkl library (--listed-only)"
    FILTERED = "filtered", "left out by --only, --since or --limit"
    CHANGED_ON_SIMKL = "changed_on_simkl", "you changed it on Simkl since"
    CONFLICT = "conflict", "Simkl has another rating, and it wins"
    OLDER_EXPORT = "older_export", "the export is older than what was imported"


Ruling: TypeAlias = tuple[Outcome, Reason | None]
"""What is to become of a row, and why; PENDING means that it is to be sent."""


class Note(StrEnum):
    """What the read-back found beside the outcome."""

    OTHER_TITLE = "other_title"
    SHARED_TITLE = "shared_title"
    DATE_DIFFERS = "date_differs"


@value
class Date:
    """When a rating was given: seconds since the epoch, UTC. A date known to the day stands at noon of that day."""

    value: int
    precision: Precision
    origin: Origin

    @property
    def day(self) -> int:
        """Days since the epoch."""
        return self.value // DAY

    @property
    def true(self) -> bool:
        """Tell whether this is when the rating was given, and no stand-in."""
        return self.origin is Origin.RATING or self.origin is Origin.ENTRY


@value
class Item:
    """What one row of an export says, unjudged.

    `key` names the row's title within its site and stays the same over exports ("mal:5114").
    `kind` is None where Simkl has no place for it (a season, an episode, a game).
    `title` is "" and `year` None where the row has none; `ids` holds only keys that Simkl takes.
    `source_rating` is the text as exported; `rating` the same on the 1-10 scale, exact and unchecked (5.5 stars are 11,
    3.7 stars Decimal("7.4")), or None where the text is no number.
    `date` is None where the row has no usable one.
    `file` is the member's path, `line` the line in a text file, or the index from 1 in JSON and XML.
    """

    key: str
    kind: Kind | None
    title: str
    year: int | None
    ids: Ids
    source_rating: str
    rating: int | Decimal | None
    date: Date | None
    file: str
    line: int


make_item = maker(Item)


@value
class Rejected:
    """A row that cannot be sent as it is; `item` holds as much of it as could be read.

    `text` is what could not be read, word for word: the date of an unreadable date ("30/30/2022"), the type of an
    unknown kind ("filmm"). The rejects file shows it as it stands.
    """

    item: Item
    reason: Reason
    text: str = ""


@value
class Skipped:
    """A row with nothing to import: unrated, or of a kind that Simkl has no ratings for."""

    item: Item
    reason: Reason


@value
class Superseded:
    """An earlier entry of a log (a diary) whose later entry for the same title is the one to take: a duplicate."""

    item: Item


@value
class Remark:
    """Something to tell of a file that is no row: a repaired comment, a fallback encoding. `line` 0: the whole file."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


@value
class AccountRating:
    """A rating on the account as Simkl tells it (/guides/sync). `rated_at` is None where Simkl has no date."""

    simkl: int
    kind: Kind
    title: str
    year: int | None
    ids: Ids
    rating: int
    rated_at: int | None


make_rating = maker(AccountRating)


Row: TypeAlias = Item | Rejected | Skipped | Superseded
