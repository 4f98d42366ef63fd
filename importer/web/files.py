"""The files that a person gave, and what reading all of them came to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import anyio.to_thread

from importer.record import Record
from importer.report.fates import View
from importer.web.engine import Engine
from importer.web.export_files import Answers, ExportFile, Judged, Question, look_at
from importer.web.rows import Table
from importer.web.uploads import Upload, Uploads


class Files:
    """`exports` are the files as they were recognised; `judged` is what they say, None until all of them can be read.

    `table` holds the rows of that.
    """

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._engine = engine
        self.uploads = Uploads(folder)
        self.exports: list[ExportFile] = []
        self.judged: Judged | None = None
        self.table = Table((), View.FORECAST)

    async def receive(self, path: str, group: str, pieces: AsyncIterator[bytes]) -> Upload:
        """Take a file in while it arrives. Raises ExportError for one that cannot be kept."""
        return await self.uploads.receive(path, group, pieces)

    def to_read(self) -> list[ExportFile]:
        """Return all files as they are to be read anew, each with what a person has said of it."""
        kept = {export.upload.number: export.answers for export in self.exports}
        return [ExportFile(upload, kept.get(upload.number, Answers())) for upload in self.uploads.kept]

    def answer(self, number: int, question: Question, value: str) -> None:
        """Take in what a person says of a file that leaves something open. Raises UsageError for no answer."""
        self.exports = [
            replace(export, answers=export.answers.put(question, value)) if export.upload.number == number else export
            for export in self.exports
        ]

    async def read(self, exports: list[ExportFile]) -> None:
        """Read these files."""
        self.exports, self.judged = exports, None
        self.table = Table((), View.FORECAST)
        if not exports:
            return
        self.exports, self.judged = await self._engine.run(lambda _: look_at(exports))
        if self.judged is not None:
            self.table = await prepared(self.judged.rows, View.FORECAST)


async def prepared(rows: Sequence[Record], view: View) -> Table:
    """Return the table of rows, which takes a moment where they are many: the page answers meanwhile."""
    return await anyio.to_thread.run_sync(Table(rows, view).prepare)
