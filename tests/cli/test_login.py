"""login as a person runs it, against a sandbox on loopback."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import segno

from importer.cli.consent import browser_here, drawing
from importer.cli.login import login, whoami
from importer.errors import CredentialsError
from importer.signin.tokens import Token, load, save


@pytest.mark.parametrize(("flow", "kept"), [("auto", "device"), ("device", "device"), ("pin", "pin")])
def test_login_shows_the_code_and_keeps_the_sign_in(desk: Any, flow: str, kept: str) -> None:
    """The result is on stdout, code and address on stderr, the token in a file of the owner alone."""
    result = desk.run(login, "--flow", flow)
    assert result.exit_code == 0
    assert result.stdout == "Signed in to Simkl as Sandbox (free).\n"
    code = next(iter(desk.sandbox.auth.codes.values()))
    lines = result.stderr.splitlines()
    assert f"Code  {code.user_code}" in lines
    base = desk.env["SIMKL_API_URL"]
    assert (f"{base}/device?user_code={code.user_code}" if kept == "device" else f"{base}/pin") in lines
    token = load(desk.file)
    assert token is not None
    assert (token.client_id, token.flow) == (desk.client_id, kept)
    assert (token.refresh_token is None) == (kept == "pin")
    assert desk.file.stat().st_mode & 0o777 == 0o600


def test_auto_falls_back_to_the_pin_for_apps_of_that_kind(desk: Any) -> None:
    """And to nothing else: asking for the other flow by name is refused with its right name."""
    desk.sandbox.keyring.apps[desk.client_id] = frozenset({"pin"})
    assert "--flow pin" in desk.failed(login, "--flow", "device").hint
    assert desk.run(login).exit_code == 0
    token = load(desk.file)
    assert token is not None
    assert token.flow == "pin"


def test_a_client_id_nobody_knows_keeps_nothing(desk: Any) -> None:
    """Status 4, and the line says what to check."""
    del desk.sandbox.keyring.apps[desk.client_id]
    error = desk.failed(login)
    assert (error.exit_code, desk.file.exists()) == (4, False)
    assert "settings/developer" in error.hint


def test_a_denied_sign_in_ends_with_a_line(desk: Any) -> None:
    """Nobody is asked again."""
    desk.sandbox.faults.script("POST /oauth2/token", ["auth-denied"])
    error = desk.failed(login)
    assert isinstance(error, CredentialsError)
    assert "refused" in error.message


@pytest.mark.parametrize("flow", ["device", "pin"])
def test_an_expired_code_ends_where_nobody_can_be_asked(desk: Any, flow: str) -> None:
    """Without a terminal there is nobody to show a new code to."""
    desk.sandbox.faults.script("POST /oauth2/token", ["auth-expired"])
    desk.sandbox.faults.script("GET /oauth/pin", [None, "auth-expired"])
    assert desk.failed(login, "--flow", flow).exit_code == 4


@pytest.mark.parametrize("flow", ["device", "pin"])
def test_a_new_code_is_offered_when_one_expires(desk: Any, terminal: None, flow: str) -> None:
    """Yes gets another one, no ends it."""
    for fault in (None, "auth-expired"):
        desk.sandbox.faults.script("POST /oauth2/token", ["auth-expired"])
        desk.sandbox.faults.script("GET /oauth/pin", [None, "auth-expired"])
        if fault is None:
            assert desk.run(login, "--flow", flow, "--no-browser", typed="y\n").exit_code == 0
            assert len(desk.sandbox.auth.codes) >= 2
        else:
            assert isinstance(desk.failed(login, "--flow", flow, "--no-browser", typed="n\n"), CredentialsError)


def test_the_client_id_is_asked_for_once(desk: Any, terminal: None) -> None:
    """The person is told where to register one; the next sign-in knows it."""
    desk.env["SIMKL_CLIENT_ID"] = None
    result = desk.run(login, "--no-browser", typed=f"{desk.client_id}\n")
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert "https://simkl.com/settings/developer/" in lines
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith("  ") and line.strip()][:3] == [
        "simkl-import",
        "Moves my ratings into Simkl",
        "TV, devices & command line",
    ]
    assert desk.run(login, "--no-browser").exit_code == 0


@pytest.mark.parametrize("width", ["40", "80"])
def test_no_address_is_broken_over_two_lines(desk: Any, terminal: None, width: str) -> None:
    """In a narrow window too: what is copied from there has to work, also from the help."""
    desk.env.update(SIMKL_CLIENT_ID=None, COLUMNS=width)
    told = desk.run(login, "--no-browser", typed=f"{desk.client_id}\n").stderr
    shown = told + desk.run(login, "--help").stdout
    assert len(re.findall(r"https://simkl\.com/settings/developer/\s", shown)) == 2


def test_the_address_is_there_for_a_camera_too(desk: Any) -> None:
    """As a QR code of the very address that is shown: light modules are drawn, two rows a line."""
    result = desk.run(login)
    code = next(iter(desk.sandbox.auth.codes.values()))
    address = f"{desk.env['SIMKL_API_URL']}/device?user_code={code.user_code}"
    drawn = [line for line in result.stderr.splitlines() if line and not line.strip("█▀▄ ")]
    dark = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows = [[dark[block][half] for block in line] for line in drawn for half in (0, 1)]
    wanted = [list(map(int, row)) for row in segno.make_qr(address, error="l").matrix_iter(border=2)]
    assert rows[: len(wanted)] == wanted
    assert not any(map(any, rows[len(wanted) :]))


@pytest.mark.parametrize(
    ("encoding", "columns", "terminal", "environment", "shown"),
    [
        ("utf-8", 80, True, {"TERM": "xterm"}, "coloured"),
        ("utf-8", 80, True, {"TERM": "xterm", "NO_COLOR": "1"}, "plain"),
        ("utf-8", 80, True, {}, "plain"),
        ("utf-8", 20, True, {"TERM": "xterm"}, "none"),
        ("utf-8", 20, False, {}, "plain"),
        ("ascii", 80, True, {"TERM": "xterm"}, "none"),
        ("iso8859-1", 80, False, {}, "none"),
    ],
)
def test_a_qr_code_is_drawn_where_it_can_be_read(
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    columns: int,
    terminal: bool,
    environment: dict[str, str],
    shown: str,
) -> None:
    """Not where it has no room or no letters; black and white where the terminal has colours."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding)
    stream.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("COLUMNS", str(columns))
    drawn = drawing("https://simkl.com/device?user_code=WXYZ-1234", environment)
    assert bool(drawn) == (shown != "none")
    assert ("\x1b[97;40m" in drawn) == (shown == "coloured")


def test_a_pin_client_id_is_told_that_its_kind_ends(desk: Any) -> None:
    """In time, and with what to do instead."""
    told = desk.run(login, "--flow", "pin").stderr
    assert "April 2027" in told
    assert "TV, devices & command line" in told
    assert "https://simkl.com/settings/developer/" in told.splitlines()
    assert "April 2027" not in desk.run(login, "--flow", "device").stderr


def test_who_declines_and_who_walks_away_are_waited_for_until_the_code_is_over(desk: Any) -> None:
    """Simkl tells neither: the code's own time ends it, and the line says what it may have been."""
    desk.sandbox.auth.approve_after = None
    desk.sandbox.auth.code_seconds = 20
    error = desk.failed(login)
    assert (error.exit_code, desk.file.exists()) == (4, False)
    assert "declined" in error.message
    assert "1 minute" in error.message


def test_without_client_id_and_terminal_the_next_step_is_told(desk: Any) -> None:
    """Status 4."""
    desk.env["SIMKL_CLIENT_ID"] = None
    error = desk.failed(login)
    assert error.exit_code == 4
    assert "SIMKL_CLIENT_ID" in error.hint


@pytest.mark.usefixtures("terminal")
def test_the_browser_opens_where_there_is_one(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the code filled in already, and not when it is not wanted."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    assert desk.run(login, "--no-browser").exit_code == 0
    assert opened == []
    assert "open in your browser" in desk.run(login).stderr
    assert "user_code=" in opened[0]
    monkeypatch.setenv("SSH_TTY", "/dev/pts/0")
    assert desk.run(login).exit_code == 0
    assert len(opened) == 1


def test_a_browser_is_where_a_screen_is() -> None:
    """Not over ssh, not without a display; a Mac always has one."""
    assert browser_here({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert browser_here({}, "darwin")
    assert not browser_here({}, "linux")
    assert not browser_here({"DISPLAY": ":0", "SSH_CONNECTION": "a"}, "linux")
    assert not browser_here({"SSH_TTY": "a"}, "darwin")


def test_trouble_on_the_way_is_told_and_gone_through(desk: Any) -> None:
    """A reset connection and a server error are waited out."""
    desk.sandbox.faults.script("POST /oauth2/token", ["reset-before-write", "status-503"])
    result = desk.run(login)
    assert result.exit_code == 0
    assert result.stderr.count("trying again") == 2


def test_a_file_that_is_damaged_or_open_is_replaced_by_a_new_sign_in(desk: Any) -> None:
    """Signing in is how one mends it."""
    desk.home.mkdir()
    desk.file.write_text("{")
    desk.file.chmod(0o644)
    assert desk.run(login).exit_code == 0
    assert load(desk.file) is not None


def test_a_read_only_sign_in_is_warned_about(desk: Any) -> None:
    """Every write would be refused later."""
    desk.home.mkdir()
    save(desk.file, Token(desk.client_id, "x", flow="pin"))
    issue = desk.sandbox.keyring.issue
    desk.sandbox.keyring.issue = lambda account, client, _scopes: issue(account, client, frozenset({"media:read"}))  # type: ignore[method-assign]
    result = desk.run(login)
    assert "may read but not write" in result.stderr
    assert result.stderr.index("may read but not write") < result.stderr.index("The sign-in is kept")
    assert "rights   read only" in desk.run(whoami).stdout
