"""Where things are kept, for each of several people, and homes that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.errors import UsageError
from importer.machine.places import NoHomeError, Places


def test_a_named_profile_has_folders_of_its_own(tmp_path: Path) -> None:
    """Under the home as under the XDG folders; the one without a name keeps those of before."""
    home = {"SIMKL_IMPORT_HOME": str(tmp_path)}
    assert Places.of(home) == Places(tmp_path, tmp_path / "state")
    assert Places.of(home, "ann") == Places(tmp_path / "profiles/ann", tmp_path / "state/profiles/ann", "ann")
    xdg = {"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "SIMKL_IMPORT_PROFILE": "ann"}
    assert Places.of(xdg).config == Path("/c/simkl-import/profiles/ann")
    assert Places.of(xdg).state == Path("/s/simkl-import/profiles/ann")
    assert Places.of(xdg, "bob-2").profile == "bob-2"
    assert Places.of(xdg, "").config == Path("/c/simkl-import")
    assert Places.of(xdg).of_profile("") == Places.of(xdg, "")


@pytest.mark.parametrize("name", ["Ann", "../x", "a b", "-a", "_a", "ä", "a/b", ".", "a\n"])
def test_a_name_that_would_be_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    """Whoever gave it is told where: on the command line or in the environment."""
    home = {"SIMKL_IMPORT_HOME": str(tmp_path)}
    with pytest.raises(UsageError, match="--profile"):
        Places.of(home, name)
    if name.strip() == name:
        with pytest.raises(UsageError, match="SIMKL_IMPORT_PROFILE"):
            Places.of(home | {"SIMKL_IMPORT_PROFILE": name})


def test_all_profiles_are_found_by_either_of_their_folders(tmp_path: Path) -> None:
    """The one without a name comes first; what is no name is no profile."""
    for folder in ("profiles/bob", "state/profiles/ann", "profiles/Not A Name", "state/profiles/bob"):
        (tmp_path / folder).mkdir(parents=True)
    places = Places.of({"SIMKL_IMPORT_HOME": str(tmp_path)}, "bob")
    assert [one.profile for one in places.all_profiles()] == ["", "ann", "bob"]


def test_the_one_without_a_name_never_looks_into_the_others(tmp_path: Path) -> None:
    """Nor do they look into its; but each knows if another one has an account's file."""
    nameless = Places.of({"SIMKL_IMPORT_HOME": str(tmp_path)})
    ann = nameless.of_profile("ann")
    for places in (nameless, ann):
        places.state.mkdir(parents=True)
        assert places.resume_files() == []
    ann.resume_file("51@host").touch()
    (nameless.state / "sandbox" / "x").mkdir(parents=True)
    rehearsal = nameless.state / "sandbox" / "x" / "51@sandbox.sqlite"
    rehearsal.touch()
    assert (nameless.resume_files(), ann.resume_files()) == ([rehearsal], [ann.resume_file("51@host")])
    assert nameless.resume_file_elsewhere("51@host") == (ann, ann.resume_file("51@host"))
    assert nameless.resume_file_elsewhere("52@host") is None
    assert ann.resume_file_elsewhere("51@host") is None
    nameless.resume_file("51@host").touch()
    assert nameless.resume_file_elsewhere("51@host") is None


def test_a_home_that_cannot_be_is_a_usage_error(tmp_path: Path) -> None:
    """A file, a place inside a file, somebody who does not exist, a name too long for any disk."""
    (tmp_path / "file").touch()
    for home in (tmp_path / "file", tmp_path / "file" / "x" / "y", "~nobody-of-that-name/x", tmp_path / ("x" * 300)):
        with pytest.raises(UsageError, match="SIMKL_IMPORT_HOME") as caught:
            Places.of({"SIMKL_IMPORT_HOME": str(home)})
        assert not isinstance(caught.value, NoHomeError)
    assert Places.of({"SIMKL_IMPORT_HOME": str(tmp_path / "new" / "deep")}).config == tmp_path / "new" / "deep"
