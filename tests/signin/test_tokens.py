"""The token file and its renewal, alone and beside another process."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from importer.errors import CredentialsError, UsageError
from importer.machine.clock import Clock
from importer.machine.places import Places
from importer.signin.credentials import credentials
from importer.signin.edge import SignIn
from importer.signin.flows import Grant
from importer.signin.tokens import FileTokens, Token, load, remove, save
from importer.simkl.pace import Pace
from importer.simkl.token import FixedToken
from importer.simkl.transport import open_session

TOKEN = Token("c11ent", "acc3ss", "r3fresh", 2_000_000_000.5, 1_999_000_000.0, "device", "media:read media:write")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A token file that is not there yet, in a folder that is not there yet."""
    return tmp_path / "config" / "token.json"


def test_a_sign_in_is_kept_as_it_was(path: Path) -> None:
    """What was saved is loaded, what was removed is gone."""
    assert load(path) is None
    save(path, TOKEN)
    assert load(path) == TOKEN
    save(path, Token("c11ent", "other", flow="pin"))
    assert load(path) == Token("c11ent", "other", flow="pin")
    assert remove(path)
    assert not remove(path)


def test_only_the_owner_can_read_it(path: Path) -> None:
    """File and folder are closed from their first moment, whatever the umask, and no draft is left."""
    before = os.umask(0)
    try:
        save(path, TOKEN)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_is_open_to_others_is_refused(path: Path, mode: int) -> None:
    """With the command that closes it."""
    save(path, TOKEN)
    path.chmod(mode)
    with pytest.raises(CredentialsError) as caught:
        load(path)
    assert f"chmod 600 {path}" in caught.value.hint
    assert load(path, shared=True) == TOKEN


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"client_id":"a"}',
        b'{"client_id":"a","access_token":"b c"}',
        b'{"clie',
        b"[" * 9000,
    ],
)
def test_a_damaged_file_is_refused_with_a_clear_line(path: Path, content: bytes) -> None:
    """Cut short, noise, or without its parts."""
    save(path, TOKEN)
    path.write_bytes(content)
    with pytest.raises(CredentialsError) as caught:
        load(path)
    assert str(path) in caught.value.message


def test_a_link_to_the_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    """People keep their settings elsewhere and link to them."""
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere.json")
    save(path, TOKEN)
    assert path.is_symlink()
    assert load(path) == TOKEN


def test_a_folder_that_cannot_be_written_is_a_clear_line(tmp_path: Path) -> None:
    """Here: a file stands where the folder should be."""
    (tmp_path / "config").write_text("")
    with pytest.raises(UsageError):
        save(tmp_path / "config" / "token.json", TOKEN)


def test_no_text_of_a_sign_in_shows_a_secret(path: Path) -> None:
    """Neither its repr nor that of what holds it."""
    save(path, TOKEN)
    found = credentials({}, Places(path.parent, path.parent))
    for secret in ("c11ent", "acc3ss", "r3fresh"):
        assert secret not in f"{TOKEN!r} {found!r} {found}"


def test_what_a_sign_in_may_do_is_kept_until_it_is_told_otherwise() -> None:
    """A renewal that names no scope changes none."""
    assert TOKEN.granted(Grant("new", None, 60.0), 0.0).scope == "media:read media:write"
    assert TOKEN.granted(Grant("new", None, 60.0, ("media:read",)), 0.0).scope == "media:read"


def test_a_token_is_due_before_it_ends() -> None:
    """Five minutes before, or a tenth of a short life; never without a refresh token."""
    week = Token("c", "a", "r", 604_800.0, 0.0)
    assert [week.due(now) for now in (0, 604_400, 604_500, 604_900)] == [False, False, True, True]
    minute = Token("c", "a", "r", 60.0, 0.0)
    assert [minute.due(now) for now in (0, 50, 54)] == [False, False, True]
    assert not replace(week, refresh_token=None).due(604_900)
    assert not replace(week, expires_at=None).due(604_900)


async def test_the_environment_wins_over_the_file(path: Path) -> None:
    """Each of its two variables by itself."""
    places = Places(path.parent, path.parent)
    both = {"SIMKL_CLIENT_ID": "env-c", "SIMKL_ACCESS_TOKEN": " env-t\n"}
    found = credentials(both, places)
    assert (found.client_id, found.token.access_token, found.path) == ("env-c", "env-t", None)
    save(path, TOKEN)
    found = credentials({"SIMKL_ACCESS_TOKEN": "env-t"}, places)
    assert (found.client_id, found.token.access_token, found.path) == ("c11ent", "env-t", None)
    found = credentials({"SIMKL_CLIENT_ID": "env-c", "SIMKL_ACCESS_TOKEN": ""}, places)
    assert (found.client_id, found.token.access_token, found.path) == ("env-c", "acc3ss", path)
    async with open_session() as session:
        clock = Clock()
        signin = SignIn(session, clock, Pace(clock), "http://127.0.0.1:1", "1", "env-c")
        assert isinstance(credentials(both, places).tokens(signin), FixedToken)
        assert isinstance(found.tokens(signin), FileTokens)


@pytest.mark.parametrize(
    "environment", [{}, {"SIMKL_CLIENT_ID": "a"}, {"SIMKL_ACCESS_TOKEN": "a"}, {"SIMKL_ACCESS_TOKEN": "s3cret\nx"}]
)
def test_what_is_missing_is_told_with_the_next_step(path: Path, environment: dict[str, str]) -> None:
    """Status 4, and no value in the line."""
    with pytest.raises(CredentialsError) as caught:
        credentials(environment, Places(path.parent, path.parent))
    assert caught.value.exit_code == 4
    assert "login" in caught.value.hint or "set SIMKL" in caught.value.hint
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"
