"""How a live test ended: what was seen, what stopped it, and whether everything stands again as it did."""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.errors import ExitStatus, ImporterError, InterruptedRunError
from importer.journal.owed import MOST_TRIES
from importer.journal.store import Journal
from importer.journal.trial import Borrowed, borrowed, is_stuck
from importer.machine.clock import Clock
from importer.record import Requests
from importer.run.checkup.observing import Observation
from importer.run.checkup.putting_back import PutBack, put_back
from importer.simkl.client import Client


@dataclass(slots=True)
class Ended:
    """How a live test ended. `begun` False: nothing was written, and `why` says why, "" if nobody agreed.

    `returning`: nothing was tried, what an earlier test had left was put back. `stop` is what ended it early. `back` is
    what came of putting back, None if that was not come to; `left` are the names of the titles that are still to be
    put back, `stuck` how many of these are not tried any more. `spilled` are titles beside the three that a write of
    ours changed, `foreign` those that somebody else changed meanwhile.
    """

    begun: bool = False
    returning: bool = False
    why: str = ""
    run: int | None = None
    observations: list[Observation] = field(default_factory=list)
    stop: ImporterError | None = None
    back: PutBack | None = None
    spilled: int = 0
    foreign: int = 0
    left: tuple[str, ...] = ()
    stuck: int = 0
    requests: Requests = field(default_factory=Requests)


async def finish(
    client: Client, journal: Journal, clock: Clock, ended: Ended, start: int, *, anew: bool = False
) -> None:
    """Put back what a test wrote, and note how that ended."""
    try:
        ended.back = await put_back(client, journal, clock, start, anew=anew)
    except ImporterError as error:
        ended.stop = error if isinstance(error, InterruptedRunError) else ended.stop or error
    note_left(journal, ended)


def note_left(journal: Journal, ended: Ended) -> None:
    """Note what is still to be put back."""
    left = borrowed(journal).values()
    ended.left = tuple(map(named, left))
    ended.stuck = sum(is_stuck(one, MOST_TRIES) for one in left)


def named(one: Borrowed) -> str:
    """Return a title by its name and year."""
    return f"{one.title} ({one.year})" if one.year else one.title


def status_of(ended: Ended) -> ExitStatus:
    """Return the exit status that a test ends with by itself."""
    if ended.stop is not None:
        return ended.stop.exit_code
    return ExitStatus.SERVICE if ended.left or ended.spilled else ExitStatus.DONE


def message_of(ended: Ended) -> str:
    """Return one line for `status`: what was seen, and whether everything is put back."""
    seen = len(ended.observations)
    parts = ["live test: 1 question answered" if seen == 1 else f"live test: {seen} questions answered"]
    if isinstance(ended.stop, InterruptedRunError):
        parts.append("interrupted")
    elif ended.stop is not None:
        parts.append(f"stopped: {ended.stop.message}")
    if ended.spilled:
        parts.append("another title of the account changed with it")
    if ended.left:
        what = "1 title is" if len(ended.left) == 1 else f"{len(ended.left)} titles are"
        parts.append(f"{what} still to be put back")
    else:
        parts.append("everything is put back")
    return "; ".join(parts)
