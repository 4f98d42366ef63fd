"""One account from two home folders of one machine: whatever they are called, its POSTs wait for each other."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.mark.parametrize("shared", ["fresh", "a folder"])
def test_posts_of_one_account_never_overlap_whatever_the_home_folder(machine_with, shared: str) -> None:
    """Two imports at once, each a title a POST. Where the shared file cannot be had, nothing is refused, and -v says why."""
    with machine_with(latency=0.05) as machine:
        names = ("one", "other")
        if shared == "a folder":
            machine.spawn("run", machine.export(), SIMKL_IMPORT_TIME_SCALE="0.02")
            [lock] = machine.folder.glob("simkl-import-*.lock")
            lock.unlink()
            lock.mkdir()

        def run(name: str):
            rows = [f"2024-05-01,{name} {n},1995,https://boxd.it/{name}{n},4" for n in range(6)]
            export = machine.export("\n".join(["Date,Name,Year,Letterboxd URI,Rating", *rows]), f"{name}/ratings.csv")
            home = str(machine.folder / name / "home")
            return machine.spawn(
                "run", export, "-v", "--batch-size", "1", SIMKL_IMPORT_HOME=home, SIMKL_IMPORT_TIME_SCALE="0.02"
            )

        with ThreadPoolExecutor() as pool:
            ended = list(pool.map(run, names))
        assert [one.status for one in ended] == [0, 0]
        alone = ["the pace is not shared" in one.err for one in ended]
        if shared == "a folder":
            assert alone == [True, True]
            return
        assert alone == [False, False]
        assert not [one for one in machine.sandbox.violations if one.kind == "overlap"]
        [lock] = machine.folder.glob("simkl-import-*.lock")
        assert stat.S_IMODE(lock.stat().st_mode) == 0o666
        assert "@" not in lock.name
