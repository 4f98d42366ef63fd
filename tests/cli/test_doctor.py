"""`doctor`: everything a run needs is looked at, each line with its next step, and nothing is changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from importer.machine.lock import exclusive
from importer.signin.tokens import Token, save

CLIENT = "c11ent5ecret"
KEPT = "kept5ecret"
SIGNED_IN = {"SIMKL_ACCESS_TOKEN": None}


def told(machine: Any, *line: str, **environment: str | None) -> tuple[int, dict[str, Any]]:
    """The status and the lines by name, as the document tells them; without a lie about the status."""
    ended = machine.run("doctor", "--json", *line, **environment)
    document = ended.document
    assert (document["schema"], document["command"], document["exit"]) == (1, "doctor", ended.status)
    for one in document["lines"]:
        assert one["state"] in ("ok", "warning", "trouble")
        assert one["state"] == "ok" or one["next"], one
    parts = [one["part"] for one in document["lines"]]
    assert parts == sorted(parts, key=["machine", "settings", "sign-in", "service"].index)
    return ended.status, {one["name"]: one for one in document["lines"]}


def states(lines: dict[str, Any], state: str) -> list[str]:
    """The names of the lines in one state."""
    return [name for name, one in lines.items() if one["state"] == state]


def test_all_is_well_on_a_machine_that_is(machine: Any) -> None:
    """For a person in 80 columns and as a document."""
    status, lines = told(machine)
    assert (status, states(lines, "trouble"), states(lines, "warning")) == (0, [], [])
    assert lines["account"]["text"] == "Sandbox (account 51)"
    assert "500 requests a day" in lines["plan"]["text"]
    assert re.fullmatch(r"49\d of 500 requests", lines["left today"]["text"])
    ended = machine.run("doctor", "--yes")
    assert (ended.status, ended.err) == (0, "")
    assert all(len(line) <= 80 or " " not in line.strip() for line in ended.out.splitlines())
    assert ended.out.endswith("All is well.\n")


def test_both_refusals_are_rehearsed_and_remembered_nowhere(machine: Any) -> None:
    """Each in its own words; neither the pace nor Simkl counts them, and no resume file is made."""
    _, lines = told(machine)
    assert "by all your apps together" in lines["your day spent"]["text"]
    assert "of this client id" in lines["client id's day"]["text"]
    played = [entry.params.get("debug_limit") for entry in machine.sandbox.log]
    assert [limit for limit in played if limit] == ["user", "app"]
    assert {entry.method for entry in machine.sandbox.log} == {"GET"}
    (pace,) = (machine.home / "state").glob("51@*.pace")
    counted = [limit for limit in played if not limit]
    assert machine.sandbox.account.day.used == len(counted)
    assert json.loads(pace.read_text())["used"] <= len(counted)
    assert not list(machine.home.rglob("*.sqlite"))
    assert machine.run("run", machine.export()).status == 0, "nobody takes the rehearsal for a spent day"


@pytest.mark.parametrize(
    ("options", "name", "part", "status"),
    [
        ({"faults": ["clock-ahead"]}, "clock", "machine", 2),
        ({"faults": ["status-401"]}, "answer", "sign-in", 4),
        ({"faults": ["status-412"]}, "answer", "sign-in", 4),
        ({"faults": ["quota"]}, "answer", "service", 6),
        ({"faults": ["app-quota"]}, "answer", "service", 6),
        ({"faults": ["status-503"]}, "answer", "service", 6),
        ({"faults": ["html-200"]}, "answer", "service", 6),
        ({"quota": 0}, "answer", "service", 6),
        ({"quota": 1}, "answer", "service", 6),
        ({"quota": 2}, "left today", "service", 6),
        ({"quota": 4}, "left today", "service", 6),
    ],
)
def test_trouble_is_told_where_it_is(
    machine_with: Any, options: dict[str, Any], name: str, part: str, status: int
) -> None:
    """One line of trouble, of the right part, which gives the status."""
    with machine_with(**options) as machine:
        found, lines = told(machine)
        assert (found, states(lines, "trouble")) == (status, [name])
        assert lines[name]["part"] == part
        assert machine.sandbox.violations == []


def test_few_requests_left_are_a_warning(machine_with: Any) -> None:
    """With where to see what draws on them."""
    with machine_with(faults=["few-left"]) as machine:
        status, lines = told(machine)
        assert (status, states(lines, "warning")) == (0, ["left today"])
        assert "connected-apps" in lines["left today"]["next"]


def test_numbers_that_simkl_does_not_tell_are_unknown(machine: Any) -> None:
    """A PIN sign-in has no headers: that is no trouble, its end is a warning."""
    machine.sandbox.keyring.apps[CLIENT] = frozenset({"pin"})
    machine.sandbox.add_token(KEPT, v1=True)
    save(machine.home / "token.json", Token("the-app", KEPT, flow="pin"))
    status, lines = told(machine, **SIGNED_IN)
    assert (status, states(lines, "warning")) == (0, ["life"])
    assert "does not tell" in lines["left today"]["text"]


def test_a_sign_in_that_may_only_read_is_trouble(machine: Any) -> None:
    """Nothing can be sent with it."""
    machine.sandbox.add_token(KEPT, scopes=["media:read"])
    save(machine.home / "token.json", Token("the-app", KEPT, flow="device", scope="media:read"))
    status, lines = told(machine, **SIGNED_IN)
    assert (status, states(lines, "trouble")) == (4, ["rights"])
    assert lines["rights"]["next"].endswith("simkl-import login")


def test_a_variable_that_wins_over_a_sign_in_is_named(machine: Any) -> None:
    """And how to have the other one."""
    save(machine.home / "token.json", Token("the-app", KEPT))
    status, lines = told(machine)
    assert (status, states(lines, "warning")) == (0, ["sign-in"])
    assert lines["sign-in"]["next"].endswith("unset SIMKL_ACCESS_TOKEN")


def test_without_a_sign_in_simkl_is_not_asked(machine: Any) -> None:
    """The rest is looked at all the same, and the next step is for the profile that was named."""
    status, lines = told(machine, "--profile", "ann", **SIGNED_IN)
    assert (status, states(lines, "trouble"), machine.sandbox.log) == (4, ["sign-in"], [])
    assert "simkl-import login --profile ann" in lines["sign-in"]["next"]
    assert "file" in lines


def test_a_service_that_is_not_there_is_trouble_of_its_own(machine: Any) -> None:
    """Refusals are not rehearsed with nobody, and nothing speaks of a run that goes on."""
    status, lines = told(machine, SIMKL_API_URL="http://127.0.0.1:9")
    assert (status, states(lines, "trouble")) == (6, ["answer"])
    assert not {"clock", "your day spent", "client id's day"} & set(lines)
    assert lines["answer"]["next"] == "look again later: simkl-import doctor"


@pytest.mark.parametrize(
    ("content", "name", "state", "status"),
    [
        ("exprots = []", "file", "trouble", 2),
        ("no toml", "file", "trouble", 2),
        ('exports = ["*.zip"]', "exports", "warning", 0),
    ],
)
def test_settings_are_looked_at(machine: Any, content: str, name: str, state: str, status: int) -> None:
    """As a run would read them; Simkl is asked all the same."""
    machine.home.mkdir(parents=True)
    (machine.home / "config.toml").write_text(content)
    found, lines = told(machine)
    assert (found, states(lines, state), "account" in lines) == (status, [name], True)
    elsewhere = machine.export(content, "elsewhere/own.toml")
    (machine.home / "config.toml").unlink()
    assert states(told(machine, "--config", elsewhere)[1], state) == [name]


def test_an_address_that_cannot_be_used_is_trouble_with_the_settings(machine: Any) -> None:
    """The token goes nowhere."""
    status, lines = told(machine, SIMKL_API_URL="http://api.example.com")
    assert (status, states(lines, "trouble"), machine.sandbox.log) == (2, ["environment"], [])


def test_a_home_that_cannot_be_is_one_line(machine: Any) -> None:
    """Nothing else can be looked at then."""
    file = machine.export("", "file")
    status, lines = told(machine, SIMKL_IMPORT_HOME=f"{file}/home")
    assert (status, states(lines, "trouble"), list(lines)) == (2, ["home"], ["home"])


def test_a_state_folder_that_cannot_be_written_hides_nothing_else(machine: Any) -> None:
    """Simkl is asked all the same, and nothing stays behind."""
    machine.home.mkdir(parents=True)
    (machine.home / "state").write_text("a file in the way")
    before = sorted(machine.folder.rglob("*"))
    status, lines = told(machine)
    assert (status, states(lines, "trouble")) == (2, ["state folder"])
    assert "SIMKL_IMPORT_HOME" in lines["state folder"]["next"]
    assert lines["account"]["state"] == "ok"
    assert sorted(machine.folder.rglob("*")) == before


def test_a_config_folder_counts_where_a_sign_in_is_kept(machine: Any) -> None:
    """With a token of the environment a run needs none: settings may be mounted read-only."""
    elsewhere = {"SIMKL_IMPORT_HOME": None, "XDG_CONFIG_HOME": machine.export("", "file")}
    elsewhere["XDG_STATE_HOME"] = str(machine.folder / "state")
    status, lines = told(machine, **elsewhere)
    assert (status, states(lines, "warning"), states(lines, "trouble")) == (0, ["config folder"], [])
    status, lines = told(machine, **elsewhere, **SIGNED_IN)
    assert (status, states(lines, "trouble")) == (2, ["config folder", "sign-in"])


def test_a_resume_file_that_no_run_could_use_is_trouble(machine: Any) -> None:
    """The account's own one, or the one that the settings name; it is left as it was."""
    assert "none yet" in told(machine)[1]["resume file"]["text"]
    machine.run("run", machine.export())
    path = machine.resume_file()
    assert told(machine)[1]["resume file"]["text"] == str(path)
    before = path.read_bytes()
    path.write_bytes(b"scribbled" + before[9:])
    status, lines = told(machine)
    assert (status, states(lines, "trouble"), lines["resume file"]["part"]) == (2, ["resume file"], "machine")
    assert path.read_bytes()[9:] == before[9:]
    path.write_bytes(before)
    named = machine.export("not ours", "other.sqlite")
    (machine.home / "config.toml").write_text(f'resume-file = "{named}"')
    status, lines = told(machine)
    assert (status, states(lines, "trouble"), named in lines["resume file"]["text"]) == (2, ["resume file"], True)


def test_a_run_that_goes_on_is_left_alone(machine: Any) -> None:
    """Nobody is asked beside it, and that is no trouble."""
    machine.run("whoami")
    asked = len(machine.sandbox.log)
    (pace,) = (machine.home / "state").glob("51@*.pace")
    with exclusive(pace.with_suffix(".lock")):
        status, lines = told(machine)
    assert (status, states(lines, "warning"), len(machine.sandbox.log)) == (0, ["answer"], asked)


def test_a_command_is_never_broken(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands whole on a line of its own, however narrow the words before it are."""
    home = Path(machine.folder) / ("a long name for a folder " * 4).strip()
    home.mkdir()
    home.chmod(0o777)
    ended = machine.run("doctor", SIMKL_IMPORT_HOME=str(home))
    assert f"      chmod go-w '{home}'" in ended.out.splitlines()
    assert "no trouble, 1 warning." in ended.out
