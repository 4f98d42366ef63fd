"""When each account was last imported and what came of it, for whoever watches over nightly jobs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.machine.state_file import StateFile
from importer.machine.version import program_version
from importer.model import iso, value

if TYPE_CHECKING:
    from importer.record import Summary


@value
class LastCalls:
    """The last run of each account, also one that found nothing new and so is not in the resume file."""

    file: StateFile

    @classmethod
    def at(cls, state: Path) -> LastCalls:
        """Return what is kept in this state folder."""
        return cls(StateFile(state / "last.json"))

    def note(self, account: str, summary: Summary, now: float, *, nothing_new: bool) -> None:
        """Note how a run ended just now."""
        entry = {
            "time": iso(now),
            "version": program_version(),
            "run": summary.run,
            "exit": int(summary.exit),
            "nothing_new": nothing_new,
            "exports": [source.path for source in summary.sources],
            "message": summary.message,
        }
        self.file.change(lambda content: content.update({account: entry}))

    def of(self, account: str) -> dict[str, Any] | None:
        """Return how the last run of an account ended, or None if nobody knows."""
        found = self.file.read().get(account)
        return found if isinstance(found, dict) else None
