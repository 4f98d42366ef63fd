"""`doctor --live` as a person meets it: the question beforehand, what is told of its end, the table for an issue."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli.service import retries_told, tell
from importer.errors import PRECEDENCE, ExitStatus, ImporterError, InterruptedRunError, LockedError
from importer.model import value

if TYPE_CHECKING:
    from importer.events import Event
    from importer.machine.clock import Clock
    from importer.run.checkup.lines import Line
    from importer.run.checkup.live import Proposal
    from importer.run.checkup.outcome import Ended

COMMAND = "simkl-import doctor --live"
_HELD = (ExitStatus.LOCKED, ExitStatus.INTERRUPTED, ExitStatus.TERMINATED)
_QUESTION = 25
"""Columns of the table's first column."""


@value
class Told:
    """What a live test came to: its lines among the others, how it ended (None: it was not begun), and a status of its
    own where the lines give none.
    """

    lines: list[Line]
    ended: Ended | None = None
    status: ExitStatus = ExitStatus.DONE

    def status_with(self, lines: ExitStatus) -> ExitStatus:
        """Return the status of the command whose lines give this one."""
        return min(self.status, lines, key=PRECEDENCE.index)


def not_begun() -> Told:
    """Return what is told where something else is in trouble."""
    from importer.run.checkup.lines import Line, Part, State

    text = "not begun: nothing was written, since something else is in trouble"
    return Told(
        [
            Line(
                part=Part.SERVICE,
                name="live test",
                state=State.WARNING,
                text=text,
                next=f"mend that first, then: {COMMAND}",
            )
        ]
    )


def run_live_test(file: Path | None, profile: str | None, *, ask: bool) -> Told:
    """Ask, try and put back; no error leaves this but an interruption of the question itself."""
    try:
        ended = _run(file, profile, ask=ask)
    except ImporterError as error:
        return Told([_stop_line(error)], status=error.exit_code if error.exit_code in _HELD else ExitStatus.DONE)
    stopped = ended.stop.exit_code if ended.stop is not None else ExitStatus.DONE
    return Told(lines_of(ended), ended, stopped if stopped in _HELD else ExitStatus.DONE)


def _run(file: Path | None, profile: str | None, *, ask: bool) -> Ended:
    from importer.cli.session import execute
    from importer.machine.address import api_url, time_scale
    from importer.machine.places import Places, host_of
    from importer.machine.settings_file import load_config
    from importer.run.access import Access
    from importer.run.session import Session
    from importer.signin.credentials import credentials

    places = Places.of(os.environ, profile)
    named = load_config(file, places).values.get("resume-file")
    path = named if isinstance(named, Path) else None
    url = api_url(os.environ)
    access = Access(url, host_of(url), credentials(os.environ, places), places)
    agree = _agreed if ask else _told_and_agreed
    with ExitStack() as stack:
        session = stack.enter_context(Session(access, resume_file=path))

        async def work(clock: Clock) -> Ended:
            return await session.live_test(clock, _listen, agree)

        return execute(work, time_scale(os.environ, url)[0], _listen)


def _listen(event: Event) -> None:
    from importer.events import Stopping, Warned
    from importer.events import Told as Said

    match event:
        case Said():
            tell(event.text)
        case Warned():
            tell(f"warning: {event.text}")
        case Stopping():
            tell("Stopping: what is under way is still finished")
        case _:
            retries_told(event)


def _agreed(proposal: Proposal) -> bool:
    """Ask the person. Raises click.Abort where the question itself is interrupted."""
    tell(question_of(proposal))
    # While we wait for an answer nothing is under way: Ctrl-C must end the question, which no event loop would.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return click.confirm("Put it back now?" if proposal.returning else "Try it now?", err=True)
    except click.Abort:
        tell("")  # what is said next begins its own line
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _told_and_agreed(proposal: Proposal) -> bool:
    tell(question_of(proposal))
    return True


def question_of(proposal: Proposal) -> str:
    """Return what a person should know before they answer, in 80 columns."""
    from importer.report.safe import for_terminal
    from importer.report.screen import USUAL, wrapped

    names = [f"  {for_terminal(name)}" for name in proposal.names]
    left = "" if proposal.left is None else f" of the {proposal.left:,} that are left today"
    cost = f"It takes up to {proposal.requests} requests{left}."
    if proposal.returning:
        head, after = "A live test was stopped before everything was put back. It is still on your account:", cost
    else:
        head = "The live test writes to your Simkl account, to these three titles and no other:"
        after = (
            "You have neither rated them nor put them onto a list. It rates them several times, reads your whole "
            "library after each write, and takes all of it away again. Meanwhile, and perhaps later among your latest "
            f"activity, others may see them on your profile. {cost}"
        )
    return "\n".join([*wrapped(head, USUAL - 1), *names, *wrapped(after, USUAL - 1)])


def lines_of(ended: Ended) -> list[Line]:
    """Return the lines of a test that came to its end, or to its question."""
    from importer.run.checkup.lines import Line, Part, State

    def line(name: str, state: State, text: str, next_step: str = "") -> Line:
        return Line(part=Part.SERVICE, name=name, state=state, text=text, next=next_step)

    if not ended.begun:
        if ended.why:
            return [line("live test", State.WARNING, f"not begun, nothing was written: {ended.why}", f"{_OTHERS}")]
        if ended.left:
            return [_left_line(ended)]
        return [line("live test", State.OK, "not begun: you said no, and nothing was written")]
    lines: list[Line] = []
    if ended.stop is not None:
        lines.append(_stop_line(ended.stop))
    elif not ended.returning:
        count = len(ended.observations)
        lines.append(line("live test", State.OK, f"{count} questions answered in {_requests(ended)} requests"))
    if ended.spilled:
        what = "1 title beside the three" if ended.spilled == 1 else f"{ended.spilled} titles beside the three"
        text = f"{what} got a rating of ours, or lost its own: it is given back, and the test ended"
        lines.append(line("other titles", State.TROUBLE, text, "please report it, with the table below"))
    if ended.foreign:
        what = "1 title" if ended.foreign == 1 else f"{ended.foreign} titles"
        text = f"{what} changed meanwhile by you or another app: left as it is, and the test ended"
        lines.append(line("other changes", State.WARNING, text, f"try again when nothing else writes: {COMMAND}"))
    if ended.left:
        lines.append(_left_line(ended))
        return lines
    theirs = len(ended.back.theirs) if ended.back is not None else 0
    kept = f"; {theirs} of them changed by you meanwhile: left as you have it" if theirs else ""
    lines.append(line("put back", State.OK, f"everything stands as it did before{kept}"))
    return lines


_OTHERS = "the test needs a film, a series and an anime that you have not: there is nothing to mend"


def _stop_line(error: ImporterError) -> Line:
    """Return the line of what stopped a test, with a next step of its own: a run goes on, a test begins anew."""
    from importer.run.checkup.lines import Line, Part, State, line_of
    from importer.simkl.refusals import LATER, THEN

    if isinstance(error, InterruptedRunError):
        return Line(
            part=Part.SERVICE,
            name="live test",
            state=State.TROUBLE,
            text="interrupted before its end",
            next=f"the same command puts back what is left: {COMMAND}",
        )
    line = line_of("live test", error, Part.SERVICE if isinstance(error, LockedError) else None)
    if isinstance(error, LockedError):
        return replace(line, next=f"wait until it has ended, then: {COMMAND}")
    if line.next.startswith((LATER, THEN)):
        return replace(line, next=f"try it again then: {COMMAND}")
    return line


def _left_line(ended: Ended) -> Line:
    from importer.run.checkup.lines import Line, Part, State

    names = ", ".join(ended.left)
    if ended.stuck == len(ended.left):
        text = f"tried in vain too often: {names}; take the rating and the title off by hand on simkl.com"
        return Line(
            part=Part.SERVICE, name="put back", state=State.TROUBLE, text=text, next=f"or try once more: {COMMAND}"
        )
    text = f"not everything is put back yet: {names}"
    return Line(
        part=Part.SERVICE,
        name="put back",
        state=State.TROUBLE,
        text=text,
        next=f"any command that writes goes on with it, or: {COMMAND}",
    )


def _requests(ended: Ended) -> int:
    return ended.requests.post + ended.requests.get


def document_of(told: Told) -> dict[str, Any]:
    """Return what --json says of a live test."""
    ended = told.ended
    if ended is None:
        return {"run": None, "begun": False, "observations": [], "requests": None, "left": 0}
    return {
        "run": ended.run,
        "begun": ended.begun,
        "observations": [
            {"question": one.question.value, "answer": one.answer, "text": one.text} for one in ended.observations
        ],
        "requests": {"post": ended.requests.post, "get": ended.requests.get, "retries": ended.requests.retries},
        "left": len(ended.left),
    }


def table_of(ended: Ended, columns: int) -> list[str]:
    """Return the table that can be pasted into an issue: no name, no number of a title or an account, no secret."""
    from datetime import UTC, datetime

    from importer.machine.version import program_version
    from importer.report.screen import wrapped

    if not ended.observations:
        return []
    day = datetime.now(UTC).date().isoformat()
    lines = [f"What Simkl does (simkl-import {program_version()}, {day}, {_requests(ended)} requests):"]
    for one in ended.observations:
        head = f"  {one.question.value:<{_QUESTION}}"
        for broken in wrapped(one.text, columns - len(head)):
            lines.append(head + broken)
            head = " " * len(head)
    return lines
