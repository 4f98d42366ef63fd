"""The log of every request, for tests to assert pace, overlap and repeats."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson


@dataclass(slots=True)
class Request:
    """One request as the sandbox saw it.

    `n` counts from 1. `query` holds the keys of the query string; `params` their values, that of the client id left
    out. `started` and `ended` are monotonic seconds; `ended` is None while it goes on. `status` is 0 where no status
    was sent (a reset, or a client that went away). `raw` and `response` are the bytes in and out. `fault` names the
    faults played, joined by "+".
    """

    n: int
    method: str
    path: str
    query: tuple[str, ...]
    user_agent: str | None
    has_authorization: bool
    started: float
    ended: float | None = None
    status: int = 0
    raw: bytes = b""
    response: bytes = b""
    fault: str | None = None
    account: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> object:
        """The request body: parsed where it is JSON, else its bytes; None where there is none."""
        if not self.raw:
            return None
        try:
            return orjson.loads(self.raw)
        except orjson.JSONDecodeError:
            return self.raw
