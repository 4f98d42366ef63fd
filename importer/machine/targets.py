"""Which file an output goes to, and which files it never may touch. Pure: what stands on the disk is handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TypeAlias

from importer.value import value

Identity: TypeAlias = tuple[int, int]
"""Device and inode: the one name of a file that no link and no spelling of its path can change."""


@value
class Place:
    """A path as it was looked at.

    `real` is the path without links; `identity` None if nothing is there. `within` are the identities of all folders
    that it lies in, by its links and without them.
    """

    path: Path
    real: Path
    identity: Identity | None
    within: frozenset[Identity] = frozenset()


@value
class Kept:
    """Something that no output may be: an export, the resume file, the settings, the token.

    `what` names it in a message; `members` are the files in it if it is a folder.
    """

    what: str
    place: Place
    export: bool = False
    members: frozenset[Identity] = frozenset()

    def is_hit_by(self, output: Place) -> bool:
        """Tell whether writing to `output` would touch this."""
        if output.real == self.place.real:
            return True
        mine = self.place.identity
        if mine is not None and (mine == output.identity or (self.export and mine in output.within)):
            return True
        return output.identity is not None and output.identity in self.members


class Standing(StrEnum):
    """What stands at the path of an output."""

    FREE = "free"
    OURS = "ours"
    STREAM = "stream"
    THEIRS = "theirs"
    KEPT = "kept"


def first_hit(output: Place, kept: Iterable[Kept]) -> Kept | None:
    """Return what an output would touch and must not, or None."""
    return next((one for one in kept if one.is_hit_by(output)), None)


def named_twice(outputs: Sequence[Place]) -> Place | None:
    """Return an output that goes where an earlier one goes, or None."""
    for n, output in enumerate(outputs):
        for other in outputs[:n]:
            if output.real == other.real or (output.identity is not None and output.identity == other.identity):
                return output
    return None


def choose(path: Path, standing: Callable[[Path], Standing], *, replace: bool) -> Path:
    """Return where to write what is meant for `path`: there, unless a person's file stands there.

    Such a file is left, and the first of the numbered names that is free or ours is taken; with `replace` it gives way.
    """
    match standing(path):
        case Standing.FREE | Standing.OURS | Standing.STREAM:
            return path
        case Standing.THEIRS if replace:
            return path
        case Standing.THEIRS | Standing.KEPT:
            return next(one for one in _numbered(path) if standing(one) in (Standing.FREE, Standing.OURS))


def _numbered(path: Path) -> Iterator[Path]:
    """Yield `rejects-2.csv`, `rejects-3.csv` and so on."""
    return (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in count(2))
