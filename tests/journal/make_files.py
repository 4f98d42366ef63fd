"""Make the resume files under `files/`, each with the commit of the program that wrote its version.

    python tests/journal/make_files.py [STORY...]

For each version, its commit is checked out beside the repository and its own desk (tests/model/conftest.py there) lives
through the stories below: the import, the undo, the sandbox and the resume file are all that commit's. The clock stands
still, so a second call makes the same files again.

Beside each file `NAME.sqlite` stands `NAME.json`: `made`, how it was made; `before`, the account's ratings before the
program wrote to it; `account` and `stamps`, its ratings and activity stamps at the file's moment; `aliases`, films that
Simkl takes for another one; `exports`, by name, and `last`, the names of those imported last, with their `options`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import stories

HERE = Path(__file__).parent
FILES = HERE / "files"


@dataclass(frozen=True)
class Writer:
    """A commit of the program that wrote resume files, and the stories to live through with it (none named: all)."""

    version: int
    commit: str
    stories: tuple[str, ...] = ()


WRITERS = {
    # Its items had no rowid: a second shape under the same number.
    "version_1_early": Writer(
        1,
        "bb7e7ec7d9f5efc8d77d71f071e1c8e321a997aa",
        ("finished", "killed_after_writing", "undo_killed_after_writing", "mended"),
    ),
    "version_1": Writer(1, "1db1b46b0ef31defe8e8e2a466b10e61f0403682"),
    "version_2": Writer(2, "c2dcdb369980b4a2853c6663d8f4a82a505e5525"),
}
"""By folder, who wrote its files: of each version the last commit that wrote it."""

PROGRAM = "0.1.0"
"""What the program of these commits called itself: part of what makes two runs the same job."""

PAGE = 512
"""Bytes of a page of the kept files: with the 4,096 that the program uses they would be mostly empty."""


@dataclass
class Recorder:
    """What a story leaves beside its resume file."""

    desk: Any
    before: list[dict[str, Any]] | None = None
    aliases: list[dict[str, Any]] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    killed: type[BaseException] = BaseException

    def rate(self, title: str, year: int, rating: int, at: str) -> None:
        """Let the person rate a film on Simkl."""
        self.desk.sandbox.account.rate(self.desk.sandbox.catalog.find("movie", title, year), rating, at)

    def alias(self, title: str, year: int, onto: str, onto_year: int) -> None:
        """Let Simkl take a film for another one."""
        simkl = self.desk.sandbox.catalog.find("movie", onto, onto_year).simkl
        self.desk.sandbox.catalog.alias(title, year, "movie", simkl)
        self.aliases.append({"title": title, "year": year, "simkl": simkl})

    async def run(self, *paths: Path, **options: Any) -> Any:
        """Import exports; killed where the story says so."""
        if self.before is None:
            self.before = self.ratings()
        self.last = [path.name for path in paths]
        self.options = {name: value for name, value in options.items() if name not in ("kill", "batch_size")}
        with suppress(self.killed):
            return await self.desk.run(*paths, **options)

    async def undo(self, *keys: str, **options: Any) -> Any:
        """Take changes back; killed where the story says so."""
        with suppress(self.killed):
            return await self.desk.undo(*keys, **options)

    def ratings(self) -> list[dict[str, Any]]:
        """The account's ratings with all that the catalogue knows of their titles."""
        titles = self.desk.sandbox.catalog.titles
        return [
            {
                "simkl": simkl,
                "kind": titles[simkl].kind,
                "title": titles[simkl].title,
                "year": titles[simkl].year,
                "ids": titles[simkl].ids,
                "rating": rating.rating,
                "rated_at": rating.rated_at,
            }
            for simkl, rating in sorted(self.desk.sandbox.account.ratings.items())
        ]


def main(names: list[str]) -> None:
    """Make the files of every version."""
    for folder, writer in WRITERS.items():
        with tempfile.TemporaryDirectory() as scratch:
            checkout = Path(scratch) / "checkout"
            git = ["git", "-C", str(HERE), "worktree"]
            subprocess.run([*git, "add", "--quiet", "--detach", str(checkout), writer.commit], check=True)
            try:
                subprocess.run(
                    [sys.executable, __file__, "--written-by", folder, *names],
                    check=True,
                    cwd=scratch,
                    env={**os.environ, "PYTHONPATH": str(checkout)},
                )
            finally:
                subprocess.run([*git, "remove", "--force", str(checkout)], check=True)


def write_all(name_of_folder: str, names: list[str]) -> None:
    """Live through the stories with the program that is first on the path, in this folder."""
    folder, writer = FILES / name_of_folder, WRITERS[name_of_folder]
    folder.mkdir(parents=True, exist_ok=True)
    harness = _harness()
    for name, story in stories.STORIES.items():
        if name in (writer.stories or stories.STORIES) and (name in names or not names):
            Path(name).mkdir()
            os.chdir(name)
            recorder = asyncio.run(_lived(harness, story))
            _keep(recorder.desk.journal, folder / f"{name}.sqlite")
            said = {**_said(recorder, story), "version": writer.version, "commit": writer.commit}
            (folder / f"{name}.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")
            os.chdir("..")


async def _lived(harness: Any, story: stories.Story) -> Recorder:
    import aiohttp

    from importer.sandbox.app import Sandbox
    from importer.sandbox.server import serve

    random.seed(1)  # waits are lengthened at random, and the clock with them
    clock = harness.Hours()
    sandbox = Sandbox(pace=0, clock=clock.now, plan="vip", catalog=story.catalog, faults=story.faults)
    async with serve(sandbox) as url, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        desk = harness.Desk(Path(), sandbox, clock, url, session, version=PROGRAM)
        recorder = Recorder(desk, killed=harness.KilledError)
        await story.live(recorder, desk)
    return recorder


def _said(recorder: Recorder, story: stories.Story) -> dict[str, Any]:
    desk = recorder.desk
    return {
        "made": " ".join((story.live.__doc__ or "").split()),
        "now": int(desk.clock.moment),
        "catalog": story.catalog,
        "faults": list(story.faults),
        "aliases": recorder.aliases,
        "before": recorder.before,
        "account": recorder.ratings(),
        "stamps": {kind: dict(sorted(stamps.items())) for kind, stamps in desk.sandbox.account.stamps.items()},
        "last": recorder.last,
        "options": recorder.options,
        "exports": {export.name: export.read_bytes().decode() for export in sorted(Path().iterdir())},
    }


def _keep(journal: Any, file: Path) -> None:
    file.unlink(missing_ok=True)
    journal._connection.execute("VACUUM INTO ?", (str(file),))
    with closing(sqlite3.connect(file)) as written:
        written.execute(f"PRAGMA page_size = {PAGE}")
        written.execute("VACUUM")


def _harness() -> Any:
    """The desk of the commit that is first on the path."""
    import importer

    path = Path(importer.__file__).parents[1] / "tests" / "model" / "conftest.py"
    spec = spec_from_file_location("desk_of_that_time", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    if sys.argv[1:2] == ["--written-by"]:
        write_all(sys.argv[2], sys.argv[3:])
    else:
        main(sys.argv[1:])
