"""The settings file: what it may say, and what it is told when it says something else."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from importer.errors import ExportError, UsageError
from importer.machine.places import Places
from importer.machine.setting import Type, read_value
from importer.machine.settings import BY_NAME, SETTINGS
from importer.machine.settings_file import Config, find_exports, load_config


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A home of its own."""
    (tmp_path / "home").mkdir()
    return Places(tmp_path / "home", tmp_path / "home" / "state")


def written(places: Places, text: str) -> Config:
    """The settings that a default file with this text gives."""
    places.config_file.write_text(text, encoding="utf-8")
    return load_config(None, places)


def refused(places: Places, text: str) -> str:
    """What a refused file is told."""
    with pytest.raises(UsageError) as caught:
        written(places, text)
    assert caught.value.exit_code == 2
    assert str(places.config_file) in caught.value.message
    return f"{caught.value.message} | {caught.value.hint}"


def test_no_default_file_is_fine_and_a_named_one_must_be_there(places: Places, tmp_path: Path) -> None:
    """Nobody has to keep settings."""
    assert load_config(None, places) == Config()
    with pytest.raises(UsageError) as caught:
        load_config(tmp_path / "nightly.toml", places)
    assert "nightly.toml" in caught.value.message


def test_every_kind_of_value_is_read(places: Places) -> None:
    """By option name, with dashes or underscores."""
    found = written(
        places,
        """
        on_conflict = "keep"
        dry-run = true
        only = ["movies", "anime"]
        since = 2024-05-01
        limit = 20
        batch_size = "auto"
        timeout = 5
        encoding = "cp1252"
        verify = false
        report = "out.html"
        rejects = ["a.csv", "~/b.csv"]
        resume-file = "/tmp/x.sqlite"
        exports = ["letterboxd.zip"]
        """,
    )
    home = places.config
    assert found.values == {
        "on-conflict": "keep",
        "dry-run": True,
        "only": ("movies", "anime"),
        "since": date(2024, 5, 1),
        "limit": 20,
        "batch-size": "auto",
        "timeout": 5.0,
        "encoding": "cp1252",
        "verify": False,
        "report": (home / "out.html",),
        "rejects": (home / "a.csv", Path("~/b.csv").expanduser()),
        "resume-file": Path("/tmp/x.sqlite"),
    }
    assert found.exports == ("letterboxd.zip",)
    assert found.path == places.config_file


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('on-conflit = "newer"', "on-conflict"),
        ("retry_notfound = true", "retry-not-found"),
        ('export = ["a"]', "exports"),
        ('on-conflict = "newest"', "newer"),
        ('only = ["movie"]', "movies"),
        ('only = "games"', "movies, shows, anime"),
        ("limit = 0", "1 is the nearest"),
        ("limit = 1.5", "whole number"),
        ("limit = true", "whole number"),
        ("batch-size = 5000", "1000 is the nearest"),
        ('batch-size = "many"', "auto"),
        ("timeout = -1", "0.05 is the nearest"),
        ("timeout = inf", "number"),
        ('since = "yesterday"', "2024-05-01"),
        ("since = 2024-05-01T10:00:00", "2024-05-01"),
        ('since = "20240501"', "2024-05-01"),
        ('encoding = "utf8x"', "utf-8"),
        ('encoding = "base64"', "utf-8"),
        ("verify = 1", "true or false"),
        ("no-verify = true", "verify = false"),
        ('report = "out.pdf"', ".html"),
        ('rejects = "bad.json"', ".csv"),
        ('config = "other.toml"', "command line"),
        ("exports = [1]", "exports"),
        ("dry-run = true\ndry_run = true", "twice"),
        ("limit = ", "TOML"),
        ("[run]\nlimit = 1", "run"),
        ('from = ""', "text"),
    ],
)
def test_what_cannot_be_is_refused_with_the_nearest_right_one(places: Places, line: str, told: str) -> None:
    """A usage error that names the file, the key and what was probably meant."""
    assert told in refused(places, line)


@pytest.mark.parametrize(
    "key", ["client_id", "client-id", "token", "access_token", "SIMKL_ACCESS_TOKEN", "client-secret"]
)
def test_secrets_have_no_place_in_it(places: Places, key: str) -> None:
    """The line sends people to sign-in or the environment, and does not repeat the value."""
    told = refused(places, f'{key} = "5ecret"')
    assert "simkl-import login" in told
    assert "5ecret" not in told


def test_a_file_that_is_no_text_is_refused(places: Places) -> None:
    """Not with a traceback."""
    places.config_file.write_bytes(b"limit = 1 # \xff")
    with pytest.raises(UsageError):
        load_config(None, places)


def test_a_named_file_is_taken_instead_of_the_default(places: Places, tmp_path: Path) -> None:
    """And paths are relative to where it lies."""
    places.config_file.write_text("limit = 1")
    job = tmp_path / "job" / "nightly.toml"
    job.parent.mkdir()
    job.write_text('limit = 2\nlog-file = "run.log"', encoding="utf-8-sig")
    found = load_config(job, places)
    assert found.values == {"limit": 2, "log-file": tmp_path / "job" / "run.log"}


def test_a_pattern_picks_its_newest_match(places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By time, not by name; relative to the file, from the home folder, or absolute."""
    monkeypatch.setenv("HOME", str(tmp_path / "me [1]"))
    for folder in (places.config, tmp_path / "me [1]"):
        folder.mkdir(exist_ok=True)
        for age, name in ((3, "lb-3.zip"), (1, "lb-1.zip"), (2, "lb-2.zip"), (0, ".lb-0.zip"), (0, "lb-9.part")):
            (folder / name).write_text("")
            os.utime(folder / name, (1e9 - age, 1e9 - age))
    entries = ["lb-*.zip", "~/lb-*.zip", str(places.config / "*.zip"), "plain.zip", "lb-3.zip"]
    found = written(places, f"exports = {entries}")
    assert find_exports(found).all() == (
        places.config / "lb-1.zip",
        tmp_path / "me [1]" / "lb-1.zip",
        places.config / "lb-1.zip",
        places.config / "plain.zip",
        places.config / "lb-3.zip",
    )


def test_a_name_with_brackets_is_a_name_first(places: Places) -> None:
    """Browsers number their downloads so."""
    (places.config / "lb[1].zip").write_text("")
    assert find_exports(written(places, 'exports = "lb[1].zip"')).all() == (places.config / "lb[1].zip",)


def test_a_pattern_without_match_is_an_export_that_cannot_be_read(places: Places) -> None:
    """Status 5, and the pattern is named."""
    with pytest.raises(ExportError) as caught:
        find_exports(written(places, 'exports = ["nothing-*.zip"]')).all()
    assert caught.value.exit_code == 5
    assert "nothing-*.zip" in caught.value.message


def test_the_table_says_all_there_is_to_say() -> None:
    """Names once, help as sentences, every default allowed by its own rule."""
    assert len(BY_NAME) == len(SETTINGS)
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        assert "run" in setting.commands
        assert (setting.type is Type.CHOICE) <= bool(setting.choices)
        if setting.default not in (None, ()):
            assert read_value(setting, setting.default) == setting.default


def test_values_of_the_command_line_follow_the_same_rules() -> None:
    """Text becomes what the setting is."""
    assert read_value(BY_NAME["limit"], "5") == 5
    assert read_value(BY_NAME["batch-size"], "50") == 50
    assert read_value(BY_NAME["timeout"], "0.5") == 0.5
    assert read_value(BY_NAME["since"], "2024-02-29") == date(2024, 2, 29)
    for name, text in (("limit", "-5"), ("batch-size", "-1"), ("timeout", "nan"), ("since", "2023-02-29")):
        with pytest.raises(ValueError, match=r"nearest|number|day"):
            read_value(BY_NAME[name], text)


def test_a_pattern_without_match_hides_no_other_export(places: Places) -> None:
    """The others must be known, so that nothing writes over them; and which file a pattern took is told."""
    for age, name in enumerate(("lb-new.zip", "lb-old.zip")):
        (places.config / name).write_text("")
        os.utime(places.config / name, (1e9 - age, 1e9 - age))
    found = find_exports(written(places, 'exports = ["nothing-*.zip", "lb-*.zip", "plain.zip"]'))
    assert found.paths == (places.config / "lb-new.zip", places.config / "plain.zip")
    assert found.missing is not None
    assert [(pick.pattern, pick.path.name, pick.among) for pick in found.picks] == [("lb-*.zip", "lb-new.zip", 2)]


def test_what_a_job_writes_matches_none_of_its_patterns(places: Places) -> None:
    """Or each night would import what the night before has left; another name beside it is an export like any."""
    for age, name in enumerate(("rejects.csv", "rejects-2.csv", "run.csv", "rejects-mine.csv", "mine.csv")):
        (places.config / name).write_text("")
        os.utime(places.config / name, (1e9 - age, 1e9 - age))
    found = written(places, 'exports = "*.csv"')
    outputs = [places.config / "rejects.csv", places.config / "." / "run.csv"]
    assert find_exports(found).all() == (places.config / "rejects.csv",)
    assert find_exports(found, outputs).all() == (places.config / "rejects-mine.csv",)
    assert find_exports(written(places, 'exports = "rejects.csv"'), outputs).all() == (places.config / "rejects.csv",)
