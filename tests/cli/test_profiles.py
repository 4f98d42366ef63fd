"""Several people on one machine: folders, sign-ins and resume files apart, and never one account in two of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from importer.signin.tokens import Token, save

KEPT = Token("k3pt-client", "k3pt")
NOBODY: dict[str, Any] = {"SIMKL_ACCESS_TOKEN": None}


def of(machine: Any, name: str) -> tuple[Path, Path]:
    """The folders of a profile: settings and token, and state."""
    return machine.home / "profiles" / name, machine.home / "state" / "profiles" / name


def test_each_has_settings_and_state_of_its_own(machine: Any) -> None:
    """By the option or by the variable; nothing of it is in the folders of the one without a name."""
    config, state = of(machine, "ann")
    config.mkdir(parents=True)
    (config / "config.toml").write_text("limit = 1\n")
    assert machine.run("run", machine.export(), "--profile", "ann", "--json").document["totals"]["applied"] == 1
    assert machine.run("run", machine.export(), "--json", SIMKL_IMPORT_PROFILE="ann").document["totals"]["applied"] == 1
    assert len(list(state.glob("*.sqlite"))) == 1
    assert [path.name for path in (machine.home / "state").iterdir()] == ["profiles"]
    assert machine.run("status", "--profile", "ann", "--json").document["profile"] == "ann"
    assert machine.run("status").status == 2
    assert machine.run("undo", "--profile", "ann", "--yes", "--json").document["totals"]["removed"] == 1
    assert len(machine.run("report", "--profile", "ann", "--format", "jsonl").out.splitlines()) == 4


def test_an_account_of_another_profile_is_refused_by_name(machine: Any) -> None:
    """Whether Simkl was asked before whose token it is or not, in a dry run too; nothing is made or sent."""
    assert machine.run("run", machine.export()).status == 0
    before, sent = sorted(machine.home.rglob("*.sqlite")), len(machine.sent())
    for line in (
        ["run", machine.export()],
        ["run", machine.export(), "-n"],
        ["undo", "--yes"],
        ["run", machine.export()],
    ):
        ended = machine.run(*line, "--profile", "ann")
        assert (ended.status, "the profile without a name" in ended.err) == (2, True)
    assert (sorted(machine.home.rglob("*.sqlite")), len(machine.sent())) == (before, sent)
    named = str(machine.folder / "mine.sqlite")
    assert machine.run("run", machine.export(), "--profile", "ann", "--resume-file", named).status == 0


def test_the_other_way_round_it_is_refused_too(machine: Any) -> None:
    """The message gives the option to add, and that command works."""
    assert machine.run("run", machine.export(), "--profile", "ann").status == 0
    ended = machine.run("run", machine.export())
    assert (ended.status, "--profile ann" in ended.err) == (2, True)
    assert machine.run("run", machine.export(), "--profile", "ann").status == 0


def test_a_token_of_the_environment_beside_a_sign_in_is_refused(machine: Any) -> None:
    """For every command that would use one of them, login included; logout may always clean up."""
    token_file = of(machine, "ann")[0] / "token.json"
    ended = machine.run("login", "--profile", "ann")
    assert (ended.status, "SIMKL_ACCESS_TOKEN" in ended.err, token_file.exists()) == (2, True, False)
    save(token_file, KEPT)
    for line in (["run", machine.export()], ["undo", "--yes"], ["whoami"], ["login"]):
        ended = machine.run(*line, "--profile", "ann")
        assert (ended.status, machine.sandbox.log) == (2, [])
        assert "SIMKL_ACCESS_TOKEN" in ended.err
    assert str(token_file) in machine.run("whoami", "--profile", "ann").err
    assert machine.run("logout", "--profile", "ann").status == 0
    assert not token_file.exists()


def test_whoami_says_who_by_which_token(machine: Any) -> None:
    """For a person and as a document; the variable that wins is named, and what it wins over."""
    save(machine.home / "token.json", KEPT)
    text = machine.run("whoami").out
    assert f"SIMKL_ACCESS_TOKEN (wins over {machine.home / 'token.json'})" in text
    document = machine.run("whoami", "--json").document
    assert (document["command"], document["exit"], document["account"]) == ("whoami", 0, {"id": 51, "name": "Sandbox"})
    assert (document["sign_in"], document["profile"]) == ("SIMKL_ACCESS_TOKEN", None)
    handed = machine.folder / "handed-over"
    handed.write_text("0ther")
    machine.sandbox.add_token("0ther", machine.sandbox.account)
    other = {"SIMKL_ACCESS_TOKEN": None, "SIMKL_ACCESS_TOKEN_FILE": str(handed)}
    document = machine.run("whoami", "--profile", "bob", "--json", **other).document
    assert (document["sign_in"], document["profile"]) == ("SIMKL_ACCESS_TOKEN_FILE", "bob")
    ended = machine.run("whoami", "--json", SIMKL_ACCESS_TOKEN="wr0ng")
    assert (ended.status, ended.document["exit"]) == (4, 4)


def test_status_tells_of_everybody(machine: Any) -> None:
    """Every account of every profile, for a person and as a document."""
    machine.run("run", machine.export(), "--limit", "1")
    machine.sandbox.add_token("ann-t0ken", machine.sandbox.add_account("ann"))
    ann = {"SIMKL_ACCESS_TOKEN": "ann-t0ken", "SIMKL_IMPORT_PROFILE": "ann"}
    assert machine.run("run", machine.export(), "--limit", "2", **ann).status == 0
    documents = machine.run("status", "--all", "--json").document["accounts"]
    assert [(one["profile"], one["items"]["applied"]) for one in documents] == [(None, 1), ("ann", 2)]
    assert machine.run("status", "--all", "--json", **ann).document["accounts"] == documents
    text = machine.run("status", "--all").out
    assert text.count("Account  ") == 2
    assert "Profile      ann" in text
    assert machine.run("status", "--all", "--profile", "ann").status == 2


def test_status_says_who_is_signed_in(machine: Any) -> None:
    """By which variable or file, or that nobody is."""
    machine.run("run", machine.export())
    assert "Sign-in      SIMKL_ACCESS_TOKEN\n" in machine.run("status").out
    assert "nobody is signed in: simkl-import login" in machine.run("status", **NOBODY).out
    save(machine.home / "token.json", KEPT)
    document = machine.run("status", "--json", **NOBODY).document
    assert document["sign_in"] == str(machine.home / "token.json")


@pytest.mark.parametrize("name", ["Ann", "../ann", "a b"])
def test_a_name_that_cannot_be_is_a_usage_error(machine: Any, name: str) -> None:
    """Of every command that has the option, with what a name may be."""
    for line in (["run", machine.export()], ["check", machine.export()], ["status"], ["whoami"], ["config"]):
        ended = machine.run(*line, "--profile", name)
        assert (ended.status, "small letters" in ended.err) == (2, True)
    assert machine.run("check", machine.export(), SIMKL_IMPORT_PROFILE=name).status == 2


def test_a_home_that_cannot_be_is_a_usage_error_of_every_command(machine: Any) -> None:
    """Also where the command could do without: whoever sets it means it."""
    home = machine.export("a file", "file")
    alone = (["status"], ["report"], ["undo", "--yes"], ["whoami"], ["config"], ["login"], ["logout"])
    for line in (["run", machine.export()], ["check", machine.export()], *alone):
        ended = machine.run(*line, SIMKL_IMPORT_HOME=home)
        assert (ended.status, "SIMKL_IMPORT_HOME" in ended.err) == (2, True), line


def test_config_shows_the_profile_and_its_folders(machine: Any) -> None:
    """And who named it."""
    settings = json.loads(machine.run("config", "--json", SIMKL_IMPORT_PROFILE="ann").out)
    assert settings["settings"]["profile"] == {"value": "ann", "source": "environment SIMKL_IMPORT_PROFILE"}
    assert settings["service"]["state-folder"]["value"] == str(of(machine, "ann")[1])
    settings = json.loads(machine.run("config", "--json", "--profile", "bob").out)
    assert settings["settings"]["profile"] == {"value": "bob", "source": "option"}


def test_status_of_all_shows_the_others_beside_a_file_that_is_damaged(machine: Any) -> None:
    """Its status says that something is wrong."""
    machine.run("run", machine.export())
    broken = of(machine, "ann")[1]
    broken.mkdir(parents=True)
    (broken / "7@host.sqlite").write_text("damaged")
    ended = machine.run("status", "--all", "--json")
    good, bad = ended.document["accounts"]
    assert (ended.status, ended.document["exit"]) == (2, 2)
    assert (good["items"]["applied"], good["message"]) == (4, None)
    assert (bad["profile"], "7@host.sqlite" in bad["message"]) == ("ann", True)
    assert machine.run("status", "--all").status == 2


def test_every_command_that_is_shown_is_for_the_same_profile(machine: Any) -> None:
    """One without it would be somebody else's; whoever names a profile in the environment has it there anyway."""
    bad = machine.export(
        "Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,1995,https://boxd.it/2a7i,9\n", "bad.csv"
    )
    for line in (["run", machine.export(), bad], ["run", bad], ["run", machine.export(), bad, "-n"]):
        ended = machine.run(*line, "--profile", "ann")
        shown = [text for text in (ended.out + ended.err).splitlines() if "simkl-import " in text]
        assert all("--profile ann" in text for text in shown), shown
    for line in (["status", "--profile", "ann"], ["status", "--all"]):
        out = machine.run(*line, **NOBODY).out
        assert "signed in: simkl-import login --profile ann\n" in out
    for line in (["run", bad], ["whoami"], ["undo", "--yes"]):
        ended = machine.run(*line, "--profile", "bob", **NOBODY)
        assert (ended.status, "simkl-import login --profile bob" in ended.err) == (4, True)
    ended = machine.run("run", machine.export(), SIMKL_IMPORT_PROFILE="ann")
    assert "--profile" not in ended.out
