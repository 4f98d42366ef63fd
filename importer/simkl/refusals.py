"""What stops a run, in words: whose matter each refusal is, and the next step (/conventions/errors)."""

from __future__ import annotations

from importer.errors import CredentialsError, DayKeptError, DefectError, ImporterError, ServiceStopError
from importer.simkl.wire import TOKEN_REQUIRED

CONNECTED_APPS = "https://simkl.com/settings/connected-apps/"
"""Where a person sees which of their apps draw on the day's requests, and removes them (/resources/rate-limits)."""

DEVELOPER = "https://simkl.com/settings/developer/"
"""Where a person registers a client id (/api-reference/oauth2-device)."""

DEVICE_KIND = "TV, devices & command line"
"""The kind of app to register: it has no secret and no redirect address (/api-reference/oauth2-device)."""

BLOCK_REST = 600.0
"""Seconds to leave a throttle block alone: every further hit prolongs it (/resources/rate-limits)."""

LOCK_REST = 300.0
"""Seconds to leave an account alone that another app keeps on writing to."""

SIGN_IN = "sign in again: simkl-import login"
LATER = "run the same command later: it goes on where it stopped"
THEN = "run the same command then: it goes on where it stopped"


def day_spent(*, of_app: bool, limit: int | None, resume_at: float, now: float) -> ServiceStopError:
    """Return what to say when the day is spent: this person's, or that of everybody with this client id."""
    if of_app:
        return ServiceStopError(
            "today's Simkl requests of this client id are used up, by everybody who uses it",
            f"{THEN}; a client id of your own has requests of its own, and your apps are listed at {CONNECTED_APPS}",
            resume_at,
            now,
        )
    whole = f"all {limit:,} of your Simkl requests of today" if limit else "your Simkl requests of today"
    return ServiceStopError(
        f"{whole} are used up, by all your apps together",
        f"{THEN}; which apps draw on them is shown at {CONNECTED_APPS}",
        resume_at,
        now,
    )


def day_kept(left: int, limit: int | None, resume_at: float, now: float) -> ServiceStopError:
    """Return what to say when the last requests of the day are kept for what was sent."""
    of = f"of your {limit:,} Simkl requests of today" if limit else "of your Simkl requests of today"
    return DayKeptError(
        f"{left} {of} {'is' if left == 1 else 'are'} left, kept for reading back what was sent",
        f"{THEN}; which apps draw on them is shown at {CONNECTED_APPS}",
        resume_at,
        now,
    )


def locked(now: float) -> ServiceStopError:
    """Return what to say when the write lock of the account outlasted every try."""
    return ServiceStopError(
        "another app keeps on writing to this Simkl account, and Simkl takes one write at a time",
        "run the same command then, or when the other app has finished: it goes on where it stopped",
        now + LOCK_REST,
        now,
    )


def later(why: str, resume_at: float | None, now: float) -> ServiceStopError:
    """Return what to say when Simkl asks for more patience than a run has."""
    return ServiceStopError(f"Simkl asks to come back later ({why})", LATER, resume_at, now)


def redirected(why: str) -> ServiceStopError:
    """Return what to say of a redirect, which is never followed."""
    return ServiceStopError(f"Simkl's address answers with a redirect ({why})", "check SIMKL_API_URL")


def wrong_kind(why: str) -> CredentialsError:
    """Return what to say of a 400 `unauthorized_client`: a client id of one sign-in on an address of the other."""
    return CredentialsError(
        f"this client id is of Simkl's newer sign-in (V2), and this address of its older one (V1) ({why})",
        "sign in again with this client id: simkl-import login --flow device",
    )


def bad_token(error: str, why: str) -> ImporterError:
    """Return what to say of a 401 that no refresh can mend."""
    if error == TOKEN_REQUIRED:
        return DefectError(
            f"a request went to Simkl without the access token ({why}): a defect of this program",
            "please report it with this line",
        )
    return CredentialsError(f"Simkl does not accept the access token: it has ended or was revoked ({why})", SIGN_IN)


def forbidden(error: str, why: str, *, page: bool) -> ImporterError:
    """Return what to say of a 403. `page` tells that it came as HTML, which no address of the API answers with."""
    if page:
        return ServiceStopError(
            f"something on the way to Simkl turns the request away ({why})",
            f"check proxy, VPN and firewall of this machine; else {LATER}",
        )
    if error == "oauth2_token_required":
        return CredentialsError(
            f"Simkl wants a sign-in of its newer kind (V2) to read or write here ({why})",
            f'sign in with simkl-import login --flow device; a client id of the kind "{DEVICE_KIND}" '
            f"is registered at {DEVELOPER}",
        )
    if error == "insufficient_scope":
        return CredentialsError(
            f"this sign-in may read your ratings on Simkl, but not write them ({why})",
            "sign in again and allow both reading and writing: simkl-import login",
        )
    return CredentialsError(f"Simkl does not let this sign-in read or write here ({why})", SIGN_IN)


def client_failed(why: str, now: float, *, accepted: bool) -> ImporterError:
    """Return what to say of a 412: before any accepted call it means the client id, after one the throttle block."""
    if accepted:
        return ServiceStopError(f"Simkl has blocked us for asking too fast ({why})", THEN, now + BLOCK_REST, now)
    return CredentialsError(
        f"Simkl does not know the client id ({why})",
        f"yours are listed at {DEVELOPER} (check SIMKL_CLIENT_ID, or {SIGN_IN})",
    )
