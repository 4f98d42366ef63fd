"""What makes a shell complete commands, options and their values."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from importer.machine.setting import ENCODINGS, Setting, Type

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_SIMKL_IMPORT_COMPLETE"
"""How a shell asks the command what could stand next."""


@click.command(epilog='Example:  eval "$(simkl-import completion bash)"')
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes your shell complete commands, options, values and the names of exports.

    bash and zsh take it in ~/.bashrc and ~/.zshrc: eval "$(simkl-import completion bash)". fish takes it in a file:
    simkl-import completion fish > ~/.config/fish/completions/simkl-import.fish
    """
    from click.shell_completion import get_completion_class

    from importer.cli.main import family

    shell_class = get_completion_class(shell)
    if shell_class is None:
        raise click.UsageError(f"nothing is known of completion in {shell}")
    click.echo(shell_class(family, {}, "simkl-import", VARIABLE).source())


def values_for(setting: Setting, typed: str) -> list[CompletionItem]:
    """Return what could stand as the value of an option, of which this much is typed."""
    from click.shell_completion import CompletionItem

    if setting.type is Type.PATH:
        return [CompletionItem(typed, type="file")]
    return [CompletionItem(word) for word in _words(setting) if word.startswith(typed)]


def _words(setting: Setting) -> list[str]:
    if setting.name == "from":
        from importer.exports import all_adapters

        return [adapter.name for adapter in all_adapters()]
    if setting.name == "profile":
        from importer.machine.places import Places

        return [one.profile for one in Places.of(os.environ, "").all_profiles() if one.profile]
    if setting.type is Type.ENCODING:
        return list(ENCODINGS)
    if setting.type is Type.FIXED:
        return [f"{field}=" for field in setting.choices]
    if setting.type is Type.COLUMN:  # which columns there are, the export alone knows
        return []
    return ["auto"] if setting.type is Type.BATCH else list(setting.choices)
