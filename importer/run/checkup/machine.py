"""This machine as a checkup sees it: its folders, its disk, its time zone data and its clock."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from importer.errors import ImporterError
from importer.machine.places import PROFILES, account_name
from importer.model import value
from importer.report.safe import quoted
from importer.run.checkup.lines import Line, Part, State, line_of

if TYPE_CHECKING:
    from importer.machine.places import Places
    from importer.run.access import Access, Owner

LITTLE = 200 * 1_000_000
"""Bytes of free disk below which a large import may run out of room: resume file, reports and log together."""

NOTHING = 10 * 1_000_000
"""Bytes of free disk below which even a small import may."""

UNEVEN = 60.0
"""Seconds that this machine's clock may be wrong before anybody notices."""

WRONG = 300.0
"""Seconds from which a wrong clock does harm: a sign-in is renewed so long before its end."""

_OTHERS_MAY_WRITE = 0o022
_FULL = (errno.ENOSPC, errno.EDQUOT)
_ELSEWHERE = "choose a folder of your own: export SIMKL_IMPORT_HOME=~/simkl-import"


class Use(StrEnum):
    """What a folder is for."""

    CONFIG = "config folder"
    STATE = "state folder"
    SHARED = "temporary files"


@value
class Folder:
    """A folder as it was found. `probed` is the folder itself, or the nearest one above it that exists.

    `trouble` is the number of the error on writing there, 0 where that went well; `closed` are files of ours in it
    that this person may not read or write; `free` the bytes that are left on its disk, None where nobody can tell.
    """

    use: Use
    path: Path
    probed: Path
    trouble: int
    own: bool
    shared: bool
    closed: tuple[Path, ...]
    free: int | None


def look_at(use: Use, path: Path, files: Iterable[Path] = ()) -> Folder:
    """Look at a folder, and write a nameless file into it that leaves nothing behind."""
    probed, trouble, mode, owner = _nearest(path)
    free: int | None = None
    if not trouble:
        try:
            with tempfile.TemporaryFile(dir=probed) as file:
                file.write(bytes(4_096))
                file.flush()
        except OSError as error:
            trouble = error.errno or errno.EIO
        with suppress(OSError):
            disk = os.statvfs(probed)
            free = disk.f_bavail * disk.f_frsize
    here = probed == path and not trouble
    return Folder(
        use=use,
        path=path,
        probed=probed,
        trouble=trouble,
        own=owner == os.geteuid(),
        shared=here and bool(mode & _OTHERS_MAY_WRITE),
        closed=tuple(file for file in files if not os.access(file, os.R_OK | os.W_OK)) if here else (),
        free=free,
    )


def is_there(path: Path) -> bool:
    """Tell whether something is there, as far as this person may see."""
    try:
        return path.exists()
    except OSError:
        return False


def own_files_in(places: Places) -> list[Path]:
    """Return the files in which commands keep the state of one profile, as far as this person may see them."""
    others = places.of_profile("").state / PROFILES
    try:
        found = [path for path in places.own_files() if path.is_relative_to(places.state)]
        return [path for path in found if places.profile or not path.is_relative_to(others)]
    except OSError:
        return []


def resume_line(access: Access, owner: Owner | None, path: Path | None) -> Line:
    """Tell whether a run could use its resume file; `path` None is the account's own one."""
    from importer.run.session import refuse_unusable

    if path is None and owner is not None:
        path = access.places.resume_file(account_name(access.host, owner.id))
    try:
        refuse_unusable(access, owner, path)
    except ImporterError as error:
        return line_of("resume file", error, Part.MACHINE)
    found = path is not None and is_there(path)
    return Line(Part.MACHINE, "resume file", State.OK, str(path) if found else "none yet: the first run makes it")


def _nearest(path: Path) -> tuple[Path, int, int, int]:
    """Return the folder or the nearest one above it, the error on looking at it (0 for none), its mode and owner."""
    for place in (path, *path.absolute().parents):
        try:
            found = place.stat()
        except FileNotFoundError:
            continue
        except NotADirectoryError:
            continue  # the file that stands in the way is one of those above
        except OSError as error:
            return place, error.errno or errno.EIO, 0, -1
        return place, 0 if place.is_dir() else errno.ENOTDIR, found.st_mode, found.st_uid
    return path, errno.ENOENT, 0, -1


def folder_line(folder: Folder, *, needed: bool = True) -> Line:
    """Tell whether a folder can be used; `needed` False: a run can do without, as a container whose settings are
    mounted read-only and whose token comes from the environment.
    """

    def line(state: State, text: str, next_step: str = "") -> Line:
        return Line(part=Part.MACHINE, name=folder.use.value, state=state, text=text, next=next_step)

    path = folder.path
    if folder.trouble:
        why = os.strerror(folder.trouble)
        if folder.use is Use.SHARED:
            return line(
                State.WARNING,
                f"{path} cannot be written ({why}): two home folders with one account cannot keep one pace",
                "name a folder that can: export TMPDIR=/tmp",
            )
        where = "" if folder.probed == path else f" below {folder.probed}"
        state = State.TROUBLE if needed else State.WARNING
        return line(state, f"{path} cannot be written{where} ({why})", _remedy(folder))
    if folder.closed:
        what = f"{folder.closed[0]}" + (f" and {len(folder.closed) - 1} more" if len(folder.closed) > 1 else "")
        return line(State.TROUBLE, f"you may not read and write {what}", _make_own(path))
    if folder.shared and folder.use is not Use.SHARED:
        return line(
            State.WARNING, f"other people on this machine may write to {path}", f"close it: chmod go-w {_named(path)}"
        )
    return line(State.OK, f"{path}" if folder.probed == path else f"{path} (made when it is needed)")


def disk_line(folders: Iterable[Folder]) -> Line:
    """Tell how much room there is on the fullest disk of the folders."""
    usable = [one for one in folders if one.trouble in (0, *_FULL)]
    free, path = min(((one.free, one.probed) for one in usable if one.free is not None), default=(None, None))
    if free is None or path is None:
        return Line(
            part=Part.MACHINE,
            name="disk",
            state=State.WARNING,
            text="how much room there is cannot be told",
            next="see: df -h",
        )
    text = f"{free / 1e9:,.1f} GB free" if free >= 1e9 else f"{free / 1e6:,.0f} MB free"
    if free >= LITTLE:
        return Line(Part.MACHINE, "disk", State.OK, text)
    state = State.WARNING if free >= NOTHING else State.TROUBLE
    return Line(
        part=Part.MACHINE,
        name="disk",
        state=state,
        text=f"{text} at {path}",
        next=f"make room there, and look again: df -h {_named(path)}",
    )


def zone_line(*, known: bool, local: str) -> Line:
    """Tell whether the time zone data is there by which Simkl's day is counted; `local` names this machine's zone, ""
    where TZ names one that is a day or more off and that no clock can show.
    """
    if not local:
        return Line(
            part=Part.MACHINE,
            name="time zones",
            state=State.WARNING,
            text="TZ names a zone that is a day or more off: times are told in UTC",
            next="name a zone that there is: TZ=Europe/Berlin, or unset TZ",
        )
    if known:
        return Line(Part.MACHINE, "time zones", State.OK, f"known; this machine is on {local}")
    return Line(
        part=Part.MACHINE,
        name="time zones",
        state=State.WARNING,
        text="this machine has no time zone data: the end of Simkl's day is told an hour late in summer",
        next="install it: python3 -m pip install tzdata",
    )


def clock_line(ahead: float) -> Line:
    """Tell how far Simkl's clock is ahead of this machine's, in seconds; negative where it is behind."""
    size = abs(ahead)
    if size <= UNEVEN:
        return Line(Part.MACHINE, "clock", State.OK, f"within {max(1, round(size))} s of Simkl's")
    amount = f"{round(size / 60)} min" if size >= 2 * 60 else f"{round(size)} s"
    return Line(
        part=Part.MACHINE,
        name="clock",
        state=State.WARNING if size < WRONG else State.TROUBLE,
        text=f"this machine's clock is {amount} {'behind' if ahead > 0 else 'ahead of'} Simkl's: "
        "a sign-in is renewed at the wrong time, and ratings without a date get a wrong one",
        next="set it by the network: sudo timedatectl set-ntp true (macOS: sudo sntp -sS time.apple.com)",
    )


def _remedy(folder: Folder) -> str:
    match folder.trouble:
        case full if full in _FULL:
            return _room(folder.probed)
        case errno.ENOTDIR:
            return f"a file stands there: move {_named(folder.probed)} away, or {_ELSEWHERE}"
        case errno.EACCES | errno.EPERM if folder.probed == folder.path:
            named = _named(folder.path)
            return f"let yourself in: chmod u+rwx {named}" if folder.own else _make_own(folder.path)
        case _:
            return _ELSEWHERE


def _room(path: Path) -> str:
    return f"make room there, and look again: df -h {_named(path)}"


def _make_own(path: Path) -> str:
    return f'make it yours: sudo chown -R "$(id -un)" {_named(path)}'


def _named(path: Path) -> str:
    return quoted(str(path))
