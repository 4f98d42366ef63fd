"""The question before the first run that puts titles onto lists: an undo takes ratings back, and leaves the lists."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from importer.cli import consent
from importer.cli.options import Effective
from importer.events import Asking, Event, Listen, Told, Warned

if TYPE_CHECKING:
    from importer.machine.clock import Clock
    from importer.run.access import Access
    from importer.run.job import Options
    from importer.run.reading import Export
    from importer.run.session import Done


class ToldBefore:
    """Passes on what is told, but not what the preview has told already."""

    def __init__(self, listen: Listen) -> None:
        self._listen = listen
        self._told: set[Event] = set()

    def preview(self, event: Event) -> None:
        """Pass it on, and keep it in mind."""
        if isinstance(event, Told | Warned):
            self._told.add(event)
        self._listen(event)

    def __call__(self, event: Event) -> None:
        """Pass it on, unless it was told in the preview."""
        if event in self._told:
            self._told.discard(event)
        else:
            self._listen(event)


def may_ask(values: Effective) -> bool:
    """Tell whether a person sits there who has not said beforehand that nothing is to be asked."""
    silent = ("yes", "json", "quiet", "dry-run", "sandbox", "listed-only")  # the last puts nothing onto a list
    return consent.at_terminal() and not any(values[name] for name in silent)


def agrees(
    values: Effective,
    access: Access,
    opened: Callable[[], Sequence[Export]],
    options: Options,
    scale: float,
    listen: ToldBefore,
) -> bool:
    """Ask the person if this would be the first run to put titles onto lists; tell whether to go on.

    What would happen is found out by a dry run. While the question stands, nothing is on record and nothing is held.
    """
    from importer.cli.session import execute
    from importer.run.session import Session

    owner = access.known_owner()
    if owner is not None and access.has_put_onto_lists(owner):
        return True
    with Session(access, resume_file=values["resume-file"], dry_run=True, patience=values["timeout"]) as session:
        exports = opened()
        if session.nothing_new(exports, options, time.time()) is not None:
            return True

        async def look(clock: Clock) -> Done:
            return await session.import_exports(exports, replace(options, dry_run=True), clock, listen.preview)

        done = execute(look, scale, listen.preview)
        titles = session.onto_lists(done) if session.first_lists() else 0
    if not titles:
        return True
    listen.preview(Asking())
    several = "1 title" if titles == 1 else f"up to {titles:,} titles"
    click.echo("An undo leaves titles on these lists; undo --unlist also takes them off again.", err=True)
    agreed = click.confirm(f"Put {several} onto your lists, and go on?", err=True)
    if not agreed:
        click.echo("Nothing was sent.", err=True)
    return agreed
