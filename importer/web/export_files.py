"""The exports that a person has given: what each was recognised as, and every row judged. No account, no network.

What `check` does, for files of which each may need an answer of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from adapters.protocol import Choices
from adapters.reading.dates import DateOrder
from adapters.reading.scale import Rounding, Scale
from importer.errors import ExportError, UsageError
from importer.exports import all_adapters, open_each
from importer.model import Reason, value
from importer.plan.draft import draft
from importer.plan.judge import Policy
from importer.run.checking import records, summarize
from importer.run.reading import Export, Reading, read_exports

if TYPE_CHECKING:
    from adapters.protocol import Adapter
    from importer.model import Date, Remark
    from importer.record import Record, Summary
    from importer.web.uploads import Upload


class Question(StrEnum):
    """What a file may leave open, so that a person has to say it."""

    FORMAT = "from"
    DATE_ORDER = "date-order"
    SCALE = "scale"
    ROUND = "round"


@value
class Answers:
    """What a person said about one file. `format` None: as it looks."""

    choices: Choices = field(default_factory=Choices)
    format: str | None = None

    def put(self, question: Question, value: str) -> Answers:
        """Return the answers with one more; "" takes an answer back. Raises UsageError for what is no answer."""
        try:
            match question:
                case Question.FORMAT:
                    if value and value not in {adapter.name for adapter in all_adapters()}:
                        raise ValueError(value)
                    return replace(self, format=value or None)
                case Question.DATE_ORDER:
                    chosen = replace(self.choices, date_order=DateOrder(value) if value else None)
                case Question.SCALE:
                    chosen = replace(self.choices, scale=Scale(value) if value else None)
                case Question.ROUND:
                    chosen = replace(self.choices, round=Rounding(value) if value else None)
            return replace(self, choices=chosen)
        except ValueError:
            raise UsageError(f"{value!r} is not one of the answers", "choose one of those that are shown") from None


@value
class ExportFile:
    """One export with what was found of it. `error` None: it was read, `rows` of it as `format`, for the reason `why`.

    `question` is what a person could say so that it is read better.
    """

    upload: Upload
    answers: Answers = field(default_factory=Answers)
    error: ExportError | None = None
    format: str = ""
    site: str = ""
    why: str = ""
    rows: int = 0
    question: Question | None = None


@value
class Judged:
    """Every row of all exports with what can be said of it offline."""

    summary: Summary
    rows: tuple[Record, ...]
    remarks: tuple[Remark, ...]


def look_at(files: Sequence[ExportFile]) -> tuple[list[ExportFile], Judged | None]:
    """Recognise and read every export; the rows are None unless all of them can be read."""
    adapters = all_adapters()
    sites = {adapter.name: adapter.about.site for adapter in adapters}
    began = time.monotonic()
    found: list[ExportFile] = []
    readings: list[Reading] = []
    for file, opened in zip(files, _open(files, adapters), strict=True):
        try:
            if isinstance(opened, ExportError):
                raise opened
            export, why = opened
            reading = read_exports([export])
        except ExportError as error:
            found.append(ExportFile(file.upload, file.answers, error=error, question=_asked(error)))
            continue
        readings.append(reading)
        found.append(
            ExportFile(
                upload=file.upload,
                answers=file.answers,
                error=None,
                format=export.format,
                site=sites.get(export.format, export.format),
                why=why,
                rows=len(reading.rows),
                question=_kept_question(file),
            )
        )
    if not found or any(file.error is not None for file in found):
        return found, None
    whole = _together(readings)
    drafted = draft(whole.rows, Policy(int(time.time())), {}, {})
    rows = tuple(records(whole, drafted))
    summary = summarize(whole, drafted, time.monotonic() - began)
    return _asking_to_round(found, rows), Judged(summary, rows, tuple(whole.remarks))


def open_again(files: Sequence[ExportFile], recorded: Callable[[str], Date | None] | None = None) -> list[Export]:
    """Return the exports to import, by the names that their owner knows them by. Raises ExportError for the first that
    cannot be opened."""
    exports: list[Export] = []
    for file, opened in zip(files, _open(files, all_adapters(), recorded), strict=True):
        if isinstance(opened, ExportError):
            raise opened
        exports.append(replace(opened[0], path=file.upload.name))
    return exports


def _open(
    files: Sequence[ExportFile], adapters: tuple[Adapter, ...], recorded: Callable[[str], Date | None] | None = None
) -> list[tuple[Export, str] | ExportError]:
    return open_each(
        [(file.upload.path, file.answers.choices) for file in files],
        [_among(adapters, file.answers.format) for file in files],
        recorded,
    )


def _among(adapters: tuple[Adapter, ...], name: str | None) -> tuple[Adapter, ...]:
    return tuple(adapter for adapter in adapters if adapter.name == name) if name is not None else adapters


def _together(readings: Sequence[Reading]) -> Reading:
    ends: list[int] = []
    for reading in readings:
        ends.append((ends[-1] if ends else 0) + len(reading.rows))
    return Reading(
        [export for reading in readings for export in reading.exports],
        [row for reading in readings for row in reading.rows],
        ends,
        [remark for reading in readings for remark in reading.remarks],
    )


def _asked(error: ExportError) -> Question | None:
    """Return what the error asks for: its next step names the option that answers it."""
    asked = (Question.FORMAT, Question.DATE_ORDER, Question.SCALE)
    return next((question for question in asked if f"--{question} " in f"{error.hint} "), None)


def _kept_question(file: ExportFile) -> Question | None:
    """A question that was answered stays there, so that the answer can be changed."""
    if file.answers.format is not None:
        return Question.FORMAT
    if file.answers.choices.date_order is not None:
        return Question.DATE_ORDER
    return Question.SCALE if file.answers.choices.scale is not None else None


def _asking_to_round(files: list[ExportFile], rows: Sequence[Record]) -> list[ExportFile]:
    """Ask where a rating between two whole points goes, if there are such in a file."""
    formats = {row.source for row in rows if row.reason is Reason.OUT_OF_RANGE and _between(row.source_rating)}
    return [
        replace(file, question=Question.ROUND)
        if file.question is None and (file.format in formats or file.answers.choices.round is not None)
        else file
        for file in files
    ]


def _between(rating: str) -> bool:
    try:
        number = float(rating.replace(",", "."))
    except ValueError:
        return False
    return number % 1 != 0 and 0 < number < 10
