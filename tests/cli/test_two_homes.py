"""One account from two home folders of one machine: whatever they are called, its POSTs wait for each other."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from importer.machine.places import account_name, digest, host_of


def shared_file(machine: Any) -> Path:
    """What all processes of the account meet at."""
    return machine.folder / f"simkl-import-{digest(account_name(host_of(machine.url), 51))}.lock"


def test_posts_of_one_account_never_overlap_whatever_the_home_folder(machine_with: Any) -> None:
    """Two imports at once, each a title a POST."""
    with machine_with(latency=0.05) as machine:

        def run(name: str) -> Any:
            rows = [f"2024-05-01,{name} {n},1995,https://boxd.it/{name}{n},4" for n in range(6)]
            export = machine.export("\n".join(["Date,Name,Year,Letterboxd URI,Rating", *rows]), f"{name}/ratings.csv")
            home = str(machine.folder / name / "home")
            return machine.spawn(
                "run", export, "-v", "--batch-size", "1", SIMKL_IMPORT_HOME=home, SIMKL_IMPORT_TIME_SCALE="0.02"
            )

        with ThreadPoolExecutor() as pool:
            ended = list(pool.map(run, ("one", "other")))
        assert [one.status for one in ended] == [0, 0]
        assert not any("not shared" in one.err for one in ended)
        assert len(machine.sent()) == 12
        assert not [one for one in machine.sandbox.violations if one.kind == "overlap"]
        assert stat.S_IMODE(shared_file(machine).stat().st_mode) == 0o666


def test_a_shared_file_that_cannot_be_had_refuses_nothing(machine: Any) -> None:
    """The import goes on at its own pace; -v says why, and nobody else is bothered with it."""
    shared_file(machine).mkdir()
    quiet = machine.run("run", machine.export())
    assert (quiet.status, "not shared" in quiet.err) == (0, False)
    told = machine.run("undo", "--yes", "-v")
    assert (told.status, str(shared_file(machine)) in told.err) == (0, True)
