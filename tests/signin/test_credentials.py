"""Whose token counts: the variables in their order, the token file, and never a guess between two people."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.errors import CredentialsError, ImporterError, UsageError
from importer.machine.places import Places
from importer.signin.credentials import credentials
from importer.signin.tokens import Token, save

KEPT = Token("c11ent", "kept-t0ken")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The places of a person without a profile."""
    return Places(tmp_path, tmp_path / "state")


def test_the_variables_win_in_their_order(places: Places) -> None:
    """SIMKL_ACCESS_TOKEN over SIMKL_ACCESS_TOKEN_FILE over the token file; which one it was can be told."""
    save(places.token_file, KEPT)
    file = places.config / "handed-over"
    file.write_text(" file-t0ken\n")
    file.chmod(0o444)
    environment = {"SIMKL_ACCESS_TOKEN": "env-t0ken", "SIMKL_ACCESS_TOKEN_FILE": str(file)}
    found = credentials(environment, places)
    assert (found.token.access_token, found.variable, found.path) == ("env-t0ken", "SIMKL_ACCESS_TOKEN", None)
    del environment["SIMKL_ACCESS_TOKEN"]
    found = credentials(environment, places)
    assert (found.token.access_token, found.variable, found.path) == ("file-t0ken", "SIMKL_ACCESS_TOKEN_FILE", None)
    assert found.client_id == "c11ent"
    found = credentials({"SIMKL_ACCESS_TOKEN_FILE": " "}, places)
    assert (found.token, found.variable, found.path) == (KEPT, "", places.token_file)


@pytest.mark.parametrize("content", [None, "", "two words", "s3cret\nline", "tök", "\x00"])
def test_a_file_without_a_token_is_told_by_its_path_alone(places: Places, content: str | None) -> None:
    """It may hold a secret with something beside it."""
    file = places.config / "handed-over"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CredentialsError) as caught:
        credentials({"SIMKL_CLIENT_ID": "c", "SIMKL_ACCESS_TOKEN_FILE": str(file)}, places)
    text = f"{caught.value.message} {caught.value.hint}"
    assert str(file) in text
    assert "s3cret" not in text


@pytest.mark.parametrize("variable", ["SIMKL_ACCESS_TOKEN", "SIMKL_ACCESS_TOKEN_FILE"])
def test_a_token_beside_a_named_profiles_sign_in_is_refused(places: Places, variable: str) -> None:
    """Both are named; without that sign-in, or without a name, the variable counts."""
    ann = places.of_profile("ann")
    file = places.config / "handed-over"
    file.write_text("t0ken")
    environment = {"SIMKL_CLIENT_ID": "c", variable: str(file) if variable.endswith("FILE") else "t0ken"}
    assert credentials(environment, ann).variable == variable
    save(ann.token_file, KEPT)
    with pytest.raises(UsageError) as caught:
        credentials(environment, ann)
    assert variable in caught.value.message
    assert str(ann.token_file) in caught.value.message
    assert credentials({"SIMKL_CLIENT_ID": "c"}, ann).token == KEPT
    save(places.token_file, KEPT)
    assert credentials(environment, places).variable == variable


def test_who_is_not_signed_in_is_told(places: Places) -> None:
    """By the profile, if it has a name."""
    with pytest.raises(ImporterError, match="profile ann"):
        credentials({}, places.of_profile("ann"))
