"""The standard streams as a command needs them, whatever it was started with, and the one way to write a document."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from importer.errors import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def prepare() -> None:
    """Put something behind every closed stream, and let no character end a command.

    A file opened later would else get a closed stream's number, and what is meant for a person would be written there.
    """
    handle = os.open(os.devnull, os.O_RDWR)
    while handle <= 2:
        handle = os.dup(handle)
    os.close(handle)
    # Kept open on purpose: they are the process's own streams, open as long as it lives.
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def release() -> ExitStatus:
    """Write out what stdout still holds. Return USAGE if it could not be written, DONE also if its reader has gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()
        return ExitStatus.DONE
    except OSError as error:
        _discard()
        click.echo(f"simkl-import: cannot write to stdout: {error.strerror}", err=True)
        return ExitStatus.USAGE
    return ExitStatus.DONE


def binary_stdout() -> BinaryIO:
    """The bytes under stdout, after all text so far."""
    sys.stdout.flush()
    return sys.stdout.buffer


def print_document(document: Mapping[str, Any]) -> None:
    """One JSON document and nothing else: UTF-8 in every locale."""
    from importer.report.sink import encode

    click.echo(encode(document))


def _discard() -> None:
    """Python must not try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
