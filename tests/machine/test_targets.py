"""Where an output goes and what it never may be, decided without a disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.machine.targets import Kept, Place, Standing, choose, first_hit, named_twice

FOLDER, FILE, MEMBER, OTHER = (1, 10), (1, 11), (1, 12), (2, 11)
EXPORT = Kept("an export", Place(Path("export.csv"), Path("/home/export.csv"), FILE), export=True)
FOLDER_EXPORT = Kept("an export", Place(Path("e"), Path("/home/e"), FOLDER), True, frozenset({MEMBER}))
SETTINGS = Kept("the settings", Place(Path("c"), Path("/home/c"), FOLDER))
NOT_YET = Kept("the resume file", Place(Path("r.sqlite"), Path("/home/r.sqlite"), None))


@pytest.mark.parametrize(
    ("kept", "output", "hit"),
    [
        (EXPORT, Place(Path("x"), Path("/home/x"), None), False),
        (EXPORT, Place(Path("x"), Path("/home/x"), FILE), True),
        (EXPORT, Place(Path("x"), Path("/home/x"), OTHER), False),
        (EXPORT, Place(Path("x"), Path("/home/export.csv"), None), True),
        (FOLDER_EXPORT, Place(Path("x"), Path("/elsewhere/x"), None, frozenset({FOLDER})), True),
        (FOLDER_EXPORT, Place(Path("x"), Path("/elsewhere/x"), MEMBER), True),
        (FOLDER_EXPORT, Place(Path("x"), Path("/elsewhere/x"), None, frozenset({OTHER})), False),
        (SETTINGS, Place(Path("x"), Path("/home/c/x"), None, frozenset({FOLDER})), False),
        (NOT_YET, Place(Path("x"), Path("/home/r.sqlite"), None), True),
        (NOT_YET, Place(Path("x"), Path("/home/x"), None), False),
    ],
)
def test_an_output_hits_what_is_the_same_file_or_holds_it(kept: Kept, output: Place, hit: bool) -> None:
    """By device and inode together, by its path without links if nothing is there, and below an export's folder."""
    assert (first_hit(output, [kept]) is kept) is hit


def test_two_outputs_may_not_be_one_file() -> None:
    """The second would replace the first; files on other devices may share a number."""
    one = Place(Path("a"), Path("/a"), FILE)
    assert named_twice([one, Place(Path("b"), Path("/b"), OTHER), Place(Path("c"), Path("/c"), None)]) is None
    assert named_twice([one, Place(Path("b"), Path("/b"), FILE)]) == Place(Path("b"), Path("/b"), FILE)
    nothing = Place(Path("c"), Path("/c"), None)
    assert named_twice([nothing, Place(Path("./c"), Path("/c"), None)]) is not None


@pytest.mark.parametrize(
    ("standings", "replace", "target"),
    [
        ([Standing.FREE], False, "r.csv"),
        ([Standing.OURS], False, "r.csv"),
        ([Standing.STREAM], False, "r.csv"),
        ([Standing.THEIRS, Standing.FREE], False, "r-2.csv"),
        ([Standing.THEIRS, Standing.OURS], False, "r-2.csv"),
        ([Standing.THEIRS, Standing.THEIRS, Standing.STREAM, Standing.KEPT, Standing.FREE], False, "r-5.csv"),
        ([Standing.THEIRS, Standing.FREE], True, "r.csv"),
        ([Standing.KEPT, Standing.FREE], False, "r-2.csv"),
        ([Standing.KEPT, Standing.THEIRS, Standing.FREE], True, "r-3.csv"),
    ],
)
def test_a_persons_file_is_left(standings: list[Standing], replace: bool, target: str) -> None:
    """The first numbered name that is free or ours is taken; only a file that is kept never gives way."""
    names = ["r.csv", *(f"r-{n}.csv" for n in range(2, 9))]
    found = dict(zip(names, standings, strict=False))
    assert choose(Path("r.csv"), lambda path: found[path.name], replace=replace) == Path(target)
