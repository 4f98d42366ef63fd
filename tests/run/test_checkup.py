"""What a checkup makes of what it found: the state of each line, its next step, and the exit status of all."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from importer.errors import CredentialsError, DefectError, ImporterError, LockedError, ServiceStopError, UsageError
from importer.machine.places import Places
from importer.run.checkup.lines import Line, Part, State, exit_of, line_of
from importer.run.checkup.machine import (
    Folder,
    Use,
    clock_line,
    disk_line,
    folder_line,
    is_there,
    look_at,
    own_files_in,
    zone_line,
)
from importer.run.checkup.service import Asked, Rehearsal, service_lines, today_line
from importer.run.checkup.signin import life_line, rights_line, source_line
from importer.signin.credentials import Credentials
from importer.signin.tokens import Token
from importer.simkl.refusals import LATER

NOW = 1_800_000_000.0
DAY = 86_400.0
HOME = Path("/home/ann/my import")
FOLDER = Folder(
    use=Use.STATE, path=HOME, probed=HOME, trouble=0, own=True, shared=False, closed=(), free=10_000_000_000
)


def trouble(part: Part) -> Line:
    """A line of trouble with one part."""
    return Line(part, "x", State.TROUBLE, "it is broken")


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([], 0),
        ([Part.MACHINE], 2),
        ([Part.SETTINGS], 2),
        ([Part.SIGN_IN], 4),
        ([Part.SERVICE], 6),
        ([Part.SERVICE, Part.SIGN_IN], 4),
        ([Part.SERVICE, Part.SIGN_IN, Part.MACHINE], 2),
    ],
)
def test_the_worst_line_gives_the_status(parts: list[Part], status: int) -> None:
    """Whatever the order of the lines; a warning or a line that is well gives none."""
    well = [Line(part, "x", state, "") for part in Part for state in (State.OK, State.WARNING)]
    assert exit_of([*map(trouble, parts), *well]) == status
    assert exit_of([*well, *map(trouble, reversed(parts))]) == status


@pytest.mark.parametrize(
    ("error", "part", "state"),
    [
        (UsageError("a", "b"), Part.SETTINGS, State.TROUBLE),
        (CredentialsError("a", "b"), Part.SIGN_IN, State.TROUBLE),
        (ServiceStopError("a", "b"), Part.SERVICE, State.TROUBLE),
        (DefectError("a", "b"), Part.SERVICE, State.TROUBLE),
        (LockedError("a", "b"), Part.MACHINE, State.WARNING),
    ],
)
def test_every_error_is_a_line_of_its_part(error: ImporterError, part: Part, state: State) -> None:
    """With its own next step, but for a run that goes on: that is no trouble."""
    line = line_of("x", error)
    assert (line.part, line.state) == (part, state)
    assert line.next == "b" or "simkl-import doctor" in line.next


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ({}, State.OK, ""),
        ({"probed": HOME.parent}, State.OK, ""),
        ({"trouble": errno.EACCES}, State.TROUBLE, "chmod u+rwx '/home/ann/my import'"),
        ({"trouble": errno.EACCES, "own": False}, State.TROUBLE, "sudo chown -R \"$(id -un)\" '/home/ann/my import'"),
        # Nobody is to take over a folder that merely lies above.
        ({"trouble": errno.EACCES, "own": False, "probed": Path("/home")}, State.TROUBLE, "export SIMKL_IMPORT_HOME="),
        ({"trouble": errno.EROFS}, State.TROUBLE, "export SIMKL_IMPORT_HOME="),
        ({"trouble": errno.ENOSPC}, State.TROUBLE, "df -h '/home/ann/my import'"),
        ({"trouble": errno.EACCES, "use": Use.SHARED}, State.WARNING, "export TMPDIR="),
        ({"closed": (HOME / "a.sqlite", HOME / "b.pace")}, State.TROUBLE, "sudo chown -R"),
        ({"shared": True}, State.WARNING, "chmod go-w"),
        ({"shared": True, "use": Use.SHARED}, State.OK, ""),
    ],
)
def test_a_folder_is_told_with_its_remedy(change: dict[str, object], state: State, words: str) -> None:
    """A whole command, whatever the folder is called; none where all is well."""
    line = folder_line(replace(FOLDER, **change))  # type: ignore[arg-type]
    assert (line.part, line.state) == (Part.MACHINE, state)
    assert words in line.next
    assert bool(words) == bool(line.next)


def test_looking_at_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither in one that is there nor in place of one that is not; a file in the way is trouble."""
    (tmp_path / "file").write_text("")
    found = look_at(Use.STATE, tmp_path / "a" / "b")
    assert (found.probed, found.trouble, found.shared) == (tmp_path, 0, False)
    assert look_at(Use.STATE, tmp_path).trouble == 0
    assert look_at(Use.STATE, tmp_path / "file" / "x").trouble == errno.ENOTDIR
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    tmp_path.chmod(0o777)
    assert look_at(Use.CONFIG, tmp_path).shared


def test_what_cannot_be_looked_at_is_not_there() -> None:
    """A system that refuses to tell of a path, here since no name may be so long, ends no checkup."""
    endless = Path("x" * 5_000)
    assert not is_there(endless)
    assert own_files_in(Places(endless, endless)) == []
    assert look_at(Use.STATE, endless).trouble == errno.ENAMETOOLONG


def test_the_files_of_other_profiles_are_their_business(tmp_path: Path) -> None:
    """Each profile's state is looked at by itself."""
    home = Places(tmp_path, tmp_path / "state")
    for one in (home, home.of_profile("ann")):
        one.state.mkdir(parents=True)
        (one.state / "51@x.sqlite").write_text("")
    for one in (home, home.of_profile("ann")):
        assert own_files_in(one) == [one.state / "51@x.sqlite"]


@pytest.mark.parametrize(
    ("free", "state"), [(10**12, State.OK), (10**8, State.WARNING), (10**6, State.TROUBLE), (None, State.WARNING)]
)
def test_the_fullest_disk_counts(free: int | None, state: State) -> None:
    """Of folders that can be written; what cannot be told is a warning."""
    folders = [FOLDER, replace(FOLDER, free=free)] if free is not None else [replace(FOLDER, free=None)]
    elsewhere = replace(FOLDER, trouble=errno.EROFS, free=0)
    assert disk_line([*folders, elsewhere]).state is state


@pytest.mark.parametrize(
    ("ahead", "state", "words"),
    [
        (0.4, State.OK, "within 1 s"),
        (-59.0, State.OK, "within 59 s"),
        (90.0, State.WARNING, "90 s behind"),
        (3_600.0, State.TROUBLE, "60 min behind"),
        (-3_600.0, State.TROUBLE, "60 min ahead of"),
    ],
)
def test_a_wrong_clock_is_told_with_its_direction(ahead: float, state: State, words: str) -> None:
    """By how much, and which way."""
    line = clock_line(ahead)
    assert (line.part, line.state) == (Part.MACHINE, state)
    assert words in line.text


def test_missing_time_zone_data_is_a_warning() -> None:
    """Simkl's day is then told an hour off in summer, and no more."""
    assert zone_line(known=True, local="CET").state is State.OK
    line = zone_line(known=False, local="UTC")
    assert (line.state, "tzdata" in line.next) == (State.WARNING, True)
    line = zone_line(known=True, local="")
    assert (line.state, "TZ=" in line.next) == (State.WARNING, True)


@pytest.mark.parametrize(
    ("token", "life", "rights"),
    [
        (Token("c", "t", "r", NOW - 5, NOW - DAY, "device", "media:read media:write"), State.OK, State.OK),
        (Token("c", "t", None, NOW + 30 * DAY, NOW, "device", "media:read"), State.OK, State.TROUBLE),
        (Token("c", "t", None, NOW + DAY, NOW, "device", ""), State.WARNING, State.OK),
        (Token("c", "t", None, NOW - 1, NOW, "device", ""), State.TROUBLE, State.OK),
        (Token("c", "t", None, None, NOW, "pin", ""), State.WARNING, State.OK),
        (Token("c", "t"), State.OK, State.OK),
    ],
)
def test_a_sign_in_is_judged_by_its_end_and_its_scope(token: Token, life: State, rights: State) -> None:
    """One that renews itself holds; one that may only read is trouble, since nothing can be sent with it."""
    found = Credentials("c", token, HOME / "token.json")
    assert (life_line(found, token, NOW).state, rights_line(token).state) == (life, rights)
    for line in (life_line(found, token, NOW), rights_line(token)):
        assert (line.state is State.OK) == (not line.next)


def test_a_variable_that_hides_a_sign_in_is_a_warning() -> None:
    """With the command that ends it."""
    token = Token("c", "t")
    hidden = source_line(Credentials("c", token, None, "SIMKL_ACCESS_TOKEN"), HOME, beside=True)
    assert (hidden.state, hidden.next) == (State.WARNING, "to use that one: unset SIMKL_ACCESS_TOKEN")
    assert source_line(Credentials("c", token, None, "SIMKL_ACCESS_TOKEN"), HOME, beside=False).state is State.OK
    assert source_line(Credentials("c", token, HOME), HOME, beside=True).state is State.OK


@pytest.mark.parametrize(
    ("left", "state"),
    [(None, State.OK), (500, State.OK), (50, State.WARNING), (3, State.TROUBLE), (0, State.TROUBLE)],
)
def test_what_is_left_of_the_day_is_told(left: int | None, state: State) -> None:
    """Unknown is not zero; what a run keeps for itself is as good as nothing."""
    assert today_line(left, 500, NOW).state is state


def test_a_refusal_that_simkl_does_not_play_is_a_warning() -> None:
    """Unless something else went wrong before, which is then told alone."""
    missed = (Rehearsal("user", "", "HTTP 404"), Rehearsal("app", "spent"))
    lines = service_lines(Asked(ahead=0.0, rehearsals=missed), NOW)
    assert [line.state for line in lines[-2:]] == [State.WARNING, State.OK]
    lines = service_lines(Asked(error=CredentialsError("no"), ahead=0.0, rehearsals=missed), NOW)
    assert [(line.name, line.state) for line in lines if line.part is Part.SERVICE] == [("client id's day", State.OK)]


@pytest.mark.parametrize(
    ("error", "part", "name"),
    [
        (UsageError("cannot lock"), Part.MACHINE, "lock"),
        (LockedError("a run"), Part.MACHINE, "answer"),
        (CredentialsError("no"), Part.SIGN_IN, "answer"),
        (ServiceStopError("down", LATER), Part.SERVICE, "answer"),
    ],
)
def test_what_kept_simkl_from_answering_is_told_where_it_is(error: ImporterError, part: Part, name: str) -> None:
    """A lock that cannot be had is the machine's; and nobody is told that a checkup goes on where it stopped."""
    (line,) = service_lines(Asked(error=error), NOW)
    assert (line.part, line.name) == (part, name)
    assert "goes on" not in line.next
