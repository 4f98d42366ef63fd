"""The manual on the screen, by topic; of a command its own help."""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from click.shell_completion import CompletionItem


def _complete(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from importer.cli.main import COMMANDS

    return [CompletionItem(word) for word in (*topics(), *COMMANDS) if word.startswith(typed)]


@click.command(epilog="Example:  simkl-import help files")
@click.argument("topic", required=False, shell_complete=_complete)
@click.pass_context
def help(ctx: click.Context, topic: str | None) -> None:  # noqa: A001 (the command's name; nothing here needs the other)
    """Show a topic of the manual, or the help of a command; without a name, what there is."""
    from importer.cli.main import COMMANDS, family
    from importer.machine.setting import nearest

    known = topics()
    if topic is None:
        with click.Context(family, info_name="simkl-import") as whole:
            click.echo(family.get_help(whole))
        click.echo("\nTopics of the manual (simkl-import help TOPIC):")
        for name, text in known.items():
            click.echo(f"  {name:<12} {_title(text)}")
        return
    command = family.get_command(ctx, topic)
    if topic in known:
        click.echo(_shown(known[topic]).rstrip())
        if command is None:
            return
        click.echo()  # some topics are named like the command that they are about
    if command is None:
        raise click.UsageError(f"there is no topic {topic!r}{nearest(topic, (*known, *COMMANDS))}")
    with click.Context(command, info_name=topic, parent=click.Context(family, info_name="simkl-import")) as inner:
        click.echo(command.get_help(inner))


def _shown(text: str) -> str:
    """Return a topic as it stands, or laid out anew where a terminal is narrower, also behind a pager."""
    from importer.manual.layout import laid_out
    from importer.report.screen import room

    columns = room(sys.stdout) or room(sys.stderr)
    return text if columns is None else laid_out(text, columns)


def topics() -> dict[str, str]:
    """Return the topics of the manual by name, each with its text."""
    found: list[Traversable] = [one for one in files("importer.manual").iterdir() if one.name.endswith(".md")]
    return {
        one.name.removesuffix(".md"): one.read_text(encoding="utf-8") for one in sorted(found, key=lambda one: one.name)
    }


def _title(text: str) -> str:
    return text.partition("\n")[0].lstrip("# ")
