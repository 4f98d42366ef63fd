"""The whole job in one go on bundled samples, against the embedded sandbox."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

SAMPLES = (
    "letterboxd/letterboxd-sample-2026-03-01-20-15-utc.zip",
    "mal/animelist_1767225600_-_4242.xml",
    "trakt/trakt-json-export-sample.zip",
)


@click.command(epilog="Example:  simkl-import demo")
def demo() -> int:
    """Show the whole job, no account needed: start the sandbox, import the bundled samples, show the result.

    Nothing is left behind.
    """
    from importer.cli.main import run as run_command

    exports = sample_exports()
    with tempfile.TemporaryDirectory(prefix="simkl-import-demo-") as folder:
        before = os.environ.get("SIMKL_IMPORT_HOME")
        os.environ["SIMKL_IMPORT_HOME"] = folder
        try:
            click.echo("Importing three sample exports into an embedded sandbox:\n")
            status = run_command(["run", *map(str, exports), "--sandbox"])
            click.echo("\nOnce more, to see that nothing is sent twice:\n")
            again = run_command(["run", *map(str, exports), "--sandbox"])
            click.echo("\nAnd the way back:\n")
            undone = run_command(["undo", "--sandbox", "--yes"])
        finally:
            if before is None:
                del os.environ["SIMKL_IMPORT_HOME"]
            else:
                os.environ["SIMKL_IMPORT_HOME"] = before
    click.echo("\nThat was the demo; its resume file is gone again. With your own export: simkl-import check EXPORT")
    # The samples hold rows with problems on purpose, so 3 is what a demo should end with.
    return 0 if (status, again, undone) == (3, 0, 0) else max(status, again, undone, 1)


def sample_exports() -> list[Path]:
    """One export of each site: from the installed package, else from the checkout."""
    here = Path(__file__).resolve().parent.parent
    root = next(path for path in (here / "samples", here.parent / "samples") if path.is_dir())
    return [root / name for name in SAMPLES]
