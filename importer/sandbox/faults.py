"""Every fault and mode the sandbox can play, by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Where(Enum):
    """Which requests a fault fits when it is always on or drawn at random; a script may play it anywhere."""

    WRITES = "POST /sync/ratings, /sync/ratings/remove, /sync/history/remove"
    RATING = "POST /sync/ratings"
    READS = "GET /sync/..."
    CALLS = "every user call"
    POLLS = "POST /oauth2/token, GET /oauth/pin/{code}"
    API = "every request"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what it does in one line, where it fits, and how often it plays when always on (None: always)."""

    text: str
    where: Where = Where.CALLS
    times: int | None = None


_FORMS = {"": "JSON error", "-html": "HTML page", "-empty": "empty body"}
_SERVER_ERRORS = {500: "internal error", 502: "bad gateway", 503: "unavailable", 504: "gateway timeout"}

_ANSWER_MODES: dict[str, Fault] = {
    "strict-app": Fault("refuses requests without app-name and app-version (400)", Where.API),
    "status-200": Fault("success is 200 instead of 201", Where.WRITES),
    "echo-type": Fault('echoes carry "type", as siblings of the endpoint do', Where.RATING),
    "echo-missing": Fault("every third item is stored but named in neither list", Where.RATING),
    "echo-lie": Fault("every third item is echoed as added but not stored", Where.RATING),
    "dropped-items": Fault("every third item is neither stored nor named in either list", Where.RATING),
    "no-statuses": Fault("added has counts but no statuses", Where.RATING),
    "empty-statuses": Fault("added.statuses is an empty list", Where.RATING),
    "shuffle": Fault("statuses and not_found come in another order than sent", Where.WRITES),
    "zero-counts": Fault("counts are 0, statuses are complete", Where.WRITES),
    "full-counts-no-statuses": Fault("counts are of all that was sent, without statuses", Where.WRITES),
    "not-found-typed": Fault('not_found entries carry "type"', Where.WRITES),
    "not-found-ids-only": Fault(
        "not_found entries keep only their ids (title and year where there are none)", Where.WRITES
    ),
    "not-found-title-only": Fault(
        "not_found entries keep only title and year (ids where there is no title)", Where.WRITES
    ),
    "not-found-no-ids": Fault("not_found entries have no ids", Where.WRITES),
    "not-found-stray": Fault("not_found holds an entry that matches nothing sent", Where.WRITES),
    "range-silent": Fault("a rating out of range is named in neither list", Where.RATING),
    "status-plan-to-watch": Fault("a rating files on plantowatch, and a film already there stays there", Where.RATING),
    "status-unknown": Fault("response.status is a word no page documents", Where.RATING),
    "ignore-anime": Fault("anime[] is ignored: neither stored nor named", Where.WRITES),
    "wrong-kind-not-found": Fault("a film under shows, or a series under movies, is not found", Where.WRITES),
    "wrong-kind-other-title": Fault(
        "a film under shows, or a series under movies, lands on another title", Where.WRITES
    ),
    "wrong-title": Fault("title and year without ids resolve to another title", Where.WRITES),
}

_LIMITS: dict[str, Fault] = {
    "rate-limit": Fault("429 rate_limit with a Retry-After of thousands of seconds"),
    "block-412": Fault("an early POST meets 412 client_id_failed and a block that every hit doubles", Where.WRITES),
    "overlap-lock": Fault("a POST that overlaps another meets 400 rate_limit", Where.WRITES),
    "write-lock": Fault("400 RATE_LIMIT: a per-user write lock", Where.WRITES, times=1),
    "quota": Fault("429 user_limit_exceeded: the day's quota is spent"),
    "app-quota": Fault("429 app_limit_exceeded: the quota of the app is spent"),
    "unknown-429": Fault("429 with a body nobody documented and a short Retry-After"),
    "poison": Fault('400 for a batch with an item titled "Poison" or with a configured id', Where.WRITES),
    "size-413": Fault("413 above a number of items", Where.WRITES),
    "status-400": Fault("400 for whatever is sent", Where.WRITES),
    "status-401": Fault("401 user_token_failed"),
    "token-ends": Fault("the token ends in mid-run: after the first write it gets 401"),
    "status-403-scope": Fault("403 insufficient_scope: the token may not write", Where.WRITES),
    "status-403-forbidden": Fault("403 forbidden"),
    "status-404": Fault("404"),
    "status-409": Fault("409"),
    "status-412": Fault("412 client_id_failed"),
}

_SERVER: dict[str, Fault] = {
    **{
        f"status-{status}{form}": Fault(f"{status} {text} before the write, as {shape}")
        for status, text in _SERVER_ERRORS.items()
        for form, shape in _FORMS.items()
    },
    **{
        f"status-{status}-after-write": Fault(f"{status} {text}, though the write was done")
        for status, text in _SERVER_ERRORS.items()
    },
    "retry-after-seconds": Fault("503 with Retry-After in seconds"),
    "retry-after-date": Fault("503 with Retry-After as a date"),
    "error-object": Fault("500 whose error is an object"),
    "error-200": Fault("200 with an error envelope, nothing written"),
    "html-200": Fault("200 with an HTML page, nothing written"),
    "html-200-after-write": Fault("200 with an HTML page, though the write was done"),
    "empty-200": Fault("200 with an empty body, though the write was done"),
    "null-200": Fault("200 with null, though the write was done"),
    "cut-json": Fault("a JSON body cut in half, though the write was done"),
    "partial-apply": Fault("half of the items are written, then 500", Where.WRITES),
}

_NETWORK: dict[str, Fault] = {
    "reset-before-write": Fault("TCP reset, nothing written"),
    "reset-after-write": Fault("TCP reset after the write, no answer"),
    "reset-mid-body": Fault("TCP reset in the middle of the answer, after the write"),
    "close-mid-body": Fault("the connection closes in the middle of the answer, after the write"),
    "stall": Fault("the write is done, its answer comes too late"),
    "stall-before-write": Fault("no write and no answer for longer than the client's patience"),
    "slow-drip": Fault("the answer comes a few bytes at a time"),
}

_READ_MODES: dict[str, Fault] = {
    "empty-null": Fault("no rows: null", Where.READS),
    "empty-object": Fault("no rows: {}", Where.READS),
    "empty-list": Fault("no rows: []", Where.READS),
    "no-rated-at": Fault("rows have no user_rated_at", Where.READS),
    "null-rated-at": Fault("user_rated_at is null", Where.READS),
    "day-dates": Fault("user_rated_at is coarser: midnight of its day", Where.READS),
    "shifted-dates": Fault("user_rated_at is shifted by some hours", Where.READS),
    "bare-ids": Fault("rows have no ids but simkl", Where.READS),
    "lagging-reads": Fault("ratings and activities show the account as it was some seconds ago", Where.READS),
    "lagging-ratings": Fault("ratings lag some seconds behind, activities do not", Where.READS),
    "null-activities": Fault("activities hold nulls", Where.READS),
}

_SIGN_IN: dict[str, Fault] = {
    "auth-slow-down": Fault("a poll is told to slow down", Where.POLLS, times=1),
    "auth-denied": Fault("the person denies the code", Where.POLLS),
    "auth-expired": Fault("the code expires at the first poll", Where.POLLS, times=1),
    "refresh-refused": Fault("a refresh token is refused: invalid_grant", Where.POLLS),
}

TABLE: dict[str, Fault] = {**_ANSWER_MODES, **_LIMITS, **_SERVER, **_NETWORK, **_READ_MODES, **_SIGN_IN}

# Name and one-line description of each, for option checks and listings.
FAULTS: dict[str, str] = {name: fault.text for name, fault in TABLE.items()}

# What a client must get over by itself: the pool that random faults are drawn from unless told otherwise.
TRANSIENT: tuple[str, ...] = (
    "rate-limit", "write-lock", "status-500", "status-502", "status-502-html", "status-503", "status-503-empty",
    "status-504", "status-500-after-write", "status-504-after-write", "retry-after-seconds", "html-200", "empty-200",
    "null-200", "cut-json", "partial-apply", "reset-before-write", "reset-after-write", "reset-mid-body",
    "close-mid-body",
)  # fmt: skip
