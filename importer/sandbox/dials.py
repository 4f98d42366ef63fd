"""The numbers behind the faults."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Dials:
    """What a test may set; times in seconds. Those of the write lock are multiplied by the sandbox's pace."""

    retry_after: float = 2.0  # of retry-after-* and unknown-429
    misleading_retry_after: int = 40_000  # of rate-limit
    block: float = 2.0  # of block-412, doubled by every hit
    hold: float = 20.0  # how long a write is held at most before it is refused (`/resources/rate-limits`)
    held: float = 10.0  # how long write-held holds a write
    lock: float = 0.0  # how long another app's write goes on after write-lock has refused ours; not scaled
    lag: float = 3.0  # of lagging-*
    shift_hours: float = 5.0  # of shifted-dates
    skew: float = 3600.0  # of clock-ahead
    stall: float = 3600.0
    drip: float = 1.0  # how long one slow-drip body takes
    item: float = 0.012  # of slow-items, for each item
    size_limit: int = 100  # items, of size-413
    bytes_limit: int = 64 * 1024  # of bytes-413
    max_items: int = 1_000  # rows, of max-items
    other_app: int = 1  # requests that other-app spends with each of ours
    few_left: int = 10  # requests that few-left leaves of the day
    poison_titles: set[str] = field(default_factory=lambda: {"Poison"})
    poison_ids: set[tuple[str, str]] = field(default_factory=set)  # such as ("imdb", "tt0133093")
    token_ends_after: int = 1  # writes, of token-ends
