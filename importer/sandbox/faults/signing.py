"""What a sign-in can meet (`/api-reference/oauth2-device`, `/api-reference/oauth2-tokens`)."""

from __future__ import annotations

from importer.sandbox.faults.fault import Fault, Where

SIGN_IN: dict[str, Fault] = {
    "auth-slow-down": Fault("a poll is told to slow down", Where.POLLS, times=1),
    "auth-denied": Fault("the person declines, and the poll says so (access_denied)", Where.POLLS),
    "auth-expired": Fault("the code expires at the first poll", Where.POLLS, times=1),
    "auth-read-only": Fault("the token comes back with media:read alone", Where.POLLS),
    "refresh-refused": Fault("a refresh token is refused: invalid_grant", Where.POLLS),
}
