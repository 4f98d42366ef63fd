"""A run's log: every event as a line with its time, as text or, where the file ends in .jsonl, as JSON."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TextIO, assert_never

import orjson

from importer.errors import UsageError
from importer.events import (
    Answered,
    Asking,
    Closed,
    Detailed,
    Event,
    Finished,
    Listen,
    PhaseBegan,
    PostsToCome,
    RequestsUsed,
    Retrying,
    RowsDecided,
    Stopped,
    Stopping,
    Told,
    Warned,
)
from importer.model import iso


class LogFile:
    """Writes what it hears and passes it on. A disk that fills up ends the log, not the run."""

    def __init__(self, inner: Listen, stream: TextIO, *, as_json: bool) -> None:
        self._inner = inner
        self._stream: TextIO | None = stream
        self._as_json = as_json
        self._rows = (0, 0)

    def begin(self, command: str) -> None:
        """Log which command it is, and of which version."""
        from importer.machine.version import program_version

        self._write("began", command=command, version=program_version())

    def __call__(self, event: Event) -> None:  # noqa: C901 (a branch for each kind of event)
        """Log it, and pass it on."""
        match event:
            case PhaseBegan(phase):
                self._write("phase", name=phase.value)
            case RowsDecided(done, total):
                if (done, total) != self._rows:
                    self._rows = (done, total)
                    self._write("decided", done=done, total=total)
            case Retrying(reason, seconds):
                self._write("retry", reason=reason, seconds=round(seconds, 3))
            case Answered(method, path, status, seconds):
                self._write("request", method=method, path=path, status=status, seconds=round(seconds, 3))
            case Warned(text):
                self._write("warning", text=text)
            case Told(text) | Detailed(text):
                self._write("told", text=text)
            case Stopping(patience):
                self._write("stopping", seconds=patience or 0)
            case Stopped(message):
                self._write("stopped", message=message)
            case Finished(status, totals, message, run, account, exports):
                about = {"run": run, "account": account, "exports": list(exports)}
                said = {name: value for name, value in (about | dict(totals)).items() if value}
                self._write("ended", exit=status, **said, message=message or "")
            case PostsToCome() | RequestsUsed() | Asking():
                pass  # the log has every request itself
            case Closed():
                self._close()
            case _:
                assert_never(event)
        self._inner(event)

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _write(self, event: str, **values: object) -> None:
        if self._stream is None:
            return
        now = iso(time.time(), precision="microseconds")
        if self._as_json:
            line = orjson.dumps({"time": now, "event": event, **values}).decode()
        else:
            line = " ".join([now, event, *(f"{name}={value}" for name, value in values.items())]).replace("\n", " ")
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except OSError:
            self._stream = None


def logged(inner: Listen, path: Path, command: str) -> LogFile:
    """Return a log appended to `path`, which begins with the command. Raises UsageError if it cannot be written."""
    try:
        stream = path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the log {path}: {error.strerror}") from None
    log = LogFile(inner, stream, as_json=path.suffix.casefold() == ".jsonl")
    log.begin(command)
    return log
