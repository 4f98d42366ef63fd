"""What a fault is, and where it fits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Where(Enum):
    """Which requests a fault fits when it is always on or drawn at random; a script may play it anywhere."""

    WRITES = "POST /sync/ratings, /sync/ratings/remove, /sync/history/remove"
    RATING = "POST /sync/ratings"
    REMOVAL = "POST /sync/ratings/remove"
    READS = "GET /sync/..., GET /users/settings"
    CALLS = "every call that is paced and counted: /sync/..., /users/..., /search/..."
    LOOKUPS = "GET /movies/..., /tv/..., /anime/..., /redirect, /search/..."
    POLLS = "POST /oauth2/token, GET /oauth/pin/{code}"
    API = "every request"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what it does in one line, where it fits, and how often it plays when always on (None: always)."""

    text: str
    where: Where = Where.CALLS
    times: int | None = None
