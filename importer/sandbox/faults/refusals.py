"""Refusals and limits (`/conventions/errors`, `/resources/rate-limits`)."""

from __future__ import annotations

from importer.sandbox.faults.fault import Fault, Where

LIMITS: dict[str, Fault] = {
    "rate-limit": Fault("429 rate_limit with a Retry-After of thousands of seconds"),
    "block-412": Fault("an early POST meets 412 client_id_failed and a block that every hit doubles", Where.WRITES),
    "write-held": Fault("another app's write holds ours for 10 s, then ours is done", Where.WRITES, times=1),
    "write-lock": Fault("another app's write holds ours for 20 s, then 400 rate_limit", Where.WRITES, times=1),
    "write-lock-upper": Fault("write-lock, but spelled RATE_LIMIT", Where.WRITES, times=1),
    "write-lock-code": Fault("write-lock, but with code and message", Where.WRITES, times=1),
    "overlap-lock": Fault("a write that overlaps another is held until that ends, 20 s at most", Where.WRITES),
    "quota": Fault("429 user_limit_exceeded: the day of this person is spent"),
    "app-quota": Fault("429 app_limit_exceeded: the day of this client id is spent"),
    "other-app": Fault("another app of this person spends a request of the day with each of ours"),
    "few-left": Fault("another app of this person has left 10 requests of the day"),
    "no-quota-headers": Fault("no X-RateLimit headers"),
    "unknown-429": Fault("429 with a body nobody documented and a short Retry-After"),
    "size-413": Fault("413 above 100 items", Where.WRITES),
    "bytes-413": Fault("413 above 64 KiB, as an HTML page", Where.WRITES),
    "slow-items": Fault("the answer takes 12 ms for each item sent", Where.WRITES),
}

REFUSALS: dict[str, Fault] = {
    "strict-app": Fault("refuses requests without app-name and app-version (400)", Where.API),
    "poison": Fault('400 for a batch with an item titled "Poison"', Where.WRITES),
    "status-400": Fault("400 wrong_parameter for whatever is sent", Where.WRITES),
    "status-400-client": Fault("400 unauthorized_client: a V2 client id on a V1 address"),
    "status-401": Fault("401 user_token_failed, as V1 tokens meet it"),
    "status-401-v2": Fault("401 invalid_token, as V2 tokens meet it"),
    "status-401-no-token": Fault("401 user_token_required, though a token was sent"),
    "token-ends": Fault("the token ends in mid-run: after the first write it gets 401"),
    "status-403-scope": Fault("403 insufficient_scope: the token may not write", Where.WRITES),
    "status-403-forbidden": Fault("403 forbidden"),
    "status-403-v2": Fault("403 oauth2_token_required: only a V2 token may do this"),
    "status-404": Fault("404"),
    "status-409": Fault("409"),
    "status-412": Fault("412 client_id_failed"),
}
