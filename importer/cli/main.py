"""The command: its family listed without loading it, and the one edge where errors become a line and an exit status."""

from __future__ import annotations

import errno
import gc
import os
import re
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from importer.cli.streams import prepare, print_document, release
from importer.errors import ExitStatus, ImporterError, ServiceStopError

COMMANDS = {
    "run": ("importer.cli.run", "Move the ratings of exports to Simkl, or what is new in them."),
    "check": ("importer.cli.check", "Read exports and judge every row: no account, no network."),
    "undo": ("importer.cli.undo", "Take back what the last run changed on Simkl."),
    "status": ("importer.cli.status", "Tell what the resume file holds."),
    "report": ("importer.cli.report", "Write what happened, row by row."),
    "mend": ("importer.cli.mend", "Find titles for the rows that need a person."),
    "login": ("importer.cli.login", "Sign in to Simkl in the browser, with a code."),
    "logout": ("importer.cli.login", "End the sign-in and remove its file."),
    "whoami": ("importer.cli.login", "Tell who is signed in, and for how long."),
    "web": ("importer.cli.web", "Do the whole job on a page in your browser."),
    "doctor": ("importer.cli.doctor", "Check this machine, the settings, the sign-in and what Simkl says."),
    "config": ("importer.cli.config", "Show every setting and where it came from."),
    "formats": ("importer.cli.formats", "Show every export format that is read."),
    "sandbox": ("importer.cli.sandbox", "Serve the Simkl look-alike on this machine."),
    "demo": ("importer.cli.demo", "Show the whole job on bundled samples: no account needed."),
    "completion": ("importer.cli.completion", "Print what makes your shell complete commands and options."),
    "help": ("importer.cli.help", "Show the manual, by topic, or the help of a command."),
}


class Family(click.Group):
    """The commands, each imported when it is called: `--help` must not pay for aiohttp."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """In the order a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command for one that does not exist."""
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, 1)
            raise click.UsageError(f"no command {args[0]!r}" + (f": did you mean {near[0]}?" if near else ""), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A reader of its output that has seen enough is no failure, as click would have it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importer.machine.version import program_version

        click.echo(f"simkl-import {program_version()}")
        ctx.exit()


@click.group(cls=Family, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="The version."
)
def family() -> None:
    """Move your ratings into Simkl from the exports of Letterboxd, MyAnimeList, Trakt, IMDb and other trackers.

    Begin with `simkl-import check EXPORT`, sign in with `simkl-import login`, then `simkl-import run EXPORT`.
    `simkl-import help start` leads through it; help outcomes tells of exit statuses, help environment of variables.
    """


def main() -> None:
    """Run the command of this process and end the process with its status."""
    # Rows are trees and hold no cycles: looking for some among them costs more than reading them.
    gc.set_threshold(1_000_000, 20, 100)
    prepare()
    # A SIGTERM while exports are read is an end like Ctrl-C; once something is sent, `execute` listens instead.
    signal.signal(signal.SIGTERM, _terminated)
    # What a signal leaves half built is thrown away, and must not say so in a traceback.
    sys.unraisablehook = lambda _: None
    try:
        status = run(sys.argv[1:])
        # Always released: what is still in stdout when Python ends would change the status.
        unwritten = release()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    except (KeyboardInterrupt, _TerminatedError) as again:
        # It came while the end was being told, which may be that of a signal before it: nobody waits any longer.
        interrupted = isinstance(again, KeyboardInterrupt)
        os._exit(ExitStatus.INTERRUPTED if interrupted else ExitStatus.TERMINATED)
    # What is left goes with the process: Python would look through all of it three times on its way out.
    gc.freeze()
    sys.exit(status or unwritten)


def run(arguments: list[str]) -> int:
    """Run one command line; return its exit status. Every failure becomes lines on stderr, none a traceback."""
    named = next((argument for argument in arguments if argument in COMMANDS), "")
    obj: dict[str, Any] = {"json": "--json" in arguments, "command": named, "profile": None}
    try:
        status = family.main(arguments, "simkl-import", standalone_mode=False, obj=obj)
        return status if isinstance(status, int) else ExitStatus.DONE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail(obj, "interrupted", "", ExitStatus.INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help(), err=True)
        return ExitStatus.USAGE
    except click.ClickException as error:
        usage = (
            error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx is not None else "simkl-import"
        )
        return _fail(obj, error.format_message(), f"see: {usage} --help", ExitStatus.USAGE)
    except ImporterError as error:
        resume_at = error.resume_at if isinstance(error, ServiceStopError) else None
        return _fail(obj, error.message, error.hint, error.exit_code, resume_at)
    except _TerminatedError:
        return _fail(obj, "interrupted", "", ExitStatus.TERMINATED)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            return _fail(
                obj,
                f"cannot write: {error.strerror}",
                "make room on the disk and run the same command",
                ExitStatus.USAGE,
            )
        return _fail_by_defect(obj, error)
    except Exception as error:  # noqa: BLE001 (the edge: a defect must not show secrets that a message may hold)
        return _fail_by_defect(obj, error)


class _TerminatedError(BaseException):
    """SIGTERM before anything was under way; nothing that expects errors may swallow it."""


def _terminated(_number: int, _frame: object) -> None:
    raise _TerminatedError


def _fail(obj: dict[str, Any], message: str, hint: str, status: ExitStatus, resume_at: float | None = None) -> int:
    from importer.report.safe import for_terminal
    from importer.report.screen import room, spread

    with suppress(OSError):
        # A message may quote what a file is called; a hint is ours, and may have several lines.
        lines = [f"simkl-import: {for_terminal(message)}"]
        lines += [f"  {for_terminal(line)}" for line in of_profile(hint, obj["profile"]).splitlines()]
        columns = room(sys.stderr)
        for line in lines:
            for part in [line] if columns is None else spread(line, columns):
                click.echo(part, err=True)
    if obj["json"]:
        from importer.record import Summary, summary_document

        with suppress(OSError):  # the status says it too
            summary = Summary(command=obj["command"], exit=status, message=message, resume_at=resume_at)
            print_document(summary_document(summary))
    return status


def of_profile(hint: str, profile: str | None) -> str:
    """Return a hint whose commands are for the profile that the command line named: another one is somebody else's."""
    if not profile:
        return hint
    return re.sub(
        r"\bsimkl-import (login|logout|whoami|status|doctor|config|report|undo|mend)\b",
        rf"\g<0> --profile {profile}",
        hint,
    )


def _fail_by_defect(obj: dict[str, Any], error: Exception) -> int:
    # What only its makers can read is for them alone, and stands apart.
    return _fail(
        obj, "a defect of this program", f"please report it with this line: {_place_of(error)}", ExitStatus.DEFECT
    )


def _place_of(error: Exception) -> str:
    """Return the kind of an error and where it was raised: no message, since that may quote anything."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in reversed(frames[-3:]))  # noqa: PTH119
    return f"{type(error).__name__} at {place}"
