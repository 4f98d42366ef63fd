"""The files that a command writes for a person: none of them harms another file of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from importer.errors import UsageError
from importer.machine.files import (
    Sink,
    digest_at,
    digest_of,
    is_folder,
    is_stream,
    members_of,
    place_of,
    unwritable,
    write_file,
)
from importer.machine.places import Places
from importer.machine.targets import Kept, Standing, choose, first_hit, named_twice
from importer.machine.written import Written
from importer.value import value

Write: TypeAlias = Callable[[Sink], object]


@value
class Outputs:
    """What may be written where. `kept` is what no output may be; `written` what this program wrote before.

    `replace` lets a person's file give way. `written` None: this machine has no place to remember it.
    """

    kept: Sequence[Kept]
    written: Written | None = None
    replace: bool = False

    def refuse(self, paths: Sequence[Path]) -> None:
        """Raise UsageError if one of the paths could not be written, or would harm a file that is kept."""
        places = [place_of(path) for path in paths]
        for place in places:
            hit = first_hit(place, self.kept)
            if hit is not None:
                raise UsageError(f"cannot write {place.path}: it is {hit.what}", "name another file")
            if is_folder(place.path):
                raise UsageError(f"cannot write {place.path}: it is a folder", "name a file in it")
            if not is_folder(place.path.absolute().parent):
                raise UsageError(
                    f"cannot write {place.path}: there is no such folder", "make the folder, or name another"
                )
            why = unwritable(place.path)
            if why:
                raise UsageError(f"cannot write {place.path}: {why}", "name a file in another folder")
        twice = named_twice([place for place in places if not is_stream(place.path)])
        if twice is not None:
            raise UsageError(f"cannot write {twice.path} twice: two outputs go there", "give each a file of its own")

    def is_export(self, path: Path) -> bool:
        """Tell whether writing to a path would touch an export of this call."""
        return first_hit(place_of(path), [one for one in self.kept if one.export]) is not None

    def write(self, path: Path, write: Write, before: Write | None = None) -> Path:
        """Write what is meant for `path`, and return where it went.

        `before` would write what stood there after the run before: a file that holds just that is nobody's work.
        Raises OSError if it cannot be written.
        """

        def standing(one: Path) -> Standing:
            return self._standing(path, (write, before)) if one == path else self._standing(one)

        target = choose(path, standing, replace=self.replace)
        digest = write_file(target, write)
        if self.written is not None and not is_stream(target):
            self.written.remember(target, digest)
        return target

    def _standing(self, path: Path, would: Sequence[Write | None] = ()) -> Standing:
        """Tell what stands at a path. `would` write what is no person's work; without it this is a numbered name."""
        if first_hit(place_of(path), self.kept) is not None:
            return Standing.KEPT
        if is_folder(path):
            return Standing.THEIRS
        if is_stream(path):
            return Standing.STREAM
        if not path.exists():
            # A link into the void is written through if the person named it, and left if only its name is in the way.
            return Standing.THEIRS if path.is_symlink() and not would else Standing.FREE
        if self.written is not None and self.written.is_ours(path):
            return Standing.OURS
        return Standing.OURS if _holds(path, would) else Standing.THEIRS


def kept_files(
    exports: Sequence[Path],
    places: Places | None,
    *,
    resume_file: Path | None,
    settings_file: Path | None,
    look_inside: bool,
) -> Iterator[Kept]:
    """Yield what no output of a command may be. `look_inside`: also find links to the files of a folder."""
    for path in exports:
        members = members_of(path) if look_inside and is_folder(path) else frozenset()
        yield Kept("an export of this command, or lies in one", place_of(path), export=True, members=members)
    if resume_file is not None:
        yield Kept("the resume file", place_of(resume_file))
        yield Kept("a part of the resume file", place_of(resume_file.with_name(f"{resume_file.name}-journal")))
    if settings_file is not None:
        yield Kept("the settings file", place_of(settings_file))
    if places is not None:
        yield Kept("the settings file", place_of(places.config_file))
        yield Kept("the file of the sign-in", place_of(places.token_file))
        for path in places.own_files():
            yield Kept("a file that simkl-import keeps its state in", place_of(path))


def _holds(path: Path, would: Sequence[Write | None]) -> bool:
    """Tell whether a file holds byte for byte what one of these would write, or nothing at all."""
    if not would:
        return False
    try:
        if not path.stat().st_size:
            return True  # as a script makes one to have a name: there is no work in it that could be lost
        found = digest_at(path)
    except OSError:
        return False
    return any(write is not None and digest_of(write) == found for write in would)
