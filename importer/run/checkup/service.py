"""What Simkl says when a checkup asks: whose account it is, what is left of the day, and both refusals rehearsed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import ExitStatus, ImporterError, UsageError
from importer.model import value
from importer.run.checkup.lines import Line, Part, State, line_of
from importer.run.checkup.machine import clock_line
from importer.signin.flows import Flow
from importer.simkl.quota import DAILY, KEPT, quota_reset
from importer.simkl.refusals import CONNECTED_APPS, LATER, day_spent
from importer.simkl.retry import APP_SPENT, USER_SPENT

if TYPE_CHECKING:
    from importer.events import Listen
    from importer.machine.clock import Clock
    from importer.run.access import Access, Owner
    from importer.simkl.client import Client

PATIENCE = 15.0
"""Seconds for one request of a checkup: it reads little, and somebody waits for it."""

FEW = 50
"""Requests that a small import with its read-back can do with; fewer are warned of."""

REFUSALS = {"user": USER_SPENT, "app": APP_SPENT}
"""Both refusals of a spent day, by the word that Simkl's `debug_limit` has for each (/resources/rate-limits)."""

AGAIN = "look again later: simkl-import doctor"

_NAMES = {"user": "your day spent", "app": "client id's day"}


@value
class Rehearsal:
    """A refusal that was asked for. `message` is what a run would say of it, "" where it was not recognised.

    `why` tells then what came instead.
    """

    limit: str
    message: str
    why: str = ""


@value
class Asked:
    """What came of asking. `owner` is None where `error` says why; numbers are None where Simkl did not tell them.

    `ahead` is by how many seconds Simkl's clock is ahead of this machine's.
    """

    owner: Owner | None = None
    error: ImporterError | None = None
    ahead: float | None = None
    left: int | None = None
    limit: int | None = None
    rehearsals: tuple[Rehearsal, ...] = ()


async def ask(access: Access, clock: Clock, listen: Listen, *, keep: bool) -> Asked:
    """Ask Simkl whose account it is, then for both refusals; no error leaves this but an interruption.

    `keep` False: the state folder cannot be written, so nothing of this is kept for the next command.
    """
    try:
        with _held(access, keep=keep) as holding:
            async with holding.client(holding.known_owner(), clock, PATIENCE, listen) as client:
                return await _asked(holding, client)
    except ImporterError as error:
        return Asked(error=error)


async def _asked(access: Access, client: Client) -> Asked:
    from importer.simkl.account import read_stamps

    owner: Owner | None = None
    error: ImporterError | None = None
    try:
        owner = await access.owner(client)
        if client.left_today is None and access.credentials.token.flow != Flow.PIN:
            await read_stamps(client)  # a new token's first answer does not tell what is left of the day
    except ImporterError as failed:
        error = failed
    rehearsals: tuple[Rehearsal, ...] = ()
    if error is None or client.ahead is not None:  # else nobody is there to play a refusal
        rehearsals = tuple([await _rehearsed(client, limit) for limit in REFUSALS])
    return Asked(
        owner=owner,
        error=error,
        ahead=client.ahead,
        left=client.left_today,
        limit=client.limit_today,
        rehearsals=rehearsals,
    )


async def _rehearsed(client: Client, limit: str) -> Rehearsal:
    from importer.simkl.reads import SETTINGS

    try:
        verdict = await client.rehearse(SETTINGS, limit)
    except ImporterError as error:
        return Rehearsal(limit, "", error.message)
    if verdict.name != REFUSALS[limit] or verdict.error is None:
        return Rehearsal(limit, "", verdict.why or "an answer as if the day were not spent")
    return Rehearsal(limit, verdict.error.message)


def service_lines(asked: Asked, now: float) -> list[Line]:
    """Return the lines of what came of asking, this machine's clock among them."""
    lines = [] if asked.ahead is None else [clock_line(asked.ahead)]
    if asked.owner is not None:
        name = f"{asked.owner.name or 'no name'} (account {asked.owner.id})"
        lines.append(Line(Part.SIGN_IN, "account", State.OK, name))
        lines.append(_plan_line(asked.owner.plan))
    if asked.error is not None:
        lines.append(_error_line(asked.error))
    else:
        lines.append(today_line(asked.left, asked.limit, now))
    lines += [rehearsal_line(one) for one in asked.rehearsals if one.message or asked.error is None]
    return lines


def _error_line(error: ImporterError) -> Line:
    """Tell why Simkl did not say whose account it is; a checkup has nothing to go on with, it can only look again."""
    if error.exit_code is ExitStatus.USAGE:  # it was never asked: a lock or a file on this machine is in the way
        return line_of("lock", error, Part.MACHINE)
    line = line_of("answer", error)
    return replace(line, next=AGAIN) if line.next == LATER else line


def _plan_line(plan: str) -> Line:
    quota = DAILY.get(plan)
    return Line(Part.SERVICE, "plan", State.OK, plan + (f" ({quota:,} requests a day)" if quota else ""))


def today_line(left: int | None, limit: int | None, now: float) -> Line:
    """Tell how many requests are left of the day at `now` (seconds since the epoch)."""
    if left is None:
        return Line(Part.SERVICE, "left today", State.OK, "Simkl does not tell how many requests are left")
    if left == 0:
        return line_of("left today", day_spent(of_app=False, limit=limit, resume_at=quota_reset(now), now=now))
    text = f"{left:,}" + (f" of {limit:,}" if limit is not None else "") + " requests"
    if left > FEW:
        return Line(Part.SERVICE, "left today", State.OK, text)
    next_step = f"which apps draw on them is shown at {CONNECTED_APPS}"
    if left > KEPT:
        return Line(part=Part.SERVICE, name="left today", state=State.WARNING, text=text, next=next_step)
    text += f": a run keeps the last {KEPT} for reading back what was sent"
    return Line(part=Part.SERVICE, name="left today", state=State.TROUBLE, text=text, next=f"run tomorrow; {next_step}")


def rehearsal_line(one: Rehearsal) -> Line:
    """Tell whether a refusal was recognised, and what a run would say of it."""
    name = _NAMES[one.limit]
    if one.message:
        return Line(Part.SERVICE, name, State.OK, f"rehearsed; a run would say: {one.message}")
    return Line(
        part=Part.SERVICE,
        name=name,
        state=State.WARNING,
        text=f"could not be rehearsed: Simkl did not play this refusal ({one.why})",
        next=AGAIN,
    )


@contextmanager
def _held(access: Access, *, keep: bool) -> Iterator[Access]:
    """Hold the account as every command does that asks; without a state folder, for this process alone."""
    if keep:
        with access.lock(access.known_owner()):
            yield access
        return
    try:
        folder = tempfile.TemporaryDirectory(prefix="simkl-import-")
    except OSError as error:
        raise UsageError(
            f"there is no folder to work in: {error.strerror}", "make room on the disk, or: export TMPDIR=/tmp"
        ) from None
    with folder as name:
        yield replace(access, places=replace(access.places, state=Path(name)))
