"""The config command: every effective setting, where it came from, and never a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from importer.cli.config import config
from importer.errors import UsageError
from importer.machine.settings import SETTINGS

SECRETS = {"SIMKL_CLIENT_ID": "c11ent5ecret", "SIMKL_ACCESS_TOKEN": "t0ken5ecret"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a settings file."""
    (tmp_path / "config.toml").write_text(
        'on-conflict = "keep"\nonly = ["movies"]\nsince = 2024-05-01\nexports = "a-*.zip"'
    )
    return tmp_path


def shown(home: Path, *options: str, **environment: str) -> Result:
    """What the command shows in this home."""
    env = dict.fromkeys((*SECRETS, "SIMKL_API_URL", "SIMKL_IMPORT_TIME_SCALE", "XDG_CONFIG_HOME"))
    result = CliRunner().invoke(config, list(options), env={**env, "SIMKL_IMPORT_HOME": str(home), **environment})
    assert not any(secret in result.output + result.stderr for secret in SECRETS.values())
    return result


def test_every_setting_is_there_with_its_source(home: Path) -> None:
    """File, option or default, as one JSON document."""
    document = json.loads(shown(home, "--json", **SECRETS).stdout)
    settings = document["settings"]
    assert set(settings) == {setting.name for setting in SETTINGS}
    assert settings["on-conflict"] == {"value": "keep", "source": f"file {home / 'config.toml'}"}
    assert settings["only"]["value"] == ["movies"]
    assert settings["since"]["value"] == "2024-05-01"
    assert settings["undated"] == {"value": "watched", "source": "default"}
    assert settings["json"] == {"value": True, "source": "option"}
    assert settings["config"] == {"value": str(home / "config.toml"), "source": "default place"}
    assert document["exports"] == ["a-*.zip"]
    assert document["service"]["api-url"] == {"value": "https://api.simkl.com", "source": "default"}
    assert document["environment"]["SIMKL_ACCESS_TOKEN"] == "set"
    assert document["environment"]["NO_COLOR"] in ("not set", "1")


def test_the_same_is_told_in_lines(home: Path) -> None:
    """One setting a line, secrets as set or not set."""
    text = shown(home, SIMKL_CLIENT_ID=SECRETS["SIMKL_CLIENT_ID"], SIMKL_API_URL="http://127.0.0.1:9").stdout
    lines = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.startswith("  ")}
    assert lines["on-conflict"][:2] == ["keep", "file"]
    assert lines["verify"] == ["yes", "default"]
    assert lines["limit"] == ["-", "default"]
    assert lines["api-url"] == ["http://127.0.0.1:9", "environment", "SIMKL_API_URL"]
    assert lines["SIMKL_CLIENT_ID"] == ["set"]
    assert lines["SIMKL_ACCESS_TOKEN"] == ["not", "set"]


def test_a_named_file_comes_from_the_option(home: Path, tmp_path: Path) -> None:
    """Instead of the default one."""
    other = tmp_path / "other.toml"
    other.write_text("limit = 3")
    settings = json.loads(shown(home, "--json", "--config", str(other)).stdout)["settings"]
    assert settings["config"] == {"value": str(other), "source": "option"}
    assert settings["limit"]["value"] == 3
    assert settings["on-conflict"]["source"] == "default"


def test_a_wrong_setting_is_told_as_run_would(home: Path) -> None:
    """Nothing is shown as if it counted."""
    (home / "config.toml").write_text("limt = 3")
    result = shown(home)
    assert isinstance(result.exception, UsageError)
    assert "limit" in result.exception.message


def test_an_ignored_time_scale_is_warned_about(home: Path) -> None:
    """Against the real service it does not count."""
    result = shown(home, "--json", SIMKL_IMPORT_TIME_SCALE="0")
    assert "ignored" in result.stderr
    assert json.loads(result.stdout)["service"]["time-scale"] == {"value": 1.0, "source": "default"}
