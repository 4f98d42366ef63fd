"""The way back: a run that a person thinks of taking back, what that would come to, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from importer.errors import UsageError
from importer.model import value
from importer.run.scope import Scope
from importer.web import work
from importer.web.engine import Engine
from importer.web.work import Report, Target


@value
class Thought:
    """A run that somebody has looked at, with what taking it back would come to."""

    run: int
    scope: Scope
    look: Report


class WayBack:
    """`thought` is what was looked at last, `done` what was taken back last."""

    def __init__(self, engine: Engine, target: Callable[[], Target]) -> None:
        self._engine = engine
        self._target = target
        self.thought: Thought | None = None
        self.done: Report | None = None

    async def look(self, run: int, *, force: bool, unlist: bool) -> None:
        """Find out what taking a run back would do; `force` and `unlist` as in a scope."""
        self.done = None
        if self.thought is not None and self.thought.run != run:
            self.thought = None  # else it stays until the new look is there: a person is at its boxes
        scope = Scope(run, force=force, unlist=unlist)
        look = await self._engine.run(work.undoing(self._target(), scope, dry_run=True))
        self.thought = Thought(run, scope, look)

    def chosen(self) -> Thought:
        """Return what was looked at. Raises UsageError if nothing was."""
        if self.thought is None:
            raise UsageError("nobody has looked at what would be taken back", "look at it first")
        return self.thought

    async def take(self, chosen: Thought) -> None:
        """Take it back."""
        found = await self._engine.run(work.undoing(self._target(), chosen.scope, dry_run=False))
        self.thought, self.done = None, found
