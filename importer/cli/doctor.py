"""The command that checks everything a run needs, and tells the next step where something is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.cli import consent
from importer.cli.options import profile_option
from importer.cli.streams import print_document
from importer.errors import CredentialsError, ImporterError, UsageError

if TYPE_CHECKING:
    from importer.machine.places import Places
    from importer.machine.settings_file import Config
    from importer.run.checkup.lines import Line
    from importer.run.checkup.machine import Folder
    from importer.run.checkup.outcome import Ended

_HEADINGS = {
    "machine": "This machine",
    "settings": "Settings",
    "sign-in": "Sign-in",
    "service": "Simkl",
}
_WIDTH = 80
_INDENT = 6


@click.command(epilog="Example:  simkl-import doctor")
@click.option("--config", "file", metavar="FILE", type=click.Path(path_type=Path), help="Settings file to look at.")
@profile_option
@click.option("--live", is_flag=True, help="Also try what Simkl's pages leave open, on three titles, and put all back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing.")
def doctor(file: Path | None, profile: str | None, live: bool, as_json: bool, yes: bool) -> int:
    """Check this machine, the settings, the sign-in and, where signed in, what Simkl says of the account.

    Nothing is changed on Simkl: it takes one request of the day, or two. Both refusals of a spent day are rehearsed,
    which Simkl does not count. The exit status is 2 for trouble with machine or settings, 4 with the sign-in, 6 with
    the service, else 0.

    With --live it writes to three titles that you have neither rated nor listed, after asking, and takes everything
    back: what it sees of Simkl is shown as a table without names, fit for an issue.
    """
    from importer.cli.main import of_profile
    from importer.run.checkup.lines import Part, State, exit_of

    if live and not yes and not consent.at_terminal():
        raise click.UsageError("without a terminal, where nobody can be asked, doctor --live needs --yes")
    lines = _examine(file, profile)
    tried = None
    if live:
        from importer.cli.live_test import not_begun, run_live_test

        well = not any(line.state is State.TROUBLE for line in lines)
        tried = run_live_test(file, profile, ask=not yes) if well else not_begun()
        lines += tried.lines
    lines.sort(key=lambda line: list(Part).index(line.part))
    status = exit_of(lines) if tried is None else tried.status_with(exit_of(lines))
    if as_json:
        from importer.cli.live_test import document_of

        print_document(
            {
                "schema": 1,
                "command": "doctor",
                "exit": status,
                "lines": [
                    {
                        "part": line.part,
                        "name": line.name,
                        "state": line.state,
                        "text": line.text,
                        "next": of_profile(line.next, profile) or None,
                    }
                    for line in lines
                ],
                **({} if tried is None else {"live": document_of(tried)}),
                "message": None,
            }
        )
        return status
    for part, heading in _HEADINGS.items():
        _print_part(heading, [line for line in lines if line.part == part], profile)
    if tried is not None and tried.ended is not None:
        _print_table(tried.ended)
    click.echo(_last_word(lines))
    return status


def _examine(file: Path | None, profile: str | None) -> list[Line]:
    """Look at everything; what cannot be looked at for want of something else is left out."""
    from importer.machine.places import Places
    from importer.run.checkup.lines import Part, line_of

    try:
        places = Places.of(os.environ, profile)
    except UsageError as error:
        return [line_of("home", error, Part.MACHINE)]
    folders, lines = _machine(places)
    found, more = _settings(file, places)
    keep = not any(one.trouble for one in folders if one.path == places.state)
    return lines + more + _service(places, _resume_file(found), keep=keep)


def _machine(places: Places) -> tuple[list[Folder], list[Line]]:
    from datetime import datetime

    from importer.machine.lock import shared_folder
    from importer.run.checkup.machine import (
        Use,
        disk_line,
        folder_line,
        is_there,
        look_at,
        own_files_in,
        zone_line,
    )
    from importer.signin.credentials import winning_variable
    from importer.simkl.quota import has_zone_data

    own = own_files_in(places)
    folders = [
        look_at(Use.CONFIG, places.config, [places.token_file] if is_there(places.token_file) else []),
        look_at(Use.STATE, places.state, own),
        look_at(Use.SHARED, shared_folder()),
    ]
    try:
        zone = datetime.now().astimezone().tzname() or "UTC"
    except ValueError:
        zone = ""
    kept = not winning_variable(os.environ)  # else no sign-in is kept or renewed in the config folder
    lines = [folder_line(folder, needed=kept or folder.use is not Use.CONFIG) for folder in folders]
    return folders, [*lines, disk_line(folders), zone_line(known=has_zone_data(), local=zone)]


def _settings(file: Path | None, places: Places) -> tuple[Config, list[Line]]:
    """Return what the settings file says, nothing where it cannot be read, and the lines of all settings."""
    from importer.machine.address import api_url, time_scale
    from importer.machine.settings_file import Config, find_exports, load_config
    from importer.run.checkup.lines import Line, Part, State, line_of

    lines: list[Line] = []
    found = Config()
    try:
        found = load_config(file, places)
        lines.append(Line(Part.SETTINGS, "file", State.OK, str(found.path or "none: every setting has its default")))
        if (missing := find_exports(found).missing) is not None:
            lines.append(
                Line(part=Part.SETTINGS, name="exports", state=State.WARNING, text=missing.message, next=missing.hint)
            )
    except ImporterError as error:
        lines.append(line_of("file", error, Part.SETTINGS))
    try:
        url = api_url(os.environ)
        lines.append(Line(Part.SETTINGS, "address", State.OK, url))
        _, warning = time_scale(os.environ, url)
        if warning:
            next_step = "leave it out: unset SIMKL_IMPORT_TIME_SCALE"
            lines.append(Line(part=Part.SETTINGS, name="time scale", state=State.WARNING, text=warning, next=next_step))
    except ImporterError as error:
        lines.append(line_of("environment", error, Part.SETTINGS))
    return found, lines


def _resume_file(found: Config) -> Path | None:
    """Return the resume file that the settings name, None for the account's own."""
    path = found.values.get("resume-file")
    return path if isinstance(path, Path) else None


def _service(places: Places, resume_file: Path | None, *, keep: bool) -> list[Line]:
    """Look at the sign-in and ask Simkl, where there is one and an address to ask."""
    import anyio

    from importer.cli.service import retries_told
    from importer.machine.address import api_url, time_scale
    from importer.machine.clock import Clock
    from importer.machine.places import host_of
    from importer.run.access import Access
    from importer.run.checkup.lines import line_of
    from importer.run.checkup.machine import is_there, resume_line
    from importer.run.checkup.service import Asked, ask, service_lines
    from importer.run.checkup.signin import life_line, rights_line, source_line
    from importer.signin.credentials import credentials
    from importer.signin.tokens import load

    try:
        found = credentials(os.environ, places)
    except ImporterError as error:
        return [line_of("sign-in", error)]
    lines = [source_line(found, places.token_file, beside=is_there(places.token_file))]
    try:
        url = api_url(os.environ)
        clock = Clock(time_scale(os.environ, url)[0])
    except UsageError:
        return lines  # the settings tell of it
    access = Access(url, host_of(url), found, places)

    async def work() -> Asked:
        return await ask(access, clock, retries_told, keep=keep)

    asked = anyio.run(work)
    token = found.token
    if found.path is not None:
        try:
            token = load(found.path) or token  # asking may have renewed it
        except CredentialsError as error:
            lines.append(line_of("sign-in", error))
    lines += [life_line(found, token, clock.now()), rights_line(token)]
    owner = asked.owner or access.known_owner()
    if resume_file is not None or (owner is not None and keep):
        lines.append(resume_line(access, owner, resume_file))
    return lines + service_lines(asked, clock.now())


def _print_part(heading: str, lines: list[Line], profile: str | None) -> None:
    """Show the lines of one part in 80 columns; a command stands whole on a line of its own, so it can be copied."""
    from importer.cli.main import of_profile
    from importer.report.safe import for_terminal
    from importer.report.screen import cells, room, wrapped

    if not lines:
        return
    columns = min(room(sys.stdout) or _WIDTH, _WIDTH)
    click.echo(f"{heading}:")
    for line in lines:
        words, command = step_in(of_profile(line.next, profile))
        head = f"  {line.state:<8} {line.name:<17} "
        texts = [line.text, *([f"> {words}"] if words else [])]
        margin = " " * len(head)
        if max(cells(word) for text in texts for word in text.split()) > columns - len(margin):
            click.echo(head.rstrip())  # a long path needs the whole line
            head = margin = " " * _INDENT
        for broken in (part for text in texts for part in wrapped(text, columns - len(margin))):
            click.echo(head + broken)
            head = margin
        if command:
            click.echo(" " * _INDENT + for_terminal(command))
    click.echo()


def _print_table(ended: Ended) -> None:
    from importer.cli.live_test import table_of
    from importer.report.safe import for_terminal
    from importer.report.screen import room

    lines = table_of(ended, min(room(sys.stdout) or _WIDTH, _WIDTH))
    for line in lines:
        click.echo(for_terminal(line))
    if lines:
        click.echo()


def step_in(text: str) -> tuple[str, str]:
    """Return the words of a next step and the command at its end, "" if it has none."""
    words, colon, command = text.rpartition(": ")
    known = ("simkl-import ", "chmod ", "sudo ", "unset ", "export ", "df ", "python3 ")
    whole = colon and command.startswith(known) and command.count("(") == command.count(")")
    return (f"{words}:", command) if whole else (text, "")


def _last_word(lines: list[Line]) -> str:
    states = [line.state.value for line in lines]
    trouble, warnings = states.count("trouble"), states.count("warning")
    if not trouble and not warnings:
        return "All is well."
    told = [f"{trouble} in trouble"] if trouble else ["no trouble"]
    told += [f"{warnings} warning" + ("" if warnings == 1 else "s")] if warnings else []
    return f"Looked at {len(lines)} things: {', '.join(told)}."
