"""A run's log: every event as a line with its time, as text or, where the file ends in .jsonl, as JSON."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import orjson

from importer.errors import UsageError
from importer.model import iso
from importer.report.progress import Progress

if TYPE_CHECKING:
    from importer.record import Summary


class LogFile:
    """Writes what it hears and passes it on. A disk that fills up ends the log, not the run."""

    def __init__(self, inner: Progress, stream: TextIO, *, as_json: bool) -> None:
        self._inner = inner
        self._stream: TextIO | None = stream
        self._as_json = as_json
        self._rows = (0, 0)

    def begin(self, command: str) -> None:
        """Log which command it is."""
        self._write("began", command=command)

    def phase(self, name: str) -> None:
        """Log that a phase begins."""
        self._write("phase", name=name)
        self._inner.phase(name)

    def decided(self, done: int, total: int) -> None:
        """Log how many rows are decided, where that has changed."""
        if (done, total) != self._rows:
            self._rows = (done, total)
            self._write("decided", done=done, total=total)
        self._inner.decided(done, total)

    def posts(self, left: int, seconds_each: float) -> None:
        """Pass it on: the log has every POST itself."""
        self._inner.posts(left, seconds_each)

    def requests(self, used: int, quota: int | None) -> None:
        """Pass it on."""
        self._inner.requests(used, quota)

    def retry(self, reason: str, seconds: float) -> None:
        """Log a retry."""
        self._write("retry", reason=reason, seconds=round(seconds, 3))
        self._inner.retry(reason, seconds)

    def note(self, text: str) -> None:
        """Log a warning."""
        self._write("warning", text=text)
        self._inner.note(text)

    def tell(self, text: str) -> None:
        """Log what a person is told."""
        self._write("told", text=text)
        self._inner.tell(text)

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Log a request. Its path holds no query, and so no client id."""
        self._write("request", method=method, path=path, status=status, seconds=round(seconds, 3))
        self._inner.answered(method, path, status, seconds)

    def hold(self) -> None:
        """Pass it on."""
        self._inner.hold()

    def ended(self, summary: Summary) -> None:
        """Log what came of it: the exit status and every total that is not 0."""
        totals = {name: rows for name, rows in (summary.totals or {}).items() if rows}
        self._write("ended", exit=summary.exit, **totals, message=summary.message or "")

    def stopped(self, message: str) -> None:
        """Log what stopped it before anything came of it."""
        self._write("stopped", message=message)

    def close(self) -> None:
        """End the log."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        self._inner.close()

    def _write(self, event: str, **values: str | int | float) -> None:
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


def logged(inner: Progress, path: Path, command: str) -> LogFile:
    """A log at `path`, appended to, that begins with the command. Raises UsageError where it cannot be written."""
    try:
        stream = path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the log {path}: {error.strerror}") from None
    log = LogFile(inner, stream, as_json=path.suffix.casefold() == ".jsonl")
    log.begin(command)
    return log
