"""The command that shows every effective setting and where it came from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from importer.cli.options import profile_option
from importer.cli.service import tell
from importer.machine.places import PROFILE, Places
from importer.model import value

if TYPE_CHECKING:
    from importer.machine.setting import Value
    from importer.machine.settings_file import Config

SECRETS = ("SIMKL_CLIENT_ID", "SIMKL_ACCESS_TOKEN")
VARIABLES = (
    "SIMKL_ACCESS_TOKEN_FILE",
    "SIMKL_IMPORT_PROFILE",
    "SIMKL_IMPORT_HOME",
    "SIMKL_IMPORT_TIME_SCALE",
    "NO_COLOR",
)


@value
class Row:
    """One line: a name, its value as JSON can say it, and where it came from."""

    name: str
    value: object
    source: str


@click.command(epilog="Example:  simkl-import config --config nightly.toml")
@click.option("--config", "file", metavar="FILE", type=click.Path(path_type=Path), help="Settings file to look at.")
@profile_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def config(file: Path | None, profile: str | None, as_json: bool) -> None:
    """Show every setting that `run` would use and where it came from.

    An option of the command line wins over the environment, that over the settings file, that over the default.
    No secret is shown.
    """
    from importer.machine.address import api_url, time_scale
    from importer.machine.settings_file import load_config

    environment = os.environ
    places = Places.of(environment, profile)
    found = load_config(file, places)
    url = api_url(environment)
    scale, warning = time_scale(environment, url)
    if warning:
        tell(f"warning: {warning}")
    settings = settings_of(found, given=file is not None, as_json=as_json)
    if places.profile:
        source = "option" if profile is not None else f"environment {PROFILE}"
        settings = [Row("profile", places.profile, source) if row.name == "profile" else row for row in settings]
    service = [
        Row("api-url", url, _from(environment, "SIMKL_API_URL")),
        Row("time-scale", scale, "default" if warning else _from(environment, "SIMKL_IMPORT_TIME_SCALE")),
        *(Row(name, *where) for name, where in _places(environment, places).items()),
    ]
    variables = [Row(name, "set" if environment.get(name) else "not set", "environment") for name in SECRETS]
    variables += [Row(name, environment.get(name) or "not set", "environment") for name in VARIABLES]
    if as_json:
        click.echo(_document(found, settings, service, variables))
        return
    plain = [Row(row.name, row.value, "") for row in variables]
    for title, rows in (("Settings", settings), ("Service and files", service), ("Environment", plain)):
        click.echo(f"{title}:")
        for row in rows:
            click.echo(f"  {row.name:<24} {_shown(row.value):<30}  {row.source}".rstrip())
    if found.exports:
        click.echo("Exports:")
        for entry in found.exports:
            click.echo(f"  {entry}")


def settings_of(found: Config, *, given: bool, as_json: bool) -> list[Row]:
    """Every option of `run` with its value; `given`: --config names the file, `as_json`: --json was given."""
    from importer.machine.settings import SETTINGS

    rows = []
    for setting in SETTINGS:
        if setting.name == "config":
            source = "option" if given else "default place" if found.path is not None else "default"
            rows.append(Row("config", _plain(found.path), source))
        elif setting.name == "json" and as_json:
            rows.append(Row("json", True, "option"))
        elif setting.name in found.values:
            rows.append(Row(setting.name, _plain(found.values[setting.name]), f"file {found.path}"))
        else:
            rows.append(Row(setting.name, _plain(setting.default), "default"))
    return rows


def _places(environment: Mapping[str, str], places: Places) -> dict[str, tuple[object, str]]:
    source = "SIMKL_IMPORT_HOME" if environment.get("SIMKL_IMPORT_HOME") else ""
    config_source = source or ("XDG_CONFIG_HOME" if environment.get("XDG_CONFIG_HOME") else "default")
    state_source = source or ("XDG_STATE_HOME" if environment.get("XDG_STATE_HOME") else "default")
    signed_in = "there" if places.token_file.exists() else "not there"
    return {
        "config-folder": (str(places.config), config_source),
        "state-folder": (str(places.state), state_source),
        "token-file": (str(places.token_file), signed_in),
    }


def _from(environment: Mapping[str, str], variable: str) -> str:
    return f"environment {variable}" if environment.get(variable, "").strip() else "default"


def _document(found: Config, settings: list[Row], service: list[Row], variables: list[Row]) -> str:
    import json

    document = {
        "schema": 1,
        "command": "config",
        "settings": {row.name: {"value": row.value, "source": row.source} for row in settings},
        "service": {row.name: {"value": row.value, "source": row.source} for row in service},
        "environment": {row.name: row.value for row in variables},
        "exports": list(found.exports),
    }
    return json.dumps(document, ensure_ascii=False)


def _plain(value: Value) -> object:
    match value:
        case tuple():
            return [_plain(entry) for entry in value]
        case date():
            return value.isoformat()
        case Path():
            return str(value)
        case _:
            return value


def _shown(value: object) -> str:
    match value:
        case None | []:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(entry) for entry in value)
        case float():
            return f"{value:g}"
        case _:
            return str(value)
