"""The exit statuses: one list, and one order among them."""

from __future__ import annotations

import signal

from importer.errors import PRECEDENCE, ExitStatus, ImporterError, InterruptedRunError, UsageError, status_of


def test_every_status_has_its_place_in_the_order() -> None:
    """Of several that apply, one always counts."""
    assert sorted(PRECEDENCE) == sorted(ExitStatus)


def test_an_error_ends_a_command_with_its_status() -> None:
    """A signal with its own, and whatever is not ours as a defect."""
    assert status_of(UsageError("x")) is ExitStatus.USAGE
    assert status_of(ImporterError("x")) is ExitStatus.DEFECT
    assert status_of(KeyError("x")) is ExitStatus.DEFECT
    assert status_of(InterruptedRunError(signal.SIGINT)) is ExitStatus.INTERRUPTED
    assert status_of(InterruptedRunError(signal.SIGTERM)) is ExitStatus.TERMINATED
