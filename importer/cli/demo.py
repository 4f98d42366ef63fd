"""The whole job in one go on bundled samples, against the embedded sandbox."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from importer.errors import ExitStatus
from importer.machine.places import HOME, PROFILE

SAMPLES = (
    "letterboxd/letterboxd-sample-2026-03-01-20-15-utc.zip",
    "mal/animelist_1767225600_-_4242.xml",
    "trakt/trakt-json-export-sample.zip",
)


@click.command(epilog="Example:  simkl-import demo")
def demo() -> int:
    """Show the whole job, no account needed: start the sandbox, import the bundled samples, show the result.

    Its report and its resume file are kept in a folder for temporary files, so that every command it shows works.
    """
    from importer.cli.main import run as run_command

    kept = Path(tempfile.mkdtemp(prefix="simkl-import-demo-"))
    report, rejects = str(kept / "report.html"), str(kept / "rejects.csv")
    here = ["--sandbox", "--resume-file", str(kept / "demo.sqlite")]
    exports = list(map(str, sample_exports()))
    with _home_of_its_own():
        click.echo("Importing three sample exports into an embedded sandbox:\n")
        status = run_command(["run", *exports, *here, "--report", report, "--rejects", rejects])
        click.echo("\nOnce more, to see that nothing is sent twice:\n")
        again = run_command(["run", *exports, *here])
        click.echo("\nAnd the way back:\n")
        undone = run_command(["undo", *here, "--yes"])
    click.echo(f"\nThat was the demo. Its report, with the resume file in the same folder:\n{report}")
    click.echo("With your own export: simkl-import check EXPORT")
    # The samples hold rows with problems on purpose, so 3 is what a demo should end with.
    if (status, again, undone) == (ExitStatus.FINDINGS, ExitStatus.DONE, ExitStatus.DONE):
        return ExitStatus.DONE
    return max(status, again, undone, ExitStatus.DEFECT)


def sample_exports() -> list[Path]:
    """Return one export of each site: from the installed package, else from the checkout."""
    here = Path(__file__).resolve().parent.parent
    root = next(path for path in (here / "samples", here.parent / "samples") if path.is_dir())
    return [root / name for name in SAMPLES]


@contextmanager
def _home_of_its_own() -> Iterator[None]:
    """Keep the person's own folders, settings and profile out of it."""
    before = {name: os.environ.pop(name, None) for name in (HOME, PROFILE)}
    with tempfile.TemporaryDirectory(prefix="simkl-import-demo-home-") as folder:
        os.environ[HOME] = folder
        try:
            yield
        finally:
            del os.environ[HOME]
            os.environ.update({name: value for name, value in before.items() if value is not None})
