"""Servers and networks in trouble: before the work, after it, and in the middle of the answer."""

from __future__ import annotations

from importer.sandbox.faults.fault import Fault, Where

_FORMS = {"": "JSON error", "-html": "HTML page", "-empty": "empty body"}
_SERVER_ERRORS = {500: "internal error", 502: "bad gateway", 503: "unavailable", 504: "gateway timeout"}

SERVER: dict[str, Fault] = {
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
    "clock-ahead": Fault("the Date header is an hour ahead", Where.API),
}

NETWORK: dict[str, Fault] = {
    "reset-before-write": Fault("TCP reset, nothing written"),
    "reset-after-write": Fault("TCP reset after the write, no answer"),
    "reset-mid-body": Fault("TCP reset in the middle of the answer, after the write"),
    "close-mid-body": Fault("the connection closes in the middle of the answer, after the write"),
    "stall": Fault("the write is done, its answer comes too late"),
    "stall-before-write": Fault("no write and no answer for longer than the client's patience"),
    "slow-drip": Fault("the answer comes a few bytes at a time"),
}

# What a client must get over by itself: the pool that random faults are drawn from unless told otherwise.
TRANSIENT: tuple[str, ...] = (
    "rate-limit",
    "write-lock",
    "status-500",
    "status-502",
    "status-502-html",
    "status-503",
    "status-503-empty",
    "status-504",
    "status-500-after-write",
    "status-504-after-write",
    "retry-after-seconds",
    "html-200",
    "empty-200",
    "null-200",
    "cut-json",
    "partial-apply",
    "reset-before-write",
    "reset-after-write",
    "reset-mid-body",
    "close-mid-body",
)
