"""whoami and logout as a person runs them, against a sandbox on loopback."""

from __future__ import annotations

from typing import Any

import pytest

from importer.cli.login import life, login, logout, whoami
from importer.errors import LockedError, ServiceStopError
from importer.machine.lock import exclusive
from importer.machine.places import Places, host_of
from importer.run.access import Access
from importer.signin.credentials import Credentials
from importer.signin.tokens import Token, load


@pytest.mark.parametrize("flow", ["device", "pin"])
def test_whoami_names_person_plan_and_what_is_left(desk: Any, flow: str) -> None:
    """On stdout, one thing a line."""
    desk.run(login, "--flow", flow)
    result = desk.run(whoami)
    assert result.exit_code == 0
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert (lines["name"], lines["plan"]) == ("Sandbox", "free (500 requests a day)")
    assert lines.get("rights") == ("read and write" if flow == "device" else None)
    assert lines["life"] == ("6 days 23 hours left, renewed by itself" if flow == "device" else "until you revoke it")


def test_whoami_renews_a_token_that_was_refused(desk: Any) -> None:
    """The refresh token speaks for it."""
    desk.run(login)
    token = load(desk.file)
    assert token is not None
    desk.sandbox.expire(token.access_token)
    assert desk.run(whoami).exit_code == 0
    assert load(desk.file) != token


def test_whoami_takes_the_token_of_the_environment(desk: Any) -> None:
    """Which wins over the file."""
    desk.env["SIMKL_ACCESS_TOKEN"] = "fixed5ecret"
    result = desk.run(whoami)
    assert "SIMKL_ACCESS_TOKEN" in result.stdout
    desk.env["SIMKL_ACCESS_TOKEN"] = "wr0ng5ecret"
    assert "wr0ng5ecret" not in f"{desk.failed(whoami)!r}"


def test_without_a_sign_in_whoami_says_how_to_get_one(desk: Any) -> None:
    """Status 4."""
    error = desk.failed(whoami)
    assert error.exit_code == 4
    assert "simkl-import login" in error.hint


def test_a_silent_service_is_its_own_status(desk: Any) -> None:
    """6: nothing is wrong with the sign-in."""
    desk.run(login)
    desk.sandbox.faults.turn_on("status-503")
    assert isinstance(desk.failed(whoami), ServiceStopError)


def test_logout_revokes_and_forgets(desk: Any) -> None:
    """Both tokens are dead, the file is gone, and a second time there is nothing to do."""
    desk.run(login)
    result = desk.run(logout)
    assert (result.exit_code, result.stdout) == (0, "Signed out of Simkl.\n")
    assert not desk.file.exists()
    assert all(refresh.revoked for refresh in desk.sandbox.keyring.refresh_tokens.values())
    again = desk.run(logout)
    assert (again.exit_code, again.stdout) == (0, "Not signed in: nothing to do.\n")


@pytest.mark.parametrize("trouble", ["pin", "down", "damaged"])
def test_logout_forgets_also_where_it_cannot_revoke(desk: Any, trouble: str) -> None:
    """And says where the rest is done by hand."""
    desk.run(login, "--flow", "pin" if trouble == "pin" else "device")
    if trouble == "down":
        desk.sandbox.faults.script("POST /oauth2/revoke", ["status-503"] * 20)
    if trouble == "damaged":
        desk.file.write_text("{")
    result = desk.run(logout)
    assert result.exit_code == 0
    assert "connected-apps" in result.stderr
    assert not desk.file.exists()


def test_what_is_left_is_told_in_words() -> None:
    """Days and hours, hours and minutes, minutes, or nothing."""
    token = Token("c", "a", "r", 1_000_000.0)
    told = [life(token, 1_000_000.0 - left, known=True) for left in (90_000, 3_720, 60, 0)]
    assert told == [
        "1 day 1 hour left, renewed by itself",
        "1 hour 2 minutes left, renewed by itself",
        "1 minute left, renewed by itself",
        "run out, renewed by itself",
    ]
    assert life(token, 0, known=False) == "Simkl alone knows"


def test_whoami_sends_nothing_while_a_run_holds_the_account(desk: Any) -> None:
    """Its request is one of the account's, and two of them never overlap."""
    desk.run(login, "--flow", "pin")
    assert desk.run(whoami).exit_code == 0
    [lock] = (desk.home / "state").glob("51@*.lock")
    sent = len(desk.sandbox.requests("GET", "/users/settings"))
    with exclusive(lock):
        assert isinstance(desk.failed(whoami), LockedError)
    assert len(desk.sandbox.requests("GET", "/users/settings")) == sent
    assert desk.run(whoami).exit_code == 0


def test_a_sign_in_remembers_whose_it_is(desk: Any) -> None:
    """The first run after it need not ask again, and goes on at the pace that the sign-in left."""
    desk.run(login, "--flow", "pin")
    token = load(desk.file)
    assert token is not None
    access = Access(
        desk.env["SIMKL_API_URL"],
        host_of(desk.env["SIMKL_API_URL"]),
        Credentials(token.client_id, token, desk.file),
        Places(desk.home, desk.home / "state"),
    )
    owner = access.known_owner()
    assert owner is not None
    assert (owner.id, owner.name) == (51, "Sandbox")
