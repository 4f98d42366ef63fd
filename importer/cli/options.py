"""Options as the settings table has them: command line over settings file over default."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from importer.cli.completion import values_for
from importer.machine.places import PROFILE, NoHomeError, Places
from importer.machine.setting import Setting, Type, nearest, read_value
from importer.machine.settings import BY_NAME, SETTINGS
from importer.machine.settings_file import Config, FoundExports, find_exports, load_config

F = TypeVar("F", bound=Callable[..., Any])


def options_of(command: str) -> Callable[[F], F]:
    """Add every option that the settings table gives to a command."""

    def decorate(function: F) -> F:
        for setting in reversed([one for one in SETTINGS if command in one.commands]):
            function = _option(setting)(function)
        return function

    return decorate


def profile_option(function: F) -> F:
    """Add --profile to a command that does not share the settings table."""
    text = f"Which of several people on this machine.  [default: {PROFILE}, else the one without a name]"
    option = click.option(
        "--profile",
        metavar="NAME",
        default=None,
        help=text,
        callback=_keep_profile,
        shell_complete=lambda _ctx, _param, typed: values_for(BY_NAME["profile"], typed),
    )
    return option(function)


def _keep_profile(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Let what is told in the end know whose commands to name."""
    if isinstance(ctx.find_root().obj, dict):
        ctx.find_root().obj["profile"] = value
    return value


class Choice(click.Choice[str]):
    """Some words, of which a wrong one is told the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as it stands."""
        if value not in self.choices:
            self.fail(f"cannot be {value!r}{nearest(str(value), tuple(self.choices))}", param, ctx)
        return str(value)


class Flag(click.Option):
    """A flag whose --no- form, there to overrule a settings file, is not listed."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """As if the form that turns it on were all."""
        off, self.secondary_opts = self.secondary_opts, []
        try:
            return super().get_help_record(ctx)
        finally:
            self.secondary_opts = off


class Effective:
    """The values that hold: `given` on the command line, else in the settings file, else by default."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        named = {name.removesuffix("_").replace("_", "-"): value for name, value in given.items()}
        file = named.get("config")
        self._places = _places(named.get("profile"))
        if isinstance(self._places, Places):
            config = load_config(file, self._places)
        else:  # a check needs no home, and can do without the settings there
            config = load_config(file, Places(Path(), Path())) if file is not None else Config()
        self._values = {setting.name: setting.default for setting in SETTINGS} | dict(config.values)
        self._given = {name: value for name, value in named.items() if value not in (None, ())}
        self._values |= self._given
        self._config = config
        told = click.get_current_context().find_root().obj
        told["json"], told["profile"] = bool(self._values["json"]), self._values["profile"]

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    @property
    def places(self) -> Places:
        """Where things are kept. Raises UsageError if this machine names no place."""
        if isinstance(self._places, Places):
            return self._places
        raise self._places

    @property
    def known_places(self) -> Places | None:
        """Where things are kept, or None if this machine names no place."""
        return self._places if isinstance(self._places, Places) else None

    @property
    def settings_file(self) -> Path | None:
        """The settings file that was read."""
        return self._config.path

    def is_from_file(self, name: str) -> bool:
        """Tell whether a value is the settings file's."""
        return name in self._config.values and name not in self._given

    def exports(self, given: tuple[str, ...]) -> FoundExports:
        """Return the exports of the command line, else of the settings file. Raises a usage error if there are none."""
        if given:
            return FoundExports(tuple(_path(path) for path in given))
        written = (*self["report"], *self["rejects"], self["log-file"], self["resume-file"])
        found = find_exports(self._config, [path for path in written if path is not None])
        if not found.paths and found.missing is None:
            raise click.UsageError("name an export: a zip, a folder or a file that a site gave you")
        return found


def _places(profile: str | None) -> Places | NoHomeError:
    try:
        return Places.of(os.environ, profile)
    except NoHomeError as error:
        return error


def _path(text: str) -> Path:
    if not text.strip():
        raise click.UsageError("the name of an export is empty: is a variable in the command not set?")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)  # no such person on this machine: the path as it stands names what is missing


def _option(setting: Setting) -> Callable[[F], F]:
    names = [f"--{setting.name}", setting.name.replace("-", "_") + ("_" if setting.name == "from" else "")]
    if setting.letter:
        names.insert(0, f"-{setting.letter}")
    text = setting.help
    if setting.type is Type.FLAG:
        names[names.index(f"--{setting.name}")] = f"--{setting.name}/--no-{setting.name}"
        if setting.default:
            text += "  [default: on]"
        # Without a default "not given" is None, so that a settings file can turn it on.
        shown = click.Option if setting.default else Flag
        return click.option(*names, is_flag=True, default=None, help=text, cls=shown)
    if setting.default not in (None, ()):
        text += (
            f"  [default: {setting.default:g}]"
            if isinstance(setting.default, float)
            else f"  [default: {setting.default}]"
        )
    metavar = setting.metavar or "|".join(setting.choices)
    return click.option(
        *names,
        metavar=metavar,
        multiple=setting.many,
        default=None,
        callback=_reader(setting),
        help=text,
        shell_complete=lambda _ctx, _param, typed: values_for(setting, typed),
    )


def _reader(setting: Setting) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def read(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value is None or value == ():
            return value
        try:
            return tuple(read_value(setting, one) for one in value) if setting.many else read_value(setting, value)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, param) from None

    return read
